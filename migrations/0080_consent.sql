-- Consent that cannot be undone by accident. The rule stands here, below every import, merge, sync and restore: a state goes from
-- "no" back to "granted" only by a later entry of the log that renews, with evidence; and the addresses of somebody who opted out
-- stay on the suppression list when they leave their person.

-- The person's own later act, or a user's with what proves it.
alter table consent_log add column renews boolean not null default false;
alter table consent_log add constraint consent_log_renewal check (not renews or evidence <> '{}');

-- Only with the person: a row that is deleted would be an opt-out that never was.
revoke delete, truncate on consent_state from steward_app;
revoke delete, truncate on consent_state from steward_system;

-- After the statement, so that the log entry that the same statement wrote is seen.
create function steward_consent_guard() returns trigger language plpgsql as $$
begin
  if not exists (select from consent_log l where l.id = new.log_id and l.company_id = new.company_id and l.person_id = new.person_id
                  and l.state = 'granted' and l.renews and l.created_at >= old.since) then
    raise exception 'an opt-out is taken back by a later, explicit consent only' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger consent_guard after update on consent_state for each row
  when (old.state <> 'granted' and new.state = 'granted') execute function steward_consent_guard();

create function steward_opted_out_guard() returns trigger language plpgsql as $$
begin
  if exists (select from consent_state s where s.person_id = new.id and s.company_id = new.company_id and s.topic = 'marketing' and s.state <> 'granted') then
    raise exception 'this person has opted out' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger opted_out_guard after update of opted_out_at on people for each row
  when (old.opted_out_at is not null and new.opted_out_at is null) execute function steward_opted_out_guard();

-- An address may bounce and have opted out: taking the bounce back must not take the opt-out along.
alter table suppressions add column opted_out_at timestamptz;
update suppressions set opted_out_at = created_at where reason = 'opt_out';

-- Addresses of a person go on the list at once, by their text; the app, which alone has the key, puts the keyed hash in place.
create function steward_keep_opt_out(of_company uuid, of_person uuid, since timestamptz, only_address text default null) returns void language sql as $$
  update suppressions s set opted_out_at = since from person_emails e
   where e.person_id = of_person and e.company_id = of_company and (only_address is null or e.email = only_address)
     and s.company_id = e.company_id and s.channel = 'email' and s.address = e.email and s.opted_out_at is null;
  insert into suppressions (id, company_id, channel, address, address_hash, reason, source, person_id, created_at, opted_out_at)
  select gen_random_uuid(), e.company_id, 'email', e.email, 'plain:' || e.email, 'opt_out', 'consent', e.person_id, since, since
    from person_emails e
   where e.person_id = of_person and e.company_id = of_company and (only_address is null or e.email = only_address)
     and not exists (select from suppressions s where s.company_id = e.company_id and s.channel = 'email' and s.address = e.email)
  on conflict do nothing;
$$;

-- The one way off the list for who asked for no mail.
create function steward_lift_opt_out(of_company uuid, addresses text[], hashes text[]) returns void language sql as $$
  delete from suppressions where company_id = of_company and channel = 'email' and reason = 'opt_out' and (address = any (addresses) or address_hash = any (hashes));
  update suppressions set opted_out_at = null
   where company_id = of_company and channel = 'email' and opted_out_at is not null and (address = any (addresses) or address_hash = any (hashes));
$$;

-- `steward.merge` is set while two persons are put together or taken apart: then the person's own state is what blocks, and the
-- merge's journal knows what was there before.
create function steward_follow_consent() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('steward.merge', true), '') <> '' then return null; end if;
  if new.state <> 'granted' then
    perform steward_keep_opt_out(new.company_id, new.person_id, new.since);
  elsif exists (select from consent_log l where l.id = new.log_id and l.renews) then
    perform steward_lift_opt_out(new.company_id, array(select e.email from person_emails e where e.person_id = new.person_id and e.company_id = new.company_id), '{}');
  end if;
  return null;
end $$;
create trigger consent_followed after insert or update on consent_state for each row
  when (new.topic in ('marketing', 'marketing.email')) execute function steward_follow_consent();

-- An address that leaves somebody who opted out, with its person or without.
create function steward_person_leaves() returns trigger language plpgsql as $$
begin
  -- the whole company goes: nothing is left to protect
  if exists (select from companies c where c.id = old.company_id) then
    perform steward_keep_opt_out(old.company_id, old.id, old.opted_out_at);
  end if;
  return old;
end $$;
create trigger person_leaves before delete on people for each row when (old.opted_out_at is not null) execute function steward_person_leaves();

create function steward_address_leaves() returns trigger language plpgsql as $$
declare
  since timestamptz;
begin
  if coalesce(current_setting('steward.merge', true), '') = '' then
    select p.opted_out_at into since from people p where p.id = old.person_id and p.company_id = old.company_id;
    if since is not null then perform steward_keep_opt_out(old.company_id, old.person_id, since, old.email); end if;
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger address_leaves before delete on person_emails for each row execute function steward_address_leaves();
create trigger address_moves before update of person_id, email on person_emails for each row
  when (old.person_id <> new.person_id or old.email <> new.email) execute function steward_address_leaves();

-- What a restored backup must be told: every block and every lift, by keyed hash, and every erasure. Written to a file beside the
-- backups, read back at each start. No foreign key: it outlives what it is about.
create table opt_out_journal (
  id uuid primary key default gen_random_uuid(),
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid,
  kind text not null check (kind in ('out', 'in', 'erased')),
  address_hash text,
  reason text,
  -- erased: who it was. out: whose address, so that a restore knows that the person said no, too
  person_id uuid,
  -- microseconds: the order in which it happened
  at timestamptz not null default clock_timestamp()
);
create index opt_out_journal_order on opt_out_journal (at, id);
create index opt_out_journal_hash on opt_out_journal (company_id, address_hash, at);
select steward_protect('opt_out_journal');
revoke update, delete, truncate on opt_out_journal from steward_app;
revoke update, delete, truncate on opt_out_journal from steward_system;

create function steward_journal_suppression() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.address_hash not like 'plain:%' then
      insert into opt_out_journal (company_id, kind, address_hash, reason) values (old.company_id, 'in', old.address_hash, old.reason);
    end if;
  elsif new.address_hash not like 'plain:%' then
    insert into opt_out_journal (company_id, kind, address_hash, reason, person_id)
    values (new.company_id, 'out', new.address_hash, case when new.opted_out_at is null then new.reason else 'opt_out' end, new.person_id);
  end if;
  return null;
end $$;
create trigger suppression_journal after insert or delete on suppressions for each row execute function steward_journal_suppression();
create trigger suppression_journal_hash after update of address_hash, reason, opted_out_at on suppressions for each row
  when (old.address_hash <> new.address_hash or old.reason <> new.reason or (old.opted_out_at is null and new.opted_out_at is not null)) execute function steward_journal_suppression();
insert into opt_out_journal (company_id, kind, address_hash, reason, person_id, at)
  select company_id, 'out', address_hash, reason, person_id, created_at from suppressions;

-- Proof that somebody was erased. Holds nothing about the person but keyed hashes.
create table erasures (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- of a person who is gone; no foreign key
  former_id uuid not null,
  address_hashes text[] not null default '{}',
  -- [{table, rows, what}]
  tables jsonb not null,
  -- a mail that was on its way to the mail server in that moment
  in_flight integer not null default 0,
  erased_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index erasures_recent on erasures (company_id, created_at desc, id desc);
create index erasures_by on erasures (erased_by) where erased_by is not null;
create index erasures_former on erasures (company_id, former_id);
select steward_protect('erasures');
revoke update, delete, truncate on erasures from steward_app;

-- The audit trail stays, what was asked of an erased person goes. Requests may not change it, so this does, for one company.
create function steward_erase_audit(subjects text[], words text[]) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  changed integer;
begin
  update audit_log set input = '{"erased": true}', ip = case when principal_kind = 'public' then null else ip end,
                       user_agent = case when principal_kind = 'public' then null else user_agent end
   where company_id = nullif(current_setting('steward.company', true), '')::uuid
     and (subject_id = any (subjects) or exists (select from unnest(words) w where position(w in lower(input::text)) > 0));
  get diagnostics changed = row_count;
  return changed;
end $$;

-- Two persons put together. The absorbed row is gone; the journal holds all that it takes to bring it back.
create table person_merges (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- where the absorbed one is today; into_id is where it went at first
  survivor_id uuid not null references people (id) on delete cascade,
  into_id uuid not null,
  absorbed_id uuid not null,
  -- the survivor's consent_state and opted_out_at before, and the absorbed one's
  consent_before jsonb not null,
  merged_by uuid references users (id) on delete set null,
  undone_by uuid references users (id) on delete set null,
  undone_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create unique index person_merges_absorbed on person_merges (company_id, absorbed_id) where undone_at is null;
create index person_merges_survivor on person_merges (survivor_id);
create index person_merges_recent on person_merges (company_id, created_at desc, id desc);
create index person_merges_by on person_merges (merged_by) where merged_by is not null;
create index person_merges_undone_by on person_merges (undone_by) where undone_by is not null;
select steward_protect('person_merges');

-- In the order in which it was done; undone backwards.
create table person_merge_rows (
  merge_id uuid not null references person_merges (id) on delete cascade,
  place integer not null,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  table_name text not null,
  action text not null check (action in ('moved', 'deleted', 'changed', 'added')),
  -- moved: the column; rows then hold primary keys, as of what was added. deleted, changed: whole rows as they were
  column_name text,
  from_id uuid,
  to_id uuid,
  rows jsonb not null,
  -- changed: what the merge made of them
  made jsonb,
  primary key (merge_id, place)
);
create index person_merge_rows_company on person_merge_rows (company_id);
select steward_protect('person_merge_rows');

-- The log is append-only; whose it is may change by a merge, and back by its undo, and in no other way.
create function steward_move_consent(of_merge uuid, back boolean, ids uuid[] default null) returns uuid[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  m person_merges;
  moved uuid[];
begin
  select * into m from person_merges
   where id = of_merge and company_id = nullif(current_setting('steward.company', true), '')::uuid and undone_at is null and survivor_id = into_id;
  if m.id is null then raise exception 'there is no such merge'; end if;
  with gone as (
    update consent_log set person_id = case when back then m.absorbed_id else m.into_id end
     where company_id = m.company_id and person_id = case when back then m.into_id else m.absorbed_id end and (ids is null or id = any (ids)) returning id
  ) select coalesce(array_agg(id), '{}') into moved from gone;
  return moved;
end $$;

-- Both get back the state that they had before the merge; entries that came later are recorded again by the caller.
create function steward_restore_consent(of_merge uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  m person_merges;
begin
  select * into m from person_merges
   where id = of_merge and company_id = nullif(current_setting('steward.company', true), '')::uuid and undone_at is null and survivor_id = into_id;
  if m.id is null then raise exception 'there is no such merge'; end if;
  delete from consent_state where company_id = m.company_id and person_id in (m.into_id, m.absorbed_id);
  insert into consent_state select (jsonb_populate_record(null::consent_state, s)).* from jsonb_array_elements(m.consent_before -> 'states') s;
  update people p set opted_out_at = (b ->> 'opted_out_at')::timestamptz
    from jsonb_array_elements(m.consent_before -> 'people') b where p.id = (b ->> 'id')::uuid and p.company_id = m.company_id;
end $$;

-- Two rows that may be one human, with the reasons. A dismissed pair stays, so that it is not asked again.
create table duplicate_pairs (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  a_id uuid not null references people (id) on delete cascade,
  b_id uuid not null references people (id) on delete cascade,
  -- 0 to 100
  score integer not null,
  reasons jsonb not null,
  dismissed_at timestamptz,
  dismissed_by uuid references users (id) on delete set null,
  found_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (a_id, b_id),
  constraint duplicate_pairs_order check (a_id <= b_id)
);
create index duplicate_pairs_open on duplicate_pairs (company_id, score desc, a_id, b_id) where dismissed_at is null;
create index duplicate_pairs_b on duplicate_pairs (b_id);
create index duplicate_pairs_by on duplicate_pairs (dismissed_by) where dismissed_by is not null;
select steward_protect('duplicate_pairs');

create table duplicate_searches (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  state text not null check (state in ('running', 'done', 'failed')),
  -- what it looks at now: email, phone, name
  stage text not null,
  people_seen integer not null default 0,
  people_total integer not null default 0,
  pairs_found integer not null default 0,
  error text,
  started_at timestamptz not null,
  finished_at timestamptz,
  updated_at timestamptz not null
);
select steward_protect('duplicate_searches');

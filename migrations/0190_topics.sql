-- What a company writes about, what people are told about it, and what makes it lawful. See docs/adr/0013-lawful-basis.md.

create table topics (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- topic of the consent log and of messages; stays for ever
  key text not null,
  title text not null,
  -- for colleagues
  description text not null default '',
  channels text[] not null default '{email}' check (channels <@ '{email,sms}' and channels <> '{}'),
  -- what suffices besides consent, which always does; the country of the person decides whether it counts there
  bases text[] not null default '{}' check (bases <@ '{inquiry,soft_opt_in,legitimate_interest,contract}'),
  -- of topic_wordings; 0: none yet
  wording_version integer not null default 0,
  archived_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (company_id, key)
);
select steward_protect('topics');
revoke delete, truncate on topics from steward_app;

-- What people are told, word by word. Whoever agreed to version 2 has agreed to version 2.
create table topic_wordings (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  topic_key text not null,
  version integer not null,
  wording text not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (company_id, topic_key, version)
);
create index topic_wordings_by on topic_wordings (created_by) where created_by is not null;
select steward_protect('topic_wordings');
revoke update, delete, truncate on topic_wordings from steward_app;

-- Where a company has another view of a country's law than the default (src/modules/people/basis/countries.ts), and why.
create table country_rules (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- ISO 3166, two letters
  country text not null,
  regime text not null check (regime in ('consent', 'soft_opt_in', 'corporate', 'opt_out')),
  reason text not null,
  set_by uuid references users (id) on delete set null,
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (company_id, country)
);
create index country_rules_by on country_rules (set_by) where set_by is not null;
select steward_protect('country_rules');

-- Every company has the two topics that the built-in sequences and forms know.
create function steward_default_topics(of_company uuid) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into topics (company_id, key, title, description, bases, wording_version) values
    (of_company, 'follow_up', 'Answers to my enquiry and follow-ups', 'What comes of an enquiry: the answer, and coming back to it.',
     '{inquiry,soft_opt_in,legitimate_interest}', 1),
    (of_company, 'news', 'News and offers', 'Newsletters, offers, invitations: to people who agreed, and where the law allows it to customers.',
     '{soft_opt_in,legitimate_interest}', 1)
  on conflict do nothing;
  insert into topic_wordings (company_id, topic_key, version, wording)
  select of_company, w.key, 1, w.wording from (values
    ('follow_up', 'You may answer my enquiry by email and come back to me about it. I can stop this at any time.'),
    ('news', 'You may also send me news and offers by email. I can withdraw this at any time.')) w (key, wording)
   where exists (select from topics t where t.company_id = of_company and t.key = w.key)
  on conflict do nothing;
$$;
revoke execute on function steward_default_topics(uuid) from public;

create function steward_company_topics() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform steward_default_topics(new.id);
  return null;
end $$;
create trigger company_topics after insert on companies for each row execute function steward_company_topics();

-- What companies have listed so far keeps its title; a list without the two known ones stays without them.
insert into topics (company_id, key, title, bases)
  select s.company_id, t ->> 'key', t ->> 'title',
         case t ->> 'key' when 'follow_up' then '{inquiry,soft_opt_in,legitimate_interest}'::text[] else '{soft_opt_in,legitimate_interest}' end
    from sending s, jsonb_array_elements(s.topics) t
  on conflict do nothing;
select steward_default_topics(c.id) from companies c where not exists (select from topics t where t.company_id = c.id);
insert into topic_wordings (company_id, topic_key, version, wording)
  select t.company_id, t.key, 1, t.title from topics t where t.wording_version = 0;
update topics set wording_version = 1 where wording_version = 0;
alter table sending drop column topics;

-- `legitimate_interest` meant: all who did not object. What a person's country asks is looked at now, topic by topic.
alter table sending drop constraint sending_basis_check;
update sending set basis = 'by_country' where basis = 'legitimate_interest';
alter table sending alter column basis set default 'by_country';
alter table sending add constraint sending_basis_check check (basis in ('by_country', 'opt_in'));

-- A colleague who writes somebody down knows them; a file is a list. The file's own consent column is another matter.
alter table people add column imported boolean not null default false;
alter table leads add column imported boolean not null default false;
update people p set imported = true from (select company_id, unnest(person_ids) as id from import_journal where undone_at is null) j
 where p.id = j.id and p.company_id = j.company_id;
update leads l set imported = true from (select company_id, unnest(lead_ids) as id from import_journal where undone_at is null) j
 where l.id = j.id and l.company_id = j.company_id;

-- Since when somebody is a client; null of a lead that came as one (then: since it came).
alter table leads add column converted_at timestamptz;
update leads set converted_at = updated_at where status = 'converted';
create function steward_lead_converted() returns trigger language plpgsql as $$
begin
  new.converted_at := case when new.status = 'converted' then new.updated_at end;
  return new;
end $$;
create trigger leads_converted before update of status on leads for each row
  when (old.status is distinct from new.status and 'converted' in (old.status, new.status)) execute function steward_lead_converted();

-- Steps at somebody's own request (GDPR Art. 6 (1) (b)), written down by a colleague with what proves it.
alter table consent_log drop constraint consent_log_lawful_basis_check;
alter table consent_log add constraint consent_log_lawful_basis_check
  check (lawful_basis in ('consent', 'inquiry', 'legitimate_interest', 'contract', 'legal_obligation'));

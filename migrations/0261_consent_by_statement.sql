-- What follows a state of consent, a statement instead of a row: an import writes thousands at once. As in 0080, where the rules are told.

create function steward_follow_consents() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if coalesce(current_setting('steward.merge', true), '') <> '' then return null; end if;
  if exists (select from fresh where state <> 'granted' and topic in ('marketing', 'marketing.email')) then
    perform steward_keep_opt_outs(array_agg(company_id), array_agg(person_id), array_agg(since))
       from (select company_id, person_id, min(since) as since from fresh
              where state <> 'granted' and topic in ('marketing', 'marketing.email') group by company_id, person_id) n;
  end if;
  perform steward_lift_opt_out(n.company_id, array(select e.email from person_emails e where e.person_id = n.person_id and e.company_id = n.company_id), '{}')
     from (select distinct f.company_id, f.person_id from fresh f
            where f.state = 'granted' and f.topic in ('marketing', 'marketing.email')
              and exists (select from consent_log l where l.id = f.log_id and l.renews offset 0)) n;
  return null;
end $$;

-- steward_keep_opt_out for many: addresses of these people go on the list by their text.
create function steward_keep_opt_outs(companies uuid[], persons uuid[], moments timestamptz[]) returns void language plpgsql set enable_seqscan = off as $$
begin
  update suppressions s set opted_out_at = n.since
    from unnest(companies, persons, moments) as n(company_id, person_id, since)
    cross join lateral (select e.email from person_emails e where e.person_id = n.person_id and e.company_id = n.company_id offset 0) e
   where s.company_id = n.company_id and s.channel = 'email' and s.address = e.email and s.opted_out_at is null;
  insert into suppressions (id, company_id, channel, address, address_hash, reason, source, person_id, created_at, opted_out_at)
  select gen_random_uuid(), n.company_id, 'email', e.email, 'plain:' || e.email, 'opt_out', 'consent', n.person_id, n.since, n.since
    from unnest(companies, persons, moments) as n(company_id, person_id, since)
    cross join lateral (select e.email from person_emails e where e.person_id = n.person_id and e.company_id = n.company_id offset 0) e
   where not exists (select from suppressions s where s.company_id = n.company_id and s.channel = 'email' and s.address = e.email)
  on conflict do nothing;
end $$;

drop trigger consent_followed on consent_state;
drop function steward_follow_consent();
create trigger consent_followed after insert on consent_state referencing new table as fresh
  for each statement execute function steward_follow_consents();
create trigger consent_followed_on after update on consent_state referencing new table as fresh
  for each statement execute function steward_follow_consents();

-- With the company, which row-level security asks for each time: else a table that is new, without statistics, is read whole for one person.
drop index person_emails_person;
create index person_emails_person on person_emails (person_id, company_id);

-- Ids are nearly random and files were packed before: compressing them costs time and saves little.
alter table import_journal alter column person_ids set storage external, alter column lead_ids set storage external;
alter table import_chunks alter column bytes set storage external;

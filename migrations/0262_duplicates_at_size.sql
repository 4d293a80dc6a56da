-- As in 0081, for a company of any size: `is not distinct from` can be neither hashed nor merged, so that people of one name were all compared,
-- whatever their organisation, and the joins were planned without knowing how many there are. 300,000 people of 21,000 names: 33 s, now 21.

-- One stage of a search; answers how many pairs it wrote. stage: email, phone, name.
create or replace function steward_find_duplicates(stage text, at timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  company uuid := nullif(current_setting('steward.company', true), '')::uuid;
  -- in place of no organisation, so that joins are by equality
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  written integer;
begin
  create temporary table if not exists found_pairs (a uuid, b uuid, score integer, reason text) on commit drop;
  truncate found_pairs;
  if stage = 'email' then
    insert into found_pairs
    with box as (
      select person_id, email, steward_mailbox(email) as mailbox from person_emails
       where company_id = company and (position('+' in email) > 0 or email like '%@gmail.com' or email like '%@googlemail.com')
    ), pair as (
      select x.person_id as p, e.person_id as q, x.email as one, e.email as other
        from box x join person_emails e on e.company_id = company and e.email = x.mailbox and e.person_id <> x.person_id
      union
      select x.person_id, y.person_id, x.email, y.email from box x join box y using (mailbox)
       where x.person_id < y.person_id and mailbox in (select mailbox from box group by mailbox having count(*) between 2 and 50)
    )
    select least(p, q), greatest(p, q),
           case when position('+' in one) > 0 or position('+' in other) > 0 then 85 else 60 end,
           case when position('+' in one) > 0 or position('+' in other) > 0 then 'plus_address' else 'gmail_dots' end
      from pair;
  elsif stage = 'phone' then
    insert into found_pairs
    with number as (
      select id as person_id, phone from people where company_id = company and phone is not null
      union select person_id, phone from person_phones where company_id = company and phone is not null
    ), shared as (select phone from number group by phone having count(*) between 2 and 50)
    select least(x.person_id, y.person_id), greatest(x.person_id, y.person_id), 70, 'same_phone'
      from shared join number x using (phone) join number y using (phone) where x.person_id < y.person_id;
  else
    -- with statistics: words are worked out once, and the joins below are planned for as many people as there are
    create temporary table if not exists found_names (id uuid, firm uuid, words text, beginning text) on commit drop;
    truncate found_names;
    insert into found_names
    select id, coalesce(organisation_id, nobody), steward_name_words(full_name),
           case when organisation_id is not null then left(lower(coalesce(nullif(last_name, ''), full_name)), 2) end
      from people where company_id = company and full_name <> '';
    analyze found_names;
    insert into found_pairs
    with same as (
      select words, firm from found_names where position(' ' in words) > 0 group by words, firm having count(*) between 2 and 50
    ), one as materialized (
      select n.id, n.words, n.firm from same join found_names n using (words, firm)
    )
    select x.id, y.id, case when firm = nobody then 40 else 80 end, case when firm = nobody then 'same_name' else 'same_name_and_company' end
      from one x join one y using (words, firm) where x.id < y.id;
    insert into found_pairs
    with block as (
      select firm, beginning from found_names where beginning is not null group by firm, beginning having count(*) between 2 and 50
    ), one as materialized (
      select n.id, n.words, n.firm, n.beginning from block join found_names n using (firm, beginning)
    )
    select x.id, y.id, (30 + 50 * similarity(x.words, y.words))::integer, 'similar_name_and_company'
      from one x join one y using (firm, beginning)
     where x.id < y.id and x.words <> y.words and similarity(x.words, y.words) >= 0.55;
  end if;
  insert into duplicate_pairs as d (company_id, a_id, b_id, score, reasons, found_at)
  select company, f.a, f.b, max(f.score), jsonb_agg(distinct f.reason), at from found_pairs f where f.a <> f.b group by f.a, f.b
  on conflict (a_id, b_id) do update
     set reasons = (select jsonb_agg(distinct r) from jsonb_array_elements(d.reasons || excluded.reasons) r),
         -- each further reason makes it surer
         score = least(99, greatest(d.score, excluded.score) + 10 * (select count(*) from jsonb_array_elements(excluded.reasons) r where not d.reasons @> jsonb_build_array(r)))
   where not d.reasons @> excluded.reasons;
  get diagnostics written = row_count;
  return written;
end $$;

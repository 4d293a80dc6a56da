-- Pairs of people who may be one, found set by set: people are put into blocks (same mailbox, same number, same beginning of the
-- last name at one organisation) and only compared within a block. A block of more than 50 is no hint (a switchboard, a test name).
-- Row-level security would compare with non-leakproof operators row by row: the functions hold the company inside.

-- The mailbox behind an address: +tags away everywhere, dots where Google ignores them.
create function steward_mailbox(email text) returns text language sql immutable as $$
  select case when split_part(email, '@', 2) in ('gmail.com', 'googlemail.com')
              then replace(split_part(split_part(email, '@', 1), '+', 1), '.', '') || '@gmail.com'
              else split_part(split_part(email, '@', 1), '+', 1) || '@' || split_part(email, '@', 2) end
$$;

-- Letters and digits of a name, its words in order: "Smith, Ann" and "Ann Smith" are one.
create function steward_name_words(name text) returns text language sql immutable as $$
  select coalesce(string_agg(word, ' ' order by word), '') from regexp_split_to_table(lower(name), '[^[:alnum:]]+') word where word <> ''
$$;

-- One stage of a search; answers how many pairs it wrote. stage: email, phone, name.
create function steward_find_duplicates(stage text, at timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  company uuid := nullif(current_setting('steward.company', true), '')::uuid;
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
    insert into found_pairs
    with named as (
      select id, organisation_id, steward_name_words(full_name) as words from people where company_id = company and full_name <> ''
    ), same as (
      select words, organisation_id from named where position(' ' in words) > 0 group by words, organisation_id having count(*) between 2 and 50
    )
    select x.id, y.id, case when x.organisation_id is null then 40 else 80 end,
           case when x.organisation_id is null then 'same_name' else 'same_name_and_company' end
      from same s join named x on x.words = s.words and x.organisation_id is not distinct from s.organisation_id
      join named y on y.words = s.words and y.organisation_id is not distinct from s.organisation_id where x.id < y.id;
    insert into found_pairs
    with named as (
      select id, organisation_id, steward_name_words(full_name) as words, left(lower(coalesce(nullif(last_name, ''), full_name)), 2) as beginning
        from people where company_id = company and full_name <> '' and organisation_id is not null
    ), block as (
      select organisation_id, beginning from named group by organisation_id, beginning having count(*) between 2 and 50
    )
    select x.id, y.id, (30 + 50 * similarity(x.words, y.words))::integer, 'similar_name_and_company'
      from block join named x using (organisation_id, beginning) join named y using (organisation_id, beginning)
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

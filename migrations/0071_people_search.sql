-- Search and lists of people. Trigram, full-text and jsonb matches are not leakproof, so under row-level security they would read
-- every row; these functions run with the owner's rights and hold the company inside (see the end of 0020_people.sql).
--
-- PostgreSQL can't know how many rows hold some letters, and guesses wrong both ways: it walks a million people for a word that nobody
-- has (1.5 s), or gathers a third of them for one that many have (0.6 s). So the functions find out: a few thousand in the list's order
-- first, which is enough for a word that many have; else by the index on letters.

create index people_opted_out on people (company_id, created_at desc, id desc) where opted_out_at is not null;
-- What people wrote, newest first, without the mails between.
create index interactions_written on interactions (company_id, created_at desc, id desc) where type in ('note', 'call', 'meeting');

-- Every word must be found, in any order. A number is looked for by its digits, however it is written: '030 / 90 18' finds +49309018…
create function steward_search_patterns(q text) returns text[] language sql immutable as $$
  select case
    when q ~ '^[-+()/. 0-9]+$' and length(regexp_replace(q, '\D', '', 'g')) >= 4
      then array['%' || regexp_replace(regexp_replace(q, '\D', '', 'g'), '^0+', '') || '%']
    else (select coalesce(array_agg(steward_search_pattern(word)), '{}')
            from (select word from regexp_split_to_table(trim(q), '\s+') as word where word <> '' limit 6) words)
  end
$$;

-- A page of ids. filter: q, owner_id, organisation_id, tag_id (a list: all of them), custom ({key: value}), opted_out, created_from,
-- created_to. sort: created_at, updated_at or name, with - in front for the newest or last first.
create function steward_find_people(filter jsonb, sort text, after_value text, after_id uuid, rows_wanted integer)
returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare
  place text := format('p.company_id = %L::uuid', nullif(current_setting('steward.company', true), ''));
  condition text := 'true';
  sorted_by text := case ltrim(sort, '-') when 'name' then 'name_key' when 'updated_at' then 'updated_at' else 'created_at' end;
  direction text := case when sort like '-%' then 'desc' else 'asc' end;
  sorting text;
  pattern text;
  tag text;
  found_ids uuid[];
begin
  sorting := format('order by p.%s %s, p.id %s', sorted_by, direction, direction);
  if after_id is not null then
    place := place || format(' and (p.%s, p.id) %s (%L, %L::uuid)', sorted_by, case direction when 'desc' then '<' else '>' end, after_value, after_id);
  end if;
  foreach pattern in array steward_search_patterns(coalesce(filter ->> 'q', '')) loop
    condition := condition || format(' and p.search like %L', pattern);
  end loop;
  if filter ? 'owner_id' then condition := condition || format(' and p.owner_id = %L::uuid', filter ->> 'owner_id'); end if;
  if filter ? 'organisation_id' then
    condition := condition || format(' and p.organisation_id = %L::uuid', filter ->> 'organisation_id');
  end if;
  if filter ? 'opted_out' then
    condition := condition || case when (filter ->> 'opted_out')::boolean then ' and p.opted_out_at is not null' else ' and p.opted_out_at is null' end;
  end if;
  if filter ? 'created_from' then condition := condition || format(' and p.created_at >= %L::timestamptz', filter ->> 'created_from'); end if;
  if filter ? 'created_to' then condition := condition || format(' and p.created_at < %L::timestamptz', filter ->> 'created_to'); end if;
  if filter ? 'custom' then
    condition := condition || format(' and p.custom <> ''{}'' and p.custom @> %L::jsonb', filter ->> 'custom');
  end if;
  for tag in select jsonb_array_elements_text(filter -> 'tag_id') where jsonb_typeof(filter -> 'tag_id') = 'array' loop
    condition := condition || format(' and exists (select from person_tags pt where pt.person_id = p.id and pt.tag_id = %L::uuid)', tag);
  end loop;

  execute format('select array_agg(p.id) from (select p.id from (select p.* from people p where %s %s limit 3000) p where %s %s limit %s) p',
    place, sorting, condition, sorting, rows_wanted) into found_ids;
  if cardinality(found_ids) >= rows_wanted then
    return query select unnest(found_ids);
    return;
  end if;

  execute format('select array_agg(p.id) from (select p.id from people p where %s and %s limit 20001) p', place, condition) into found_ids;
  if coalesce(cardinality(found_ids), 0) <= 20000 then
    return query execute format('select p.id from people p where p.id = any($1) %s limit %s', sorting, rows_wanted) using found_ids;
  else
    return query execute format('select p.id from people p where %s and %s %s limit %s', place, condition, sorting, rows_wanted);
  end if;
end $$;

-- For the command menu: people, organisations and notes, the best first, rows_wanted of each. A whole name or address comes first, then
-- names that begin so, then words that begin so. Where nobody is found: people whose words begin alike and read alike, 'Jonh Smit'.
create function steward_search(q text, rows_wanted integer)
returns table (kind text, id uuid, person_id uuid, title text, detail text, at timestamptz, rank real)
language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare
  company uuid := nullif(current_setting('steward.company', true), '')::uuid;
  wanted text := lower(regexp_replace(trim(q), '\s+', ' ', 'g'));
  condition text := 'true';
  pattern text;
  word text;
  hits uuid[];
  more uuid[];
  words tsquery := plainto_tsquery('simple', q);
begin
  if wanted = '' then return; end if;
  foreach pattern in array steward_search_patterns(q) loop
    condition := condition || format(' and p.search like %L', pattern);
  end loop;
  execute format('select array_agg(p.id) from (select p.id from (
      select p.id, p.search, p.created_at from people p where p.company_id = $1 order by p.created_at desc, p.id desc limit 2000
    ) p where %s limit 100) p', condition) into hits using company;
  if coalesce(cardinality(hits), 0) < 100 then
    execute format('select array_agg(p.id) from (select p.id from people p where p.company_id = $1 and %s limit 1000) p', condition)
      into hits using company;
  end if;
  execute '(select array_agg(p.id) from (select p.id from people p where p.company_id = $1 and p.name_key = $2 limit 50) p)' into more using company, wanted;
  hits := hits || more;
  select array_agg(e.person_id) into more from person_emails e where e.company_id = company and e.email = wanted;
  hits := hits || more;
  return query
    select 'person', p.id, p.id, coalesce(nullif(p.full_name, ''), p.email, p.phone, p.phone_raw, ''),
           nullif(concat_ws(' · ', case when p.full_name <> '' then p.email end, o.name), ''), p.created_at,
           (case when p.email = wanted or p.name_key = wanted then 1.0 when starts_with(p.name_key, wanted) then 0.8
                 when starts_with(p.email, wanted) then 0.7 when strpos(p.search, ' ' || wanted) > 0 then 0.6 else 0.4 end)::real as rank
      from people p left join organisations o on o.id = p.organisation_id
     where p.company_id = company and p.id = any(hits)
     order by rank desc, p.updated_at desc limit rows_wanted;

  if coalesce(cardinality(hits), 0) = 0 and wanted !~ '[0-9@]' and length(wanted) >= 4 then
    condition := 'true';
    foreach word in array (regexp_split_to_array(wanted, ' '))[1:4] loop
      condition := condition || format(' and p.search like %L', steward_search_pattern(' ' || left(word, 2)));
    end loop;
    execute format('select array_agg(p.id) from (select p.id from people p where p.company_id = $1 and %s limit 2000) p', condition)
      into hits using company;
    return query
      select 'person', near.id, near.id, near.full_name, near.email, near.created_at, near.rank from (
        select p.id, p.full_name, p.email, p.created_at, (0.3 * word_similarity(wanted, p.name_key))::real as rank
          from people p where p.company_id = company and p.id = any(hits)
      ) near where near.rank >= 0.12 order by near.rank desc, near.created_at desc limit rows_wanted;
  end if;

  condition := 'true';
  foreach pattern in array steward_search_patterns(q) loop
    condition := condition || format(' and o.name_key like %L', replace(pattern, '% ', '%'));
  end loop;
  return query execute format(
    'select ''organisation'', o.id, null::uuid, o.name, o.domain, o.created_at,
            (case when o.name_key = $2 then 1.0 when starts_with(o.name_key, $2) then 0.8 else 0.4 end)::real as rank
       from (select * from organisations o where o.company_id = $1 and %s limit 500) o order by rank desc, o.created_at desc limit $3', condition)
    using company, wanted, rows_wanted;

  if length(wanted) >= 3 and numnode(words) > 0 then
    -- The last word is being typed: its beginning is enough.
    words := (words::text || ':*')::tsquery;
    execute 'select array_agg(i.id) from (select i.id from interactions i where i.company_id = $1 and i.type in (''note'', ''call'', ''meeting'')
               and to_tsvector(''simple'', i.content) @@ $2 limit 2000) i' into hits using company, words;
    -- A word in very many notes: the newest of them stand among the newest notes.
    if cardinality(hits) = 2000 then
      execute 'select array_agg(i.id) from (select i.id, i.content from interactions i where i.company_id = $1 and i.type in (''note'', ''call'', ''meeting'')
                 order by i.created_at desc, i.id desc limit 400) i where to_tsvector(''simple'', i.content) @@ $2' into more using company, words;
      hits := coalesce(more, hits);
    end if;
    return query
      select 'note', n.id, n.person_id, coalesce(nullif(p.full_name, ''), p.email, p.phone, p.phone_raw, ''),
             ts_headline('simple', n.content, words, 'MaxFragments=1, MaxWords=18, MinWords=8, StartSel="", StopSel=""'), n.created_at, 0.5::real
        from (select i.id, i.person_id, i.content, i.created_at from interactions i where i.company_id = company and i.id = any(hits)
               order by i.created_at desc, i.id desc limit rows_wanted) n
        join people p on p.id = n.person_id
       order by n.created_at desc;
  end if;
end $$;

drop function steward_search_people(text, timestamptz, uuid, integer, uuid, uuid, boolean);

create function steward_search_organisations(q text, rows_wanted integer)
returns table (id uuid, rank real) language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare
  wanted text := lower(regexp_replace(trim(q), '\s+', ' ', 'g'));
  condition text := 'true';
  pattern text;
begin
  foreach pattern in array steward_search_patterns(q) loop
    condition := condition || format(' and o.name_key like %L', replace(pattern, '% ', '%'));
  end loop;
  return query execute format(
    'select o.id, (case when o.name_key = $2 then 1.0 when starts_with(o.name_key, $2) then 0.8 else 0.4 end)::real as rank
       from (select o.id, o.name_key from organisations o where o.company_id = $1 and %s limit 500) o order by rank desc, o.name_key limit $3', condition)
    using nullif(current_setting('steward.company', true), '')::uuid, wanted, rows_wanted;
end $$;

-- Searches at a million people, planned by what the words turn out to be (see 0071). New here: who is not found among the newest is
-- looked for a little further down the list where the first look promises enough; candidates of the letter index are read once, not
-- twice; a long number is looked up by its last digits, which few share; leads are searched the same way, word by word.

-- What the letter index is asked for a pattern, and what must hold besides. Letters that everybody has ('+4917…') make long lists of rows to intersect.
create or replace function steward_search_condition(pattern text) returns text language sql immutable as $$
  select case
    when pattern ~ '^%[0-9]{10,}%$'
      then format('p.search like %L and (p.search || '''') like %L', '%' || left(right(pattern, 8), 7) || '%', pattern)
    else format('p.search like %L', pattern)
  end
$$;

-- How far down a list to look: `found` rows were among the first `seen`, `wanted` are asked for. Null: the letter index is cheaper.
create or replace function steward_search_depth(found integer, seen integer, wanted integer, most integer) returns integer language sql immutable as $$
  select case when found > 0 and (seen::bigint * wanted * 4) / (3 * found) <= most then (seen::bigint * wanted * 4) / (3 * found) end
$$;

-- A page of ids. filter: q, owner_id, organisation_id, segment_id, tag_id (a list: all of them), custom ({key: value}), opted_out,
-- created_from, created_to. sort: created_at, updated_at or name, with - in front for the newest or last first.
create or replace function steward_find_people(filter jsonb, sort text, after_value text, after_id uuid, rows_wanted integer)
returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off set jit = off as $$
declare
  company uuid := nullif(current_setting('steward.company', true), '')::uuid;
  place text := format('p.company_id = %L::uuid', company);
  condition text := 'true';
  words text := 'true';
  letters text := 'true';
  sorted_by text := case ltrim(sort, '-') when 'name' then 'name_key' when 'updated_at' then 'updated_at' else 'created_at' end;
  direction text := case when sort like '-%' then 'desc' else 'asc' end;
  sorting text;
  pattern text;
  tag text;
  found_ids uuid[];
  found_count bigint;
  depth integer := 2000;
begin
  sorting := format('order by p.%s %s, p.id %s', sorted_by, direction, direction);
  if after_id is not null then
    place := place || format(' and (p.%s, p.id) %s (%L, %L::uuid)', sorted_by, case direction when 'desc' then '<' else '>' end, after_value, after_id);
  end if;
  if filter ? 'owner_id' then condition := condition || format(' and p.owner_id = %L::uuid', filter ->> 'owner_id'); end if;
  if filter ? 'organisation_id' then
    condition := condition || format(' and p.organisation_id = %L::uuid', filter ->> 'organisation_id');
  end if;
  if filter ? 'segment_id' then
    condition := condition || format(' and exists (select from segment_members sm where sm.segment_id = %L::uuid and sm.company_id = %L::uuid and sm.person_id = p.id)',
      filter ->> 'segment_id', company);
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
  foreach pattern in array steward_search_patterns(coalesce(filter ->> 'q', '')) loop
    words := words || format(' and p.search like %L', pattern);
    letters := letters || ' and ' || steward_search_condition(pattern);
  end loop;

  -- Twice at most: the first of the list, then as far down as that promises a whole page.
  for look in 1..2 loop
    execute format('select array_agg(p.id) from (select p.id from (select p.* from people p where %s %s limit %s) p where %s and %s %s limit %s) p',
      place, sorting, depth, condition, words, sorting, rows_wanted) into found_ids;
    if cardinality(found_ids) >= rows_wanted then
      return query select unnest(found_ids);
      return;
    end if;
    depth := steward_search_depth(cardinality(found_ids), depth, rows_wanted, 12000);
    exit when depth is null;
  end loop;

  execute format('with hit as materialized (select p.id, p.%s from people p where %s and %s and %s limit 20001)
      select (select array_agg(p.id) from (select p.id from hit p %s limit %s) p), (select count(*) from hit)',
    sorted_by, place, condition, letters, sorting, rows_wanted) into found_ids, found_count;
  if found_count <= 20000 then
    return query select unnest(found_ids);
  else
    return query execute format('select p.id from people p where %s and %s and %s %s limit %s', place, condition, words, sorting, rows_wanted);
  end if;
end $$;

create or replace function steward_search_leads(q text, before_at timestamptz, before_id uuid, rows_wanted integer,
  wanted_status text default null, wanted_source text default null, wanted_owner uuid default null,
  created_from timestamptz default null, created_to timestamptz default null)
returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off set jit = off as $$
declare
  company uuid := nullif(current_setting('steward.company', true), '')::uuid;
  place text := format('l.company_id = %L::uuid', company);
  words text := format('p.company_id = %L::uuid', company);
  letters text := words;
  pattern text;
  found_ids uuid[];
  found_count bigint;
  depth integer := 1500;
begin
  if before_id is not null then place := place || format(' and (l.created_at, l.id) < (%L::timestamptz, %L::uuid)', before_at, before_id); end if;
  if wanted_status is not null then place := place || format(' and l.status = %L', wanted_status); end if;
  if wanted_source is not null then place := place || format(' and l.source = %L', wanted_source); end if;
  if wanted_owner is not null then place := place || format(' and l.owner_id = %L::uuid', wanted_owner); end if;
  if created_from is not null then place := place || format(' and l.created_at >= %L::timestamptz', created_from); end if;
  if created_to is not null then place := place || format(' and l.created_at < %L::timestamptz', created_to); end if;
  foreach pattern in array steward_search_patterns(q) loop
    words := words || format(' and p.search like %L', pattern);
    letters := letters || ' and ' || steward_search_condition(pattern);
  end loop;

  for look in 1..2 loop
    execute format('select array_agg(h.id) from (select l.id from (
        select l.id, l.person_id, l.created_at from leads l where %s order by l.created_at desc, l.id desc limit %s
      ) l cross join lateral (select p.company_id, p.search from people p where p.id = l.person_id offset 0) p
       where %s order by l.created_at desc, l.id desc limit %s) h', place, depth, words, rows_wanted) into found_ids;
    if cardinality(found_ids) >= rows_wanted then
      return query select unnest(found_ids);
      return;
    end if;
    depth := steward_search_depth(cardinality(found_ids), depth, rows_wanted, 20000);
    exit when depth is null;
  end loop;

  execute format('with hit as materialized (select p.id from people p where %s limit 20001),
      found as materialized (select l.id, l.created_at from hit join leads l on l.person_id = hit.id where %s)
      select (select array_agg(f.id) from (select f.id from found f order by f.created_at desc, f.id desc limit %s) f), (select count(*) from hit)',
    letters, place, rows_wanted) into found_ids, found_count;
  if found_count <= 20000 then
    return query select unnest(found_ids);
  else
    return query execute format('select l.id from leads l join people p on p.id = l.person_id where %s and %s order by l.created_at desc, l.id desc limit %s',
      place, words, rows_wanted);
  end if;
end $$;

-- All people whom some words fit, in no order.
create or replace function steward_people_like(q text) returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare
  condition text := format('p.company_id = %L::uuid', nullif(current_setting('steward.company', true), ''));
  pattern text;
begin
  foreach pattern in array steward_search_patterns(q) loop
    condition := condition || ' and ' || steward_search_condition(pattern);
  end loop;
  return query execute 'select p.id from people p where ' || condition;
end $$;

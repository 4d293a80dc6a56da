-- As in 0071, and members of a segment.
-- A page of ids. filter: q, owner_id, organisation_id, segment_id, tag_id (a list: all of them), custom ({key: value}), opted_out,
-- created_from, created_to. sort: created_at, updated_at or name, with - in front for the newest or last first.
create or replace function steward_find_people(filter jsonb, sort text, after_value text, after_id uuid, rows_wanted integer)
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
  if filter ? 'segment_id' then
    condition := condition || format(' and exists (select from segment_members sm where sm.segment_id = %L::uuid and sm.company_id = %L::uuid and sm.person_id = p.id)',
      filter ->> 'segment_id', nullif(current_setting('steward.company', true), ''));
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

-- Lists that work at any size: orders that an index serves, saved views, and changes of many rows that can be taken back.

-- When somebody last wrote to, called or heard from the person; 1970 stands for never, so that one index serves the whole order.
alter table leads
  add column last_touch_at timestamptz not null default 'epoch',
  -- a lead's life in order, as lists by status go
  add column status_rank smallint not null generated always as (
    case status when 'new' then 1 when 'contacted' then 2 when 'engaged' then 3 when 'qualified' then 4 when 'converted' then 5 when 'lost' then 6 else 7 end) stored;
update leads l set last_touch_at = t.at
  from (select person_id, company_id, date_trunc('milliseconds', max(created_at)) as at from interactions where direction <> 'internal' group by 1, 2) t
 where t.person_id = l.person_id and t.company_id = l.company_id;
create index leads_touched on leads (company_id, last_touch_at desc, id desc);
create index leads_by_status on leads (company_id, status_rank, id);

-- One statement for all rows of an insert; locked in order, so that two batches about the same people wait instead of dying.
create function steward_lead_touched() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  with touched as (
    select person_id, company_id, date_trunc('milliseconds', max(created_at)) as at from fresh where direction <> 'internal' group by 1, 2
  ), locked as (
    select l.id, t.at from touched t join leads l on l.person_id = t.person_id and l.company_id = t.company_id
     where l.last_touch_at < t.at order by l.id for update of l
  )
  update leads l set last_touch_at = k.at from locked k where l.id = k.id;
  return null;
end $$;
create trigger interactions_touch after insert on interactions referencing new table as fresh
  for each statement execute function steward_lead_touched();

-- All people whom some words fit, in no order: for lists in another order than the newest first, counts and bulk changes.
create function steward_people_like(q text) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select p.id from people p where p.company_id = nullif(current_setting('steward.company', true), '')::uuid and p.search like steward_search_pattern(q)
$$;

-- A list as somebody set it up. Shared: everybody sees it, its owner and admins change it.
create table saved_views (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- which list: leads, people …
  list text not null,
  name text not null,
  shared boolean not null default false,
  -- whose it is; null once that user is gone, then an admin's
  user_id uuid references users (id) on delete set null,
  -- search parameters of the page: filters, sort, layout
  query jsonb not null default '{}',
  -- [{key, width}] in order; empty: as the list comes
  columns jsonb not null default '[]',
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index saved_views_list on saved_views (company_id, list, created_at, id);
create index saved_views_user on saved_views (user_id) where user_id is not null;
select steward_protect('saved_views');

-- Which view a user's list opens with.
create table default_views (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  list text not null,
  view_id uuid not null references saved_views (id) on delete cascade,
  primary key (user_id, list)
);
create index default_views_view on default_views (view_id);
select steward_protect('default_views');

-- One change of many rows, with what is needed to take it back.
create table bulk_changes (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  noun text not null check (noun in ('leads', 'people')),
  action text not null check (action in ('set_status', 'assign', 'add_tags', 'remove_tags', 'delete')),
  -- what the action was told: the status, the owner, the tags
  settings jsonb not null default '{}',
  state text not null default 'running' check (state in ('running', 'done', 'undoing', 'undone', 'failed')),
  total integer not null,
  changed integer not null default 0,
  skipped integer not null default 0,
  undone integer not null default 0,
  refused integer not null default 0,
  error text,
  created_by uuid references users (id) on delete set null,
  -- until then it can be taken back; afterwards the old values are dropped
  undo_until timestamptz not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index bulk_changes_recent on bulk_changes (company_id, created_at desc, id desc);
create index bulk_changes_under_way on bulk_changes (updated_at) where state in ('running', 'undoing');
create index bulk_changes_old on bulk_changes (undo_until);
create index bulk_changes_created_by on bulk_changes (created_by) where created_by is not null;
select steward_protect('bulk_changes');

-- The journal: each row that was meant, and what it held before. Goes with its person, whatever becomes of the change.
create table bulk_change_rows (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  change_id uuid not null references bulk_changes (id) on delete cascade,
  -- leads.id or people.id; no foreign key, a deleted lead is undone from here
  row_id uuid not null,
  person_id uuid not null references people (id) on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'changed', 'skipped', 'undone', 'refused')),
  -- why skipped or refused
  reason text,
  before jsonb,
  -- updated_at that the change gave the row: a later one means that somebody changed it since
  version timestamptz,
  primary key (change_id, row_id)
);
create index bulk_change_rows_state on bulk_change_rows (change_id, state, row_id);
create index bulk_change_rows_person on bulk_change_rows (person_id);
select steward_protect('bulk_change_rows');

-- Runs are looked for by what went wrong and by time, and watched live; bulk changes of runs can be taken back.

create index runs_error on runs (company_id, id) where error is not null;
create index runs_started on runs (company_id, started_at);

-- Companies whose runs somebody looks at right now: only theirs are announced. Rows are renewed by the processes that serve pages.
create unlogged table run_watchers (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  until timestamptz not null
);
select steward_protect('run_watchers');

-- A statement tells who listens which runs it touched; nothing is told while nobody looks. By the real clock: pages are watched by people.
create function tell_run_watchers() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  told record;
begin
  if not exists (select from run_watchers w where w.until > now()) then return null; end if;
  for told in
    select c.company_id, c.workflow_id, c.n, c.ids from (
      select r.company_id, r.workflow_id, count(*) as n, (array_agg(r.id::text))[1:50] as ids from changed r group by 1, 2
    ) c where exists (select from run_watchers w where w.company_id = c.company_id and w.until > now()) limit 20
  loop
    perform pg_notify('steward_runs', told.company_id || ' ' || told.workflow_id || ' ' || case when told.n > 50 then '*' else array_to_string(told.ids, ',') end);
  end loop;
  return null;
end $$;
create trigger runs_told_new after insert on runs referencing new table as changed for each statement execute function tell_run_watchers();
create trigger runs_told after update on runs referencing new table as changed for each statement execute function tell_run_watchers();

create table run_changes (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  action text not null check (action in ('cancel', 'pause', 'resume', 'retry')),
  changed integer not null,
  skipped integer not null,
  undone_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index run_changes_list on run_changes (company_id, id);
select steward_protect('run_changes');

-- How a run stood before; taken back only while nothing has happened to it since.
create table run_change_rows (
  change_id uuid not null references run_changes (id) on delete cascade,
  run_id uuid not null,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid,
  before jsonb not null,
  primary key (change_id, run_id)
);
select steward_protect('run_change_rows');

-- Where what came in from sources is kept, what lies there, and runs that read it once more.

create table sync_archives (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- null: files in the data directory
  connection_id uuid references connections (id) on delete set null,
  -- chosen before: what lies there is looked after until it is old
  former uuid[] not null default '{}',
  -- who was erased until here is in none of these files
  erased_to timestamptz,
  -- why old files or those of the erased could not be looked after; null: all is well
  error text,
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index sync_archives_connection on sync_archives (connection_id) where connection_id is not null;
select steward_protect('sync_archives');

-- One row for each page that was committed with its file. Files without a row (a process died in between) are found by their names.
create table sync_archive_pages (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  source_id uuid not null references sync_sources (id) on delete cascade,
  run_id uuid not null,
  -- null: the data directory
  connection_id uuid,
  name text not null,
  at timestamptz not null,
  records integer not null,
  -- as they are stored, compressed
  bytes integer not null,
  -- of the records in it, in their order
  external_ids text[] not null
);
create unique index sync_archive_pages_name on sync_archive_pages (company_id, name);
create index sync_archive_pages_list on sync_archive_pages (source_id, at, id);
select steward_protect('sync_archive_pages');

alter table sync_runs drop constraint sync_runs_trigger_check;
alter table sync_runs add constraint sync_runs_trigger_check check (trigger in ('first', 'schedule', 'manual', 'hint', 'archive'));
-- of a run that reads the archive: what came in between
alter table sync_runs add column archive_from timestamptz;
alter table sync_runs add column archive_to timestamptz;

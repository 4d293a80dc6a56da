-- When backups are taken by themselves, and how the last ones went. Of the installation: the backups themselves are directories, and say the rest.
create table backup_plan (
  only_row boolean primary key default true check (only_row),
  active boolean not null default true,
  every_hours integer not null default 24 check (every_hours between 1 and 720),
  -- so many of those that were taken by plan
  keep integer not null default 7 check (keep between 1 and 365),
  -- on the machine that takes them; null: backups in its data directory
  directory text,
  -- restored into a PostgreSQL of its own, and compared, so often; null: only when asked
  drill_days integer default 7 check (drill_days between 1 and 365),
  since timestamptz not null default now(),
  claimed_at timestamptz,
  last_at timestamptz,
  last_name text,
  failed_at timestamptz,
  error text,
  drilled_at timestamptz,
  drill_error text,
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
insert into backup_plan default values;
alter table backup_plan enable row level security;
create policy system on backup_plan for all to steward_system using (true) with check (true);
revoke all on backup_plan from steward_app;

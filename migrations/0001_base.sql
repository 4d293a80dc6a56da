-- The ground: tenancy and the instance's own identity.
-- Runs as steward_owner. Default privileges (set with the roles) give steward_app and steward_system
-- select, insert, update and delete on every table of this schema; the policies below say on which rows.

-- Puts a table under row-level security: steward_app sees and writes the rows of the transaction's company only,
-- steward_system every row. The owner is not bound (no FORCE): migrations and backups see all.
-- The policy is a plain expression, not a sub-select: the planner then estimates with the real company,
-- and uuid equality is leakproof, so the (company_id, …) indexes are used.
create function steward_protect(target regclass) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format(
    'create policy company on %s for all to steward_app '
    'using (company_id = nullif(current_setting(''steward.company'', true), '''')::uuid) '
    'with check (company_id = nullif(current_setting(''steward.company'', true), '''')::uuid)', target);
  execute format('create policy system on %s for all to steward_system using (true) with check (true)', target);
end $$;
revoke execute on function steward_protect(regclass) from public;

create table companies (
  id          uuid primary key,
  name        text not null check (length(name) between 1 and 200),
  industry    text,
  website     text,
  settings    jsonb not null default '{}',
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now()
);
-- A request sees its own company only; a company is made and removed by steward_system.
alter table companies enable row level security;
create policy company on companies for select to steward_app
  using (id = nullif(current_setting('steward.company', true), '')::uuid);
create policy company_update on companies for update to steward_app
  using (id = nullif(current_setting('steward.company', true), '')::uuid)
  with check (id = nullif(current_setting('steward.company', true), '')::uuid);
create policy system on companies for all to steward_system using (true) with check (true);
revoke insert, delete on companies from steward_app;

-- Which installation this database belongs to. A restore writes a new id and remembers the old one,
-- so that a restored or cloned instance knows that it is a copy and must not act before a person says so.
create table steward_instance (
  only_row       boolean primary key default true check (only_row),
  id             uuid not null default gen_random_uuid(),
  created_at     timestamptz not null default now(),
  restored_from  uuid,
  restored_at    timestamptz
);
insert into steward_instance default values;
alter table steward_instance enable row level security;
create policy system on steward_instance for all to steward_system using (true) with check (true);
revoke all on steward_instance from steward_app;

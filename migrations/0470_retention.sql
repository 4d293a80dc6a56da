-- How long a company keeps people of whom it hears nothing: each is announced first, and erased when the time is up.
create table retention_rules (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- null: nobody is erased for being silent
  people_months integer check (people_months between 1 and 240),
  notice_days integer not null check (notice_days between 7 and 365),
  updated_at timestamptz not null
);
select steward_protect('retention_rules');

-- Whoever is announced, and when they go. Taken back as soon as something is heard of them.
create table retention_notices (
  person_id uuid primary key references people (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  noticed_at timestamptz not null,
  erase_at timestamptz not null
);
create index retention_notices_due on retention_notices (company_id, erase_at, person_id);
select steward_protect('retention_notices');

-- Whom a user keeps all the same, and why.
create table retention_holds (
  person_id uuid primary key references people (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  reason text not null check (length(reason) between 1 and 500),
  held_by uuid references users (id) on delete set null,
  created_at timestamptz not null
);
create index retention_holds_recent on retention_holds (company_id, created_at desc, person_id desc);
create index retention_holds_by on retention_holds (held_by) where held_by is not null;
select steward_protect('retention_holds');

-- Whether somebody asked for it, or the time was up.
alter table erasures add column cause text not null default 'asked' check (cause in ('asked', 'retention'));

-- When a client is to be heard from again: counted from `anchor_on`, so that the 31st stays the 31st where a month has one.
create table checkin_plans (
  client_id uuid primary key references clients (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  unit text not null check (unit in ('days', 'months')),
  every integer not null check (every between 1 and 3650),
  anchor_on date not null,
  -- null: no further one
  next_on date,
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index checkin_plans_due on checkin_plans (company_id, next_on) where next_on is not null;
select steward_protect('checkin_plans');

-- One time that a client is heard from. One for each client and day, however often the clock strikes.
create table checkins (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  due_on date not null,
  state text not null default 'due' check (state in ('due', 'done', 'skipped')),
  -- what happened since the last one
  agenda text not null default '',
  outcome text not null default '',
  settled_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint checkins_once unique (client_id, due_on)
);
create index checkins_recent on checkins (company_id, created_at desc, id desc);
create index checkins_open on checkins (company_id, due_on) where state = 'due';
select steward_protect('checkins');

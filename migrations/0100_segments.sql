-- Segments: people who fit a condition, kept up to date, and lists that somebody keeps by hand.

create table segments (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null,
  name_key text not null,
  kind text not null check (kind in ('dynamic', 'static')),
  -- null of a static list
  condition jsonb,
  member_count integer not null default 0,
  -- when members were last brought up to date, and what that took
  evaluated_at timestamptz,
  took_ms integer,
  error text,
  -- when it is next brought up to date; null of a static list
  due_at timestamptz,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint segments_name_key unique (company_id, name_key)
);
create index segments_recent on segments (company_id, created_at desc, id desc);
create index segments_due on segments (due_at) where due_at is not null;
create index segments_created_by on segments (created_by) where created_by is not null;
select steward_protect('segments');

create table segment_members (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  segment_id uuid not null references segments (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  entered_at timestamptz not null,
  primary key (segment_id, person_id)
);
create index segment_members_recent on segment_members (segment_id, entered_at desc, person_id desc);
create index segment_members_person on segment_members (person_id);
select steward_protect('segment_members');

-- How many came and went on a day of the company's calendar.
create table segment_days (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  segment_id uuid not null references segments (id) on delete cascade,
  day date not null,
  entered integer not null default 0,
  departed integer not null default 0,
  primary key (segment_id, day)
);
select steward_protect('segment_days');

-- Touches by kind and time, and who they were with: "wrote to us in the last 30 days" is read from the index alone.
create index interactions_kind on interactions (company_id, type, direction, created_at, person_id);

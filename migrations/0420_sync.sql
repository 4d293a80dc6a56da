-- Sources that are kept in step: where rows come from, what they became here, what was refused, where both sides changed.

create table sync_sources (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  connection_id uuid not null references connections (id) on delete cascade,
  title text not null,
  -- the vendor's name for what is read: contacts, a query
  object text not null,
  kind text not null check (kind in ('people', 'organisations', 'deals')),
  -- of this source at its vendor: a query, a sheet
  settings jsonb not null default '{}',
  -- [{from, to, transform, values, fallback}]
  mapping jsonb not null default '[]',
  direction text not null default 'pull' check (direction in ('pull', 'both')),
  -- people made here are made there, too
  create_there boolean not null default false,
  -- null: by hand only
  every_minutes integer check (every_minutes between 1 and 43200),
  state text not null default 'draft' check (state in ('draft', 'active', 'paused')),
  -- where the pass under way stands, and where the next one begins; opaque, of the connector
  cursor text,
  mark text,
  -- what came in is kept as files for so many days; 0: not at all
  archive_days integer not null default 30 check (archive_days between 0 and 3650),
  next_run_at timestamptz,
  failures integer not null default 0,
  error text,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index sync_sources_list on sync_sources (company_id, created_at, id);
create index sync_sources_connection on sync_sources (connection_id);
create index sync_sources_due on sync_sources (next_run_at) where state = 'active';
select steward_protect('sync_sources');

create table sync_runs (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  source_id uuid not null references sync_sources (id) on delete cascade,
  trigger text not null check (trigger in ('first', 'schedule', 'manual', 'hint')),
  state text not null default 'running' check (state in ('running', 'done', 'failed', 'stopped')),
  -- what it does now: everything, what changed since, writing back
  phase text not null default 'changes' check (phase in ('everything', 'changes', 'writing')),
  -- the process that works on it, and until when nobody else may
  holder uuid,
  held_until timestamptz,
  -- pages are committed in this order; a page that is not the next one is not committed
  pages integer not null default 0,
  total integer,
  read integer not null default 0,
  created integer not null default 0,
  changed integer not null default 0,
  unchanged integer not null default 0,
  refused integer not null default 0,
  opt_outs_kept integer not null default 0,
  conflicts integer not null default 0,
  gone integer not null default 0,
  written integer not null default 0,
  -- the vendor asked for quiet
  waits_until timestamptz,
  error text,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index sync_runs_list on sync_runs (source_id, started_at, id);
create index sync_runs_company on sync_runs (company_id);
create unique index sync_runs_live on sync_runs (source_id) where state = 'running';
create index sync_runs_held on sync_runs (held_until) where state = 'running';
select steward_protect('sync_runs');

-- Which record there is which row here. One row for each record that was ever seen.
create table sync_links (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  source_id uuid not null references sync_sources (id) on delete cascade,
  external_id text not null,
  person_id uuid references people (id) on delete set null,
  organisation_id uuid references organisations (id) on delete set null,
  deal_id uuid,
  -- of what came in last, with the mapping; the same again writes nothing
  hash text not null,
  -- field by field as both sides had it last, as it is stored here
  base jsonb not null default '{}',
  -- null: in step
  note text check (note in ('refused', 'opted_out', 'erased', 'gone')),
  -- QUALITY in src/modules/sync/quality.ts: bits
  flags smallint not null default 0,
  changed_at timestamptz,
  -- updated_at of the row here when both were the same
  in_step_at timestamptz,
  seen_at timestamptz not null,
  primary key (source_id, external_id)
);
create index sync_links_person on sync_links (person_id) where person_id is not null;
create index sync_links_organisation on sync_links (organisation_id) where organisation_id is not null;
create index sync_links_deal on sync_links (deal_id) where deal_id is not null;
create index sync_links_company on sync_links (company_id);
select steward_protect('sync_links');

-- Rows that could not be taken, with the reason, until they can.
create table sync_refusals (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  source_id uuid not null references sync_sources (id) on delete cascade,
  external_id text not null,
  field text,
  reason text not null,
  value text,
  -- as it came, by the vendor's field
  raw jsonb not null,
  changed_at timestamptz,
  refused_at timestamptz not null,
  unique (source_id, external_id)
);
create index sync_refusals_list on sync_refusals (source_id, refused_at, id);
create index sync_refusals_company on sync_refusals (company_id);
select steward_protect('sync_refusals');

-- What a person put in the place of what came: remembered for the next time that the same comes.
create table sync_fixes (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  source_id uuid not null references sync_sources (id) on delete cascade,
  external_id text not null,
  field text not null,
  -- keyed by what came: another value from the vendor ends it
  came text,
  value text not null,
  primary key (source_id, external_id, field)
);
create index sync_fixes_company on sync_fixes (company_id);
select steward_protect('sync_fixes');

-- A field that both sides changed since they last agreed.
create table sync_conflicts (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  source_id uuid not null references sync_sources (id) on delete cascade,
  external_id text not null,
  person_id uuid references people (id) on delete cascade,
  organisation_id uuid references organisations (id) on delete cascade,
  field text not null,
  ours text,
  theirs text,
  -- who wrote last
  kept text not null check (kept in ('ours', 'theirs')),
  at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid
);
create unique index sync_conflicts_open on sync_conflicts (source_id, external_id, field) where decided_at is null;
create index sync_conflicts_list on sync_conflicts (source_id, at, id);
create index sync_conflicts_person on sync_conflicts (person_id) where person_id is not null;
create index sync_conflicts_organisation on sync_conflicts (organisation_id) where organisation_id is not null;
create index sync_conflicts_company on sync_conflicts (company_id);
select steward_protect('sync_conflicts');

-- Records that the vendor says have changed. They are fetched; the word of a webhook is never taken for the thing.
create table sync_hints (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  source_id uuid not null references sync_sources (id) on delete cascade,
  external_id text not null,
  at timestamptz not null,
  primary key (source_id, external_id)
);
create index sync_hints_company on sync_hints (company_id);
select steward_protect('sync_hints');

-- How good the rows of a source are, once a day.
create table sync_quality (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  source_id uuid not null references sync_sources (id) on delete cascade,
  day date not null,
  rows integer not null,
  missing integer not null,
  malformed integer not null,
  stale integer not null,
  duplicate integer not null,
  outlier integer not null,
  primary key (source_id, day)
);
create index sync_quality_company on sync_quality (company_id);
select steward_protect('sync_quality');

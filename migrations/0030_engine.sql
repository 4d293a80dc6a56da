-- Workflows, runs and their journal; the outbox; schedules; tasks; the ledger of effects.
-- Moments that a list is sorted by are those of the ids (UUIDv7): lists page by id.

-- Facts for the engine, written by the transaction that made them so, deleted by the one that acts on them.
create table outbox (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null,
  subject_type text not null,
  subject_id uuid not null,
  person_id uuid,
  payload jsonb not null default '{}',
  at timestamptz not null,
  -- handlers that are through with it already, when another one failed
  handled text[] not null default '{}',
  routed boolean not null default false,
  attempts integer not null default 0,
  due_at timestamptz not null,
  -- set when it was given up; a person may let it try again
  failed_at timestamptz,
  error text
);
create index outbox_due on outbox (id) where failed_at is null;
create index outbox_failed on outbox (company_id, id) where failed_at is not null;
select steward_protect('outbox');

create table workflows (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null,
  title text not null,
  subject text not null,
  active boolean not null default false,
  -- a person stopped it for now: due runs are parked until it goes on
  paused_at timestamptz,
  -- the version that new runs get
  version integer not null default 1,
  built_in boolean not null default false,
  -- a person changed its definition: upgrades leave it alone
  customised boolean not null default false,
  settings jsonb not null default '{}',
  templates jsonb not null default '{}',
  -- what of the definition starts runs, kept here for the dispatcher
  events text[] not null default '{}',
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint workflows_name_key unique (company_id, name)
);
select steward_protect('workflows');

-- Immutable: a run keeps the version it started with.
create table workflow_versions (
  workflow_id uuid not null references workflows (id) on delete cascade,
  version integer not null,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  definition jsonb not null,
  digest text not null,
  created_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (workflow_id, version)
);
create index workflow_versions_company on workflow_versions (company_id);
select steward_protect('workflow_versions');

-- The secret address of each webhook trigger.
create table workflow_hooks (
  token text primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  workflow_id uuid not null references workflows (id) on delete cascade,
  key text not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint workflow_hooks_key unique (workflow_id, key)
);
create index workflow_hooks_company on workflow_hooks (company_id);
select steward_protect('workflow_hooks');

-- A company whose runs all stand still.
create table engine_pauses (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  reason text not null,
  paused_at timestamptz not null default date_trunc('milliseconds', now()),
  paused_by uuid
);
select steward_protect('engine_pauses');

-- Its company is the workflow's: no second foreign key, each is a look-up a row on the hottest inserts.
create table runs (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid,
  workflow_id uuid not null references workflows (id) on delete cascade,
  version integer not null,
  subject_type text not null,
  subject_id uuid not null,
  person_id uuid,
  state text not null check (state in ('running', 'waiting', 'paused', 'done', 'failed', 'cancelled')),
  -- the cursor; kept at the last step when the run is over
  step_id text,
  since timestamptz not null,
  attempt integer not null default 0,
  wake_at timestamptz,
  waits_for text[] not null default '{}',
  reason text,
  -- who parked a paused run: a person (run), its workflow or its company
  paused_by text check (paused_by in ('run', 'workflow', 'company')),
  signal jsonb,
  -- the queued job that may move it, and how often a worker took it up: an older worker's commit finds neither
  ticket uuid,
  fence integer not null default 0,
  -- place of the last journal row, and whether that attempt is still open
  journal integer not null default 0,
  journal_open boolean not null default false,
  -- at most one live run a subject, where the definition says so
  solo boolean not null default true,
  trigger_type text not null check (trigger_type in ('event', 'schedule', 'webhook', 'manual', 'run')),
  trigger_id text not null,
  outputs jsonb not null default '{}',
  outcome text,
  error text,
  started_at timestamptz not null,
  completed_at timestamptz,
  updated_at timestamptz not null,
  constraint runs_trigger_key unique (workflow_id, subject_id, trigger_id)
) with (fillfactor = 80);
create unique index runs_live_key on runs (workflow_id, subject_id) where solo and state in ('running', 'waiting', 'paused');
create index runs_wake on runs (wake_at) where state = 'waiting';
create index runs_live_person on runs (person_id) where person_id is not null and state in ('running', 'waiting', 'paused');
create index runs_live_subject on runs (subject_id) where state in ('running', 'waiting', 'paused');
create index runs_list on runs (company_id, id);
create index runs_state on runs (company_id, state, id);
create index runs_workflow on runs (workflow_id, id);
create index runs_person on runs (person_id, id) where person_id is not null;
-- counts by state and step read this index alone
create index runs_counts on runs (workflow_id, state, step_id);
select steward_protect('runs');

-- The journal: one row for each attempt of a step; what the step was given stands in the run's version of the definition.
-- A trigger takes it away with its run: a foreign key would cost a look-up a row (a third of writing the journal).
create table run_steps (
  run_id uuid not null,
  place integer not null,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid,
  step_id text not null,
  type text not null,
  attempt integer not null,
  state text not null check (state in ('open', 'waiting', 'done', 'retrying', 'failed', 'lost', 'cancelled')),
  output jsonb,
  reason text,
  error text,
  wake_at timestamptz,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (run_id, place)
);
select steward_protect('run_steps');

create function take_journal_along() returns trigger language plpgsql as $$
begin
  delete from run_steps s using gone where s.run_id = gone.id;
  return null;
end $$;
create trigger runs_gone after delete on runs referencing old table as gone for each statement execute function take_journal_along();

create table schedules (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  workflow_id uuid not null references workflows (id) on delete cascade,
  -- place of the trigger in the definition
  place integer not null,
  spec jsonb not null,
  next_at timestamptz,
  last_at timestamptz,
  missed integer not null default 0,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint schedules_place_key unique (workflow_id, place)
);
create index schedules_due on schedules (next_at) where next_at is not null;
create index schedules_list on schedules (company_id, id);
select steward_protect('schedules');

create table tasks (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- makes it once: the run and step that asked for it
  key text not null,
  kind text not null default 'todo',
  title text not null,
  body text not null default '',
  link text,
  subject_type text,
  subject_id uuid,
  person_id uuid,
  run_id uuid references runs (id) on delete set null,
  assignee_id uuid references users (id) on delete set null,
  state text not null default 'open' check (state in ('open', 'done', 'dropped')),
  due_at timestamptz,
  done_at timestamptz,
  done_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint tasks_key unique (company_id, key)
);
create index tasks_list on tasks (company_id, state, id);
create index tasks_person on tasks (person_id, id) where person_id is not null;
create index tasks_run on tasks (run_id) where run_id is not null;
create index tasks_assignee on tasks (assignee_id) where assignee_id is not null;
select steward_protect('tasks');

-- Processes that work: an effect handed by one that is gone is looked into by the others.
create table workers (
  id uuid primary key,
  -- where the process is, so that a neighbour on the same machine can see that it is gone
  host text not null,
  pid integer not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now()
);
alter table workers enable row level security;
create policy system on workers for all to steward_system using (true) with check (true);
revoke all on workers from steward_app;

-- The ledger: every act outside the database. Rows are never deleted while their company is there.
create table effects (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  kind text not null,
  key text not null,
  subject_type text not null,
  subject_id uuid not null,
  connection_id uuid,
  state text not null default 'reserved' check (state in ('reserved', 'handed', 'confirmed', 'refused', 'in_doubt')),
  attempts integer not null default 0,
  payload jsonb not null default '{}',
  due_at timestamptz not null,
  -- waits for new credentials of its connection
  held boolean not null default false,
  -- the worker that handed it over
  owner uuid,
  handed_at timestamptz,
  settled_at timestamptz,
  external_id text,
  receipt jsonb,
  -- why it was refused, is in doubt, or waits
  reason text,
  decided_by uuid,
  created_at timestamptz not null,
  constraint effects_key unique (company_id, key)
) with (fillfactor = 70);
create index effects_due on effects (kind, company_id, due_at) where state = 'reserved' and not held;
create index effects_handed on effects (owner) where state = 'handed';
create index effects_list on effects (company_id, id);
create index effects_open on effects (company_id, state, id) where state <> 'confirmed';
create index effects_subject on effects (subject_id);
create index effects_connection on effects (connection_id) where state = 'reserved' and connection_id is not null;
select steward_protect('effects');

-- A connection whose credentials the vendor no longer takes.
create table effect_holds (
  connection_id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  reason text not null,
  held_at timestamptz not null
);
create index effect_holds_company on effect_holds (company_id);
select steward_protect('effect_holds');

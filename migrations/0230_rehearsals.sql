-- What would happen: a workflow on real people, on a clock of its own, with nothing leaving (docs/adr/0015-rehearsal.md).
create table rehearsals (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  workflow_id uuid not null references workflows (id) on delete cascade,
  -- null: a draft, whose definition stands in `request`
  version integer,
  -- who, how long, what is assumed
  request jsonb not null,
  state text not null default 'queued' check (state in ('done', 'queued', 'running', 'failed', 'cancelled')),
  -- 0 to 100
  progress smallint not null default 0,
  people integer not null default 0,
  error text,
  -- what it was made from, part by part; the launch is compared with it
  hash text,
  parts jsonb not null default '{}',
  summary jsonb,
  -- when it began, on its own clock
  began_at timestamptz not null,
  took_ms integer,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index rehearsals_list on rehearsals (company_id, id);
create index rehearsals_workflow on rehearsals (workflow_id, id);
create index rehearsals_age on rehearsals (created_at);
create index rehearsals_open on rehearsals (id) where state in ('queued', 'running');
create index rehearsals_user on rehearsals (created_by) where created_by is not null;
select steward_protect('rehearsals');

create table rehearsal_people (
  rehearsal_id uuid not null references rehearsals (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- done, failed, cancelled, waiting; left_out: could not enter
  outcome text not null check (outcome in ('done', 'failed', 'cancelled', 'waiting', 'left_out')),
  -- how it ended in the workflow's own words, or why they were left out
  detail text,
  -- the step it ended or stands at
  step_id text,
  sent integer not null default 0,
  blocked integer not null default 0,
  -- the rules that blocked a message of theirs
  rules text[] not null default '{}',
  -- why they are worth a look
  edge text[] not null default '{}',
  -- steps in their order: step, state, from, to, what came of it
  path jsonb not null default '[]',
  -- of what was known of them: tells whether it has changed since
  stamp text not null default '',
  primary key (rehearsal_id, person_id)
);
create index rehearsal_people_person on rehearsal_people (person_id);
create index rehearsal_people_edge on rehearsal_people (rehearsal_id) where edge <> '{}';
select steward_protect('rehearsal_people');

create table rehearsal_messages (
  rehearsal_id uuid not null references rehearsals (id) on delete cascade,
  id uuid not null,
  person_id uuid not null references people (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- false: of another sequence that these people are in
  own boolean not null,
  workflow text not null,
  step_id text not null,
  class text not null,
  state text not null check (state in ('sent', 'captured', 'blocked', 'refused', 'queued')),
  -- when it would leave, or was blocked
  at timestamptz not null,
  -- of that moment, in the company's time zone
  day date not null,
  from_email text not null,
  to_email text not null,
  subject text not null,
  text text not null,
  html text,
  -- of what stands in the way
  rules text[] not null default '{}',
  reasons jsonb not null default '[]',
  primary key (rehearsal_id, id)
);
create index rehearsal_messages_day on rehearsal_messages (rehearsal_id, day, at, id);
create index rehearsal_messages_person on rehearsal_messages (person_id);
create index rehearsal_messages_of on rehearsal_messages (rehearsal_id, person_id, at);
select steward_protect('rehearsal_messages');

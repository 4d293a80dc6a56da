-- What is done with every new client: a template. Its tasks are data (src/modules/onboarding/plan/task.ts), copied when an onboarding begins.
create table onboarding_plans (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null,
  -- shown to the client
  welcome text not null default '',
  materials jsonb not null default '[]',
  tasks jsonb not null default '[]',
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index onboarding_plans_by_name on onboarding_plans (company_id, name, id);
select steward_protect('onboarding_plans');

-- One client taken through one plan.
create table onboardings (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  plan_id uuid references onboarding_plans (id) on delete set null,
  name text not null,
  welcome text not null default '',
  materials jsonb not null default '[]',
  state text not null default 'running' check (state in ('running', 'done', 'cancelled')),
  started_on date not null,
  -- only the client can go on, since then
  waits_since timestamptz,
  ended_at timestamptz,
  call_at timestamptz,
  call_minutes integer not null default 30 check (call_minutes between 5 and 480),
  call_place text not null default '',
  -- RFC 5545, 3.8.7.4: raised with each change
  call_sequence integer not null default 0,
  created_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index onboardings_recent on onboardings (company_id, state, created_at desc, id desc);
create index onboardings_of_client on onboardings (client_id, created_at desc);
create index onboardings_of_plan on onboardings (plan_id) where plan_id is not null;
-- two clicks are one onboarding
create unique index onboardings_once on onboardings (client_id, plan_id) where state = 'running';
select steward_protect('onboardings');

create table onboarding_tasks (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  onboarding_id uuid not null references onboardings (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  key text not null,
  position integer not null,
  title text not null,
  body text not null default '',
  owner text not null check (owner in ('us', 'client')),
  kind text not null check (kind in ('task', 'form', 'sign', 'upload')),
  -- fields of a form, text to sign, what may be uploaded
  spec jsonb not null default '{}',
  due_days integer,
  due_of text not null default 'business' check (due_of in ('business', 'calendar')),
  -- key of the task that it is counted from; null: the beginning
  due_after text,
  needs text[] not null default '{}',
  state text not null default 'waiting' check (state in ('waiting', 'open', 'done', 'skipped')),
  due_on date,
  opened_at timestamptz,
  settled_at timestamptz,
  -- users.id; null: the client
  settled_by uuid,
  answers jsonb,
  file_id uuid,
  file_name text,
  assignee_id uuid,
  -- tasks.id, for what is ours
  todo_id uuid,
  overdue_told_at timestamptz,
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint onboarding_tasks_once unique (onboarding_id, key)
);
create index onboarding_tasks_of_client on onboarding_tasks (client_id);
-- serves the look for what is overdue
create index onboarding_tasks_due on onboarding_tasks (company_id, due_on) where state = 'open' and overdue_told_at is null and due_on is not null;
create index onboarding_tasks_of_todo on onboarding_tasks (todo_id) where todo_id is not null;
select steward_protect('onboarding_tasks');

-- Who signed what, when and from where. Never changed.
create table onboarding_signatures (
  task_id uuid primary key references onboarding_tasks (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  typed_name text not null,
  signed_at timestamptz not null,
  ip text,
  user_agent text,
  title text not null,
  document text not null,
  -- of the document as it was shown, UTF-8
  sha256 text not null
);
create index onboarding_signatures_of_client on onboarding_signatures (client_id);
create index onboarding_signatures_of_company on onboarding_signatures (company_id);
select steward_protect('onboarding_signatures');

-- Webhooks in: how each hook checks and answers, and what came in.

alter table workflow_hooks
  add column id uuid not null default gen_random_uuid(),
  add column methods text[] not null default '{POST}',
  -- null: nothing is checked but the address
  add column signature jsonb,
  -- bound to the row's id
  add column sealed_secret text,
  -- at_once: 202 when it is stored; when_done: waits for the run's outcome, at most wait_s
  add column respond text not null default 'at_once' check (respond in ('at_once', 'when_done')),
  add column wait_s integer not null default 10 check (wait_s between 1 and 60),
  add column max_bytes integer not null default 262144 check (max_bytes between 1024 and 1048576),
  add column per_minute integer check (per_minute between 1 and 600000),
  -- somebody waits for a test event
  add column listening_until timestamptz,
  add column updated_at timestamptz not null default date_trunc('milliseconds', now()),
  add constraint workflow_hooks_id unique (id);
create index workflow_hooks_list on workflow_hooks (company_id, id);

-- The latest requests of each hook: what people see has its secrets left out, the sealed one is for replays.
create table hook_requests (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  hook_id uuid not null references workflow_hooks (id) on delete cascade,
  at timestamptz not null,
  method text not null,
  query jsonb not null default '{}',
  headers jsonb not null,
  body jsonb,
  bytes integer not null,
  -- accepted; test: only recorded; else why it was refused
  verdict text not null check (verdict in ('accepted', 'test', 'unsigned', 'stale', 'mismatch', 'method', 'too_large', 'too_many', 'off')),
  -- names the run that it started
  trigger_id text,
  sealed text,
  -- the recorded request that this one repeats
  replay_of uuid
);
create index hook_requests_list on hook_requests (hook_id, id);
create index hook_requests_company on hook_requests (company_id, id);
create index hook_requests_old on hook_requests (at);
select steward_protect('hook_requests');

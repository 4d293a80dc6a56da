-- Decisions that people owe: a run waits for each of them.
create table approvals (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- makes it once: the step of the run that asked, its turn, and when it was reached
  key text not null,
  run_id uuid references runs (id) on delete set null,
  step_id text not null,
  kind text not null,
  risk text not null default 'medium' check (risk in ('low', 'medium', 'high')),
  title text not null,
  body text not null default '',
  -- what is to be decided on, and what was decided on: a person may change it
  proposed jsonb,
  approved jsonb,
  person_id uuid,
  -- who decides, one after the other; nobody named: any manager
  approvers uuid[] not null default '{}',
  -- whose turn it is, from 0
  turn integer not null default 0,
  due_at timestamptz,
  fallback text not null check (fallback in ('approve', 'reject', 'escalate', 'end')),
  escalate_to uuid[] not null default '{}',
  escalated boolean not null default false,
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'rejected', 'expired')),
  -- each decision: by, at, decision, note, turn
  decisions jsonb not null default '[]',
  decided_by uuid,
  decided_at timestamptz,
  note text,
  version integer not null default 1,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint approvals_key unique (company_id, key)
);
create index approvals_list on approvals (company_id, id);
create index approvals_state on approvals (company_id, state, id);
create index approvals_run on approvals (run_id) where run_id is not null;
create index approvals_person on approvals (person_id, id) where person_id is not null;
select steward_protect('approvals');

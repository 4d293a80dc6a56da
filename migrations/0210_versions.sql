-- Drafts of workflows, what a version is about, and live runs that move from one version to another.

-- What a person is working on: one a workflow, with faults while it is being typed. Publishing turns it into a version.
create table workflow_drafts (
  workflow_id uuid primary key references workflows (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  definition jsonb not null,
  -- the version it was made from
  base_version integer not null,
  updated_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index workflow_drafts_company on workflow_drafts (company_id);
select steward_protect('workflow_drafts');

-- What changed, in the publisher's words, and which version it brings back.
alter table workflow_versions add column note text, add column restores integer;

-- Live runs on their way to a version, as a person chose when it was published.
create table workflow_moves (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  workflow_id uuid not null references workflows (id) on delete cascade,
  to_version integer not null,
  -- [{version, step_id, choice, to_step_id, waits}]; version null: every older one
  cohorts jsonb not null,
  -- of those that no cohort names
  others text not null check (others in ('stay', 'move', 'finish')),
  -- settling: all are through but those whose step is in a worker's hand
  state text not null check (state in ('running', 'settling', 'done', 'failed')),
  total integer not null default 0,
  moved integer not null default 0,
  finished integer not null default 0,
  stayed integer not null default 0,
  in_hand integer not null default 0,
  error text,
  created_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index workflow_moves_list on workflow_moves (company_id, workflow_id, id);
create index workflow_moves_open on workflow_moves (updated_at) where state in ('running', 'settling');
select steward_protect('workflow_moves');

-- One line a run and move: what became of it and from where to where. The run's timeline shows it.
create table run_moves (
  move_id uuid not null references workflow_moves (id) on delete cascade,
  run_id uuid not null,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid,
  state text not null default 'waiting' check (state in ('waiting', 'in_hand', 'moved', 'finished', 'stayed')),
  from_version integer,
  from_step text,
  to_version integer,
  to_step text,
  -- the run's last journal row at that time: later rows belong to the new version
  place integer,
  reason text,
  at timestamptz,
  primary key (move_id, run_id)
);
create index run_moves_open on run_moves (move_id, run_id) where state in ('waiting', 'in_hand');
create index run_moves_run on run_moves (run_id);
select steward_protect('run_moves');

-- The run's step is in a worker's hand and it moves once that has ended.
alter table runs add column moving boolean not null default false;

create function take_moves_along() returns trigger language plpgsql as $$
begin
  delete from run_moves m using gone where m.run_id = gone.id;
  return null;
end $$;
create trigger runs_gone_with_moves after delete on runs referencing old table as gone for each statement execute function take_moves_along();

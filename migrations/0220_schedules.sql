-- Schedules that cannot lie: a company's own time, pause and release of each, what was planned and what came of it, and alerts when it did not.

alter table schedules
  -- what the company set in the place of the definition's; stays when the definition changes
  add column own_spec jsonb,
  -- paused by a person, or held because this is a copy of another installation; nothing fires until it is released
  add column hold text check (hold in ('paused', 'held')),
  add column hold_reason text,
  add column hold_at timestamptz,
  add column hold_by uuid,
  -- what next_at was when the hold began; next_at itself is null meanwhile, which keeps it out of schedules_due
  add column hold_next_at timestamptz,
  -- a run has to be done so long after it was planned
  add column finish_within_s integer check (finish_within_s > 0),
  -- tells when an expected run did not happen
  add column alarm boolean not null default true;

-- What was planned and what came of it. Firings that were passed over together stand in one row.
create table schedule_firings (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  schedule_id uuid not null references schedules (id) on delete cascade,
  planned_at timestamptz not null,
  -- of a row of several: the last one, and how many
  until_at timestamptz not null,
  count integer not null default 1,
  state text not null check (state in ('fired', 'skipped')),
  -- why it was passed over
  reason text,
  fired_at timestamptz not null,
  run_id uuid,
  -- the run has to be done by then
  due_by timestamptz,
  -- null: not judged yet
  ok boolean
);
-- one firing of a planned moment, whatever happens
create unique index schedule_firings_once on schedule_firings (schedule_id, planned_at) where state = 'fired';
create index schedule_firings_list on schedule_firings (schedule_id, id);
create index schedule_firings_company on schedule_firings (company_id, id);
create index schedule_firings_open on schedule_firings (id) where ok is null;
create index schedule_firings_old on schedule_firings (fired_at);
select steward_protect('schedule_firings');

-- An expected run that did not happen, or was not done in time. One open alert a schedule.
create table schedule_alerts (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  schedule_id uuid not null references schedules (id) on delete cascade,
  kind text not null check (kind in ('not_run', 'not_done')),
  planned_at timestamptz not null,
  reason text not null,
  run_id uuid,
  raised_at timestamptz not null,
  recovered_at timestamptz,
  -- how it ended
  recovery text
);
create unique index schedule_alerts_open on schedule_alerts (schedule_id) where recovered_at is null;
create index schedule_alerts_list on schedule_alerts (schedule_id, id);
create index schedule_alerts_company on schedule_alerts (company_id, id);
select steward_protect('schedule_alerts');

-- How promising a lead is: rules as data, one score a lead with its reasons.

-- A company's rules and grades, and how far its scores are worked out.
create table score_models (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- [{id, title, kind, when, points, half_life_days, most, active}]; null: the built-in ones, which may get better with a new version
  rules jsonb,
  -- {a, b, c}: from which score on
  grades jsonb,
  -- what happens when a lead comes up to a grade: [{grade, notify, status, owner_id}]
  routes jsonb,
  -- goes up with every change; scores of an older version are worked out anew
  version integer not null default 1,
  -- the pass over all leads, oldest first: this one is done
  pass_at timestamptz not null default 'epoch',
  pass_id uuid not null default '00000000-0000-0000-0000-000000000000',
  -- touches up to here are counted
  touched_at timestamptz not null default 'epoch',
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
select steward_protect('score_models');

create table lead_scores (
  lead_id uuid primary key references leads (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  score smallint not null,
  grade text not null check (grade in ('A', 'B', 'C', 'D')),
  -- the grade that counts as reached: 3 is A, 0 none. Falls only when the score is well below, so that a crossing is told once
  reached smallint not null,
  -- [{rule_id, title, points, count, at}], strongest first
  reasons jsonb not null,
  -- [[day since 1970, score], …], one entry a day on which it changed
  history jsonb not null default '[]',
  version integer not null,
  -- when time alone will change it; null: never
  next_at timestamptz,
  computed_at timestamptz not null
);
-- serves the list of leads by score
create index lead_scores_best on lead_scores (company_id, score desc, lead_id desc);
create index lead_scores_due on lead_scores (next_at) where next_at is not null;
select steward_protect('lead_scores');

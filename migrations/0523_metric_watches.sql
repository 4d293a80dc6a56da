-- A condition on a metric that somebody wants to hear of, and how it was when it was last looked at.
create table metric_watches (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- see src/modules/analytics/metrics/catalogue.ts
  metric text not null,
  -- of one owner, product, source, …; null: of all
  dimension text,
  value text,
  compare text not null check (compare in ('falls', 'rises', 'below', 'above', 'unusual')),
  percent double precision not null check (percent between 0 and 10000),
  amount double precision not null check (amount >= 0),
  -- length of the stretch that is looked at; days that are over, UTC
  days integer not null check (days between 1 and 92),
  active boolean not null default true,
  -- null: not looked at yet
  checked_at timestamptz,
  wrong boolean not null default false,
  now_amount double precision,
  before_amount double precision,
  -- in words, as the alert says it
  title text not null default '',
  body text not null default '',
  -- the deals that made the difference: [{"deal_id", "cents"}], the largest first
  blame jsonb not null default '[]',
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index metric_watches_list on metric_watches (company_id, created_at, id);
create index metric_watches_due on metric_watches (checked_at nulls first) where active;
create index metric_watches_wrong on metric_watches (company_id) where active and wrong;
select steward_protect('metric_watches');

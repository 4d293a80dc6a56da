-- What a month or quarter is meant to bring, of one owner or of the company.
create table deal_targets (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- null: of the company
  owner_id uuid references deal_owners (id) on delete cascade,
  grain text not null check (grain in ('month', 'quarter')),
  start date not null,
  -- in the company's currency
  cents bigint not null check (cents >= 0),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint deal_targets_once unique nulls not distinct (company_id, owner_id, grain, start)
);
create index deal_targets_owner on deal_targets (owner_id) where owner_id is not null;
select steward_protect('deal_targets');

-- What is expected to be won in a period, as it was said on a day: of everybody (dim all) and of each owner. Money in the company's currency.
create table forecasts (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  grain text not null check (grain in ('month', 'quarter')),
  start date not null,
  dim text not null check (dim in ('all', 'owner')),
  -- id of the owner; empty: of nobody, or all
  value text not null,
  made_on date not null,
  made_at timestamptz not null,
  -- periods from the one of made_on to this one
  ahead smallint not null,
  won_cents bigint not null,
  open_cents bigint not null,
  fresh_cents bigint not null,
  expected_cents bigint not null,
  low_cents bigint not null,
  high_cents bigint not null,
  calibrated boolean not null,
  primary key (company_id, grain, start, dim, value, made_on)
);
create index forecasts_made on forecasts (company_id, made_on, grain, ahead, dim);
select steward_protect('forecasts');

-- What would have been said of past periods, at the same distance from their end and with what was known then, beside what happened.
create table forecast_trials (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  grain text not null,
  ahead smallint not null,
  dim text not null,
  value text not null,
  start date not null,
  expected_cents bigint not null,
  low_cents bigint not null,
  high_cents bigint not null,
  actual_cents bigint not null,
  calibrated boolean not null,
  inside boolean not null,
  primary key (company_id, grain, ahead, dim, value, start)
);
select steward_protect('forecast_trials');

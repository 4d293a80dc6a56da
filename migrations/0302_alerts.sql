-- Something that is wrong with a company's Steward, from when it was first seen until it is well again. One row however often it happens meanwhile.
create table alerts (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- see KINDS in src/modules/alerts/kinds.ts
  kind text not null,
  -- what it is about: a workflow, a connection, a kind of effect; empty where it is the company itself
  key text not null,
  title text not null,
  body text not null,
  -- path of the page where one can see to it
  link text not null,
  -- how many it stands for when it was last looked at: failed runs, acts in doubt
  count integer not null,
  raised_at timestamptz not null,
  seen_at timestamptz not null,
  -- null: nobody was told, because the same was told a short while ago
  told_at timestamptz,
  recovered_at timestamptz
);
create unique index alerts_open on alerts (company_id, kind, key) where recovered_at is null;
create index alerts_list on alerts (company_id, id);
create index alerts_told on alerts (company_id, kind, key, told_at) where told_at is not null;
select steward_protect('alerts');

-- Where a company wants it otherwise than is usual.
create table alert_rules (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  kind text not null,
  enabled boolean not null,
  -- in the unit of the kind; null: the usual one
  threshold double precision check (threshold >= 0),
  -- the same thing is told again no sooner than this after it was told
  quiet_minutes integer not null check (quiet_minutes between 0 and 10080),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (company_id, kind)
);
select steward_protect('alert_rules');

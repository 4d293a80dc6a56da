-- Who gets a new lead, and why.

-- Asked in order of position; the first that fits and has somebody free decides.
create table assignment_rules (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null,
  position integer not null default 0,
  active boolean not null default true,
  -- which leads: {countries, postcodes, languages, sources, where}; empty lists fit everybody
  fits jsonb not null default '{}',
  pick text not null check (pick in ('round_robin', 'load', 'fixed')),
  -- in turn order
  user_ids uuid[] not null,
  -- {from, to, days} in the company's zone; null: at any hour
  hours jsonb,
  -- whose turn it was last
  last_user_id uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index assignment_rules_order on assignment_rules (company_id, position, id);
create index assignment_rules_last_user on assignment_rules (last_user_id) where last_user_id is not null;
select steward_protect('assignment_rules');

-- Somebody on holiday gets no new leads.
create table assignment_absences (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  user_id uuid primary key references users (id) on delete cascade,
  until timestamptz not null,
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index assignment_absences_company on assignment_absences (company_id);
select steward_protect('assignment_absences');

-- Why this owner. One row a decision; the newest is the answer.
create table lead_assignments (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  lead_id uuid not null references leads (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  rule_id uuid references assignment_rules (id) on delete set null,
  -- a sentence: "New leads from Germany, in turn"
  reason text not null,
  told_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index lead_assignments_lead on lead_assignments (lead_id, created_at desc, id desc);
create index lead_assignments_user on lead_assignments (user_id);
create index lead_assignments_rule on lead_assignments (rule_id) where rule_id is not null;
create index lead_assignments_company on lead_assignments (company_id);
select steward_protect('lead_assignments');

-- serves "fewest open leads": counted from the index
create index leads_open_owner on leads (owner_id, company_id) where owner_id is not null and status not in ('converted', 'lost', 'unsubscribed');

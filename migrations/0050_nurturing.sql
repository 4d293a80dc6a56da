-- Lead nurturing: what texts are written from, what writing cost, who is away.

create table nurturing_settings (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  tone text not null default 'friendly' check (tone in ('friendly', 'professional', 'direct', 'warm', 'playful')),
  -- language of texts for people whose own is not known, e.g. en; null is the company's
  language text,
  what_we_do text not null default '',
  offer text not null default '',
  -- what else may be claimed: one fact each
  further_facts jsonb not null default '[]',
  -- links, mail addresses and phone numbers that may stand in a text
  links jsonb not null default '[]',
  sender_name text not null default '',
  sender_role text not null default '',
  call_to_action text not null default '',
  -- days until a lead who said "not now" comes up again
  revisit_days integer not null default 90 check (revisit_days between 1 and 730),
  -- the owner gets a mail for each reply of a person
  alert_owner boolean not null default true,
  -- most that models may cost in a calendar month (UTC), micro-dollars; null is no limit
  monthly_budget_micros bigint check (monthly_budget_micros is null or monthly_budget_micros >= 0),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
select steward_protect('nurturing_settings');

-- One text or verdict that a model, or the template in its place, gave. What it cost and why it was the template.
create table generations (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  purpose text not null check (purpose in ('draft', 'reply', 'preview')),
  -- no foreign keys: the record of what was paid outlives what it was paid for
  run_id uuid,
  step_id text,
  lead_id uuid,
  prompt_version text not null,
  model text,
  input_tokens integer not null default 0,
  output_tokens integer not null default 0,
  -- micro-dollars; null when the model's price is not known
  cost_micros bigint,
  fallback_reason text,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index generations_recent on generations (company_id, created_at);
select steward_protect('generations');

-- People who are out of office: nothing is written to them before that day.
create table away_periods (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  until timestamptz not null,
  message_id uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (person_id)
);
create index away_periods_company on away_periods (company_id, until);
select steward_protect('away_periods');

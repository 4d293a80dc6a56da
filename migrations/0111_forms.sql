-- Forms with steps and conditions, consent texts by version, where visitors came from, answers that were begun, and brakes on abuse.

alter table forms
  -- of labels and faults that the page itself writes
  add column language text not null default 'en' check (language in ('en', 'de')),
  -- titles of the steps, in order; empty: one page
  add column steps jsonb not null default '[]',
  -- topics of the consent log that the box agrees to
  add column topics text[] not null default '{marketing}',
  -- put on everybody who sends the form
  add column tags text[] not null default '{}',
  -- origins that may show the form in a frame; empty: any
  add column embed_origins text[] not null default '{}',
  -- proof of work: off, auto (while many send at once), always
  add column challenge text not null default 'auto' check (challenge in ('off', 'auto', 'always')),
  -- answers that were begun and not sent are kept this many days; 0: never kept
  add column partial_days integer not null default 0 check (partial_days between 0 and 90);

-- What stood beside the box. Never changed: a consent names its version.
create table form_consents (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  form_id uuid not null references forms (id) on delete cascade,
  version integer not null,
  wording text not null,
  topics text[] not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (form_id, version)
);
create index form_consents_company on form_consents (company_id);
select steward_protect('form_consents');
revoke update on form_consents from steward_app;
insert into form_consents (company_id, form_id, version, wording, topics, created_at)
  select company_id, id, consent_version, consent_wording, '{marketing}', updated_at from forms where consent_wording <> '';

alter table form_submissions
  -- hash of the page's own random token and the answers: a retry across midnight is the same submission
  add column token_key text,
  -- what stood beside the box, ticked or not
  add column shown_version integer,
  add column shown_wording text,
  -- utm_*, referrer, landing_page
  add column attribution jsonb not null default '{}',
  -- answers that differ from what is known of the person: [{label, said, known}]
  add column said jsonb not null default '[]';
create unique index form_submissions_token on form_submissions (company_id, token_key) where token_key is not null;

-- First and last touch of a lead; the first never changes.
create table lead_sources (
  lead_id uuid primary key references leads (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  first_touch jsonb not null,
  first_at timestamptz not null,
  last_touch jsonb not null,
  last_at timestamptz not null
);
create index lead_sources_person on lead_sources (person_id);
create index lead_sources_company on lead_sources (company_id);
select steward_protect('lead_sources');

-- Begun, not sent. Belongs to nobody yet: no person is made of it and nobody is written to.
create table form_partials (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  form_id uuid not null references forms (id) on delete cascade,
  token_hash text not null,
  answers jsonb not null,
  step integer not null default 0,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint form_partials_token unique (form_id, token_hash)
);
create index form_partials_recent on form_partials (form_id, updated_at desc, id desc);
create index form_partials_company on form_partials (company_id);
select steward_protect('form_partials');

-- Sends a minute, by form and by keyed hash of the address: all processes count together.
create table form_limits (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  form_id uuid not null references forms (id) on delete cascade,
  guard text not null,
  minute timestamptz not null,
  hits integer not null,
  primary key (form_id, guard, minute)
);
create index form_limits_old on form_limits (minute);
create index form_limits_company on form_limits (company_id);
select steward_protect('form_limits');

-- Challenges that were solved already.
create table form_proofs (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  form_id uuid not null references forms (id) on delete cascade,
  nonce text not null,
  expires_at timestamptz not null,
  primary key (form_id, nonce)
);
create index form_proofs_old on form_proofs (expires_at);
create index form_proofs_company on form_proofs (company_id);
select steward_protect('form_proofs');

-- owners who do not know yet
create index lead_assignments_untold on lead_assignments (company_id) where told_at is null;

-- People, organisations, consent, the timeline; leads, imports and forms.
-- Moments that a list is sorted by have millisecond precision, so that a cursor made from a JavaScript date is exact.

create extension if not exists pg_trgm;

create table organisations (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null,
  -- lower case, white space collapsed: a plain column, because under row-level security an expression index is not used
  name_key text not null,
  domain text,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint organisations_name_key unique (company_id, name_key)
);
create index organisations_recent on organisations (company_id, created_at desc, id desc);
select steward_protect('organisations');

create table people (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  full_name text not null default '',
  first_name text,
  last_name text,
  -- the primary address; person_emails holds all of them and is what makes an address unique
  email text,
  -- E.164, null when the text could not be read as a number
  phone text,
  phone_raw text,
  time_zone text,
  language text,
  organisation_id uuid references organisations (id) on delete set null,
  owner_id uuid references users (id) on delete set null,
  -- set while commercial messages are refused: what consent_state says of the topic 'marketing', kept here for lists
  opted_out_at timestamptz,
  -- what a search looks at; the leading space lets ' an' find words that begin with "an" by trigram
  search text not null generated always as (' ' || lower(full_name) || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '')) stored,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index people_recent on people (company_id, created_at desc, id desc);
create index people_organisation on people (organisation_id) where organisation_id is not null;
create index people_owner on people (owner_id) where owner_id is not null;
create index people_search on people using gin (search gin_trgm_ops);
select steward_protect('people');

-- One address belongs to one person of a company.
create table person_emails (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  email text not null,
  -- checked at the end of the statement, so that address and person may be inserted by one
  person_id uuid not null references people (id) on delete cascade,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (company_id, email)
);
create index person_emails_person on person_emails (person_id);
select steward_protect('person_emails');

-- What was asked, answered and proven. Never changed, never deleted but with the person.
create table consent_log (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  topic text not null,
  state text not null check (state in ('granted', 'withdrawn', 'objected')),
  lawful_basis text check (lawful_basis in ('consent', 'legitimate_interest', 'contract', 'legal_obligation')),
  source text not null,
  evidence jsonb not null default '{}',
  recorded_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index consent_log_person on consent_log (person_id, created_at desc, id desc);
create index consent_log_recorded_by on consent_log (recorded_by) where recorded_by is not null;
select steward_protect('consent_log');
revoke update, delete, truncate on consent_log from steward_app;
revoke update, delete, truncate on consent_log from steward_system;

-- The strictest state that the log adds up to.
create table consent_state (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  topic text not null,
  state text not null check (state in ('granted', 'withdrawn', 'objected')),
  lawful_basis text,
  log_id uuid not null references consent_log (id) on delete cascade,
  since timestamptz not null,
  primary key (person_id, topic)
);
create index consent_state_log on consent_state (log_id);
select steward_protect('consent_state');

create table leads (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  status text not null default 'new' check (status in ('new', 'contacted', 'engaged', 'qualified', 'converted', 'lost', 'unsubscribed')),
  source text,
  notes text,
  owner_id uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
-- One current lead a person: five submits of a form make one.
create unique index leads_current on leads (company_id, person_id) where status not in ('converted', 'lost');
-- with the company, which row-level security asks for each time: else a new table without statistics reads a whole company a person
create index leads_person on leads (person_id, company_id);
create index leads_recent on leads (company_id, created_at desc, id desc);
create index leads_changed on leads (company_id, updated_at desc, id desc);
create index leads_status on leads (company_id, status, created_at desc, id desc);
create index leads_source on leads (company_id, source, created_at desc, id desc);
create index leads_owner on leads (owner_id, created_at desc, id desc) where owner_id is not null;
select steward_protect('leads');

-- The timeline: one row a touch.
create table interactions (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  lead_id uuid references leads (id) on delete set null,
  type text not null check (type in ('email', 'sms', 'call', 'meeting', 'note', 'form', 'visit')),
  direction text not null check (direction in ('inbound', 'outbound', 'internal')),
  content text not null default '',
  channel text,
  status text,
  metadata jsonb not null default '{}',
  -- messages.id where this touch is a message of ours; no foreign key, the message module comes later
  message_id uuid,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index interactions_recent on interactions (company_id, created_at desc, id desc);
create index interactions_person on interactions (person_id, created_at desc, id desc);
create index interactions_lead on interactions (lead_id, created_at desc, id desc) where lead_id is not null;
create index interactions_message on interactions (message_id) where message_id is not null;
create index interactions_created_by on interactions (created_by) where created_by is not null;
select steward_protect('interactions');

create table imports (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  filename text not null,
  size_bytes integer not null,
  encoding text not null,
  delimiter text not null,
  columns jsonb not null,
  mapping jsonb not null,
  source text,
  enrol boolean not null default false,
  dry_run boolean not null default false,
  state text not null default 'ready' check (state in ('ready', 'running', 'done', 'failed')),
  -- rows read so far; done when state says so. total_rows is known once the file was read to its end
  processed_rows integer not null default 0,
  total_rows integer,
  created_count integer not null default 0,
  merged_count integer not null default 0,
  changed_count integer not null default 0,
  opt_outs_kept integer not null default 0,
  refused_count integer not null default 0,
  error text,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  finished_at timestamptz
);
create index imports_recent on imports (company_id, created_at desc, id desc);
create index imports_running on imports (updated_at) where state = 'running';
create index imports_created_by on imports (created_by) where created_by is not null;
select steward_protect('imports');

-- The uploaded file in pieces of 1 MiB, gone a while after the import is done.
create table import_chunks (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  import_id uuid not null references imports (id) on delete cascade,
  position integer not null,
  bytes bytea not null,
  primary key (import_id, position)
);
select steward_protect('import_chunks');

create table import_errors (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  import_id uuid not null references imports (id) on delete cascade,
  -- the record's number in the file (the first below the header is 1), and the line of text it starts on
  row_number integer not null,
  line integer not null,
  field text,
  reason text not null,
  value text,
  primary key (import_id, row_number)
);
select steward_protect('import_errors');

create table forms (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  title text not null,
  intro text not null default '',
  fields jsonb not null,
  consent_wording text not null default '',
  consent_required boolean not null default false,
  consent_version integer not null default 1,
  submit_label text not null default 'Send',
  thank_you text not null,
  redirect_url text,
  source text not null default 'form',
  active boolean not null default true,
  -- the form behind /contact
  is_default boolean not null default false,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create unique index forms_default on forms (company_id) where is_default;
create index forms_recent on forms (company_id, created_at desc, id desc);
select steward_protect('forms');

create table form_submissions (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  form_id uuid not null references forms (id) on delete cascade,
  person_id uuid references people (id) on delete cascade,
  lead_id uuid references leads (id) on delete set null,
  answers jsonb not null,
  consent_version integer,
  -- hash of form, answers and day: a double click is one submission
  dedupe_key text not null,
  ip text,
  user_agent text,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint form_submissions_once unique (company_id, dedupe_key)
);
create index form_submissions_form on form_submissions (form_id, created_at desc, id desc);
create index form_submissions_person on form_submissions (person_id);
create index form_submissions_lead on form_submissions (lead_id);
select steward_protect('form_submissions');

-- Search. A trigram match is not leakproof, so under row-level security it would read every row (measured at a million
-- people: 827 ms; through these functions 6 ms). They run with the owner's rights and hold the company inside.
-- From three letters on any part matches; shorter texts match the beginning of a word.
create function steward_search_pattern(q text) returns text language sql immutable as $$
  select case when length(trim(q)) < 3 then '% ' else '%' end
      || replace(replace(replace(lower(trim(q)), '\', '\\'), '%', '\%'), '_', '\_') || '%'
$$;

create function steward_search_people(q text, before_at timestamptz, before_id uuid, rows_wanted integer,
  wanted_owner uuid default null, wanted_organisation uuid default null, wanted_opted_out boolean default null)
returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query execute
    'select p.id from people p
      where p.company_id = nullif(current_setting(''steward.company'', true), '''')::uuid
        and p.search like $1
        and ($2 is null or (p.created_at, p.id) < ($2, $3))
        and ($5 is null or p.owner_id = $5)
        and ($6 is null or p.organisation_id = $6)
        and ($7 is null or (p.opted_out_at is not null) = $7)
      order by p.created_at desc, p.id desc limit $4'
    using steward_search_pattern(q), before_at, before_id, rows_wanted, wanted_owner, wanted_organisation, wanted_opted_out;
end $$;

create function steward_search_leads(q text, before_at timestamptz, before_id uuid, rows_wanted integer,
  wanted_status text default null, wanted_source text default null, wanted_owner uuid default null,
  created_from timestamptz default null, created_to timestamptz default null)
returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query execute
    'select l.id from leads l join people p on p.id = l.person_id
      where l.company_id = nullif(current_setting(''steward.company'', true), '''')::uuid
        and p.company_id = l.company_id
        and p.search like $1
        and ($2 is null or (l.created_at, l.id) < ($2, $3))
        and ($5 is null or l.status = $5)
        and ($6 is null or l.source = $6)
        and ($7 is null or l.owner_id = $7)
        and ($8 is null or l.created_at >= $8)
        and ($9 is null or l.created_at < $9)
      order by l.created_at desc, l.id desc limit $4'
    using steward_search_pattern(q), before_at, before_id, rows_wanted, wanted_status, wanted_source, wanted_owner, created_from, created_to;
end $$;

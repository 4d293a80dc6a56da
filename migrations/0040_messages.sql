-- Connections to vendors; messages, their templates, suppressions and a company's sending.

create table connections (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  connector text not null,
  title text not null,
  -- AES-256-GCM, bound to this row's id; a JSON object of the connector's credential fields
  sealed_credentials text not null,
  base_url text,
  origin text not null default 'person' check (origin in ('person', 'environment')),
  state text not null default 'untested' check (state in ('untested', 'ok', 'rejected')),
  -- who we are there, as the vendor says
  account text,
  error text,
  last_verified_at timestamptz,
  -- where reading of a mailbox stands: <uidvalidity>:<uid>
  cursor text,
  last_activity_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index connections_company on connections (company_id, created_at, id);
-- The environment makes one connection a vendor, however often it is read.
create unique index connections_environment on connections (company_id, connector) where origin = 'environment';
select steward_protect('connections');

-- A company's sending: may mail leave, who let it, and the limits of the gate. Sending hours and postal address are the
-- company's own settings (companies.settings).
create table sending (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  launched_at timestamptz,
  launched_by uuid references users (id) on delete set null,
  paused_at timestamptz,
  paused_by uuid references users (id) on delete set null,
  pause_reason text,
  -- ISO week days, 1 is Monday
  days smallint[] not null default '{1,2,3,4,5,6,7}',
  -- commercial messages to one person
  cap_per_day integer not null default 1 check (cap_per_day between 0 and 100),
  cap_per_week integer not null default 3 check (cap_per_week between 0 and 500),
  -- mails of the whole company in a calendar day of its zone; null is no limit
  daily_limit integer check (daily_limit is null or daily_limit >= 0),
  -- opt_in: only people who granted consent; legitimate_interest: all who did not object
  basis text not null default 'legitimate_interest' check (basis in ('legitimate_interest', 'opt_in')),
  from_name text,
  from_email text,
  reply_to text,
  -- what people can choose on the preference page
  topics jsonb not null default '[{"key":"follow_up","title":"Answers to my enquiry and follow-ups"},{"key":"news","title":"News and offers"}]',
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index sending_launched_by on sending (launched_by) where launched_by is not null;
create index sending_paused_by on sending (paused_by) where paused_by is not null;
select steward_protect('sending');

-- One mail or SMS to or from one person. `text` and `html` are what was written; footer, unsubscribe link and layout are
-- put around it by code from `frame`, so that what is stored stays small and what was sent can be shown again.
create table messages (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  class text not null check (class in ('commercial', 'transactional')),
  channel text not null default 'email' check (channel in ('email', 'sms')),
  direction text not null check (direction in ('outbound', 'inbound')),
  state text not null check (state in ('draft', 'queued', 'captured', 'sent', 'blocked', 'refused', 'in_doubt', 'received')),
  state_reason text,
  person_id uuid references people (id) on delete cascade,
  lead_id uuid references leads (id) on delete set null,
  -- the run and step that wrote it; no foreign key, runs may be cleared away earlier than mail
  run_id uuid,
  step_id text,
  workflow text,
  -- makes a mail that no run wrote a single one: invite:<id>, reset:<id>, alert:<id>
  key text,
  topic text,
  template text,
  template_version integer,
  from_name text not null default '',
  from_email text not null default '',
  to_name text not null default '',
  to_email text not null,
  subject text not null default '',
  text text not null default '',
  html text,
  -- outbound: what the frame was when it left. inbound: the headers that matter, names in lower case
  headers jsonb not null default '{}',
  frame jsonb,
  message_id text,
  in_reply_to text,
  -- the first message of the conversation
  thread_id uuid not null,
  reply_to_id uuid references messages (id) on delete set null,
  verdict jsonb,
  provenance jsonb,
  connection_id uuid references connections (id) on delete set null,
  effect_id uuid,
  due_at timestamptz,
  sent_at timestamptz,
  response text,
  -- holds a sign-in link: its text is shown to admins only
  sensitive boolean not null default false,
  -- inbound: the mailbox's own name for it; the same mail twice is one
  external_id text,
  -- inbound: what the sender wrote, without the quoted mail
  new_text text,
  auto boolean not null default false,
  reply_class text,
  reply_confidence real,
  reply_reasons jsonb,
  reply_return_at timestamptz,
  classified_by text check (classified_by in ('rules', 'model', 'person')),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index messages_recent on messages (company_id, created_at desc, id desc);
create index messages_state on messages (company_id, state, created_at desc, id desc);
create index messages_person on messages (person_id, created_at desc, id desc) where person_id is not null;
create index messages_lead on messages (lead_id) where lead_id is not null;
create index messages_thread on messages (thread_id);
create index messages_reply_to on messages (reply_to_id) where reply_to_id is not null;
create index messages_connection on messages (connection_id) where connection_id is not null;
-- One message a step of a run: a step that runs again finds its message.
create unique index messages_step on messages (run_id, step_id, channel) where run_id is not null;
create unique index messages_key on messages (company_id, key) where key is not null;
create unique index messages_external on messages (company_id, external_id) where external_id is not null;
-- The same mail may come by two mailboxes, or again after a mailbox was rebuilt.
create unique index messages_inbound_id on messages (company_id, message_id) where direction = 'inbound' and message_id is not null;
select steward_protect('messages');

create table message_templates (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  key text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  version integer not null,
  title text not null,
  class text not null check (class in ('commercial', 'transactional')),
  subject text not null,
  body text not null,
  html text,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint message_templates_version unique (company_id, key, version)
);
create index message_templates_created_by on message_templates (created_by) where created_by is not null;
select steward_protect('message_templates');

-- Addresses that get no more mail. The keyed hash stays when the address is erased with its person.
create table suppressions (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  channel text not null default 'email' check (channel in ('email', 'sms')),
  address text,
  address_hash text not null,
  reason text not null check (reason in ('opt_out', 'bounce', 'complaint', 'manual')),
  source text not null,
  note text,
  -- no foreign key: it outlives its person
  person_id uuid,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint suppressions_once unique (company_id, channel, address_hash)
);
create index suppressions_recent on suppressions (company_id, created_at desc, id desc);
create index suppressions_address on suppressions (company_id, address) where address is not null;
create index suppressions_created_by on suppressions (created_by) where created_by is not null;
select steward_protect('suppressions');

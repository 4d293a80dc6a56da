-- Webhooks out: endpoints of a company, what happened as one message each, a delivery for each endpoint that wants it, and every attempt.

create table webhook_endpoints (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  url text not null,
  description text not null default '',
  -- empty: every event
  event_types text[] not null default '{}',
  active boolean not null default true,
  -- bound to the row's id; the one before it still signs until previous_until
  sealed_secret text not null,
  sealed_previous text,
  previous_until timestamptz,
  -- first attempts under way at once; 1 keeps them strictly in order
  concurrency integer not null default 4 check (concurrency between 1 and 16),
  -- failed attempts since the last that was taken, and since when
  failures integer not null default 0,
  failing_since timestamptz,
  -- nothing new begins before
  cool_until timestamptz,
  delivered_at timestamptz,
  disabled_at timestamptz,
  disabled_reason text,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index webhook_endpoints_list on webhook_endpoints (company_id, id);
select steward_protect('webhook_endpoints');

-- One event as it is sent: the same bytes to everybody, at every attempt. Its id is that of the event.
create table webhook_messages (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  type text not null,
  body text not null,
  created_at timestamptz not null
);
create index webhook_messages_company on webhook_messages (company_id, id);
create index webhook_messages_old on webhook_messages (created_at);
select steward_protect('webhook_messages');

create table webhook_deliveries (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  endpoint_id uuid not null references webhook_endpoints (id) on delete cascade,
  message_id uuid not null references webhook_messages (id) on delete cascade,
  type text not null,
  -- queued → sending (in the ledger for the first time) → delivered; retrying after a failed attempt; failed when it was given up
  state text not null check (state in ('queued', 'sending', 'retrying', 'delivered', 'failed')),
  -- how often somebody asked for it again
  round integer not null default 0,
  attempts integer not null default 0,
  next_at timestamptz,
  status integer,
  error text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint webhook_deliveries_once unique (endpoint_id, message_id)
) with (fillfactor = 80);
-- what begins next, and how many are begun
create index webhook_deliveries_queued on webhook_deliveries (endpoint_id, id) where state = 'queued';
create index webhook_deliveries_sending on webhook_deliveries (endpoint_id) where state = 'sending';
create index webhook_deliveries_list on webhook_deliveries (endpoint_id, id);
create index webhook_deliveries_state on webhook_deliveries (endpoint_id, state, id) where state <> 'delivered';
create index webhook_deliveries_company on webhook_deliveries (company_id, id);
create index webhook_deliveries_message on webhook_deliveries (message_id);
select steward_protect('webhook_deliveries');

create table webhook_attempts (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  delivery_id uuid not null references webhook_deliveries (id) on delete cascade,
  at timestamptz not null,
  ms integer not null,
  -- null: no answer
  status integer,
  error text,
  -- headers as sent, signatures left out
  request jsonb not null,
  -- headers and the beginning of the body, secrets left out
  response jsonb
);
create index webhook_attempts_list on webhook_attempts (delivery_id, id);
create index webhook_attempts_company on webhook_attempts (company_id, id);
select steward_protect('webhook_attempts');

-- how many calls one subject has open, whatever it had before
create index effects_handed_subject on effects (subject_id) where state = 'handed';

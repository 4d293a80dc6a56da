-- Who may come in, how they prove it, and what they did.
-- Secrets are stored as hashes only: passwords as argon2id, tokens (256 random bits) as SHA-256 in hex.
-- Moments that a list is sorted by have millisecond precision, so that a cursor made from a JavaScript date is exact.

create table users (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- as typed; unique in the installation without regard to case, because it signs in
  username text not null check (length(username) between 1 and 254),
  username_key text not null generated always as (lower(username)) stored,
  -- normalised: lower case. text, not citext: under row-level security citext equality uses no index
  email text not null check (email = lower(email)),
  full_name text not null default '',
  hashed_password text not null,
  role text not null default 'user' check (role in ('admin', 'manager', 'user')),
  is_active boolean not null default true,
  -- goes up with every new password: older bearer tokens are then worthless
  token_version integer not null default 0,
  last_sign_in_at timestamptz,
  -- a deleted user is gone from every list, but history still says who it was
  deleted_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create unique index users_email_key on users (email) where deleted_at is null;
create unique index users_username_key on users (username_key) where deleted_at is null;
create index users_recent on users (company_id, created_at desc, id desc);
select steward_protect('users');

create table invites (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- null: whoever holds the link names their own address (the first admin of a company made on the command line)
  email text check (email = lower(email)),
  role text not null check (role in ('admin', 'manager', 'user')),
  token_hash text not null unique,
  invited_by uuid references users (id) on delete set null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid references users (id) on delete set null,
  revoked_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index invites_recent on invites (company_id, created_at desc, id desc);
create index invites_invited_by on invites (invited_by) where invited_by is not null;
create index invites_accepted_by on invites (accepted_by) where accepted_by is not null;
-- One open invite an address and company: asking again replaces it.
create unique index invites_open on invites (company_id, email) where accepted_at is null and revoked_at is null;
select steward_protect('invites');

create table sessions (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  token_hash text not null unique,
  ip text,
  user_agent text,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  last_seen_at timestamptz not null,
  -- moves on with use, never past the longest life
  expires_at timestamptz not null
);
create index sessions_user on sessions (user_id, created_at desc, id desc);
create index sessions_company on sessions (company_id);
create index sessions_expired on sessions (expires_at);
select steward_protect('sessions');

create table api_keys (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- whose rights it has at most; it dies with them
  user_id uuid not null references users (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  -- the first characters, so that a person can tell keys apart
  prefix text not null,
  key_hash text not null unique,
  scopes text[] not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index api_keys_recent on api_keys (company_id, created_at desc, id desc);
create index api_keys_user on api_keys (user_id);
select steward_protect('api_keys');

create table password_resets (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  token_hash text not null unique,
  ip text,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index password_resets_user on password_resets (user_id);
create index password_resets_company on password_resets (company_id);
select steward_protect('password_resets');

-- What happened by whose hand. Added to, never changed. No foreign keys: a row is written by every write, and
-- outlives what it names.
create table audit_log (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid,
  at timestamptz not null,
  principal_kind text not null,
  user_id uuid,
  key_id uuid,
  run_id uuid,
  operation text not null,
  subject_type text,
  subject_id text,
  -- what was asked, without secrets
  input jsonb not null default '{}',
  face text not null,
  ip text,
  user_agent text,
  request_id text not null
);
create index audit_log_recent on audit_log (company_id, at desc, id desc);
create index audit_log_subject on audit_log (company_id, subject_id, at desc) where subject_id is not null;
select steward_protect('audit_log');
revoke update, delete, truncate on audit_log from steward_app;
revoke update, truncate on audit_log from steward_system;

-- The first answer to an Idempotency-Key is the answer. Swept after a day.
create table idempotency_keys (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid,
  principal text not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  status integer not null,
  body jsonb,
  created_at timestamptz not null,
  primary key (company_id, principal, operation, key)
);
create index idempotency_keys_old on idempotency_keys (created_at);
select steward_protect('idempotency_keys');

-- Below: rows of the installation, not of a company. Only steward_system sees them.

-- The link that makes the first company.
create table setup_tokens (
  token_hash text primary key,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
alter table setup_tokens enable row level security;
create policy system on setup_tokens for all to steward_system using (true) with check (true);
revoke all on setup_tokens from steward_app;

-- Failed sign-ins, by what is being guarded: a hash of account and address, or of the address alone. Every process counts here.
create table sign_in_attempts (
  guard text primary key,
  failures integer not null,
  last_at timestamptz not null,
  blocked_until timestamptz not null
);
alter table sign_in_attempts enable row level security;
create policy system on sign_in_attempts for all to steward_system using (true) with check (true);
revoke all on sign_in_attempts from steward_app;

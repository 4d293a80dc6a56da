-- Connections that a person signs in to at the vendor (OAuth 2): one sign-in each, begun, held and renewed.
create table connection_sign_ins (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  connection_id uuid not null unique references connections (id) on delete cascade,
  -- a person is at the vendor: SHA-256 of what comes back with the code, and who may bring it; no foreign keys, they live for minutes
  state_hash text unique,
  begun_by uuid,
  begun_session uuid,
  begun_until timestamptz,
  redirect_uri text,
  -- PKCE verifier and tokens, bound to this row's id
  sealed_verifier text,
  sealed_tokens text,
  scopes text,
  access_expires_at timestamptz,
  -- null: no end is known
  refresh_expires_at timestamptz,
  granted_at timestamptz,
  -- one process renews, the others wait for it; real time of the database, since processes die in real time
  renewing_until timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index connection_sign_ins_company on connection_sign_ins (company_id, id);
select steward_protect('connection_sign_ins');

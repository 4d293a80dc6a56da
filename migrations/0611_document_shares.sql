-- Links to documents for people without an account; the address is signed, nothing of it is stored.
create table document_shares (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  document_id uuid not null references documents (id) on delete cascade,
  -- for whom, in the words of who made it
  label text not null default '',
  -- null: until it is revoked
  expires_at timestamptz,
  revoked_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index document_shares_of_document on document_shares (document_id, created_at desc, id desc);
create index document_shares_of_company on document_shares (company_id);
select steward_protect('document_shares');

-- Who looked cannot be known, so nothing of them is kept: when, at what, on what kind of device, and whether it was a program.
create table document_views (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  document_id uuid not null references documents (id) on delete cascade,
  share_id uuid not null references document_shares (id) on delete cascade,
  face text not null check (face in ('page', 'deck', 'pdf', 'pptx')),
  device text not null check (device in ('phone', 'tablet', 'computer', 'unknown')),
  -- as in message_hits; null: probably a person
  machine text,
  at timestamptz not null default date_trunc('milliseconds', now())
);
create index document_views_of_share on document_views (share_id, at desc, id desc);
create index document_views_of_document on document_views (document_id);
create index document_views_of_company on document_views (company_id);
select steward_protect('document_views');

-- A proposal that somebody agreed to by typing their name: what stood there, byte by byte, and whence it came.
create table document_acceptances (
  document_id uuid primary key references documents (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- one of document_versions, and the SHA-256 of its content
  version integer not null,
  sha256 text not null,
  -- gone with the link it came by
  share_id uuid references document_shares (id) on delete set null,
  name text not null,
  total_cents bigint,
  currency text not null,
  ip text,
  user_agent text,
  accepted_at timestamptz not null default date_trunc('milliseconds', now())
);
create index document_acceptances_of_company on document_acceptances (company_id);
create index document_acceptances_of_share on document_acceptances (share_id) where share_id is not null;
select steward_protect('document_acceptances');

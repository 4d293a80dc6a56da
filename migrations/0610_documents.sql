-- Documents: blocks with placeholders, the data that they speak of, and what was published of them, as it was shown.
create table documents (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  kind text not null check (kind in ('report', 'proposal', 'presentation')),
  title text not null,
  -- under the title; may hold placeholders
  lead text not null,
  -- goes with its client, unless it was accepted (see document_acceptances)
  client_id uuid references clients (id) on delete cascade,
  -- what its placeholders speak of beside the client: a deal, an invoice
  subject_type text,
  subject_id uuid,
  language text not null default 'en' check (language in ('en', 'de')),
  currency text not null default 'EUR',
  valid_until date,
  blocks jsonb not null default '[]',
  -- the newest of document_versions; 0: nothing was published yet
  version integer not null default 0,
  published_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  check ((subject_type is null) = (subject_id is null))
);
create index documents_recent on documents (company_id, created_at desc, id desc);
create index documents_of_client on documents (client_id, created_at desc, id desc) where client_id is not null;
select steward_protect('documents');

-- A table of a document: rows that were given, or a question to the company's own metrics that is asked anew each time.
create table document_data (
  document_id uuid not null references documents (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null,
  -- null: the rows are those below
  metric jsonb,
  columns jsonb not null default '[]',
  rows jsonb not null default '[]',
  row_count integer not null default 0,
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (document_id, name)
);
create index document_data_of_company on document_data (company_id);
select steward_protect('document_data');

-- What was published, with everything in it: no placeholder, no data, no brand that changes later.
create table document_versions (
  document_id uuid not null references documents (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  number integer not null,
  content jsonb not null,
  -- of the content: what somebody agreed to
  sha256 text not null,
  published_by uuid,
  published_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (document_id, number)
);
create index document_versions_of_company on document_versions (company_id);
select steward_protect('document_versions');

-- What all documents of a company look like; one row a company.
create table document_brands (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  brand jsonb not null default '{}',
  -- of document_pictures
  logo text,
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
select steward_protect('document_brands');

-- Pictures in documents, by their bytes: the same picture is kept once.
create table document_pictures (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  sha256 text not null,
  type text not null check (type in ('image/png', 'image/jpeg')),
  width integer not null check (width between 1 and 8000),
  height integer not null check (height between 1 and 8000),
  bytes bytea not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (company_id, sha256)
);
select steward_protect('document_pictures');

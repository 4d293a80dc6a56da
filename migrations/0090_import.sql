-- Imports of any size: the layout that was found, options, a journal to take an import back, and what tells people without an address.

-- Their person has the company: a second foreign key is a look-up a row on the hottest inserts (as for runs, 0030). Measured: 11 µs each.
alter table person_emails drop constraint person_emails_company_id_fkey;
alter table leads drop constraint leads_company_id_fkey;
alter table consent_log drop constraint consent_log_company_id_fkey;
alter table consent_state drop constraint consent_state_company_id_fkey;

alter table imports
  add column format text not null default 'csv' check (format in ('csv', 'tsv', 'xlsx', 'vcard')),
  -- records before the first row of data
  add column skip integer not null default 0,
  add column heading boolean not null default true,
  -- the first rows, and what the columns were seen to hold
  add column sample jsonb not null default '[]',
  add column findings jsonb not null default '[]',
  -- formats by column, tags, consent, people without an address
  add column options jsonb not null default '{}',
  add column started_at timestamptz,
  -- of an undo: what went, what was kept and why
  add column undo jsonb,
  drop constraint imports_state_check,
  add constraint imports_state_check check (state in ('uploading', 'ready', 'running', 'done', 'failed', 'undoing', 'undone'));
drop index imports_running;
create index imports_running on imports (updated_at) where state in ('running', 'undoing');

-- The row as it was, for the file of refused rows.
alter table import_errors add column cells jsonb not null default '[]';

-- What one transaction of an import made and filled; one row a chunk, so that it costs a million rows nothing.
create table import_journal (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  import_id uuid not null references imports (id) on delete cascade,
  -- number of the chunk's last row; of organisations and tags made ahead of it: negative
  place integer not null,
  person_ids uuid[] not null default '{}',
  lead_ids uuid[] not null default '{}',
  organisation_ids uuid[] not null default '{}',
  tag_ids uuid[] not null default '{}',
  -- [{person_id, set: {column: value}}]: gaps that were filled; what was there before was nothing
  changes jsonb not null default '[]',
  at timestamptz not null,
  undone_at timestamptz,
  primary key (import_id, place)
);
select steward_protect('import_journal');

-- A person without an address is told by number or by name and organisation; this remembers who that was.
create table import_identities (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  key text not null,
  person_id uuid not null references people (id) on delete cascade,
  primary key (company_id, key)
);
create index import_identities_person on import_identities (person_id);
select steward_protect('import_identities');

-- The mapping that was used last for files with these headings.
create table import_mappings (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  fingerprint text not null,
  mapping jsonb not null,
  formats jsonb not null default '{}',
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (company_id, fingerprint)
);
select steward_protect('import_mappings');

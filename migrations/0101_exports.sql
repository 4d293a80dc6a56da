-- What was taken out: one row an export. The file itself is made anew for each download and never stored.
create table exports (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- people, leads, …, or archive: everything
  what text not null,
  format text not null check (format in ('csv', 'xlsx', 'jsonl', 'zip')),
  -- keys of columns in order
  columns jsonb not null default '[]',
  -- {segment_id?, condition?, person_ids?, q?, status?, source?}
  filter jsonb not null default '{}',
  -- rows of the last download that came to its end
  row_count integer,
  downloads integer not null default 0,
  downloaded_at timestamptz,
  created_by uuid references users (id) on delete set null,
  -- from then on it can't be downloaded any more
  expires_at timestamptz not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index exports_recent on exports (company_id, created_at desc, id desc);
create index exports_created_by on exports (created_by) where created_by is not null;
select steward_protect('exports');

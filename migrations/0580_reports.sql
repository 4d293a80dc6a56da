-- Reports for clients: the figures as they were worked out; the PDF is drawn of them whenever it is asked for.
create table reports (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  kind text not null check (kind in ('power')),
  title text not null,
  figures jsonb not null,
  -- of the log: the same log twice is one report
  sha256 text not null,
  created_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint reports_once unique (client_id, kind, sha256)
);
create index reports_recent on reports (company_id, created_at desc, id desc);
create index reports_of_client on reports (client_id, created_at desc, id desc);
select steward_protect('reports');

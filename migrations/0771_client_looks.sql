-- When the clients of a company were looked at last: once a day, whatever its workflows do.
create table client_looks (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  looked_at timestamptz not null
);
select steward_protect('client_looks');
-- serves the question which companies have somebody nobody looked at yet
create index clients_unlooked on clients (company_id) where status = 'active' and health_level is null;

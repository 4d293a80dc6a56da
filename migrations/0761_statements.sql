-- Statements of account as they were mailed: what went out stays as it was, whatever is booked afterwards.
create table client_statements (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  -- see Statement in src/modules/invoices/statement/shape.ts, and who writes to whom
  content jsonb not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index client_statements_of_company on client_statements (company_id);
create index client_statements_of_client on client_statements (client_id, created_at desc);
create index client_statements_of_user on client_statements (created_by) where created_by is not null;
select steward_protect('client_statements');

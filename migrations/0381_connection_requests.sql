-- The last requests to a vendor, by connection: what was asked and what came of it, never with what. 200 of each are kept.
create table connection_requests (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  connection_id uuid not null references connections (id) on delete cascade,
  method text not null,
  -- without query, addresses and numbers
  path text not null,
  -- null: no answer came
  status integer,
  ms integer not null,
  error text,
  at timestamptz not null
);
create index connection_requests_list on connection_requests (connection_id, at desc, id desc);
create index connection_requests_company on connection_requests (company_id, at);
select steward_protect('connection_requests');

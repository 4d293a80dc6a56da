-- The client side of a person, or of the organisation that she speaks for. Two of one person are there only after two people were merged.
create table clients (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  -- who is invoiced when it is not the person
  organisation_id uuid references organisations (id) on delete set null,
  -- the lead that she was before
  lead_id uuid references leads (id) on delete set null,
  status text not null default 'prospect' check (status in ('prospect', 'active', 'inactive')),
  plan text,
  contract_start date,
  contract_end date check (contract_end >= contract_start),
  notes text,
  -- see Billing in src/modules/clients/billing.ts
  billing jsonb not null default '{}',
  owner_id uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
-- serves the list, newest first, with a status or without
create index clients_recent on clients (company_id, created_at desc, id desc);
create index clients_by_status on clients (company_id, status, created_at desc, id desc);
create index clients_of_person on clients (person_id);
create index clients_of_organisation on clients (organisation_id) where organisation_id is not null;
create index clients_of_lead on clients (lead_id) where lead_id is not null;
create index clients_of_owner on clients (owner_id) where owner_id is not null;
select steward_protect('clients');

-- Invoices that are paid online: pages of a payment service where one sum is paid once, what went back of it, and what a person should look at.

create table invoice_checkouts (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  invoice_id uuid not null references invoices (id) on delete cascade,
  connection_id uuid references connections (id) on delete set null,
  state text not null check (state in ('making', 'open', 'processing', 'paid', 'failed', 'expired')),
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null,
  -- what the service was told: told again under the same key it must be the same
  ordered jsonb not null,
  -- the service's own names of the page and of the payment
  external_id text,
  payment_ref text,
  url text,
  -- nobody may pay there any more: it is to be closed at the service
  closing boolean not null default false,
  expires_at timestamptz not null,
  paid_cents bigint not null default 0,
  payment_id uuid references invoice_payments (id) on delete set null,
  paid_at timestamptz,
  method text,
  payer text,
  problem text,
  -- when the service is asked next; null: never again
  look_at timestamptz,
  looked_at timestamptz,
  looks integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index invoice_checkouts_of_invoice on invoice_checkouts (company_id, invoice_id, created_at desc);
create index invoice_checkouts_invoice_fk on invoice_checkouts (invoice_id);
create index invoice_checkouts_due on invoice_checkouts (look_at) where look_at is not null;
create unique index invoice_checkouts_external on invoice_checkouts (company_id, external_id) where external_id is not null;
create index invoice_checkouts_payment_ref on invoice_checkouts (company_id, payment_ref) where payment_ref is not null;
create index invoice_checkouts_connection on invoice_checkouts (connection_id) where connection_id is not null;
create index invoice_checkouts_payment on invoice_checkouts (payment_id) where payment_id is not null;
select steward_protect('invoice_checkouts');

create table invoice_refunds (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  invoice_id uuid not null references invoices (id) on delete cascade,
  checkout_id uuid not null references invoice_checkouts (id) on delete cascade,
  -- waiting: on its way through the ledger; failed: it was given back, and came back to us
  state text not null check (state in ('waiting', 'in_doubt', 'done', 'refused', 'failed')),
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null,
  reason text not null default '',
  -- null: it was made at the service, or a bank took the money back
  effect_id uuid,
  external_id text,
  payment_id uuid references invoice_payments (id) on delete set null,
  problem text,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null,
  settled_at timestamptz
);
create index invoice_refunds_of_invoice on invoice_refunds (company_id, invoice_id, created_at);
create index invoice_refunds_invoice_fk on invoice_refunds (invoice_id);
create index invoice_refunds_checkout on invoice_refunds (checkout_id);
create unique index invoice_refunds_external on invoice_refunds (company_id, external_id) where external_id is not null;
create index invoice_refunds_payment on invoice_refunds (payment_id) where payment_id is not null;
create index invoice_refunds_of_user on invoice_refunds (created_by) where created_by is not null;
select steward_protect('invoice_refunds');

create table invoice_payment_notes (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  invoice_id uuid not null references invoices (id) on delete cascade,
  -- makes it one, however often it is noticed
  key text not null,
  says text not null,
  created_at timestamptz not null,
  settled_at timestamptz,
  settled_by uuid references users (id) on delete set null
);
create unique index invoice_payment_notes_once on invoice_payment_notes (company_id, key);
create index invoice_payment_notes_of_invoice on invoice_payment_notes (invoice_id, created_at);
create index invoice_payment_notes_open on invoice_payment_notes (company_id, created_at desc) where settled_at is null;
create index invoice_payment_notes_of_user on invoice_payment_notes (settled_by) where settled_by is not null;
select steward_protect('invoice_payment_notes');

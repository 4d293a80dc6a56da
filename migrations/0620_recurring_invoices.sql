-- What is invoiced again and again, and the fees of what is late.

create table invoice_plans (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  title text not null,
  notes text not null default '',
  currency text not null,
  -- null: the client's, else the company's
  payment_days integer check (payment_days between 0 and 365),
  unit text not null check (unit in ('weeks', 'months', 'years')),
  every integer not null check (every between 1 and 60),
  -- what is supplied begins here; a period that has begun already is charged in part
  starts_on date not null,
  -- a day on which a period begins; the others follow from it, so that the 31st comes back after a February
  anchor_on date not null,
  -- last day, null: open
  ends_on date check (ends_on >= starts_on),
  bills text not null check (bills in ('advance', 'arrears')),
  mode text not null check (mode in ('draft', 'issue', 'send')),
  state text not null default 'active' check (state in ('active', 'paused', 'ended')),
  -- first day of the next period to be invoiced, and the day that is done on; null: there is none
  next_on date,
  bill_on date,
  -- why it stands still, in words
  problem text,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index invoice_plans_recent on invoice_plans (company_id, created_at desc, id desc);
create index invoice_plans_of_client on invoice_plans (client_id, created_at desc);
create index invoice_plans_of_user on invoice_plans (created_by) where created_by is not null;
-- serves the round that invoices what is due
create index invoice_plans_due on invoice_plans (bill_on) where state = 'active' and bill_on is not null;
select steward_protect('invoice_plans');

-- What is supplied from a day on.
create table invoice_plan_versions (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  plan_id uuid not null references invoice_plans (id) on delete cascade,
  from_on date not null,
  -- see LineInput in src/modules/invoices/draft.ts
  lines jsonb not null,
  primary key (plan_id, from_on)
);
create index invoice_plan_versions_of_company on invoice_plan_versions (company_id);
select steward_protect('invoice_plan_versions');

-- Periods that were invoiced: the key makes each of them one, whatever crashes.
create table invoice_plan_periods (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  plan_id uuid not null references invoice_plans (id) on delete cascade,
  starts_on date not null,
  ends_on date not null check (ends_on >= starts_on),
  -- null: its draft was deleted, or nothing was owed
  invoice_id uuid references invoices (id) on delete set null,
  made_at timestamptz not null,
  primary key (plan_id, starts_on)
);
create index invoice_plan_periods_of_company on invoice_plan_periods (company_id);
create index invoice_plan_periods_of_invoice on invoice_plan_periods (invoice_id) where invoice_id is not null;
select steward_protect('invoice_plan_periods');

-- What changed in a period that was invoiced in advance: it goes on the next invoice.
create table invoice_plan_adjustments (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  plan_id uuid not null references invoice_plans (id) on delete cascade,
  lines jsonb not null,
  invoice_id uuid references invoices (id) on delete set null,
  settled_at timestamptz,
  created_at timestamptz not null
);
create index invoice_plan_adjustments_open on invoice_plan_adjustments (plan_id, created_at, id) where settled_at is null;
create index invoice_plan_adjustments_of_company on invoice_plan_adjustments (company_id);
create index invoice_plan_adjustments_of_invoice on invoice_plan_adjustments (invoice_id) where invoice_id is not null;
select steward_protect('invoice_plan_adjustments');

-- Fees for being late, one for each period of an invoice: the key makes each of them one.
create table invoice_late_fees (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  invoice_id uuid not null references invoices (id) on delete cascade,
  period integer not null check (period > 0),
  cents bigint not null check (cents >= 0),
  -- the document that charges it; null: nothing was left under the cap, or its draft was deleted
  fee_invoice_id uuid references invoices (id) on delete set null,
  made_at timestamptz not null,
  primary key (invoice_id, period)
);
create index invoice_late_fees_of_company on invoice_late_fees (company_id);
create index invoice_late_fees_of_fee on invoice_late_fees (fee_invoice_id) where fee_invoice_id is not null;
select steward_protect('invoice_late_fees');

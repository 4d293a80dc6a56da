-- Quotes, invoices and credit notes. A draft has no number and may change; what was issued keeps its number, its sums and its texts for ever.

-- What stands on every invoice of the company, and by what rules it is taxed: see src/modules/invoices/settings.
create table invoice_settings (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  seller jsonb not null default '{}',
  options jsonb not null default '{}',
  -- of invoice_logos
  logo text,
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
select steward_protect('invoice_settings');

-- By their content: what was issued keeps the logo that it was issued with.
create table invoice_logos (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  sha256 text not null,
  type text not null check (type in ('image/png', 'image/jpeg')),
  bytes bytea not null check (length(bytes) <= 524288),
  primary key (company_id, sha256)
);
select steward_protect('invoice_logos');

-- The last number of each series. It is raised in the transaction that issues: a rollback or a crash gives the number back, so that none is missing.
create table invoice_series (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  series text not null,
  last bigint not null check (last >= 0),
  primary key (company_id, series)
);
select steward_protect('invoice_series');

create table invoices (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- null: the person behind it was erased; what the law keeps stays
  client_id uuid references clients (id) on delete set null,
  kind text not null check (kind in ('invoice', 'quote', 'credit_note')),
  state text not null default 'draft' check (state in ('draft', 'issued', 'partly_paid', 'paid', 'void', 'written_off', 'accepted', 'declined', 'invoiced')),
  series text,
  sequence bigint,
  number text,
  -- of an invoice its quote, of a credit note its invoice
  origin_id uuid references invoices (id),
  currency text not null,
  issued_on date,
  due_on date,
  -- when the day after due_on begins for the company
  overdue_from timestamptz,
  -- the event was told
  overdue_told_at timestamptz,
  -- when it was supplied
  period_start date,
  period_end date,
  payment_days integer not null check (payment_days between 0 and 365),
  treatment text not null,
  -- as they stand on it; frozen when it is issued
  seller jsonb not null,
  buyer jsonb not null,
  title text not null default '',
  notes text not null default '',
  reference text,
  language text not null,
  -- intro, footer and logo of the settings, frozen when it is issued
  texts jsonb not null default '{}',
  discount jsonb,
  subtotal_cents bigint not null default 0,
  discount_cents bigint not null default 0,
  net_cents bigint not null default 0,
  tax_cents bigint not null default 0,
  total_cents bigint not null default 0,
  -- by rate: see TaxGroup in src/modules/invoices/money/totals.ts
  tax_groups jsonb not null default '[]',
  paid_cents bigint not null default 0,
  credited_cents bigint not null default 0,
  written_off_cents bigint not null default 0,
  reminders integer not null default 0,
  reminded_at timestamptz,
  paid_at timestamptz,
  issued_at timestamptz,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  check ((number is null) = (state = 'draft')),
  check (paid_cents >= 0 and credited_cents >= 0 and written_off_cents >= 0 and paid_cents + credited_cents + written_off_cents <= total_cents)
);
create unique index invoices_number on invoices (company_id, number) where number is not null;
create unique index invoices_sequence on invoices (company_id, series, sequence) where sequence is not null;
-- serves the list, newest first
create index invoices_recent on invoices (company_id, created_at desc, id desc);
create index invoices_of_client on invoices (client_id, created_at desc) where client_id is not null;
create index invoices_of_origin on invoices (origin_id) where origin_id is not null;
create index invoices_of_user on invoices (created_by) where created_by is not null;
-- serves ageing, and what falls overdue
create index invoices_open on invoices (company_id, overdue_from) where state in ('issued', 'partly_paid') and kind = 'invoice';
select steward_protect('invoices');

-- What was issued is not changed and not deleted, whoever asks.
create function invoices_stay() returns trigger language plpgsql as $$
begin
  if old.number is null then
    return case when tg_op = 'DELETE' then old else new end;
  end if;
  if tg_op = 'DELETE' then
    if exists (select from companies where id = old.company_id) then
      raise exception 'invoice % was issued: void it or write a credit note', old.number using errcode = 'restrict_violation';
    end if;
    return old;
  end if;
  if (new.number, new.series, new.sequence, new.kind, new.currency, new.issued_on, new.total_cents, new.net_cents, new.tax_cents, new.tax_groups, new.treatment)
     is distinct from (old.number, old.series, old.sequence, old.kind, old.currency, old.issued_on, old.total_cents, old.net_cents, old.tax_cents, old.tax_groups, old.treatment) then
    raise exception 'invoice % was issued: its number and sums stay', old.number using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger invoices_stay before update or delete on invoices for each row execute function invoices_stay();

create table invoice_lines (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  invoice_id uuid not null references invoices (id) on delete cascade,
  position integer not null,
  description text not null,
  quantity numeric(14, 4) not null,
  unit text not null default '',
  unit_price_cents bigint not null,
  -- hundredths of a percent
  discount_bps integer not null default 0 check (discount_bps between 0 and 10000),
  tax_category text not null,
  -- thousandths of a percent
  tax_rate integer not null check (tax_rate between 0 and 100000),
  net_cents bigint not null,
  primary key (invoice_id, position)
);
select steward_protect('invoice_lines');

-- Money that came in, was given back, or was moved from what a client has in credit to an invoice.
create table invoice_payments (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  client_id uuid references clients (id) on delete set null,
  invoice_id uuid references invoices (id),
  kind text not null check (kind in ('payment', 'credit', 'refund')),
  amount_cents bigint not null check (amount_cents > 0),
  -- the rest is the client's credit
  applied_cents bigint not null check (applied_cents >= 0 and applied_cents <= amount_cents),
  currency text not null,
  method text not null,
  received_on date not null,
  reference text not null default '',
  -- makes it one: the line of a bank statement, a charge of a card
  external_key text,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create unique index invoice_payments_once on invoice_payments (company_id, external_key) where external_key is not null;
create index invoice_payments_recent on invoice_payments (company_id, created_at desc, id desc);
create index invoice_payments_of_invoice on invoice_payments (invoice_id) where invoice_id is not null;
create index invoice_payments_of_client on invoice_payments (client_id) where client_id is not null;
create index invoice_payments_of_user on invoice_payments (created_by) where created_by is not null;
select steward_protect('invoice_payments');

-- Double entry, append-only: the entries of a posting add up to nothing. Debits are positive.
create table ledger_entries (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  posting_id uuid not null,
  kind text not null check (kind in ('issue', 'payment', 'credit', 'credit_note', 'refund', 'void', 'write_off')),
  account text not null check (account in ('receivable', 'revenue', 'tax', 'cash', 'credit', 'write_off')),
  amount_cents bigint not null,
  currency text not null,
  invoice_id uuid references invoices (id),
  payment_id uuid references invoice_payments (id),
  occurred_on date not null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index ledger_entries_of_invoice on ledger_entries (invoice_id) where invoice_id is not null;
create index ledger_entries_of_payment on ledger_entries (payment_id) where payment_id is not null;
create index ledger_entries_by_account on ledger_entries (company_id, account, occurred_on);
select steward_protect('ledger_entries');
revoke update, delete, truncate on ledger_entries from steward_app;
revoke update, delete, truncate on ledger_entries from steward_system;

create function ledger_entries_balance() returns trigger language plpgsql as $$
declare
  wrong uuid;
begin
  select posting_id into wrong from fresh group by posting_id having sum(amount_cents) <> 0 or count(distinct currency) <> 1 or count(distinct company_id) <> 1 limit 1;
  if wrong is not null then
    raise exception 'posting % does not add up to nothing in one currency', wrong using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger ledger_entries_balance after insert on ledger_entries referencing new table as fresh for each statement execute function ledger_entries_balance();

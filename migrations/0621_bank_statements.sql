-- What came in by the bank, and which invoice it paid.

create table bank_statements (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null,
  format text not null check (format in ('csv', 'camt')),
  -- which column is what, of a CSV file: the next one like it is read the same way
  columns jsonb,
  -- money in, and how much of that was new
  lines integer not null,
  fresh integer not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index bank_statements_recent on bank_statements (company_id, created_at desc, id desc);
create index bank_statements_of_user on bank_statements (created_by) where created_by is not null;
select steward_protect('bank_statements');

create table bank_lines (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  statement_id uuid not null references bank_statements (id) on delete cascade,
  -- the bank's own name for it, else what it says and which of its equals of that day it is: makes it one, in however many files it stands
  key text not null,
  booked_on date not null,
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null,
  counterparty text not null default '',
  iban text,
  reference text not null default '',
  state text not null check (state in ('open', 'proposed', 'booked', 'ignored')),
  -- invoices it seems to pay, in order
  proposal jsonb not null default '[]',
  -- why it was proposed or booked, in words
  why text not null default '',
  -- what a person said who decided otherwise
  reason text not null default '',
  decided_by uuid references users (id) on delete set null,
  decided_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index bank_lines_once on bank_lines (company_id, key);
create index bank_lines_by_state on bank_lines (company_id, state, booked_on desc, id desc);
create index bank_lines_of_statement on bank_lines (statement_id);
create index bank_lines_of_user on bank_lines (decided_by) where decided_by is not null;
select steward_protect('bank_lines');

-- Reports that are kept, and mailed on a schedule: what is asked is in words of src/modules/analytics/metrics/catalogue.ts, never SQL.
create table saved_reports (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  title text not null,
  -- see src/modules/analytics/reports/definition.ts
  definition jsonb not null,
  -- null: mailed to nobody
  every text check (every in ('day', 'week', 'month')),
  -- of week: 1 is Monday
  weekday smallint check (weekday between 1 and 7),
  -- of month
  month_day smallint check (month_day between 1 and 28),
  -- of the company's day
  hour smallint check (hour between 0 and 23),
  -- users.id
  recipients uuid[] not null default '{}',
  formats text[] not null default '{pdf}' check (formats <@ '{pdf,csv}'),
  next_at timestamptz,
  -- why the last one could not be made; null: it could
  failed text,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  check ((every is null) = (next_at is null) and (every is null) = (hour is null))
);
create index saved_reports_list on saved_reports (company_id, created_at, id);
create index saved_reports_due on saved_reports (next_at) where next_at is not null;
create index saved_reports_of_user on saved_reports (created_by) where created_by is not null;
select steward_protect('saved_reports');

-- What a report said when it was mailed: values and no names. Its files are drawn of it, whenever the mail leaves.
create table report_issues (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  report_id uuid not null references saved_reports (id) on delete cascade,
  title text not null,
  -- when it fell due, or was asked for
  due_at timestamptz not null,
  result jsonb not null,
  -- how many mails were written
  mails integer not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint report_issues_once unique (report_id, due_at)
);
create index report_issues_recent on report_issues (company_id, created_at desc, id desc);
select steward_protect('report_issues');

-- Reports of what was invoiced, and of money that came.
create index invoices_issued on invoices (company_id, issued_on) where issued_on is not null;
create index invoice_payments_received on invoice_payments (company_id, received_on);

-- A part that is asked for first. overdue_from is always when the next thing that is owed is overdue: the deposit until it is paid, then the rest.
alter table invoices
  -- as given: {"percentBps": 3000} or {"cents": 50000}
  add column deposit jsonb,
  add column deposit_cents bigint,
  -- days after the invoice is issued
  add column deposit_days integer check (deposit_days between 0 and 365),
  add column deposit_due_on date,
  -- when the day after deposit_due_on, after due_on begins for the company; null: there is no deposit
  add column deposit_overdue_from timestamptz,
  add column rest_overdue_from timestamptz,
  add constraint invoices_deposit_check check (deposit_cents is null or (deposit_cents > 0 and deposit_cents < total_cents and kind in ('invoice', 'quote')));

-- Money that was booked on the wrong invoice is taken back: the payment stays and a reversal beside it says so. Sums of money received leave both out.
alter table invoice_payments drop constraint invoice_payments_kind_check,
  add constraint invoice_payments_kind_check check (kind in ('payment', 'credit', 'refund', 'reversal')),
  add column reverses uuid references invoice_payments (id),
  add constraint invoice_payments_reverses_check check ((kind = 'reversal') = (reverses is not null));
-- once at most
create unique index invoice_payments_reversed on invoice_payments (reverses) where reverses is not null;
alter table ledger_entries drop constraint ledger_entries_kind_check,
  add constraint ledger_entries_kind_check check (kind in ('issue', 'payment', 'credit', 'credit_note', 'refund', 'void', 'write_off', 'reversal'));

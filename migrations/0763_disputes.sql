-- Money that a payer's bank took back is not money that we gave back.
alter table invoice_refunds add column disputed boolean not null default false;
update invoice_refunds set disputed = true where reason like 'Taken back by the payer’s bank (%';

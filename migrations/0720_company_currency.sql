-- A company has one currency, among its settings: deals, reports, invoices and documents begin with it (docs/adr/0132-company-currency.md).
-- What is there keeps what it has: deals and reports their currency, which was dollars where nobody said another; invoices theirs, which was euros.
update companies c set settings = c.settings || jsonb_build_object('currency', coalesce(
  (select d.currency from deal_settings d where d.company_id = c.id),
  case when exists (select from deals d where d.company_id = c.id) or exists (select from products p where p.company_id = c.id)
         or exists (select from deal_targets t where t.company_id = c.id) or exists (select from currency_rates r where r.company_id = c.id) then 'USD' end,
  (select s.options ->> 'currency' from invoice_settings s where s.company_id = c.id),
  case when exists (select from invoices i where i.company_id = c.id) or exists (select from invoice_plans k where k.company_id = c.id) then 'EUR' end,
  'USD'));

-- Invoices in another currency than the company's say so themselves.
insert into invoice_settings (company_id, seller, options, updated_at)
select c.id, '{}', jsonb_build_object('currency', 'EUR'), date_trunc('milliseconds', now()) from companies c
 where c.settings ->> 'currency' <> 'EUR' and not exists (select from invoice_settings s where s.company_id = c.id)
   and (exists (select from invoices i where i.company_id = c.id) or exists (select from invoice_plans k where k.company_id = c.id));
update invoice_settings s set options = s.options || '{"currency": "EUR"}' from companies c
 where c.id = s.company_id and s.options ->> 'currency' is null and c.settings ->> 'currency' <> 'EUR';
update invoice_settings s set options = s.options - 'currency' from companies c where c.id = s.company_id and s.options ->> 'currency' = c.settings ->> 'currency';

drop table deal_settings;

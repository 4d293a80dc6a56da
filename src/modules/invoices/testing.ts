import type { TestApp, TestCompany } from '#testing/app.ts';
import { createClient } from '#modules/clients/operations/clients.ts';
import { updateInvoiceSettings } from './operations/settings.ts';

let counter = 0;

/** A German company that invoices, and a client of it. */
export async function aPayer(app: TestApp, company: TestCompany = app.company, billing: object = {}): Promise<string> {
  await app.call(
    updateInvoiceSettings,
    {
      seller: {
        name: 'Acme GmbH', line1: 'Hauptstraße 1', postcode: '10115', city: 'Berlin', country: 'DE', vatId: 'DE123456789', email: 'billing@acme.test',
        iban: 'DE89370400440532013000', bic: 'COBADEFFXXX',
      },
      options: { currency: 'EUR' },
    },
    { as: company.admin },
  ); // prettier-ignore
  counter += 1;
  const client = await app.call(
    createClient,
    {
      name: `Paula Payer ${counter}`,
      email: `paula${counter}@payer.test`,
      status: 'active',
      billing: { name: 'Payer AG', line1: 'Kai 7', postcode: '20457', city: 'Hamburg', country: 'DE', ...billing },
    },
    { as: company.admin },
  );
  return client.id;
}

/** The sums of the ledger against the sums of the invoices, worked out by the database alone. */
export async function ledgerFaults(app: TestApp, companyId: string = app.company.companyId): Promise<object[]> {
  const text = `
    select 'posting' as fault, posting_id::text as id from ledger_entries where company_id = $1 group by posting_id having sum(amount_cents) <> 0
    union all
    select 'receivable', i.id::text from invoices i left join (select invoice_id, sum(amount_cents) as owed from ledger_entries where account = 'receivable' group by 1) l on l.invoice_id = i.id
     where i.company_id = $1 and i.kind = 'invoice' and i.state <> 'draft'
       and coalesce(l.owed, 0) <> case when i.state = 'void' then 0 else i.total_cents - i.paid_cents - i.credited_cents - i.written_off_cents end
    union all
    select 'total', i.id::text from invoices i where i.company_id = $1 and i.total_cents <> i.net_cents + i.tax_cents
    union all
    select 'lines', i.id::text from invoices i join (select invoice_id, sum(net_cents) as net from invoice_lines group by 1) l on l.invoice_id = i.id
     where i.company_id = $1 and l.net <> i.subtotal_cents
    union all
    select 'cash', null from (select (select coalesce(sum(case kind when 'payment' then amount_cents when 'refund' then -amount_cents when 'reversal' then -amount_cents else 0 end), 0) from invoice_payments where company_id = $1) as paid,
      (select coalesce(sum(amount_cents), 0) from ledger_entries where company_id = $1 and account = 'cash') as booked) b where paid <> booked
    union all
    select 'gap', series from invoices where company_id = $1 and sequence is not null group by series having count(*) <> max(sequence) or min(sequence) <> 1 or count(distinct sequence) <> count(*)
    union all
    select 'counter', s.series from invoice_series s where s.company_id = $1 and s.last <> (select max(i.sequence) from invoices i where i.company_id = $1 and i.series = s.series)`;
  return app.runtime.system.read((tx) => tx.query<object>({ name: 'test.ledger_faults', text }, [companyId]));
}

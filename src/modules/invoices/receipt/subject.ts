import type { Statement } from '#core/database/database.ts';
import { wantedOf } from '#core/engine/wanted.ts';
import type { SubjectFile, SubjectType } from '#core/engine/types.ts';
import { invoiceSubject } from '../dunning/subject.ts';
import { plainAmount } from '../money/currency.ts';
import { receiptName } from './load.ts';

interface Row {
  readonly id: string;
  readonly companyId: string;
  readonly invoiceId: string;
  readonly number: string | null;
  readonly amountCents: number;
  readonly currency: string;
  readonly method: string;
  readonly receivedOn: string;
  readonly reference: string;
  readonly wanted: boolean;
  readonly reversed: boolean;
}

const LOAD: Statement = {
  name: 'payments.facts',
  text: `select p.id, p.company_id as "companyId", p.invoice_id as "invoiceId", i.number, p.amount_cents::float8 as "amountCents", p.currency, p.method, p.received_on::text as "receivedOn",
           p.reference, coalesce((s.options ->> 'receipts')::boolean, false) as wanted,
           exists (select from invoice_payments r where r.reverses = p.id and r.company_id = p.company_id) as reversed
           from jsonb_to_recordset($1::jsonb) as w(company_id uuid, id uuid)
           join invoice_payments p on p.id = w.id and p.company_id = w.company_id and p.kind = 'payment'
           join invoices i on i.id = p.invoice_id left join invoice_settings s on s.company_id = p.company_id`,
};
/** The receipt; what draws it is loaded with the first one. */
const receiptFile: SubjectFile = {
  async named(tx, subjects) {
    const rows = await tx.query<Row>(LOAD, [wantedOf(subjects)]);
    return new Map(rows.map(({ id, number, receivedOn }) => [id, { filename: receiptName(number, receivedOn), contentType: 'application/pdf' }])); // prettier-ignore
  },
  async bytes(tx, { companyId, id }) {
    const [{ loadReceipt }, { drawReceipt }] = await Promise.all([import('./load.ts'), import('./draw.ts')]);
    return drawReceipt(await loadReceipt(tx, companyId, id));
  },
};

/** What a run about money that came in may look at: the payment, and all of its invoice. */
export const paymentSubject: SubjectType = {
  type: 'payment',
  newest: {
    name: 'payments.newest',
    text: `select distinct on (c.person_id) c.person_id as "personId", p.id from clients c join invoice_payments p on p.client_id = c.id and p.company_id = c.company_id and p.kind = 'payment' and p.invoice_id is not null where c.company_id = $1 and c.person_id = any ($2::uuid[]) order by c.person_id, p.created_at desc, p.id desc`,
  },
  fields: [
    { path: 'payment.amount', title: 'What came in', type: 'text' },
    { path: 'payment.amount_cents', title: 'What came in, in cents', type: 'number' },
    { path: 'payment.currency', title: 'Currency of the payment', type: 'text' },
    { path: 'payment.method', title: 'How it was paid', type: 'text' },
    { path: 'payment.received_on', title: 'Day of the payment', type: 'moment' },
    { path: 'payment.reference', title: 'What the payment says', type: 'text' },
    { path: 'payment.reversed', title: 'It was taken back', type: 'boolean' },
    { path: 'payment.receipt_wanted', title: 'The settings ask for a receipt by mail', type: 'boolean' },
    ...(invoiceSubject.fields ?? []),
  ],
  file: receiptFile,
  async load(tx, subjects, runtime) {
    const rows = await tx.query<Row>(LOAD, [wantedOf(subjects)]);
    const refs = rows.map(({ companyId, invoiceId }) => ({ companyId, type: 'invoice', id: invoiceId }));
    const invoices = await invoiceSubject.load(tx, refs, runtime);
    return new Map(
      rows.flatMap(({ id, invoiceId, amountCents, currency, method, receivedOn, reference, wanted, reversed }) => {
        const invoice = invoices.get(invoiceId);
        if (invoice === undefined) return [];
        const payment = { id, amount: plainAmount(amountCents, currency), amount_cents: amountCents, currency, method, received_on: receivedOn, reference, reversed, receipt_wanted: wanted };
        return [[id, { personId: invoice.personId, facts: { ...invoice.facts, payment } }] as const];
      }),
    );
  },
}; // prettier-ignore

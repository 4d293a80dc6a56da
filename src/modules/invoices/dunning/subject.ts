import type { Statement } from '#core/database/database.ts';
import type { Facts, SubjectType } from '#core/engine/types.ts';
import { CLIENT_FACTS, CLIENT_FIELDS, PERSON_FACTS, WITH_CLIENT } from '#modules/clients/public.ts';
import { invoiceFile } from '../mail/file.ts';
import { plainAmount } from '../money/currency.ts';
import { payLink } from '../online/link.ts';
import { obstacleTo, offersOf } from '../online/offered.ts';
import type { StoredInvoice } from '../invoice.ts';
import { linkToAnswer } from '../quote/link.ts';

interface Row {
  readonly id: string;
  readonly company_id: string;
  readonly client_id: string;
  readonly kind: StoredInvoice['kind'];
  readonly state: StoredInvoice['state'];
  readonly person_id: string | null;
  readonly generation: number;
  readonly lapses_at: Date | null;
  readonly currency: string;
  readonly total: number;
  readonly balance: number;
  readonly first: number;
  readonly facts: { readonly [key: string]: Facts };
}

const LOAD: Statement = {
  name: 'invoices.facts',
  text: `select i.id, i.company_id, i.client_id, i.kind, i.state, i.lapses_at, coalesce(pa.generation, 0)::int as generation, c.person_id, i.currency, i.total_cents::float8 as total,
      case when i.state = 'void' then 0 else i.total_cents - i.paid_cents - i.credited_cents - i.written_off_cents end::float8 as balance,
      case when i.state in ('issued', 'partly_paid') and i.kind = 'invoice' then greatest(coalesce(i.deposit_cents, 0) - i.paid_cents - i.credited_cents - i.written_off_cents, 0) else 0 end::float8 as first,
      jsonb_build_object('invoice', jsonb_build_object('id', i.id, 'kind', i.kind, 'number', i.number, 'state', i.state, 'title', i.title, 'currency', i.currency,
          'issued_on', i.issued_on, 'due_on', i.due_on, 'overdue_from', i.overdue_from, 'valid_until', i.valid_until, 'next_due_on', case when i.deposit_cents > i.paid_cents + i.credited_cents + i.written_off_cents then i.deposit_due_on else i.due_on end, 'reminders', i.reminders, 'iban', i.seller ->> 'iban', 'seller', i.seller ->> 'name',
          'client_name', i.buyer ->> 'name'),
        ${CLIENT_FACTS}, ${PERSON_FACTS}) as facts
    from jsonb_to_recordset($1::jsonb) as wanted(company_id uuid, id uuid)
    join invoices i on i.id = wanted.id and i.company_id = wanted.company_id
    join clients c on c.id = i.client_id
    left join portal_access pa on pa.client_id = i.client_id and pa.company_id = i.company_id
    ${WITH_CLIENT}`,
};

/** What a run about an invoice may look at. One whose client was erased is absent: its runs end. */
export const invoiceSubject: SubjectType = {
  type: 'invoice',
  newest: {
    name: 'invoices.newest',
    text: `select distinct on (c.person_id) c.person_id as "personId", i.id from clients c join invoices i on i.client_id = c.id and i.company_id = c.company_id and i.kind = 'invoice' and i.number is not null where c.company_id = $1 and c.person_id = any ($2::uuid[]) order by c.person_id, i.created_at desc, i.id desc`,
  },
  fields: [
    { path: 'invoice.number', title: 'Number of the invoice', type: 'text' },
    { path: 'invoice.kind', title: 'Invoice, quote or credit note', type: 'text' },
    { path: 'invoice.state', title: 'State of the invoice', type: 'text' },
    { path: 'invoice.title', title: 'What the invoice is about', type: 'text' },
    { path: 'invoice.total', title: 'Total of the invoice', type: 'text' },
    { path: 'invoice.balance', title: 'What is still owed', type: 'text' },
    { path: 'invoice.balance_cents', title: 'What is still owed, in cents', type: 'number' },
    { path: 'invoice.due_now', title: 'What is to be paid next: the deposit, then the rest', type: 'text' },
    { path: 'invoice.deposit_open', title: 'A deposit is still to come', type: 'boolean' },
    { path: 'invoice.next_due_on', title: 'Day what is to be paid next is due', type: 'moment' },
    { path: 'invoice.currency', title: 'Currency of the invoice', type: 'text' },
    { path: 'invoice.issued_on', title: 'Day of the invoice', type: 'moment' },
    { path: 'invoice.due_on', title: 'Day the invoice is due', type: 'moment' },
    { path: 'invoice.overdue_from', title: 'When the invoice is overdue', type: 'moment' },
    { path: 'invoice.valid_until', title: 'Last day of the quote', type: 'moment' },
    {
      path: 'invoice.answer_link',
      title: 'Where the client accepts or declines the quote; empty where there is nothing to answer',
      type: 'text',
    },
    { path: 'invoice.reminders', title: 'Reminders sent', type: 'number' },
    { path: 'invoice.iban', title: 'Account it is paid to', type: 'text' },
    { path: 'invoice.pay_link', title: 'Where it is paid online; empty where it can’t be', type: 'text' },
    { path: 'invoice.client_name', title: 'Whom the invoice names', type: 'text' },
    ...CLIENT_FIELDS,
  ],
  file: invoiceFile,
  async load(tx, subjects, runtime) {
    const wanted = subjects.map((subject) => ({ company_id: subject.companyId, id: subject.id }));
    const rows = await tx.query<Row>(LOAD, [JSON.stringify(wanted)]);
    const offers = runtime === undefined ? new Map<string, never>() : await offersOf(tx, runtime, rows.map((row) => row.company_id)); // prettier-ignore
    return new Map(
      rows.map(({ id, person_id: personId, currency, total, balance, first, facts, ...row }) => {
        const payable = {
          ...row,
          clientId: row.client_id,
          currency,
          totalCents: balance,
          paidCents: 0,
          creditedCents: 0,
          writtenOffCents: 0,
        };
        const why = obstacleTo(offers.get(row.company_id), payable);
        const more = {
          total: plainAmount(total, currency),
          balance: plainAmount(balance, currency),
          balance_cents: balance,
          due_now: plainAmount(first > 0 ? first : balance, currency),
          deposit_open: first > 0,
          answer_link:
            runtime === undefined || row.kind !== 'quote' || row.state !== 'issued'
              ? null
              : linkToAnswer(runtime, {
                  id,
                  companyId: row.company_id,
                  clientId: row.client_id,
                  generation: row.generation,
                  lapsesAt: row.lapses_at,
                }),
          pay_link: runtime === undefined || why !== null ? null : payLink(runtime, row.company_id, id),
        };
        return [id, { personId, facts: { ...facts, invoice: { ...facts['invoice'], ...more } } }];
      }),
    );
  },
};

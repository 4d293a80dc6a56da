import type { Statement, Transaction } from '#core/database/database.ts';
import { toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { OWED_PARTS } from './deposit.ts';
import { INVOICE_COLUMNS, rowOf, type INVOICE_STATUSES, type StoredInvoice } from './invoice.ts';
import type { INVOICE_KINDS } from './tables.ts';

export interface InvoiceQuery {
  readonly status?: (typeof INVOICE_STATUSES)[number] | 'open' | undefined;
  readonly kind?: (typeof INVOICE_KINDS)[number] | undefined;
  readonly clientId?: string | undefined;
  readonly originId?: string | undefined;
  readonly q?: string | undefined;
  /** Days overdue: at least, and less than. */
  readonly overdueFrom?: number | undefined;
  readonly overdueTo?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const OPEN = `i.state in ('issued', 'partly_paid') and i.kind = 'invoice'`;
const statements = new Map<string, Statement>();

/** Newest first. */
export async function listInvoices(tx: Transaction, companyId: string, query: InvoiceQuery, now: Date) {
  const where = ['i.company_id = $1'];
  const values: unknown[] = [companyId, query.limit + 1];
  const add = (text: string, value: unknown) => {
    values.push(value);
    where.push(text.replaceAll('?', `$${values.length}`));
  };
  const { status, kind, clientId, originId, q, overdueFrom, overdueTo } = query;
  if (status === 'overdue') add(`${OPEN} and i.overdue_from <= ?`, now);
  else if (status === 'open') where.push(OPEN);
  else if (status === 'lapsed') add(`i.kind = 'quote' and i.state = 'issued' and i.lapses_at <= ?`, now);
  else if (status !== undefined) add('i.state = ?', status);
  if (kind !== undefined) add('i.kind = ?', kind);
  if (clientId !== undefined) add('i.client_id = ?', clientId);
  if (originId !== undefined) add('i.origin_id = ?', originId);
  if (overdueFrom !== undefined) add(`${OPEN} and i.overdue_from <= ?`, before(now, overdueFrom));
  if (overdueTo !== undefined) add('i.overdue_from > ?', before(now, overdueTo));
  if (q !== undefined && q !== '')
    add(`position(lower(?) in lower(concat_ws(' ', i.number, i.buyer ->> 'name', i.title, i.reference))) > 0`, q);
  if (query.cursor !== undefined) {
    const [at, id] = positionOf(query.cursor);
    values.push(at, id);
    where.push(`(i.created_at, i.id) < ($${values.length - 1}::timestamptz, $${values.length}::uuid)`);
  }
  const text = `select ${INVOICE_COLUMNS} from invoices i where ${where.join(' and ')} order by i.created_at desc, i.id desc limit $2`;
  const known = statements.get(text) ?? { name: `invoices.list.${statements.size}`, text };
  statements.set(text, known);
  const rows = await tx.query<StoredInvoice>(known, values);
  const page = toPage(rows, query.limit, (row) => [row.createdAt.getTime(), row.id]);
  return { ...page, items: page.items.map((row) => rowOf(row, now)) };
}

const before = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000);

const AGEING: Statement = {
  name: 'invoices.ageing',
  text: `select currency, case when part.overdue_from > $2 then 'not_due' when part.overdue_from > $2::timestamptz - interval '30 days' then '1_30'
             when part.overdue_from > $2::timestamptz - interval '60 days' then '31_60' when part.overdue_from > $2::timestamptz - interval '90 days' then '61_90' else 'over_90' end as bucket,
           count(distinct i.id)::int as count, sum(part.cents)::float8 as cents
         from invoices i ${OWED_PARTS} where i.company_id = $1 and i.state in ('issued', 'partly_paid') and i.kind = 'invoice' and i.overdue_from is not null group by 1, 2 order by 1, 2`,
};

export interface AgeingRow {
  readonly currency: string;
  readonly bucket: 'not_due' | '1_30' | '31_60' | '61_90' | 'over_90';
  readonly count: number;
  readonly cents: number;
}

/** What is owed, by currency and by how long it has been overdue; a deposit and the rest each by their own day. */
export function ageing(tx: Transaction, companyId: string, now: Date): Promise<AgeingRow[]> {
  return tx.query<AgeingRow>(AGEING, [companyId, now]);
}

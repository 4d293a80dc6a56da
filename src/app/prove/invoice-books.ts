import { Client } from 'pg';
import { z } from 'zod';
import { joinCluster } from '#core/database/cluster.ts';
import { clientConfig } from '#core/database/target.ts';

export const ACCOUNTS = ['receivable', 'revenue', 'tax', 'cash', 'credit', 'write_off'] as const;
/** Cents by account; debits are positive. */
export type Books = Record<(typeof ACCOUNTS)[number], number>;

/** What the tables say, asked with SQL that shares nothing with the product's own. */
export interface Found {
  readonly books: Books;
  /** How often each title of an invoice is there. */
  readonly titles: ReadonlyMap<string, number>;
  /** In words, each with how many there are. */
  readonly faults: readonly string[];
}

const SUMS = `select account, sum(amount_cents)::text as cents from ledger_entries group by account`;
const TITLES = `select title, count(*)::int as times from invoices where kind = 'invoice' and number is not null group by title`;
const FAULTS = `
  select 'a posting that does not add up to nothing' as fault, count(*)::int as times from (select from ledger_entries group by posting_id having sum(amount_cents) <> 0) x
  union all
  select 'a number that is given twice', count(*)::int from (select from invoices where number is not null group by kind, number having count(*) > 1) x
  union all
  select 'a series with a gap', count(*)::int from (
    select series from invoices where number is not null group by series having min(sequence) <> 1 or max(sequence) <> count(*) or count(distinct sequence) <> count(*)) x
  union all
  select 'a counter that is not at the last number', count(*)::int from invoice_series s where s.last <> (select max(i.sequence) from invoices i where i.series = s.series)
  union all
  select 'an invoice whose lines are not its net sum', count(*)::int from invoices i
    where number is not null and net_cents <> (select sum(l.net_cents) from invoice_lines l where l.invoice_id = i.id)
  union all
  select 'an invoice whose tax is not that of its lines', count(*)::int from invoices i
    where number is not null and tax_cents <> (select sum(round(g.net * g.tax_rate / 100000)) from (select l.tax_rate, sum(l.net_cents)::numeric as net from invoice_lines l where l.invoice_id = i.id group by l.tax_rate) g)
  union all
  select 'an issued invoice whose tax is not in the ledger', count(*)::int from invoices i
    where kind = 'invoice' and number is not null and -tax_cents <> coalesce((select sum(e.amount_cents) from ledger_entries e where e.invoice_id = i.id and e.kind = 'issue' and e.account = 'tax'), 0)
  union all
  select 'an invoice that owes another sum than the ledger says', count(*)::int from invoices i
    where kind = 'invoice' and number is not null
      and coalesce((select sum(e.amount_cents) from ledger_entries e where e.invoice_id = i.id and e.account = 'receivable'), 0)
        <> case when state = 'void' then 0 else total_cents - paid_cents - credited_cents - written_off_cents end
  union all
  select 'a payment that is booked twice or not at all', count(*)::int from invoice_payments p
    where (select count(distinct e.posting_id) from ledger_entries e where e.payment_id = p.id) <> 1`;

const Sums = z.array(z.object({ account: z.enum(ACCOUNTS), cents: z.coerce.number() }));
const Titles = z.array(z.object({ title: z.string(), times: z.int() }));
const Faults = z.array(z.object({ fault: z.string(), times: z.int() }));

/** Reads the tables of a home whose Steward runs. */
export async function readBooks(home: string): Promise<Found> {
  const cluster = await joinCluster({ home, web: false });
  const client = new Client(clientConfig(cluster.target, 'system', 'steward proof'));
  try {
    await client.connect();
    const sums = Sums.parse((await client.query(SUMS)).rows);
    const titles = Titles.parse((await client.query(TITLES)).rows);
    const faults = Faults.parse((await client.query(FAULTS)).rows);
    const books = Object.fromEntries(
      ACCOUNTS.map((account) => [account, sums.find((one) => one.account === account)?.cents ?? 0]),
    ) as Books; // one for each account
    return {
      books,
      titles: new Map(titles.map(({ title, times }) => [title, times])),
      faults: faults.filter(({ times }) => times > 0).map(({ fault, times }) => `${fault}: ${times}`),
    };
  } finally {
    await client.end();
    await cluster.leave();
  }
}

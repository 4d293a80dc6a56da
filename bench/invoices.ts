import { rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { drawInvoice, type InvoiceDocument } from '#modules/invoices/pdf/draw.ts';
import { totalsOf } from '#modules/invoices/money/totals.ts';
import { newId } from '#core/ids.ts';
import { ownerOf, postmasterOf } from './owner.ts';
import { startSteward, type StewardProcess } from './steward-process.ts';

/**
 * PDFs a second on one process, a long invoice, and invoices issued by many clients while Steward is killed: what the books say of it, asked of PostgreSQL alone.
 * INVOICES (0: none), CLIENTS and KILLS change the numbers; PDFS=0 leaves the PDFs out.
 */
const count = (name: string, usual: number) => Number(process.env[name] ?? usual);
const INVOICES = count('INVOICES', 1_000);
const CLIENTS = count('CLIENTS', 16);
const KILLS = count('KILLS', 4);

/** What a database on its way back makes it say is no news here. */
const QUIET = { LOG_LEVEL: 'fatal' };

function aDocument(lineCount: number): InvoiceDocument {
  const lines = Array.from({ length: lineCount }, (_, i) => ({
    description: `Visit ${i + 1}: measured, adjusted & noted`,
    quantity: i % 3 === 0 ? 1.5 : 2,
    unit: 'h',
    unitPriceCents: 9_500 + i,
    discountBps: 0,
    taxCategory: 'S' as const,
    taxRate: i % 4 === 1 ? 7_000 : 19_000,
  }));
  const { lineCents, groups, ...sums } = totalsOf(lines, null);
  const at = new Date('2026-06-02T08:00:00.000Z');
  const address = { line1: 'Hauptstraße 1', postcode: '10115', city: 'Berlin', country: 'DE' };
  return {
    invoice: {
      ...sums,
      id: newId(), companyId: newId(), clientId: null, kind: 'invoice', state: 'issued', number: 'INV-2026-0042', originId: null, currency: 'EUR',
      issuedOn: '2026-06-02', dueOn: '2026-06-16', overdueFrom: null, periodStart: null, periodEnd: null, paymentDays: 14, treatment: 'domestic',
      seller: { ...address, name: 'Acme GmbH', vatId: 'DE123456789', iban: 'DE89370400440532013000' }, buyer: { ...address, name: 'Payer AG' },
      title: 'Maintenance', notes: '', reference: null, language: 'en', texts: {}, discount: null, taxGroups: groups, paidCents: 0, creditedCents: 0,
      writtenOffCents: 0, reminders: 0, remindedAt: null, issuedAt: at, paidAt: null, createdAt: at, updatedAt: at,
    },
    lines: lines.map((line, i) => ({ ...line, netCents: lineCents[i] ?? 0 })),
    originNumber: null,
    intro: '',
    footer: '',
    logo: null,
  }; // prettier-ignore
}

async function pdfs(): Promise<void> {
  const one = aDocument(12);
  for (let i = 0; i < 50; i++) await drawInvoice(one);
  const rounds = 300;
  const from = performance.now();
  const cpu = process.cpuUsage();
  for (let i = 0; i < rounds; i++) await drawInvoice(one);
  const { user, system } = process.cpuUsage(cpu);
  const wall = rounds / ((performance.now() - from) / 1000);
  console.log(`pdf: ${wall.toFixed(0)} invoices/s of 12 lines by the clock, ${(rounds / ((user + system) / 1e6)).toFixed(0)}/s of processor time (${cpus().length} cores)`); // prettier-ignore
  const began = performance.now();
  const long = await drawInvoice(aDocument(10_000));
  console.log(`pdf: 10,000 lines in ${((performance.now() - began) / 1000).toFixed(1)} s, ${(long.length / 1e6).toFixed(1)} MB, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB of memory`); // prettier-ignore
}

async function killed(): Promise<void> {
  let steward: StewardProcess = await startSteward(QUIET);
  const { home } = steward;
  let token = await steward.token();
  const call = async (method: string, path: string, body: object, key: string): Promise<{ id: string } | null> => {
    // Until it is answered: with the same key a repeated call is one call, whatever died in between.
    for (;;) {
      try {
        const reply = await fetch(`${steward.url}${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(body),
        });
        const answer: unknown = await reply.json();
        if (reply.ok && typeof answer === 'object' && answer !== null && 'id' in answer) return { id: String(answer.id) };
        if (reply.status < 500 && reply.status !== 409 && reply.status !== 401)
          throw new TypeError(`${path}: ${reply.status} ${JSON.stringify(answer)}`);
      } catch (error) {
        if (error instanceof TypeError && error.message.startsWith('/')) throw error;
      }
      await sleep(100);
    }
  };
  const client = await call('POST', '/api/clients', { name: 'Payer', email: 'payer@bench.test', status: 'active' }, newId());
  await fetch(`${steward.url}/api/invoices/settings`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ seller: { country: 'DE', vat_id: 'DE123456789' } }),
  });
  let left = INVOICES;
  let done = 0;
  const worker = async () => {
    for (let n = left--; n > 0; n = left--) {
      // Prices that make cents of tax, and every third one is paid: in part, in whole, or too much.
      const amount = `${100 + (n % 97)}.${String(n % 100).padStart(2, '0')}`;
      const made = await call('POST', '/api/invoices', { client_id: client?.id, amount, issue: true }, newId());
      if (n % 3 === 0) await call('POST', `/api/invoices/${made?.id ?? ''}/payments`, { amount: ['5.00', amount, '900.00'][n % 9 === 0 ? 0 : n % 2 === 0 ? 1 : 2] }, newId()); // prettier-ignore
      done += 1;
    }
  };
  const from = performance.now();
  const all = Promise.all(Array.from({ length: CLIENTS }, worker));
  const killed = { steward: 0, postgres: 0, backends: 0 };
  for (let kill = 1; kill <= KILLS; kill++) {
    while (done < (INVOICES * kill) / (KILLS + 1)) await sleep(20);
    if (kill % 3 === 1) {
      steward.child.kill('SIGKILL');
      steward = await startSteward(QUIET, home);
      token = await steward.token();
      killed.steward += 1;
    } else if (kill % 3 === 2) {
      // kill -9 of a session in the middle of whatever it does: PostgreSQL ends all others and recovers.
      const owner = await ownerOf(home);
      const { rows } = await owner.query<{ pid: number }>(`select pid from pg_stat_activity where usename in ('steward_app', 'steward_system') order by state = 'active' desc limit 1`); // prettier-ignore
      owner.on('error', () => undefined); // it is among the others
      for (const { pid } of rows) process.kill(pid, 'SIGKILL');
      killed.backends += rows.length;
      await owner.end().catch(() => undefined);
    } else {
      process.kill(await postmasterOf(home), 'SIGKILL');
      killed.postgres += 1;
    }
  }
  await all;
  const seconds = (performance.now() - from) / 1000;
  const owner = await ownerOf(home);
  const { rows } = await owner.query<Record<string, number>>(`
    select count(*)::int as invoices, count(distinct number)::int as numbers, max(sequence)::int - count(*)::int as gaps, min(sequence)::int as first,
      sum(total_cents)::float8 as invoiced, sum(paid_cents)::float8 as paid,
      (select sum(amount_cents) from ledger_entries where account = 'receivable')::float8 as receivable,
      (sum(total_cents - paid_cents) - (select sum(amount_cents) from ledger_entries where account = 'receivable'))::float8 as "receivableOff",
      ((select sum(amount_cents) from invoice_payments) - (select sum(amount_cents) from ledger_entries where account = 'cash'))::float8 as "cashOff",
      (sum(net_cents) + (select sum(amount_cents) from ledger_entries where account = 'revenue'))::float8 as "revenueOff",
      (sum(tax_cents) + (select sum(amount_cents) from ledger_entries where account = 'tax'))::float8 as "taxOff",
      (select sum(amount_cents) from ledger_entries)::float8 as "allEntries",
      (select count(*) from (select 1 from ledger_entries where kind = 'issue' group by invoice_id having count(*) filter (where account = 'receivable') <> 1) twice)::int as "bookedTwice",
      (select count(*) from (select 1 from invoice_payments group by invoice_id having count(*) > 1) twice)::int as "paidTwice"
    from invoices where number is not null`); // prettier-ignore
  await owner.end();
  console.log(
    `numbers: ${INVOICES} wanted by ${CLIENTS} clients through ${KILLS} kills (${JSON.stringify(killed)}) in ${seconds.toFixed(0)} s: ${JSON.stringify(rows[0])}`,
  );
  await steward.stop();
  await rm(home, { recursive: true, force: true });
}

if (process.env['PDFS'] !== '0') await pdfs();
if (INVOICES > 0) await killed();

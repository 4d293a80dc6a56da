import { cpus } from 'node:os';
import { drawInvoice, type InvoiceDocument } from '#modules/invoices/pdf/draw.ts';
import { totalsOf } from '#modules/invoices/money/totals.ts';
import { newId } from '#core/ids.ts';

/** PDFs a second on one process, and a long invoice. What kills do to numbers and ledger is proved by `steward prove invoices`. */
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
      issuedOn: '2026-06-02', dueOn: '2026-06-16', overdueFrom: null, validUntil: null, lapsesAt: null, deposit: null, depositCents: null, depositDays: null, depositDueOn: null, periodStart: null, periodEnd: null, paymentDays: 14, treatment: 'domestic',
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

await pdfs();

import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import fc from '#testing/property.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { ensureOwners, ensureProducts, saveDeals } from '#modules/deals/public.ts';
import { setRate } from '#modules/deals/operations/catalogue.ts';
import { listPipelines } from '#modules/deals/operations/pipelines.ts';
import { createInvoice } from '#modules/invoices/operations/invoices.ts';
import { updateInvoiceSettings } from '#modules/invoices/operations/settings.ts';
import { createClient } from '#modules/clients/operations/clients.ts';
import { ask } from '../metrics/ask.ts';
import { METRICS, metricOf } from '../metrics/catalogue.ts';
import { tendReports } from './tend.ts';
import { ReportDefinition, REPORT_RANGES, stretchesOf } from './definition.ts';
import { makeReport } from './make.ts';
import { createSavedReport, deleteSavedReport, listSavedReports, runReport, sendSavedReport, updateSavedReport } from './operations.ts';
import { nextOf } from './schedule.ts';
import { SavedReportNotFound } from './saved.ts';

let app: TestApp;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await smtpSink();
  app = await testApp({
    start: new Date('2026-06-16T09:00:00Z'),
    settings: { SMTP_URL: sink.url, FROM_EMAIL: 'us@acme.test', FROM_NAME: 'Acme', SENDING: 'launched', SENDING_HOURS: 'always' },
  });
  await someDeals();
});
afterAll(async () => {
  await app.close();
  await sink.close();
});

const DAY = 86_400_000;

/** 130 deals of 65 sources over two years, with wins, losses and changes of value, and two invoices. */
async function someDeals(): Promise<void> {
  const { companyId } = app.company;
  const { items } = await app.call(listPipelines, {});
  const stages = items[0]?.stages ?? [];
  const stage = (name: string) => stages.find((one) => one.name === name)?.id ?? '';
  const now = app.clock.now().getTime();
  await app.runtime.database.write(companyId, async (tx) => {
    const owners = [
      ...(
        await ensureOwners(
          tx,
          companyId,
          ['Ann', 'Bo', 'Cy'].map((name) => ({ name })),
          app.clock.now(),
        )
      ).values(),
    ];
    const products = [...(await ensureProducts(tx, companyId, ['Plan', 'Pro'], app.clock.now())).values()];
    await saveDeals(tx, { companyId, at: app.clock.now(), by: { kind: 'import', id: 'test' } }, Array.from({ length: 130 }, (_, i) => {
      const days = 700 - i * 5;
      const ends = ['Won', 'Lost', 'Negotiation'][i % 3] ?? 'Won';
      return {
        set: { name: `Deal ${i}`, ownerId: i % 4 === 3 ? null : (owners[i % 4] ?? null), productId: products[i % 3] ?? null, source: i % 10 === 9 ? null : `source ${i % 65}` },
        history: [
          { at: new Date(now - days * DAY), set: { stageId: stage('Prospecting'), amountCents: 10_000 + i * 137 } },
          { at: new Date(now - Math.max(1, days - 40) * DAY), set: { stageId: stage(ends), amountCents: 12_000 + i * 61 } },
        ],
        setAt: new Date(now - Math.max(1, days - 40) * DAY),
      };
    })); // prettier-ignore
  });
  const where = { line1: 'Kai 7', postcode: '20457', city: 'Hamburg', country: 'DE' };
  await app.call(updateInvoiceSettings, {
    seller: { name: 'Acme GmbH', ...where, vatId: 'DE123456789', email: 'billing@acme.test' },
    options: { currency: 'EUR' },
  });
  const billing = { name: 'Payer AG', ...where };
  const { id: clientId } = await app.call(createClient, { name: 'Paula Payer', email: 'paula@payer.test', status: 'active', billing });
  for (const amount of ['100.00', '250.50']) await app.call(createInvoice, { clientId, amount, issue: true });
}

const whole = (found: unknown) => ReportDefinition.parse(found);

test('sums by dimension and over time are the total, whatever is asked: with others lumped together, limits, and two dimensions at once', async () => {
  const questions = METRICS.flatMap((metric) => [null, ...metric.dimensions].map((by) => ({ metric, by })));
  const grains = fc.constantFrom('none', 'day', 'week', 'month');
  const span = fc.tuple(fc.integer({ min: 0, max: 390 }), fc.integer({ min: 1, max: 380 }));
  const limit = fc.constantFrom(null, 'source', 'owner', 'product', 'stage');
  const owners = await app.runtime.system.read((tx) =>
    tx.query<{ id: string; dim: string }>({ name: 'test.values', text: `select id, 'owner' as dim from deal_owners where company_id = $1 union all select id, 'product' from products where company_id = $1 union all select id, 'stage' from deal_stages where company_id = $1` }, [app.company.companyId]),
  ); // prettier-ignore
  const valuesOf = (dim: string) => (dim === 'source' ? ['source 1', 'source 4', ''] : owners.filter((one) => one.dim === dim).map((one) => one.id).slice(0, 2)); // prettier-ignore
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...questions), grains, span, limit, async ({ metric, by }, grain, [back, long], dimension) => {
      const day = (ago: number) => new Date(app.clock.now().getTime() - ago * DAY).toISOString().slice(0, 10);
      const where = dimension !== null && metric.dimensions.includes(dimension) ? [{ dimension, values: valuesOf(dimension) }] : [];
      const rolled = new Set([by, ...where.map((one) => one.dimension)].filter((one) => one !== null && ['owner', 'product', 'source'].includes(one)));
      // Stocks are kept by one dimension at a time.
      fc.pre(metric.kind === 'flow' || rolled.size < 2);
      const definition = whole({ metrics: [metric.id], by, where, grain, range: 'custom', from: day(back + long), to: day(back) });
      const { now } = stretchesOf(definition, app.clock.now());
      await app.runtime.database.read(app.company.companyId, async (tx) => {
        const report = await makeReport(tx, app.company.companyId, definition, app.clock.now());
        const [answer] = await ask(tx, app.company.companyId, metric, { ...now, grain: 'none', where });
        const total = answer?.amount ?? (metric.per === undefined ? 0 : null);
        const close = (found: number | null | undefined) => (total === null ? expect(found).toBeNull() : expect(found).toBeCloseTo(total, 4));
        close(report.total.now[0]);
        expect(report.groups.length).toBeLessThanOrEqual(51);
        if (metric.per !== undefined) return;
        if (by !== null) close(report.groups.reduce((sum, group) => sum + (group.now[0] ?? 0), 0));
        if (grain === 'none') return;
        const starts = [...new Set(report.points.map((point) => point.start))];
        const over = metric.kind === 'stock' ? report.points.filter((point) => point.start === starts.at(-1)) : report.points;
        close(over.reduce((sum, point) => sum + (point.now[0] ?? 0), 0));
      });
    }),
    { numRuns: 40 },
  );
}, 60_000); // prettier-ignore

test('invoices and several metrics side by side; a metric that does not know the dimension says which it knows', async () => {
  const asked = { metrics: ['invoices.net_value', 'invoices.issued', 'invoices.average'], by: 'client' as const, range: 'this_month' as const };
  // Euros of a company that counts in dollars, without a rate: nothing, and it says so.
  expect(await app.call(runReport, asked)).toMatchObject({ total: { now: [0, 2, 0] }, notes: [expect.stringContaining('no rate for EUR in USD')] });
  await app.call(setRate, { currency: 'EUR', day: '2026-01-01', rate: 2 });
  const report = await app.call(runReport, asked);
  expect(report.groups).toMatchObject([{ name: expect.stringContaining('Paula Payer'), now: [70_100, 2, 35_050] }]);
  expect(report).toMatchObject({ total: { now: [70_100, 2, 35_050] }, notes: [] });
  const money = await app.call(runReport, { ...asked, metrics: ['invoices.gross_value', 'invoices.tax', 'invoices.net_value'], by: 'treatment' });
  const [gross, tax, net] = money.total.now;
  expect([(gross ?? 0) - (tax ?? 0), net]).toEqual([70_100, 70_100]);
  for (const by of ['item', 'tax_rate'] as const)
    expect((await app.call(runReport, { ...asked, metrics: ['invoice_lines.net_value'], by })).groups.reduce((sum, one) => sum + (one.now[0] ?? 0), 0)).toBe(70_100);
  await expect(app.call(runReport, { metrics: ['deals.won_value', 'leads.new'], by: 'owner' })).rejects.toThrow('New leads knows source, status');
  await expect(app.call(runReport, { metrics: ['deals.won_value'], range: 'custom', from: '2026-02-30', to: '2026-03-01' })).rejects.toThrow();
  await expect(app.call(runReport, { metrics: ['deals.won_value'], grain: 'day', range: 'custom', from: '2020-01-01', to: '2026-01-01' })).rejects.toThrow('coarser');
}); // prettier-ignore

test('a stretch is held against the one before: whole months against months, what runs against as many days, a leap day against the day before', () => {
  const at = new Date('2026-05-31T22:00:00Z');
  const of = (range: (typeof REPORT_RANGES)[number], compare: 'before' | 'year' = 'before') => stretchesOf(whole({ metrics: ['leads.new'], range, compare }), at); // prettier-ignore
  expect(of('last_month')).toEqual({ now: { from: '2026-04-01', to: '2026-05-01' }, before: { from: '2026-03-01', to: '2026-04-01' } });
  expect(of('this_month').before).toEqual({ from: '2026-04-01', to: '2026-05-01' });
  expect(of('last_quarter').before).toEqual({ from: '2025-10-01', to: '2026-01-01' });
  expect(of('last_7_days').before).toEqual({ from: '2026-05-18', to: '2026-05-25' });
  expect(of('this_year', 'year').before).toEqual({ from: '2025-01-01', to: '2025-06-01' });
  for (const range of REPORT_RANGES.filter((one) => one !== 'custom'))
    expect(of(range).before?.to).toBe(range.startsWith('this_') && range !== 'this_month' ? of(range).before?.to : of(range).now.from);
});

test('a schedule names the next moment of the company’s day', () => {
  const next = (spec: Partial<Parameters<typeof nextOf>[0]>, after: string) =>
    nextOf({ every: 'day', weekday: 1, monthDay: 1, hour: 8, ...spec }, 'Europe/Berlin', new Date(after)).toISOString();
  expect(next({}, '2026-06-16T05:59:00Z')).toBe('2026-06-16T06:00:00.000Z');
  expect(next({}, '2026-06-16T06:00:00Z')).toBe('2026-06-17T06:00:00.000Z');
  expect(next({ every: 'week' }, '2026-06-16T09:00:00Z')).toBe('2026-06-22T06:00:00.000Z');
  expect(next({ every: 'month', monthDay: 15 }, '2026-12-20T09:00:00Z')).toBe('2027-01-15T07:00:00.000Z');
});

test('a saved report is mailed to its readers when it falls due, once, with its files; what it said then stays', async () => {
  const saved = await app.call(createSavedReport, {
    title: 'Wins of the month', definition: { metrics: ['deals.won_value', 'deals.won'], by: 'owner', range: 'last_12_months' },
    schedule: { every: 'day', hour: 12, recipients: [app.company.userId], formats: ['pdf', 'csv'] },
  }); // prettier-ignore
  expect(saved).toMatchObject({ nextAt: new Date('2026-06-16T10:00:00Z'), lastAt: null });
  expect(await tendReports(app.runtime)).toBe(0);
  app.clock.advance({ hours: 1 });
  // Two processes at once: one mail.
  await Promise.all([tendReports(app.runtime), tendReports(app.runtime)]);
  expect(await tendReports(app.runtime)).toBe(0);
  await app.drain();
  const [mail, ...more] = await Promise.all(sink.mails.map(({ raw }) => simpleParser(raw)));
  expect(more).toEqual([]);
  const [pdf, csv] = mail?.attachments ?? [];
  expect([pdf?.filename, pdf?.content.subarray(0, 8).toString(), csv?.filename]).toEqual(['Wins-of-the-month-2026-06-16.pdf', '%PDF-1.7', 'Wins-of-the-month-2026-06-16.csv']); // prettier-ignore
  const report = await app.call(runReport, saved.definition);
  const lines = csv?.content.toString().trim().split('\r\n') ?? [];
  expect(lines[0]).toBe('Owner,Won value (USD),Won deals,"Won value (USD), before","Won deals, before"');
  expect(lines.at(-1)?.split(',')[1]).toBe(String((report.total.now[0] ?? 0) / 100));
  expect(lines).toHaveLength(report.groups.length + 2);
  expect(mail?.text).toContain('Won value: $');
  expect((await app.call(listSavedReports, {})).items).toMatchObject([{ id: saved.id, lastMails: 1, nextAt: new Date('2026-06-17T10:00:00Z'), failed: null }]); // prettier-ignore
  app.clock.advance({ minutes: 1 });
  expect(await app.call(sendSavedReport, { savedReportId: saved.id })).toEqual({ mails: 1 });
  const quiet = await app.call(updateSavedReport, { savedReportId: saved.id, schedule: null });
  expect(quiet).toMatchObject({ schedule: null, nextAt: null });
  await expect(app.call(sendSavedReport, { savedReportId: saved.id })).rejects.toThrow('recipients');
  const other = await app.aCompany('Other');
  await expect(app.call(deleteSavedReport, { savedReportId: saved.id }, { as: other.admin })).rejects.toThrow(SavedReportNotFound);
  await app.call(deleteSavedReport, { savedReportId: saved.id });
  expect((await app.call(listSavedReports, {})).items).toEqual([]);
});

test('every word of the catalogue is one: a title, a unit, dimensions that its rows have', () => {
  expect(new Set(METRICS.map(({ id }) => id)).size).toBe(METRICS.length);
  for (const { id, title, description, dimensions } of METRICS) {
    expect(metricOf(id).title).toBe(title);
    expect([title.length > 3, description.length > 10, dimensions.length > 0]).toEqual([true, true, true]);
  }
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { conversionModel, personConversion, trainConversion } from './operations.ts';
import { tendPredictions } from './tend.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ start: new Date('2026-06-16T09:00:00Z') });
});
afterAll(() => app.close());

/** An id that the same letter and number give again: a UUID of version 8, of one's own making (RFC 9562). */
const id = (letter: string, n: string) =>
  `overlay(overlay(md5('${letter}' || $1::uuid::text || ${n}) placing '8' from 13) placing 'a' from 17)::uuid`;

/** So many leads over a year: each third one answers in its first days, and of those seven in ten convert within a month; of the others one in ten. */
async function aYear(companyId: string, count: number): Promise<void> {
  const now = app.clock.now();
  const write = (name: string, text: string) => app.runtime.system.write((tx) => tx.query({ name, text }, [companyId, count, now]));
  await write('test.people', `insert into people (id, company_id, full_name, email, created_at) select ${id('p', 'n')}, $1::uuid, 'Lead ' || n, 'lead' || n || '@year.test', $3::timestamptz - n * interval '30 hours' from generate_series(1, $2::int) n`);
  await write('test.leads', `insert into leads (id, company_id, person_id, status, source, created_at, updated_at)
    select ${id('l', 'n')}, $1::uuid, ${id('p', 'n')}, 'new', (array['fair', 'website'])[1 + n % 2], $3::timestamptz - n * interval '30 hours', $3::timestamptz - n * interval '30 hours' from generate_series(1, $2::int) n`);
  await write('test.touches', `insert into interactions (id, company_id, person_id, lead_id, type, direction, content, channel, status, created_at)
    select ${id('i', 'n')}, $1::uuid, ${id('p', 'n')}, ${id('l', 'n')}, 'email', 'inbound', '', 'email', 'received', $3::timestamptz - n * interval '30 hours' + interval '12 hours' from generate_series(1, $2::int) n where n % 3 = 0`);
  await write('test.converted', `update leads l set status = 'converted', converted_at = l.created_at + interval '30 days' from generate_series(40, $2::int) n
    where l.id = ${id('l', 'n')} and case when n % 3 = 0 then (n / 3) % 10 < 7 else n % 10 = 1 end and $3::timestamptz is not null`);
  await write('test.when', `update leads set converted_at = created_at + interval '30 days' where company_id = $1::uuid and status = 'converted' and $2::int > 0 and $3::timestamptz is not null`);
} // prettier-ignore

test('learns from a year of leads which of them convert, says why of each open one, and segments find the likely ones', async () => {
  const company = await app.aCompany();
  const { companyId } = company;
  const as = { as: company.admin };
  await aYear(companyId, 290);
  await tendPredictions(app.runtime);
  const model = await app.call(conversionModel, {}, as);
  expect(model.attempts).toMatchObject([{ tookOver: true, reason: 'It is the first that tells leads apart' }]);
  expect(model.serving?.auc).toBeGreaterThan(0.7);
  expect(model.serving?.weights.map(({ feature }) => feature)).toContain('Has answered');
  for (const { said, happened } of model.serving?.reliability ?? []) expect(Math.abs(said - happened)).toBeLessThan(0.3);
  const ofLead = async (n: number) => {
    const [row] = await app.runtime.system.read((tx) => tx.query<{ id: string }>({ name: 'test.person', text: `select ${id('p', '$2::int')} as id` }, [companyId, n])); // prettier-ignore
    return (await app.call(personConversion, { personId: row?.id ?? '' }, as)).conversion;
  };
  const [answered, silent] = [await ofLead(9), await ofLead(10)];
  expect(answered?.chance).toBeGreaterThan((silent?.chance ?? 1) + 0.2);
  expect(answered?.reasons.some(({ title, share }) => share > 0 && /answer|heard/i.test(title))).toBe(true);
  expect(silent?.reasons.some(({ title, share }) => share < 0 && /answer|Silent/.test(title))).toBe(true);
  const chance = Math.round((silent?.chance ?? 0) * 100) + 5;
  const found = await callByName(app, 'segments.count', { condition: { field: 'lead.conversion', above: chance } }, company.admin);
  const { count } = z.looseObject({ count: z.number() }).parse(found);
  expect(count).toBeGreaterThan(5);
  expect(count).toBeLessThan(60);
  // Learned today already; by hand it is not worse than itself.
  expect(await tendPredictions(app.runtime)).toBe(0);
  expect(await app.call(trainConversion, {}, as)).toMatchObject({
    tookOver: true,
    reason: 'It is not worse than the one before, on the same leads',
  });
});

test('a company with few leads is told so, and nobody gets a number', async () => {
  const company = await app.aCompany();
  await aYear(company.companyId, 60);
  expect(await app.call(trainConversion, {}, { as: company.admin })).toMatchObject({ tookOver: false, auc: null, reason: expect.stringContaining('too few') });
  expect(await app.call(conversionModel, {}, { as: company.admin })).toMatchObject({ serving: null, attempts: [{ tookOver: false }] });
}); // prettier-ignore

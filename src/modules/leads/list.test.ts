import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { createInteraction } from './operations/interactions.ts';
import { createLeadOperation as createLead, listLeadsOperation as listLeads } from './operations/leads.ts';
import { countLeads, countLeadsFast } from './operations/overview.ts';
import { LEAD_SORTS } from './list.ts';
import { LEAD_STATUSES } from './tables.ts';

let app: TestApp;
let company: TestCompany;
beforeAll(async () => {
  app = await testApp();
  company = await app.aCompany('Lists');
  const text = `with p as (insert into people (id, company_id, full_name, email, custom)
      select gen_random_uuid(), $1, chr(65 + n % 26) || ' person ' || (n % 7), 'p' || n || '@lists.test', case when n % 10 = 0 then '{"plan":"Pro"}' else '{}' end::jsonb
        from generate_series(1, 230) n returning id, full_name)
    insert into leads (id, company_id, person_id, status, created_at, last_touch_at)
    select gen_random_uuid(), $1, id, (array['new','contacted','engaged','qualified'])[1 + (row_number() over ()) % 4],
           '2026-05-01'::timestamptz + (row_number() over () / 3) * interval '1 minute',
           case when row_number() over () % 2 = 0 then '2026-05-20'::timestamptz + row_number() over () * interval '1 second' else 'epoch' end from p`;
  await app.runtime.system.write((tx) => tx.query({ name: 't.seed', text }, [company.companyId]));
  // Every third has no score (yet).
  const scores = `insert into lead_scores (lead_id, company_id, score, grade, reached, reasons, version, computed_at)
    select id, company_id, n % 40, case when n % 40 > 20 then 'A' else 'C' end, 0, '[]', 1, now()
      from (select l.*, row_number() over (order by l.id) as n from leads l where l.company_id = $1) l where n % 3 > 0`;
  await app.runtime.system.write((tx) => tx.query({ name: 't.scores', text: scores }, [company.companyId]));
});
afterAll(() => app.close());

const list = (input: Parameters<typeof app.call<typeof listLeads.input, typeof listLeads.output>>[1]) =>
  app.call(listLeads, input, { as: company.admin });

async function all(sort: (typeof LEAD_SORTS)[number], limit: number) {
  const rows = [];
  let cursor: string | undefined;
  do {
    const page = await list({ sort, limit, ...(cursor === undefined ? {} : { cursor }), fields: ['last_touch_at', 'score'] });
    rows.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

describe('the list of leads', () => {
  test.each(LEAD_SORTS)('by %s shows each once, in order, and leaps to the same rows', async (sort) => {
    const rows = await all(sort, 50);
    expect(new Set(rows.map((row) => row.id)).size).toBe(230);
    const key = (row: (typeof rows)[number]): string | number => {
      const name = sort.replace('-', '');
      if (name === 'name') return row.name.toLowerCase();
      // Whichever way: who has none comes last.
      if (name === 'score') return row.score?.score ?? (sort === 'score' ? 101 : -1);
      if (name === 'status') return LEAD_STATUSES.indexOf(row.status);
      return name === 'last_touch_at'
        ? (row.lastTouchAt?.getTime() ?? 0)
        : (name === 'created_at' ? row.createdAt : row.updatedAt).getTime();
    };
    const keys = rows.map(key);
    const sorted = keys.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
    expect(keys).toEqual(sort.startsWith('-') ? sorted.toReversed() : sorted);
    const leap = await list({ sort, limit: 20, skip: 117 });
    expect(leap.items.map((row) => row.id)).toEqual(rows.slice(117, 137).map((row) => row.id));
    expect(await list({ sort, skip: 230 })).toEqual({ items: [], nextCursor: null });
  });

  test('by tag, silence, custom field and words finds the same as it counts', async () => {
    const as = company.admin;
    for (const filter of [
      { custom: '{"plan":"pro"}' },
      { idleDays: 365 },
      { q: 'person 3' },
      { unowned: true, status: 'new' },
      { optedOut: true },
      { grade: 'A' },
    ] as const) {
      const page = await list({ ...filter, sort: 'name', limit: 500 });
      expect(await app.call(countLeadsFast, filter, { as })).toEqual({ count: page.items.length, exact: true });
      expect((await app.call(countLeads, filter, { as })).total).toBe(page.items.length);
    }
    expect((await list({ custom: '{"plan":"pro"}' })).items).toHaveLength(23);
    await expect(list({ custom: '[1]' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('refuses a cursor of another order', async () => {
    const { nextCursor } = await list({ sort: 'name', limit: 10 });
    await expect(list({ sort: 'status', limit: 10, cursor: nextCursor ?? '' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(list({ limit: 10, cursor: nextCursor ?? '' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('knows when somebody was last written to or heard from; a note is no touch', async () => {
    const lead = await app.call(createLead, { name: 'Touched', email: 'touched@lists.test' });
    const touch = async () => (await app.call(listLeads, { q: 'touched@lists.test', fields: ['last_touch_at', 'owner', 'tags'] })).items[0];
    expect(await touch()).toMatchObject({ lastTouchAt: null, owner: null, tags: [] });
    await app.call(createInteraction, { leadId: lead.id, type: 'note', direction: 'internal', content: 'thinks' });
    expect(await touch()).toMatchObject({ lastTouchAt: null });
    await app.call(createInteraction, { leadId: lead.id, type: 'call', direction: 'outbound', content: 'hello' });
    expect((await touch())?.lastTouchAt).toEqual(app.clock.now());
  });
});

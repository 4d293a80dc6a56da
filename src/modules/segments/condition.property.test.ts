import fc from '#testing/property.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holds } from '#core/engine/conditions.ts';
import type { Condition, Facts, Json } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { personsWhere } from './fields/registry.ts';

/**
 * The same condition, asked twice: of facts in memory by `holds()`, which steers workflows, and of rows by the SQL that it is compiled to.
 * The facts are kept beside the rows by this test; no code of the product makes them.
 */
const PEOPLE = 60;
const NOW = new Date('2026-06-02T08:00:00.000Z');
const DAY_MS = 86_400_000;
const TAGS = ['vip', 'VIP 2', 'cold'];
const STATUSES = ['new', 'contacted', 'qualified', 'converted', 'lost'];
const KINDS = ['email', 'call', 'note'];
const DIRECTIONS = ['inbound', 'outbound'];
const WITHIN = ['ever', '30d', '7d'];

let app: TestApp;
const people: { readonly id: string; readonly facts: Facts }[] = [];

const pick = <One>(values: readonly One[]): One => {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};
let seed = 7;
const random = () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};
const maybe = <One>(make: () => One): One | null => (random() < 0.35 ? null : make());
const ago = (days: number) => new Date(NOW.getTime() - Math.round(days * DAY_MS));

beforeAll(async () => {
  app = await testApp({ start: NOW });
  const { companyId } = app.company;
  await app.runtime.system.write(async (tx) => {
    const say = (text: string, values: readonly unknown[]) => tx.query({ name: '', text }, values);
    const fields = [
      ['plan', 'choice'],
      ['seats', 'number'],
      ['birthday', 'date'],
      ['beta', 'boolean'],
      ['motto', 'text'],
    ] as const;
    for (const [key, type] of fields)
      await say('insert into custom_fields (id, company_id, key, label, type) values ($1, $2, $3, $3, $4)', [
        newId(),
        companyId,
        key,
        type,
      ]);
    const tags = new Map(TAGS.map((name) => [name, newId()]));
    for (const [name, id] of tags)
      await say('insert into tags (id, company_id, name, name_key) values ($1, $2, $3, lower($3))', [id, companyId, name]);
    const organisation = newId();
    await say(`insert into organisations (id, company_id, name, name_key) values ($1, $2, 'Acme Ltd', 'acme ltd')`, [
      organisation,
      companyId,
    ]);
    for (let i = 0; i < PEOPLE; i++) {
      const id = newId();
      const custom = Object.fromEntries(
        Object.entries({
          plan: maybe(() => pick(['gold', 'silver'])),
          seats: maybe(() => pick([0, 1, 2.5, 10, -3])),
          birthday: maybe(() => pick(['1980-02-29', '1990-06-02', '2001-06-30', '1975-12-31', '2026-05-20', '1999-01-01'])),
          beta: maybe(() => random() < 0.5),
          motto: maybe(() => pick(['Onward_100%', 'ÄRGER', 'a\\b', "it's"])),
        }).filter(([, value]) => value !== null),
      );
      const name = pick(['Ann Lee', 'bob', 'Zoë', '']);
      const language = maybe(() => pick(['en', 'de']));
      const optedOut = random() < 0.3;
      const created = ago(random() * 60);
      const belongs = random() < 0.5;
      await say(
        `insert into people (id, company_id, full_name, language, opted_out_at, created_at, custom, organisation_id) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [id, companyId, name, language, optedOut ? NOW : null, created, JSON.stringify(custom), belongs ? organisation : null],
      );
      const mine = TAGS.filter(() => random() < 0.3);
      for (const tag of mine)
        await say('insert into person_tags (company_id, person_id, tag_id) values ($1, $2, $3)', [companyId, id, tags.get(tag)]);
      const leads = [
        maybe(() => ({ status: pick(['converted', 'lost']), at: ago(50) })),
        maybe(() => ({ status: pick(STATUSES), at: ago(random() * 40) })),
      ]
        .filter((lead) => lead !== null)
        .map((lead) => ({ ...lead, id: newId(), source: maybe(() => pick(['web', 'fair'])) }));
      for (const lead of leads)
        await say('insert into leads (id, company_id, person_id, status, source, created_at) values ($1, $2, $3, $4, $5, $6)', [
          lead.id, companyId, id, lead.status, lead.source, lead.at,
        ]); // prettier-ignore
      const current =
        leads.find((lead) => lead.status !== 'converted' && lead.status !== 'lost') ??
        leads.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
      const touches = Array.from({ length: Math.floor(random() * 4) }, () => ({
        type: pick(KINDS),
        direction: pick(DIRECTIONS),
        at: ago(random() * 60),
      }));
      for (const touch of touches)
        await say('insert into interactions (id, company_id, person_id, type, direction, created_at) values ($1, $2, $3, $4, $5, $6)', [
          newId(), companyId, id, touch.type, touch.direction, touch.at,
        ]); // prettier-ignore
      const timeline: Facts = {};
      for (const type of ['any', ...KINDS]) {
        const byType: Facts = {};
        for (const direction of ['any', ...DIRECTIONS])
          byType[direction] = Object.fromEntries(
            WITHIN.map((within) => [
              within,
              touches.filter(
                (touch) =>
                  (type === 'any' || touch.type === type) &&
                  (direction === 'any' || touch.direction === direction) &&
                  (within === 'ever' || touch.at >= ago(Number.parseInt(within, 10))),
              ).length,
            ]),
          );
        timeline[type] = byType;
      }
      people.push({
        id,
        facts: {
          company: { settings: { time_zone: 'Europe/Berlin' } },
          person: { name, language, opted_out: optedOut, created_at: created.toISOString(), custom, tags: mine },
          organisation: belongs ? { name: 'Acme Ltd' } : null,
          lead: current === undefined ? null : { status: current.status, source: current.source, created_at: current.at.toISOString() },
          timeline,
        },
      });
    }
  });
});
afterAll(() => app.close());

const texts = fc.constantFrom(
  'Ann Lee',
  'bob',
  'BOB',
  'oë',
  '',
  'en',
  'de',
  'gold',
  'silver',
  '_',
  '%',
  'ärger',
  '\\',
  "'",
  'vip',
  'new',
  'web',
  'lost',
  'acme',
);
const anything: fc.Arbitrary<Json> = fc.oneof(texts, fc.constantFrom(0, 1, 2.5, 10, true, false, null));
const windows = fc.constantFrom(
  'today',
  'this_week',
  'this_month',
  'this_year',
  'last_1_days',
  'last_30_days',
  'next_7_days',
  'next_30_days',
  'over_30_days_ago',
  'over_1_days_ago',
);
const days = fc.constantFrom('1980-02-29', '1990-06-02', '2026-05-20', '2030-01-01');
const moments = fc.integer({ min: 0, max: 60 }).map((n) => ago(n).toISOString());

const basic = (fields: readonly string[], values: fc.Arbitrary<Json>) =>
  fc
    .tuple(
      fc.constantFrom(...fields),
      values,
      fc.array(values, { maxLength: 3 }),
      fc.boolean(),
      fc.constantFrom('is', 'isNot', 'in', 'exists'),
    )
    .map(([field, value, several, flag, operator]): Condition => {
      if (operator === 'in') return { field, in: several };
      if (operator === 'exists') return { field, exists: flag };
      return operator === 'is' ? { field, is: value } : { field, isNot: value };
    });
const numbers = (fields: fc.Arbitrary<string>) =>
  fc
    .tuple(fields, fc.constantFrom(-1, 0, 0.5, 1, 2, 2.5, 3), fc.constantFrom('above', 'below', 'is', 'isNot'))
    .map(([field, bound, operator]): Condition =>
      operator === 'above'
        ? { field, above: bound }
        : operator === 'below'
          ? { field, below: bound }
          : operator === 'is'
            ? { field, is: bound }
            : { field, isNot: bound },
    );
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  basic(
    ['person.name', 'person.language', 'person.custom.motto', 'organisation.name', 'person.custom.plan', 'lead.status', 'lead.source'],
    anything,
  ),
  fc
    .tuple(fc.constantFrom('person.name', 'person.custom.motto', 'organisation.name', 'person.language'), texts)
    .map(([field, contains]) => ({ field, contains })),
  fc.constantFrom(...TAGS, 'vip 2').map((contains) => ({ field: 'person.tags', contains })),
  basic(['person.opted_out', 'person.custom.beta'], anything),
  basic(['person.custom.seats'], anything),
  numbers(fc.constant('person.custom.seats')),
  numbers(
    fc
      .tuple(fc.constantFrom('any', ...KINDS), fc.constantFrom('any', ...DIRECTIONS), fc.constantFrom(...WITHIN))
      .map((parts) => `timeline.${parts.join('.')}`),
  ),
  fc
    .tuple(fc.constantFrom('person.created_at', 'lead.created_at', 'person.custom.birthday'), windows)
    .map(([field, within]) => ({ field, within })),
  windows.filter((one) => !one.startsWith('over')).map((anniversary) => ({ field: 'person.custom.birthday', anniversary })),
  fc
    .tuple(fc.constantFrom('person.created_at', 'lead.created_at'), moments, fc.boolean())
    .map(([field, at, above]) => (above ? { field, above: at } : { field, below: at })),
  fc
    .tuple(days, fc.boolean())
    .map(([day, above]) => (above ? { field: 'person.custom.birthday', above: day } : { field: 'person.custom.birthday', below: day })),
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.array(tie('condition'), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('condition'), { maxLength: 3 }).map((any) => ({ any })),
    tie('condition').map((not) => ({ not })),
  ),
}));

test('SQL finds exactly the people of whom the condition holds', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(condition, async (one) => {
      const found = await app.runtime.database.read(app.company.companyId, async (tx) => {
        const { sql, values } = await personsWhere(tx, app.runtime, app.company.companyId, one);
        return tx.query<{ id: string }>({ name: '', text: `select p.id from people p where p.company_id = $1 and ${sql}` }, values);
      });
      const expected = people.filter(({ facts }) => holds(one, facts, NOW)).map(({ id }) => id);
      expect(found.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 500 },
  );
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { mergeOperation, undoMergeOperation } from '../merge/operations.ts';
import { dismissDuplicate, listDuplicates, searchDuplicates } from './operations.ts';

let app: TestApp;
beforeAll(async () => void (app = await testApp()));
afterAll(() => app.close());

/** name, email, phone, organisation */
type Someone = readonly [string, string | null, (string | null)?, (string | null)?];

async function people(...rows: readonly Someone[]): Promise<void> {
  const { companyId } = app.company;
  const values = rows.map(([name, email, phone = null, firm = null]) => ({ name, email, phone, firm, last: name.split(' ').at(-1) ?? '' }));
  await queryAs(
    app.target,
    'owner',
    `with entry as (select gen_random_uuid() as id, * from jsonb_to_recordset($2::jsonb) as e(name text, email text, phone text, firm text, last text)),
      firm as (insert into organisations (id, company_id, name, name_key) select gen_random_uuid(), $1, firm, lower(firm) from (select distinct firm from entry where firm is not null) f
        on conflict (company_id, name_key) do update set name = excluded.name returning id, name),
      person as (insert into people (id, company_id, full_name, last_name, email, phone, phone_raw, organisation_id) select e.id, $1, e.name, e.last, e.email, e.phone, e.phone, f.id from entry e left join firm f on f.name = e.firm)
      insert into person_emails (company_id, email, person_id) select $1, email, id from entry where email is not null`,
    [companyId, JSON.stringify(values)],
  );
}

const found = async () =>
  (await app.call(listDuplicates, { limit: 500 })).items.map(({ one, other, reasons, score }) => ({
    pair: [one.email ?? one.fullName, other.email ?? other.fullName].toSorted(),
    reasons: reasons.toSorted(),
    score,
  }));

test('pairs come with reasons, the surest first; strangers are no pair', async () => {
  await people(
    ['Ann Smith', 'ann@acme.test', '+493012345', 'Acme'],
    ['Smith, Ann', 'ann+shop@acme.test', '+493012345', 'Acme'],
    ['Jon Berger', 'jon.berger@gmail.com'],
    ['Jon Burger', 'jonberger@gmail.com'],
    ['Maria Gonzales', 'maria@globex.test', null, 'Globex'],
    ['Maria Gonzalez', 'm.gonzalez@globex.test', null, 'Globex'],
    ['Carl Stranger', 'carl@nowhere.test', '+4940999', 'Initech'],
    ['Dora Other', 'dora@nowhere.test', '+4940998', 'Initech'],
  );
  const status = await app.call(searchDuplicates, { wait: true });
  expect(status).toMatchObject({ state: 'done', open: 3, peopleSeen: 8 });
  const pairs = await found();
  expect(pairs.map(({ pair, reasons }) => ({ pair, reasons }))).toEqual([
    { pair: ['ann+shop@acme.test', 'ann@acme.test'], reasons: ['plus_address', 'same_name_and_company', 'same_phone'] },
    { pair: ['m.gonzalez@globex.test', 'maria@globex.test'], reasons: ['similar_name_and_company'] },
    { pair: ['jon.berger@gmail.com', 'jonberger@gmail.com'], reasons: ['gmail_dots'] },
  ]);
  expect(pairs.map(({ score }) => score)).toEqual(pairs.map(({ score }) => score).toSorted((a, b) => b - a));
});

test('what is not the same is never asked again; what was merged is gone, and back with the undo', async () => {
  const [first, second] = (await app.call(listDuplicates, {})).items;
  if (first === undefined || second === undefined) throw new Error('two pairs were found');
  await app.call(dismissDuplicate, { personId: first.other.id, otherId: first.one.id });
  await app.call(searchDuplicates, { wait: true });
  expect((await found()).map(({ pair }) => pair)).not.toContainEqual(['ann+shop@acme.test', 'ann@acme.test']);
  const { mergeId } = await app.call(mergeOperation, { personId: second.one.id, otherId: second.other.id });
  expect(await found()).toHaveLength(1);
  await app.call(undoMergeOperation, { mergeId });
  expect((await app.call(listDuplicates, {})).items).toHaveLength(1 + Number(second.score > 0));
});

test('a number that fifty share is a switchboard', async () => {
  await people(...Array.from({ length: 60 }, (_, n): Someone => [`Person${n} Named${n}`, `p${n}@many.test`, '+4989777']));
  await app.call(searchDuplicates, { wait: true });
  expect((await found()).filter(({ reasons }) => reasons.includes('same_phone') && !reasons.includes('plus_address'))).toEqual([]);
});

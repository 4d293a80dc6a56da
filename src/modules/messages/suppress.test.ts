import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { addSuppression, listSuppressions } from './operations/suppressions.ts';
import { hashPlain } from './suppress.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const LISTED = { name: 'test.listed', text: `select address, address_hash like 'plain:%' as plain from suppressions order by address` };
const listed = () => app.runtime.system.read((tx) => tx.query<{ address: string; plain: boolean }>(LISTED, []));

test('what an import holds is passed over and hashed the next time: nobody waits for anybody', async () => {
  const { companyId } = app.company;
  for (const email of ['ann@one.test', 'bob@one.test']) await app.call(createLeadOperation, { email, enrol: false });
  await app.runtime.system.write((tx) =>
    tx.query(
      {
        name: 'test.refuse',
        text: `select steward_keep_opt_outs(array_agg(company_id), array_agg(id), array_agg(now())) from people where company_id = $1`,
      },
      [companyId],
    ),
  );
  await app.runtime.system.write(async (tx) => {
    await tx.query({ name: 'test.hold', text: `update suppressions set note = 'held' where address = 'ann@one.test'` }, []);
    expect(await app.runtime.system.write((other) => hashPlain(other, app.runtime))).toBe(1);
  });
  expect(await listed()).toEqual([
    { address: 'ann@one.test', plain: true },
    { address: 'bob@one.test', plain: false },
  ]);
  expect(await app.runtime.system.write((tx) => hashPlain(tx, app.runtime))).toBe(1);
  expect((await listed()).filter(({ plain }) => plain)).toEqual([]);
});

test('the list is searched by part of an address, by domain, and by the whole address', async () => {
  const { admin: as } = await app.aCompany();
  for (const email of ['ann.hill@birch.test', 'bob@birch.test', 'bob@larch.test']) await app.call(addSuppression, { email }, { as });
  const found = async (search: string) => (await app.call(listSuppressions, { search }, { as })).items.map(({ address }) => address ?? '').toSorted((a, b) => a.localeCompare(b)); // prettier-ignore
  expect(await found('@Birch.test')).toEqual(['ann.hill@birch.test', 'bob@birch.test']);
  expect(await found('hill')).toEqual(['ann.hill@birch.test']);
  expect(await found('bob@larch.test')).toEqual(['bob@larch.test']);
  expect(await found('%')).toEqual([]);
});

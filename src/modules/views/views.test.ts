import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '#core/operation/principal.ts';
import { createUser, deleteUser } from '#modules/accounts/operations/users.ts';
import { PASSWORD, testApp, type TestApp } from '#testing/app.ts';
import { createView, deleteView, listViews, setDefaultView, updateView } from './operations.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

let serial = 0;
async function aColleague(): Promise<Extract<Principal, { kind: 'user' }>> {
  const user = await app.call(createUser, { email: `colleague-${++serial}@acme.test`, fullName: 'Bo', password: PASSWORD, role: 'user' });
  return { kind: 'user', companyId: app.company.companyId, userId: user.id, role: 'user' };
}
const namesFor = async (as: Principal, list = 'leads') => (await app.call(listViews, { list }, { as })).items.map((view) => view.name);

test('a view keeps filters and columns as they were saved, for its list only', async () => {
  const columns = [{ key: 'name', width: 240 }, { key: 'score' }];
  const made = await app.call(createView, { list: 'people', name: 'Warm', query: { status: 'qualified', sort: '-score' }, columns });
  expect(made).toMatchObject({ query: { status: 'qualified', sort: '-score' }, columns, shared: false, mine: true });
  expect(await namesFor(app.company.admin, 'people')).toEqual(['Warm']);
  expect(await namesFor(app.company.admin, 'leads')).toEqual([]);
});

test('a view of one’s own is nobody else’s; a shared one is seen by all and changed by its owner and admins', async () => {
  const [bo, cem] = [await aColleague(), await aColleague()];
  const own = await app.call(createView, { list: 'leads', name: 'Bo alone' }, { as: bo });
  const shared = await app.call(createView, { list: 'leads', name: 'For all', shared: true }, { as: bo });
  expect(await namesFor(bo)).toEqual(['Bo alone', 'For all']);
  expect(await namesFor(cem)).toEqual(['For all']);
  await expect(app.call(updateView, { viewId: own.id, name: 'Mine now' }, { as: cem })).rejects.toMatchObject({ code: 'view_not_found' });
  await expect(app.call(updateView, { viewId: shared.id, name: 'Mine now' }, { as: cem })).rejects.toMatchObject({ status: 403 });
  await expect(app.call(deleteView, { viewId: shared.id }, { as: cem })).rejects.toMatchObject({ status: 403 });
  expect(await app.call(updateView, { viewId: shared.id, name: 'For everybody' })).toMatchObject({ name: 'For everybody', shared: true });
  await app.call(deleteView, { viewId: own.id }, { as: bo });
  expect(await namesFor(bo)).toEqual(['For everybody']);
});

test('a list opens with the view its user chose, until that view is gone', async () => {
  const bo = await aColleague();
  const view = await app.call(createView, { list: 'leads', name: 'Mornings' }, { as: bo });
  await app.call(setDefaultView, { list: 'leads', viewId: view.id }, { as: bo });
  expect(await app.call(listViews, { list: 'leads' }, { as: bo })).toMatchObject({ defaultViewId: view.id });
  expect(await app.call(listViews, { list: 'leads' })).toMatchObject({ defaultViewId: null });
  await expect(app.call(setDefaultView, { list: 'people', viewId: view.id }, { as: bo })).rejects.toMatchObject({ code: 'view_not_found' });
  await app.call(deleteView, { viewId: view.id }, { as: bo });
  expect(await app.call(listViews, { list: 'leads' }, { as: bo })).toMatchObject({ defaultViewId: null });
});

test('what a user leaves behind belongs to admins, and shared views stay with everybody', async () => {
  const [bo, cem] = [await aColleague(), await aColleague()];
  await app.call(createView, { list: 'leads', name: 'Left alone' }, { as: bo });
  await app.call(createView, { list: 'leads', name: 'Left shared', shared: true }, { as: bo });
  await app.call(deleteUser, { userId: bo.userId });
  expect(await namesFor(cem)).not.toContain('Left alone');
  expect(await namesFor(cem)).toContain('Left shared');
  expect(await namesFor(app.company.admin)).toEqual(expect.arrayContaining(['Left alone', 'Left shared']));
});

test('another company sees nothing of it', async () => {
  const other = await app.aCompany('Other');
  const view = await app.call(createView, { list: 'leads', name: 'Ours', shared: true });
  expect(await namesFor(other.admin)).toEqual([]);
  await expect(app.call(updateView, { viewId: view.id, name: 'Theirs' }, { as: other.admin })).rejects.toMatchObject({
    code: 'view_not_found',
  });
});

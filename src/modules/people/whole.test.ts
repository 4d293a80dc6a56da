import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from '#testing/property.ts';
import type { z } from 'zod';
import { Forbidden, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { CUSTOM_TYPES } from './tables.ts';
import { keyOf } from './custom/key.ts';
import { parseCustom } from './custom/parse.ts';
import { EmailTaken, OrganisationNotFound } from './errors.ts';
import { sniff } from './files/sniff.ts';
import { addEmail, addPhone, EmailIsPrimary, removeEmail, updatePhone } from './operations/addresses.ts';
import { assignPeople, tagPeople, untagPeople } from './operations/bulk.ts';
import { createCustomField, CustomFieldTaken, listCustomFields, orderCustomFields, updateCustomField } from './operations/custom-fields.ts';
import { addFile, deleteFile, listFiles } from './operations/files.ts';
import { createNote, deleteNote, updateNote } from './operations/notes.ts';
import { createOrganisation, deleteOrganisation, OrganisationNotEmpty, updateOrganisation } from './operations/organisations.ts';
import { createPersonOperation, getPersonOperation, listPeopleOperation, updatePersonOperation } from './operations/people.ts';
import { searchEverything } from './operations/search.ts';
import { createTag, listTags, mergeTags, updateTag } from './operations/tags.ts';
import { TagTaken } from './tags/tag.ts';
import { personSubject } from './subject.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

let counter = 0;
const aPerson = (more: Partial<z.input<typeof createPersonOperation.input>> = {}) =>
  app.call(createPersonOperation, { fullName: `Ann Number${++counter}`, ...more });
const get = (personId: string) => app.call(getPersonOperation, { personId });
const names = (page: { items: { fullName: string }[] }) => page.items.map((person) => person.fullName);

describe('a person', () => {
  test('needs no email address: a name or a number is enough, nothing at all is not', async () => {
    const named = await app.call(createPersonOperation, { fullName: 'Bob Builder', organisation: 'Builders Ltd', tags: ['VIP', '#vip'] });
    expect(named).toMatchObject({ fullName: 'Bob Builder', firstName: 'Bob', email: null, organisation: { name: 'Builders Ltd' } });
    expect(named.tags.map((tag) => tag.name)).toHaveLength(1);
    expect(await app.call(createPersonOperation, { phone: '+49 30 901820' })).toMatchObject({
      fullName: '',
      phone: '+4930901820',
      timeZone: 'Europe/Berlin',
    });
    await expect(app.call(createPersonOperation, { phone: ' ' })).rejects.toThrow(InvalidInput);
    await expect(app.call(createPersonOperation, {})).rejects.toThrow(InvalidInput);
  });

  test('has an address that nobody else has', async () => {
    await app.call(createPersonOperation, { email: 'only@one.test' });
    await expect(app.call(createPersonOperation, { fullName: 'Other', email: 'ONLY@one.test' })).rejects.toThrow(EmailTaken);
    expect(names(await app.call(listPeopleOperation, { q: 'Other' }))).toEqual([]);
  });

  test('has several addresses: found by each, one is primary, the primary one is not removed before another is', async () => {
    const { id } = await aPerson({ email: 'first@mails.test' });
    await app.call(addEmail, { personId: id, email: 'Second@Mails.test' });
    expect(names(await app.call(listPeopleOperation, { q: 'second@mails' }))).toHaveLength(1);
    await expect(app.call(removeEmail, { personId: id, email: 'first@mails.test' })).rejects.toThrow(EmailIsPrimary);
    await app.call(updatePersonOperation, { personId: id, email: 'second@mails.test' });
    expect(await get(id)).toMatchObject({ email: 'second@mails.test', emails: ['second@mails.test', 'first@mails.test'] });
    expect(names(await app.call(listPeopleOperation, { q: 'first@mails' }))).toHaveLength(1);
    await app.call(removeEmail, { personId: id, email: 'first@mails.test' });
    expect(await get(id)).toMatchObject({ emails: ['second@mails.test'] });
    expect(names(await app.call(listPeopleOperation, { q: 'first@mails' }))).toEqual([]);
    await app.call(removeEmail, { personId: id, email: 'second@mails.test' });
    expect(await get(id)).toMatchObject({ email: null, emails: [] });
  });

  test('has several numbers with labels; two change places; search reads digits however they are written', async () => {
    const { id } = await aPerson();
    await app.call(addPhone, { personId: id, number: '+49 30 555 0001', label: 'work' });
    const { phones } = await app.call(addPhone, { personId: id, number: '+49 171 555 0002', label: 'mobile' });
    expect(phones).toMatchObject([
      { id: null, number: '+49305550001', label: 'work', primary: true },
      { number: '+491715550002', label: 'mobile', primary: false },
    ]);
    expect(names(await app.call(listPeopleOperation, { q: '0171 / 555 00 02' }))).toHaveLength(1);
    const swapped = await app.call(updatePhone, { personId: id, phoneId: phones[1]?.id ?? '', primary: true });
    expect(swapped.phones).toMatchObject([
      { number: '+491715550002', label: 'mobile', primary: true },
      { number: '+49305550001', label: 'work', primary: false },
    ]);
    expect((await get(id)).phone).toBe('+491715550002');
    expect(names(await app.call(listPeopleOperation, { q: '030 5550001' }))).toHaveLength(1);
  });
});

describe('custom fields', () => {
  test('are typed; a value of another type is refused by name, an empty one clears', async () => {
    const plan = await app.call(createCustomField, { label: 'Plan', type: 'choice', options: ['Free', 'Pro'] });
    await app.call(createCustomField, { label: 'Seats (2026)', type: 'number' });
    await app.call(createCustomField, { label: 'Renewal', key: 'renewal', type: 'date' });
    const { id } = await aPerson({ custom: { plan: 'pro', seats_2026: '1,200', renewal: '2026-11-30' } });
    expect((await get(id)).custom).toEqual({ plan: 'Pro', seats_2026: 1200, renewal: '2026-11-30' });
    const wrong = app.call(updatePersonOperation, { personId: id, custom: { renewal: '31.02.2026', nothing: 1 } });
    await expect(wrong).rejects.toThrow(/Renewal is not a date/);
    await expect(wrong).rejects.toMatchObject({ fields: [{ path: 'custom.renewal' }, { path: 'custom.nothing' }] });
    await app.call(updatePersonOperation, { personId: id, custom: { renewal: null, seats_2026: 3 } });
    expect((await get(id)).custom).toEqual({ plan: 'Pro', seats_2026: 3 });

    const facts = await app.runtime.system.read((tx) => personSubject.load(tx, [{ companyId: app.company.companyId, id }]));
    expect(facts.get(id)).toMatchObject({ personId: id, facts: { person: { custom: { plan: 'Pro', seats_2026: 3 }, tags: [] } } });

    await expect(app.call(createCustomField, { label: 'plan', type: 'text' })).rejects.toThrow(CustomFieldTaken);
    await app.call(updateCustomField, { fieldId: plan.id, archived: true });
    expect((await app.call(listCustomFields, {})).items.map((field) => field.key)).toEqual(['seats_2026', 'renewal']);
    await expect(app.call(updatePersonOperation, { personId: id, custom: { plan: 'Free' } })).rejects.toThrow(InvalidInput);
    expect((await get(id)).custom).toEqual({ plan: 'Pro', seats_2026: 3 });
    await app.call(updateCustomField, { fieldId: plan.id, archived: false });
    const { items } = await app.call(listCustomFields, {});
    const turned = await app.call(orderCustomFields, { fieldIds: items.map((field) => field.id).toReversed() });
    expect(turned.items.map((field) => field.key)).toEqual(items.map((field) => field.key).toReversed());
  });

  test('filter a list by equality', async () => {
    const { id } = await aPerson({ custom: { plan: 'Free', seats_2026: 7 } });
    expect((await app.call(listPeopleOperation, { custom: ['plan:free', 'seats_2026:7'] })).items.map((one) => one.id)).toEqual([id]);
    expect((await app.call(listPeopleOperation, { custom: ['seats_2026:8'] })).items).toEqual([]);
    await expect(app.call(listPeopleOperation, { custom: ['plan'] })).rejects.toThrow(InvalidInput);
  });

  test('what was read once reads the same again, and nothing crashes the reader', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CUSTOM_TYPES), fc.anything(), (type, raw) => {
        const field = { type, options: ['Red', 'Blue'] };
        const once = parseCustom(field, raw);
        if ('value' in once) expect(parseCustom(field, once.value)).toEqual(once);
        else expect(once.reason).toMatch(/^is /);
      }),
    );
    const read = (type: (typeof CUSTOM_TYPES)[number], raw: unknown) => parseCustom({ type, options: ['Red', 'Blue'] }, raw);
    for (const text of ['1234.5', '1,234.5', "1'234.5", '1 234,5', '1.234,5'])
      expect(read('number', text), text).toEqual({ value: 1234.5 });
    expect(read('boolean', 'Yes')).toEqual({ value: true });
    expect(read('choice', ' blue ')).toEqual({ value: 'Blue' });
    expect(read('url', 'example.com/a')).toEqual({ value: 'https://example.com/a' });
    expect(read('url', 'javascript:alert(1)')).toHaveProperty('reason');
    expect(read('date', '2026-02-30')).toHaveProperty('reason');
    expect(keyOf('Größe (m²)')).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(keyOf('日本')).toBe('field');
  });
});

describe('tags', () => {
  test('are made by use, given to many and taken again; only who changed is named', async () => {
    const people = await Promise.all([aPerson(), aPerson(), aPerson({ tags: ['fair'] })]);
    const ids = people.map((person) => person.id);
    const given = await app.call(tagPeople, { personIds: ids, tags: ['Fair'] });
    expect(given.personIds.toSorted()).toEqual(ids.slice(0, 2).toSorted());
    const tag = (await app.call(listTags, {})).items.find((one) => one.name === 'fair');
    expect(tag?.people).toBe(3);
    expect((await app.call(listPeopleOperation, { tagIds: [tag?.id ?? ''] })).items).toHaveLength(3);
    expect((await app.call(untagPeople, { personIds: [ids[0] ?? ''], tags: ['FAIR', 'unknown'] })).changed).toBe(1);
    expect((await app.call(listPeopleOperation, { tagIds: [tag?.id ?? ''], sort: 'name' })).items).toHaveLength(2);
    await expect(app.call(tagPeople, { personIds: [...ids, newId()], tags: ['x'] })).rejects.toMatchObject({ code: 'person_not_found' });
  });

  test('are renamed unless the name is taken; merged, everybody keeps one of them', async () => {
    const [a, b] = [await aPerson({ tags: ['north', 'south'] }), await aPerson({ tags: ['south'] })];
    const { items } = await app.call(listTags, {});
    const id = (name: string) => items.find((tag) => tag.name === name)?.id ?? '';
    await expect(app.call(updateTag, { tagId: id('south'), name: 'North' })).rejects.toThrow(TagTaken);
    await expect(app.call(createTag, { name: ' #North ' })).rejects.toThrow(TagTaken);
    expect(await app.call(mergeTags, { tagId: id('north'), tagIds: [id('south')] })).toMatchObject({ name: 'north', people: 2 });
    expect((await get(a.id)).tags.map((tag) => tag.name)).toEqual(['north']);
    expect((await get(b.id)).tags.map((tag) => tag.name)).toEqual(['north']);
  });
});

test('many people get an owner at once, and the answer says whose they were', async () => {
  const people = [await aPerson({ ownerId: app.company.userId }), await aPerson()];
  const personIds = people.map((person) => person.id);
  const { changed, before } = await app.call(assignPeople, { personIds, ownerId: app.company.userId });
  expect([changed, before]).toEqual([1, [{ personId: people[1]?.id, ownerId: null }]]);
  expect((await app.call(listPeopleOperation, { ownerId: app.company.userId })).items.map((one) => one.id)).toEqual(personIds.toReversed());
});

test('a list goes on where it stopped, in every order', async () => {
  const other = await app.aCompany('Sorted');
  const as = other.admin;
  for (const name of ['Cara', 'anna', 'Bert', 'Bert', 'Dora']) await app.call(createPersonOperation, { fullName: name }, { as });
  for (const sort of ['name', '-name', 'created_at', '-created_at', 'updated_at', '-updated_at'] as const) {
    for (const filter of [{}, { q: 'r' }]) {
      const whole = names(await app.call(listPeopleOperation, { sort, ...filter }, { as }));
      const paged: string[] = [];
      for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page++) {
        const { items, nextCursor } = await app.call(listPeopleOperation, { sort, limit: 2, cursor, ...filter }, { as });
        paged.push(...items.map((one) => one.fullName));
        cursor = nextCursor ?? undefined;
      }
      expect(paged, sort).toEqual(whole);
    }
  }
  expect(names(await app.call(listPeopleOperation, { sort: 'name' }, { as }))).toEqual(['anna', 'Bert', 'Bert', 'Cara', 'Dora']);
});

test('search finds people, organisations and notes, the whole name first, a slip of the pen, too; never another company’s', async () => {
  const { id } = await app.call(createPersonOperation, { fullName: 'Johanna Quitzow', email: 'jq@acme.test' });
  await app.call(createPersonOperation, { fullName: 'Johanna Quitzowski' });
  await app.call(createOrganisation, { name: 'Quitzow & Sons', domain: 'https://www.quitzow.test/about' });
  await app.call(createNote, { personId: id, content: 'Wants the greenhouse rebuilt before Easter' });
  const find = async (q: string, as = app.company.admin) => (await app.call(searchEverything, { q }, { as })).items;
  expect((await find('johanna quitzow')).map((hit) => hit.title)).toEqual(['Johanna Quitzow', 'Johanna Quitzowski']);
  expect(await find('quitzow')).toContainEqual(
    expect.objectContaining({ kind: 'organisation', title: 'Quitzow & Sons', detail: 'quitzow.test' }),
  );
  expect(await find('jq@acme.test')).toMatchObject([{ kind: 'person', id, rank: 1 }]);
  expect(await find('greenhou')).toMatchObject([
    { kind: 'note', personId: id, title: 'Johanna Quitzow', detail: expect.stringContaining('greenhouse') },
  ]);
  expect((await find('Johana Quitsow'))[0]).toMatchObject({ title: 'Johanna Quitzow' });
  const other = await app.aCompany('Elsewhere');
  for (const q of ['johanna quitzow', 'greenhou', 'Johana Quitsow', 'jq@acme.test']) expect(await find(q, other.admin)).toEqual([]);
  for (const q of ['%', '_', "'", '\\', ':*', '& |', '( )', '!!', '+++', '0000', "a'b\\c%"]) expect(await find(q), q).toBeInstanceOf(Array);
});

test('an organisation is renamed, and deleted only when nobody belongs to it', async () => {
  const made = await app.call(createOrganisation, { name: 'Left  Bank', domain: 'leftbank.test' });
  expect(await app.call(updateOrganisation, { organisationId: made.id, name: 'Right Bank', domain: null })).toMatchObject({
    name: 'Right Bank',
    domain: null,
  });
  const { id } = await aPerson({ organisationId: made.id });
  await expect(app.call(deleteOrganisation, { organisationId: made.id })).rejects.toThrow(OrganisationNotEmpty);
  await app.call(updatePersonOperation, { personId: id, organisationId: null });
  await app.call(deleteOrganisation, { organisationId: made.id });
  await expect(app.call(updatePersonOperation, { personId: id, organisationId: made.id })).rejects.toThrow(OrganisationNotFound);
});

test('a note is changed by its writer or a manager, and who is mentioned hears of it once', async () => {
  const { companyId, userId } = app.company;
  const writer = newId();
  await app.runtime.system.write((tx) =>
    tx.query(
      {
        name: 't.user',
        text: `insert into users (id, company_id, username, email, full_name, hashed_password, role) values ($1, $2, 'wanda', 'wanda@acme.test', 'Wanda Writer', 'x', 'user')`,
      },
      [writer, companyId],
    ),
  );
  const wanda = { kind: 'user', companyId, userId: writer, role: 'user' } as const;
  const { id } = await aPerson();
  const note = await app.call(createNote, { personId: id, content: 'Ask @Ada Admin', mentionIds: [userId] }, { as: wanda });
  const told = () =>
    app.runtime.database.read(companyId, (tx) =>
      tx.query<{ user_id: string }>(
        { name: 't.told', text: `select user_id from notifications where kind = 'mention' and person_id = $1` },
        [id],
      ),
    );
  expect(await told()).toEqual([{ user_id: userId }]);
  const changed = await app.call(
    updateNote,
    { personId: id, noteId: note.id, content: 'Ask @Ada Admin now', mentionIds: [userId] },
    { as: wanda },
  );
  expect(changed).toMatchObject({
    content: 'Ask @Ada Admin now',
    editedAt: app.clock.now(),
    metadata: { mentions: [{ user_id: userId, name: 'Ada Admin' }] },
  });
  expect(await told()).toHaveLength(1);
  const mine = await app.call(createNote, { personId: id, content: 'Private thoughts' });
  await expect(app.call(updateNote, { personId: id, noteId: mine.id, content: 'no' }, { as: wanda })).rejects.toThrow(Forbidden);
  await app.call(deleteNote, { personId: id, noteId: note.id });
  await expect(app.call(deleteNote, { personId: id, noteId: note.id })).rejects.toMatchObject({ code: 'note_not_found' });
});

describe('a file on a person', () => {
  const headers = () => ({ authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId });

  test('comes back byte for byte, as an attachment of the type that its bytes say', async () => {
    const { id } = await aPerson();
    const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(700_000, 'x')]);
    const upload = await app.http.inject({
      method: 'POST',
      url: `/api/people/${id}/files/upload?name=${encodeURIComponent('../Angebot „Küche“.html')}`,
      headers: { ...headers(), 'content-type': 'text/html' },
      payload: bytes,
    });
    expect(upload.statusCode).toBe(201);
    const file = upload.json();
    expect(file).toMatchObject({ name: 'Angebot „Küche“.html', type: 'application/pdf', size_bytes: bytes.length });
    const back = await app.http.inject({ url: `/api/people/${id}/files/${file.id}/content`, headers: headers() });
    expect(back.rawPayload.equals(bytes)).toBe(true);
    expect(back.headers).toMatchObject({ 'content-type': 'application/pdf', 'x-content-type-options': 'nosniff' });
    expect(back.headers['content-disposition']).toContain(
      'attachment; filename="Angebot _K_che_.html"; filename*=UTF-8\'\'Angebot%20%E2%80%9EK%C3%BCche',
    );
    await app.call(deleteFile, { personId: id, fileId: file.id });
    expect((await app.http.inject({ url: `/api/people/${id}/files/${file.id}/content`, headers: headers() })).statusCode).toBe(404);
  });

  test('is kept from strangers and from other companies, and is not too large', async () => {
    const { id } = await aPerson();
    const { id: fileId } = await app.call(addFile, { personId: id, name: 'a.txt', contentBase64: Buffer.from('hello').toString('base64') });
    expect((await app.call(listFiles, { personId: id })).items).toMatchObject([{ name: 'a.txt', type: 'text/plain', sizeBytes: 5 }]);
    const url = `/api/people/${id}/files/${fileId}/content`;
    expect((await app.http.inject({ url })).statusCode).toBe(401);
    const other = await app.aCompany('Nosy');
    expect((await app.http.inject({ url, headers: { ...headers(), 'x-steward-company': other.companyId } })).statusCode).toBe(404);
    const upload = `/api/people/${id}/files/upload?name=b`;
    expect((await app.http.inject({ method: 'POST', url: upload, payload: 'x' })).statusCode).toBe(401);
    const big = await app.http.inject({ method: 'POST', url: upload, headers: headers(), payload: Buffer.alloc(25_000_001) });
    expect(big.statusCode).toBe(413);
    expect((await app.call(listFiles, { personId: id })).items).toHaveLength(1);
  });

  test('is what its first bytes say', () => {
    expect(sniff(Buffer.from('\x89PNG\r\n\x1a\n...', 'latin1'), 'x.html')).toBe('image/png');
    expect(sniff(Buffer.from('<html><script>'), 'x.html')).toBe('text/plain');
    expect(sniff(Buffer.from('PK\x03\x04....'), 'x.docx')).toContain('wordprocessingml');
    expect(sniff(Buffer.from([0, 1, 2, 255]), 'x.txt')).toBe('application/octet-stream');
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidInput } from '#core/errors.ts';
import { createLeadOperation, updateLeadOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { SegmentInUse, SegmentNameTaken, SegmentNotFound, SegmentNotStatic } from './errors.ts';
import { countSegment, previewSegment, segmentFields } from './operations/condition.ts';
import { addMembers, listMembers, memberIds, removeMembers } from './operations/members.ts';
import { createSegment, deleteSegment, getSegmentOperation, refreshSegment, updateSegment } from './operations/segments.ts';
import { tendSegments } from './tend.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

let people = 0;
const aLead = (source = 'fair') =>
  app.call(createLeadOperation, { name: `Person ${++people}`, email: `p${people}@acme.test`, source, enrol: false });

/** Membership events that stand on the outbox, taken off it. */
async function events(segmentId: string): Promise<string[]> {
  const rows = await app.runtime.system.write((tx) =>
    tx.query<{ name: string; person_id: string }>(
      {
        name: '',
        text: `delete from outbox where company_id = $1 and name like 'segment.%' and payload ->> 'segment_id' = $2 returning name, person_id, subject_type`,
      },
      [app.company.companyId, segmentId],
    ),
  );
  return rows.map((row) => `${row.name} ${row.person_id}`).toSorted();
}

test('people enter and leave a segment as they come to fit and cease to, with one event for each change', async () => {
  const [ann, bob] = [await aLead('expo'), await aLead('expo')];
  const segment = await app.call(createSegment, {
    name: 'Expo, not lost',
    condition: {
      all: [
        { field: 'lead.source', is: 'expo' },
        { field: 'lead.status', isNot: 'lost' },
      ],
    },
  });
  expect(segment).toMatchObject({ kind: 'dynamic', memberCount: 0, evaluatedAt: null });
  expect(await tendSegments(app.runtime)).toBe(1);
  expect(await events(segment.id)).toEqual([`segment.entered ${ann.personId}`, `segment.entered ${bob.personId}`].toSorted());
  expect(await tendSegments(app.runtime)).toBe(0);

  app.clock.advance({ seconds: 61 });
  expect(await tendSegments(app.runtime)).toBe(1);
  expect(await events(segment.id)).toEqual([]);

  await app.call(updateLeadOperation, { leadId: bob.id, status: 'lost' });
  app.clock.advance({ seconds: 61 });
  await tendSegments(app.runtime);
  expect(await events(segment.id)).toEqual([`segment.left ${bob.personId}`]);
  const read = await app.call(getSegmentOperation, { segmentId: segment.id });
  expect(read).toMatchObject({ memberCount: 1, days: [{ day: '2026-06-02', entered: 2, departed: 1 }] });
  expect(await app.call(listMembers, { segmentId: segment.id })).toMatchObject({
    items: [{ personId: ann.personId, leadStatus: 'new' }],
    nextCursor: null,
  });
});

test('two workers at once tell of a change once', async () => {
  const lead = await aLead('race');
  const segment = await app.call(createSegment, { name: 'Race', condition: { field: 'lead.source', is: 'race' } });
  await Promise.all([
    tendSegments(app.runtime),
    tendSegments(app.runtime),
    app.call(refreshSegment, { segmentId: segment.id }),
    app.call(refreshSegment, { segmentId: segment.id }),
  ]);
  expect(await events(segment.id)).toEqual([`segment.entered ${lead.personId}`]);
});

test('a change of the condition moves people', async () => {
  const [one, two] = [await aLead('north'), await aLead('south')];
  const segment = await app.call(createSegment, { name: 'Region', condition: { field: 'lead.source', is: 'north' } });
  await tendSegments(app.runtime);
  await events(segment.id);
  await app.call(updateSegment, { segmentId: segment.id, condition: { field: 'lead.source', is: 'south' } });
  await tendSegments(app.runtime);
  expect(await events(segment.id)).toEqual([`segment.entered ${two.personId}`, `segment.left ${one.personId}`].toSorted());
});

test('a static list takes and loses people by hand, by id or by a condition', async () => {
  const [one, two, three] = [await aLead('list'), await aLead('list'), await aLead('elsewhere')];
  const list = await app.call(createSegment, { name: 'Lunch', personIds: [one.personId] });
  expect(list).toMatchObject({ kind: 'static', memberCount: 1 });
  expect(await app.call(addMembers, { segmentId: list.id, condition: { field: 'lead.source', is: 'list' } })).toEqual({ added: 1 });
  expect(await app.call(addMembers, { segmentId: list.id, personIds: [two.personId, three.personId] })).toEqual({ added: 1 });
  expect(await app.call(removeMembers, { segmentId: list.id, personIds: [one.personId] })).toEqual({ removed: 1 });
  expect((await app.call(memberIds, { segmentId: list.id })).personIds.toSorted()).toEqual([two.personId, three.personId].toSorted());
  const came = [`segment.entered ${one.personId}`, `segment.entered ${two.personId}`, `segment.entered ${three.personId}`];
  expect(await events(list.id)).toEqual([...came, `segment.left ${one.personId}`].toSorted());
  expect(await app.call(countSegment, { condition: { field: `lists.${list.id}`, above: 0 } })).toMatchObject({
    count: 2,
    estimated: false,
  });
  const dynamic = await app.call(createSegment, { name: 'Not by hand', condition: { all: [] } });
  await expect(app.call(addMembers, { segmentId: dynamic.id, personIds: [one.personId] })).rejects.toThrow(SegmentNotStatic);
});

test('a condition is counted while it is written, with some of its people', async () => {
  const lead = await aLead('counted');
  const condition = {
    all: [
      { field: 'lead.source', is: 'counted' },
      { field: 'messages.sent.any.ever', is: 0 },
      { field: 'forms.submitted.any.30d', below: 1 },
    ],
  };
  expect(await app.call(countSegment, { condition })).toMatchObject({ count: 1, estimated: false, atMost: null });
  expect(await app.call(previewSegment, { condition })).toMatchObject({ items: [{ id: lead.personId }] });
  for (const wrong of [
    { field: 'person.nonsense', is: 1 },
    { field: 'person.name', above: 'A' },
    { field: 'timeline.email.inbound.soon', above: 1 },
    { field: 'person.created_at', above: 'yesterday' },
  ])
    await expect(app.call(countSegment, { condition: wrong })).rejects.toThrow(InvalidInput);
});

test('every field that is offered can be asked with every operator it names', async () => {
  const { items } = await app.call(segmentFields, {});
  expect(items.length).toBeGreaterThan(20);
  const values = {
    text: 'a',
    choice: 'a',
    number: 1,
    boolean: true,
    date: '2026-01-01',
    moment: '2026-01-01T00:00:00Z',
    list: 'a',
    count: 2,
  } as const;
  for (const item of items) {
    const field = [item.name, ...item.params.map((param) => (param.kind === 'days' ? '30d' : (param.options[0]?.value ?? 'any')))].join(
      '.',
    );
    for (const operator of item.operators) {
      const value =
        operator === 'exists'
          ? true
          : operator === 'in'
            ? [values[item.type]]
            : operator === 'within' || operator === 'anniversary'
              ? 'this_month'
              : values[item.type];
      const input: unknown = { condition: { field, [operator]: value } };
      const { count } = await app.call(countSegment, countSegment.input.parse(input));
      expect(count).toBeGreaterThanOrEqual(0);
    }
  }
});

test('names are unique, and a segment that a live workflow starts from cannot be deleted', async () => {
  const segment = await app.call(createSegment, { name: 'Starts something', condition: { all: [] } });
  await expect(app.call(createSegment, { name: 'starts SOMETHING' })).rejects.toThrow(SegmentNameTaken);
  const { companyId } = app.company;
  const setActive = (active: boolean) =>
    app.runtime.system.write(async (tx) => {
      await tx.query(
        {
          name: '',
          text: `update workflows set active = $2, settings = jsonb_build_object('segment_id', $3::text) where company_id = $1 and name = (select min(name) from workflows where company_id = $1)`,
        },
        [companyId, active, segment.id],
      );
    });
  await setActive(true);
  await expect(app.call(deleteSegment, { segmentId: segment.id })).rejects.toThrow(SegmentInUse);
  await setActive(false);
  await app.call(deleteSegment, { segmentId: segment.id });
  await expect(app.call(getSegmentOperation, { segmentId: segment.id })).rejects.toThrow(SegmentNotFound);
});

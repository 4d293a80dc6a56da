import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Facts, StepNode } from '#core/engine/types.ts';
import type { Principal } from '#core/operation/principal.ts';
import { testApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { approveMany, decideApproval, listApprovals } from './operations.ts';
import { remind } from './remind.ts';
import { AlreadyDecided, NotYours } from './row.ts';

let app: Awaited<ReturnType<typeof testApp>>;
let [ann, ben]: Principal[] = [];
beforeAll(async () => {
  app = await testApp();
  [ann, ben] = await Promise.all([aUser('ann'), aUser('ben')]);
});
afterAll(() => app.close());

const Row = z.object({ id: z.string() });
const Seen = z.object({
  state: z.string(),
  outcome: z.string().nullable(),
  error: z.string().nullable(),
  results: z.record(z.string(), z.json()),
});
const call = (name: string, input: Facts) => callByName(app, name, input, app.company.admin);
const idOf = (principal: Principal | undefined) => (principal !== undefined && 'userId' in principal ? principal.userId : '');

async function aUser(name: string): Promise<Principal> {
  const { companyId } = app.company;
  const { id } = Row.parse(
    await call('users.create', { email: `${name}@acme.test`, fullName: name, password: 'correct horse battery staple', role: 'user' }),
  );
  return { kind: 'user', companyId, userId: id, role: 'user' };
}

let serial = 0;
async function begin(input: Facts, payload: Facts = {}, more: StepNode[] = []): Promise<string> {
  const ask: StepNode = { id: 'ask', title: 'Ask', type: 'approve', input: { title: 'Refund?', ...input } };
  const definition = {
    name: `a${++serial}`,
    title: 'A',
    subject: 'company',
    triggers: [{ on: 'manual' }],
    stopOn: [],
    settings: {},
    steps: [ask, ...more],
  };
  const made = Row.parse(await call('workflows.create', { definition: JSON.parse(JSON.stringify(definition)), active: true }));
  const started = z
    .object({ runs: z.array(z.object({ runId: z.string() })) })
    .parse(await call('workflows.start', { workflowId: made.id, payload }));
  await app.drain();
  return started.runs[0]?.runId ?? '';
}
const read = async (id: string) => Seen.parse(await call('runs.get', { runId: id }));
async function askedBy(runId: string, as: Principal = app.company.admin) {
  const { items } = await app.call(listApprovals, { runId }, { as });
  const [first] = items;
  if (first === undefined) throw new Error('nothing was asked');
  return first;
}
async function decide(
  runId: string,
  decision: 'approve' | 'reject',
  as: Principal = app.company.admin,
  more: { note?: string; proposed?: z.input<typeof decideApproval.input>['proposed'] } = {},
) {
  const { id } = await askedBy(runId);
  const after = await app.call(decideApproval, { approvalId: id, decision, ...more }, { as });
  await app.drain();
  return after;
}

describe('a run that asks', () => {
  test('waits until a manager approves, and goes on with what was approved', async () => {
    const run = await begin(
      { title: 'Refund {{ trigger.name }}?', body: '{{ trigger.name }} wants it', proposed: { cents: '{{ trigger.cents }}' } },
      { name: 'Ann', cents: 500 },
    );
    expect(await askedBy(run)).toMatchObject({
      title: 'Refund Ann?',
      body: 'Ann wants it',
      proposed: { cents: 500 },
      state: 'waiting',
      mine: true,
      workflow: 'A',
    });
    expect((await read(run)).state).toBe('waiting');
    await decide(run, 'approve', app.company.admin, { proposed: { cents: 400 } });
    expect(await read(run)).toMatchObject({
      state: 'done',
      results: { ask: { decision: 'approved', proposed: { cents: 400 }, by: app.company.userId } },
    });
    expect(await askedBy(run)).toMatchObject({ state: 'approved', proposed: { cents: 500 }, approved: { cents: 400 } });
  });

  test('ends when it is rejected, with the reason; or goes on, if it should', async () => {
    const run = await begin({});
    await expect(decide(run, 'reject')).rejects.toThrow('Say why');
    await decide(run, 'reject', app.company.admin, { note: 'too much' });
    expect(await read(run)).toMatchObject({ state: 'done', outcome: 'rejected' });
    await expect(decide(run, 'approve')).rejects.toThrow(AlreadyDecided);
    const other = await begin({ rejected: 'go_on' });
    await decide(other, 'reject', app.company.admin, { note: 'no' });
    expect(await read(other)).toMatchObject({
      state: 'done',
      outcome: 'completed',
      results: { ask: { decision: 'rejected', note: 'no' } },
    });
  });

  test('asks several people in order, each seeing what the one before changed', async () => {
    const run = await begin({ approvers: [idOf(ann), idOf(ben)], proposed: 'text' });
    await expect(decide(run, 'approve', ben)).rejects.toThrow(NotYours);
    await expect(decide(run, 'approve', app.company.admin)).rejects.toThrow(NotYours);
    expect((await askedBy(run, ann)).mine).toBe(true);
    await decide(run, 'approve', ann, { proposed: 'better text', note: 'shorter' });
    expect(await askedBy(run, ben)).toMatchObject({ state: 'waiting', mine: true, turn: 1, proposed: 'better text' });
    await expect(decide(run, 'approve', ann)).rejects.toThrow(NotYours);
    await decide(run, 'approve', ben);
    expect(await read(run)).toMatchObject({ state: 'done', results: { ask: { proposed: 'better text', by: idOf(ben) } } });
    expect((await askedBy(run)).decisions).toMatchObject([{ decision: 'change and approve', note: 'shorter' }, { decision: 'approve' }]);
  });

  test('passes over those whose account is closed; where nobody is left, any admin decides', async () => {
    const [cy, di] = await Promise.all([aUser('cy'), aUser('di')]);
    const run = await begin({ approvers: [idOf(cy), idOf(ben), idOf(di)] });
    const orphan = await begin({ approvers: [idOf(cy), idOf(di)] });
    await expect(decide(run, 'approve', ben)).rejects.toThrow(NotYours);
    await call('users.update', { userId: idOf(cy), isActive: false });
    expect(await askedBy(run, ben)).toMatchObject({ mine: true, turn: 1 });
    await call('users.delete', { userId: idOf(di) });
    expect(await decide(run, 'approve', ben), 'the last of those who are left').toMatchObject({ state: 'approved' });
    expect((await read(run)).state).toBe('done');

    await expect(decide(orphan, 'approve', ben)).rejects.toThrow('an admin decides this');
    expect(await askedBy(orphan)).toMatchObject({ mine: true });
    await decide(orphan, 'approve');
    expect((await read(orphan)).state).toBe('done');
  });

  test.each([
    ['approve', 'completed', 'approved'],
    ['reject', 'rejected', 'rejected'],
    ['end', 'expired', 'expired'],
  ])('nobody decides in time: %s', async (fallback, outcome, state) => {
    const run = await begin({ within: { hours: 2 }, fallback });
    await app.advance({ hours: 1 });
    expect((await read(run)).state).toBe('waiting');
    await app.advance({ hours: 1 });
    expect(await read(run)).toMatchObject({ state: 'done', outcome });
    expect(await askedBy(run)).toMatchObject({ state, decidedBy: null, note: 'nobody decided in time' });
  });

  test('asks others when nobody decides in time, and is rejected when they do not either', async () => {
    const run = await begin({ approvers: [idOf(ann)], escalateTo: [idOf(ben)], within: { hours: 2 }, fallback: 'escalate' });
    await app.advance({ hours: 2 });
    expect(await askedBy(run, ben)).toMatchObject({ state: 'waiting', mine: true });
    await expect(decide(run, 'approve', ann)).rejects.toThrow(NotYours);
    await app.advance({ hours: 2 });
    expect(await read(run)).toMatchObject({ state: 'done', outcome: 'rejected' });
  });

  test('and is ended meanwhile asks no more', async () => {
    const run = await begin({});
    await call('runs.cancel', { runId: run });
    expect(await askedBy(run)).toMatchObject({ state: 'withdrawn', mine: false });
    await expect(decide(run, 'approve')).rejects.toThrow('The run that asked has ended');
    expect((await app.call(listApprovals, { state: 'withdrawn' })).items.map((item) => item.runId)).toContain(run);
    expect((await app.call(listApprovals, { state: 'waiting' })).items.map((item) => item.runId)).not.toContain(run);
  });

  test('in a loop asks for each item', async () => {
    const ask: StepNode = { id: 'ask', title: 'Ask', type: 'approve', input: { title: 'Item {{ loop.item }}?' } };
    const definition = {
      name: `a${++serial}`,
      title: 'A',
      subject: 'company',
      triggers: [{ on: 'manual' }],
      stopOn: [],
      settings: {},
      steps: [{ id: 'each', title: 'Each', type: 'loop', input: { list: ['x', 'y'] }, body: [ask] }],
    };
    const made = Row.parse(await call('workflows.create', { definition: JSON.parse(JSON.stringify(definition)), active: true }));
    const started = z
      .object({ runs: z.array(z.object({ runId: z.string() })) })
      .parse(await call('workflows.start', { workflowId: made.id }));
    const run = started.runs[0]?.runId ?? '';
    for (const title of ['Item x?', 'Item y?']) {
      await app.drain();
      expect((await askedBy(run)).title).toBe(title);
      await decide(run, 'approve');
    }
    expect((await read(run)).state).toBe('done');
  });
});

test('only a person who is signed in decides: no key, no program', async () => {
  const run = await begin({});
  const { companyId, userId } = app.company;
  await expect(decide(run, 'approve', { kind: 'key', companyId, userId, role: 'admin', keyId: userId, scopes: ['*'] })).rejects.toThrow(
    NotYours,
  );
  await expect(decide(run, 'approve', ann)).rejects.toThrow('A manager decides this');
});

describe('those who are asked', () => {
  const bells = async (as: Principal | undefined) =>
    z
      .object({ items: z.array(z.object({ kind: z.string(), title: z.string(), link: z.string().nullable(), body: z.string() })) })
      .parse(await callByName(app, 'notifications.list', {}, as ?? app.company.admin))
      .items.filter((item) => item.kind.startsWith('approval'));

  test('hear of it when it is their turn, by the bell and by a mail that only leads to the page', async () => {
    const title = 'Refund to Zoe?';
    const run = await begin({ title, approvers: [idOf(ann), idOf(ben)] });
    const { id } = await askedBy(run);
    const told = { kind: 'approval_requested', title: `Decide: ${title}`, link: `/approvals?id=${id}` };
    expect((await bells(ann))[0]).toMatchObject(told);
    expect((await bells(ben)).map((one) => one.title)).not.toContain(`Decide: ${title}`);
    const [mail] = await app.runtime.system.read((tx) =>
      tx.query<{ text: string }>({ name: '', text: `select text from messages where to_email = 'ann@acme.test' and subject = $1` }, [
        `Decide: ${title}`,
      ]),
    );
    expect(mail?.text).toContain(`/approvals?id=${id}`);
    expect(mail?.text).not.toContain('/decide');
    await decide(run, 'approve', ann);
    expect((await bells(ben))[0]).toMatchObject(told);
  });

  test('are reminded once, when the last quarter of the time begins', async () => {
    const title = 'Nearly late?';
    await begin({ title, approvers: [idOf(ann)], within: { hours: 8 } });
    const reminders = async () => (await bells(ann)).filter((one) => one.title === `Nearly too late: ${title}`);
    await app.advance({ hours: 5 });
    await remind(app.runtime);
    expect(await reminders()).toHaveLength(0);
    await app.advance({ hours: 1 });
    await remind(app.runtime);
    await remind(app.runtime);
    expect(await reminders()).toHaveLength(1);
    expect((await reminders())[0]?.body).toContain('then it counts as rejected');
  });

  test('are the admins where nobody is left of those who were named', async () => {
    const cat = await aUser('cat');
    await call('users.update', { userId: idOf(cat), isActive: false });
    const late = await begin({ approvers: [idOf(cat)], title: 'Nobody is left?' });
    expect((await bells(app.company.admin)).map((one) => one.title)).toContain('Decide: Nobody is left?');
    expect((await askedBy(late)).asked).toEqual([{ id: idOf(cat), name: 'cat', active: false }]);
  });
});

describe('many at once', () => {
  const idsOf = async (runs: readonly string[]) => (await Promise.all(runs.map((run) => askedBy(run)))).map((one) => one.id);

  test('those of low risk go on together; what was decided meanwhile, or is not mine, is left as it is', async () => {
    const runs = await Promise.all([
      begin({ risk: 'low' }),
      begin({ risk: 'low' }),
      begin({ risk: 'low' }),
      begin({ risk: 'low', approvers: [idOf(ann)] }),
    ]);
    await decide(runs[1] ?? '', 'reject', app.company.admin, { note: 'no' });
    const approvalIds = await idsOf(runs);
    const answer = await app.call(approveMany, { approvalIds });
    expect(answer).toMatchObject({
      approved: 2,
      passedOn: 0,
      skipped: [{ says: 'It is rejected already' }, { says: 'Others were asked to decide this' }],
    });
    await app.drain();
    expect((await Promise.all(runs.map(read))).map((run) => run.state)).toEqual(['done', 'done', 'done', 'waiting']);
    expect(await app.call(approveMany, { approvalIds })).toMatchObject({ approved: 0 });
  });

  test('high risk never; medium risk only what one step asked', async () => {
    const high = await idsOf([await begin({ risk: 'high' }), await begin({ risk: 'low' })]);
    await expect(app.call(approveMany, { approvalIds: high })).rejects.toThrow('one by one');
    const [one, other] = await idsOf([await begin({ risk: 'medium' }), await begin({ risk: 'medium' })]);
    await expect(app.call(approveMany, { approvalIds: [one ?? '', other ?? ''] })).rejects.toThrow('one step asked');
    expect(await app.call(approveMany, { approvalIds: [one ?? ''] })).toMatchObject({ approved: 1 });
  });
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PortalUpload } from '#core/portal/types.ts';
import { createClient } from '#modules/clients/operations/clients.ts';
import { updateTask, listTasks } from '#modules/workflows/operations/tasks.ts';
import { workflowGallery } from '#modules/workflows/operations/gallery.ts';
import { listRuns } from '#modules/workflows/operations/runs.ts';
import { createWorkflow } from '#modules/workflows/operations/workflows.ts';
import { listCalls } from '#modules/calls/operations/calls.ts';
import { linkOperation } from '#modules/portal/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import {
  cancelOnboarding,
  getOnboardingOperation,
  listOnboardings,
  cancelCall,
  scheduleCall,
  settleOnboardingTask,
  startOnboarding,
} from './operations/onboardings.ts';
import { createPlan, updatePlan } from './operations/plans.ts';
import { OnboardingSettled } from './shapes.ts';
import { tendOnboardings } from './tend.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const CONTRACT = 'We work for you. You pay for it.';
const tasks = [
  { key: 'facts', title: 'Tell us about you', owner: 'client', kind: 'form', dueDays: 2, spec: { fields: [{ name: 'size', label: 'How many are you?', type: 'number' }] } },
  { key: 'contract', title: 'Sign the agreement', owner: 'client', kind: 'sign', dueDays: 3, spec: { document: CONTRACT } },
  { key: 'logo', title: 'Send your logo', owner: 'client', kind: 'upload', needs: ['contract'], dueDays: 1, dueAfter: 'contract', spec: { accept: 'picture' } },
  { key: 'account', title: 'Set the account up', owner: 'us', needs: ['facts', 'contract'], dueDays: 5, dueOf: 'calendar' },
] as const; // prettier-ignore

const get = (url: string) => app.http.inject({ method: 'GET', url });
const onceOf = (page: string) => /name="once" value="([^"]+)"/.exec(page)?.[1] ?? '';

async function begun(name: string) {
  const plan = await app.call(createPlan, {
    name: `Plan of ${name}`,
    welcome: 'Good to have you.',
    tasks: tasks.map((task) => ({
      ...task,
      needs: 'needs' in task ? [...task.needs] : [],
      spec: 'spec' in task ? { ...task.spec, ...('fields' in task.spec ? { fields: [...task.spec.fields] } : {}) } : {},
    })),
  });
  const client = await app.call(createClient, { name, email: `${name.toLowerCase()}@onboard.test`, status: 'active' });
  const started = await app.call(startOnboarding, { clientId: client.id, planId: plan.id });
  const path = new URL((await app.call(linkOperation, { clientId: client.id })).url).pathname;
  const idOf = (key: string) => started.tasks.find((task) => task.key === key)?.id ?? '';
  const now = () => app.call(getOnboardingOperation, { onboardingId: started.id });
  return { plan, client, started, path, idOf, now };
}

async function send(path: string, at: string, act: string, fields: Record<string, string>, file?: Pick<PortalUpload, 'name' | 'bytes'>) {
  const url = `${path}/onboarding/${at}`;
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...fields, do: act, once: onceOf((await get(url)).body) })) body.set(name, value);
  if (file !== undefined) body.set('file', new Blob([new Uint8Array(file.bytes)]), file.name);
  const whole = new Response(body);
  return app.http.inject({
    method: 'POST',
    url,
    headers: { 'content-type': whole.headers.get('content-type') ?? '' },
    payload: Buffer.from(await whole.arrayBuffer()),
  });
}

test('a client fills in, signs and uploads on their page; what follows opens, ours comes to our tasks, and at the end it is done', async () => {
  const { client, started, path, idOf, now } = await begun('Ann');
  // Started on a Tuesday; business days.
  expect(started).toMatchObject({
    state: 'running',
    done: 0,
    total: 4,
    startedOn: '2026-06-02',
    waitsSince: app.clock.now(),
    next: { title: 'Tell us about you', dueOn: '2026-06-04' },
  });
  expect((await get(path)).body).toContain('0 of 4 steps done');

  const refused = await send(path, idOf('facts'), 'answer', { size: 'many' });
  expect([refused.statusCode, refused.body.includes('is not a number')]).toEqual([422, true]);
  expect((await send(path, idOf('facts'), 'answer', { size: '12' })).statusCode).toBe(303);
  expect((await send(path, idOf('logo'), 'upload', {}, { name: 'logo.png', bytes: Buffer.from('x') })).statusCode).toBe(404);
  expect((await send(path, idOf('contract'), 'sign', { name: 'Ann' })).statusCode).toBe(422);
  expect((await send(path, idOf('contract'), 'sign', { name: 'Ann Example', agree: 'yes' })).statusCode).toBe(303);
  const signed = (await now()).tasks.find(({ key }) => key === 'contract');
  expect(signed?.signature).toEqual({
    typedName: 'Ann Example',
    signedAt: app.clock.now(),
    ip: '127.0.0.1',
    userAgent: 'lightMyRequest',
    sha256: createHash('sha256').update(CONTRACT).digest('hex'),
  });

  expect((await send(path, idOf('logo'), 'upload', {}, { name: 'logo.png', bytes: Buffer.from('%PDF-1.7 no picture') })).body).toContain(
    'A picture is needed',
  );
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
  expect((await send(path, idOf('logo'), 'upload', {}, { name: 'logo.png', bytes: png })).statusCode).toBe(303);
  const open = await now();
  expect(open).toMatchObject({ done: 3, waitsSince: null, next: { title: 'Set the account up', owner: 'us' } });
  expect(open.tasks.find(({ key }) => key === 'logo')).toMatchObject({ fileName: 'logo.png', state: 'done' });

  const todo = (await app.call(listTasks, { personId: client.personId, kind: 'onboarding' })).items[0];
  expect(todo).toMatchObject({ title: 'Set the account up – Ann', state: 'open', link: `/clients/${client.id}` });
  await app.call(updateTask, { taskId: todo?.id ?? '', state: 'done' });
  await app.drain();
  expect(await now()).toMatchObject({ state: 'done', done: 4, endedAt: app.clock.now(), next: null });
  expect((await get(path)).body).toContain('All done.');
});

test('all of an onboarding begins or nothing does, once for a client and a plan; what is wrong with a plan is said before', async () => {
  const { client, plan, started } = await begun('Ben');
  const again = [1, 2].map(() => app.call(startOnboarding, { clientId: client.id, planId: plan.id }));
  for (const one of await Promise.allSettled(again))
    expect(one).toMatchObject({ status: 'rejected', reason: expect.any(OnboardingSettled) });
  await app.call(updatePlan, { planId: plan.id, name: 'Another name' });
  expect((await app.call(getOnboardingOperation, { onboardingId: started.id })).name).toBe('Plan of Ben');
  const circle = (needs: string) => ({ key: needs === 'a' ? 'b' : 'a', title: 'T', owner: 'us' as const, needs: [needs] });
  await expect(app.call(createPlan, { name: 'Round', tasks: [circle('a'), circle('b')] })).rejects.toThrow('waits for itself');
  await expect(app.call(createPlan, { name: 'Gap', tasks: [{ key: 'a', title: 'T', owner: 'client', kind: 'sign' }] })).rejects.toThrow(
    'give the text',
  );
  await app.call(cancelOnboarding, { onboardingId: started.id });
  expect((await app.call(startOnboarding, { clientId: client.id, planId: plan.id })).state).toBe('running');
});

test('nobody reaches another client’s tasks, whatever they write into the address', async () => {
  const [cleo, dora] = [await begun('Cleo'), await begun('Dora')];
  const foreign = `${cleo.path}/onboarding/${dora.idOf('contract')}`;
  expect((await get(foreign)).statusCode).toBe(404);
  const once = onceOf((await get(`${cleo.path}/onboarding/${cleo.idOf('contract')}`)).body);
  const payload = new URLSearchParams({ do: 'sign', name: 'Cleo', agree: 'yes', once }).toString();
  expect(
    (await app.http.inject({ method: 'POST', url: foreign, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload }))
      .statusCode,
  ).toBe(404);
  expect((await dora.now()).done).toBe(0);
  expect((await get(`${cleo.path}/onboarding/${cleo.idOf('account')}`)).statusCode).toBe(404);
});

test('a day that passes is told once; two who settle a task at once settle it once', async () => {
  const { started, idOf, now } = await begun('Emil');
  app.clock.advance({ days: 3 });
  expect(await tendOnboardings(app.runtime)).toBeGreaterThan(0);
  expect(await tendOnboardings(app.runtime)).toBe(0);
  expect(await now()).toMatchObject({ overdue: 1 });
  const skip = () => app.call(settleOnboardingTask, { onboardingId: started.id, taskId: idOf('facts'), state: 'skipped' });
  const both = await Promise.allSettled([skip(), skip()]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expect(app.call(settleOnboardingTask, { onboardingId: started.id, taskId: idOf('contract'), state: 'done' })).rejects.toThrow(
    'Only the client can sign',
  );
  expect((await app.call(listOnboardings, { blocked: true, clientId: started.clientId })).items).toMatchObject([
    { waitsSince: started.createdAt },
  ]);
});

test('the call of an onboarding is a call: planned, moved, called off and planned anew, and it goes with the onboarding', async () => {
  const { started, path, now } = await begun('Finn');
  const at = new Date(app.clock.now().getTime() + 86_400_000);
  const plan = (when: Date) => app.call(scheduleCall, { onboardingId: started.id, at: when, minutes: 45, place: 'https://meet.test/finn' });
  const calls = async () => (await app.call(listCalls, { personId: started.personId })).items;
  const definition = {
    name: 'call-told', title: 'Told', subject: 'onboarding', triggers: [{ on: 'event', event: 'onboarding.call_scheduled' }], reentry: 'always', settings: {},
    steps: [{ id: 'end', title: 'End', type: 'end', input: { outcome: 'done' } }],
  };
  const told = await app.call(createWorkflow, { definition, active: true });
  expect(await plan(at)).toMatchObject({ callAt: at, callMinutes: 45, callPlace: 'https://meet.test/finn' });
  const later = new Date(at.getTime() + 3_600_000);
  await plan(later);
  expect(await calls()).toMatchObject([{ title: 'Onboarding call', startsAt: later, sequence: 2, state: 'planned' }]);
  expect((await get(path)).body).toContain('Onboarding call');
  await app.drain();
  await app.call(cancelCall, { onboardingId: started.id });
  await expect(app.call(cancelCall, { onboardingId: started.id })).rejects.toMatchObject({ code: 'no_call_planned' });
  expect((await get(path)).body).not.toContain('Onboarding call');
  await plan(at);
  expect(await calls()).toMatchObject([{ startsAt: at, sequence: 4, state: 'planned' }]);
  await app.drain();
  // Booked, moved and planned anew: each starts what hangs on the onboarding.
  expect((await app.call(listRuns, { workflowId: told.id })).items).toHaveLength(3);
  await app.call(cancelOnboarding, { onboardingId: started.id });
  expect(await calls()).toMatchObject([{ state: 'cancelled', sequence: 5 }]);
  expect((await now()).callAt).toBeNull();
}); // prettier-ignore

test('whoever is waited for gets a nudge with the way to their page; what they do ends it, and begins the next wait', async () => {
  const nudges = (await app.call(workflowGallery, {})).items.find(({ key }) => key === 'onboarding-nudges');
  const { id } = await app.call(createWorkflow, { definition: JSON.parse(JSON.stringify(nudges?.definition)), active: true });
  const { started, path, idOf } = await begun('Gil');
  const runs = async () => (await app.call(listRuns, { workflowId: id })).items.map(({ state }) => state);
  const mails = () =>
    app.runtime.system.read((tx) =>
      tx.query<{ subject: string; text: string }>(
        { name: 'test.nudges', text: 'select subject, text from messages where person_id = $1 order by created_at' },
        [started.personId],
      ),
    );
  await app.drain();
  expect([await runs(), await mails()]).toEqual([['waiting'], []]);
  await app.advance({ days: 2 });
  expect(await mails()).toMatchObject([{ subject: 'Next step: Tell us about you', text: expect.stringContaining('/portal/') }]);
  await send(path, idOf('facts'), 'answer', { size: '3' });
  await app.drain();
  expect(await runs()).toEqual(['waiting', 'cancelled']);
  await app.advance({ days: 2 });
  expect((await mails()).map(({ subject }) => subject)).toEqual(['Next step: Tell us about you', 'Next step: Sign the agreement']);
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectorAction } from '#core/connector/action.ts';
import { connector } from '#core/connector/connector.ts';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Connectors } from '#core/connector/types.ts';
import type { Facts, StepNode } from '#core/engine/types.ts';
import { secret } from '#core/secrets.ts';
import { testApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';

/** A shop counter that remembers what it was asked: by which action, with what, under which key. */
const asked: { action: string; token: string; input: unknown; key: string }[] = [];
let trouble: Error | null = null;
let onTheWall: string[] = [];

const Credentials = z.object({ token: secret() });
const Note = z.object({
  text: z.string().min(1).max(2_000).meta({ title: 'Text', format: 'liquid' }),
  copies: z.int().min(1).max(9).default(1),
});
const kiosk = connector({
  id: 'kiosk',
  title: 'Kiosk',
  credentials: Credentials,
  verify: () => Promise.resolve('the kiosk'),
  actions: {
    count_shelf: connectorAction(Credentials, {
      title: 'Count a shelf',
      description: 'How much is on it',
      repeat: 'safe',
      input: z.object({ shelf: z.string() }),
      output: z.object({ pieces: z.int() }),
      sample: { pieces: 3 },
      run: ({ input, credentials, key }) => ask('count_shelf', credentials.token.reveal(), input, key, () => ({ pieces: 7 })),
    }),
    sell: connectorAction(Credentials, {
      title: 'Sell',
      description: 'Sells, once for each key',
      repeat: 'keyed',
      input: z.object({ what: z.string() }),
      output: z.object({ receipt: z.string() }),
      sample: { receipt: 'R-0' },
      run: ({ input, credentials, key }) => ask('sell', credentials.token.reveal(), input, key, () => ({ receipt: `R-${key.length}` })),
    }),
    post_note: connectorAction(Credentials, {
      title: 'Post a note',
      description: 'On the wall',
      repeat: 'unsafe',
      input: Note,
      output: z.object({ place: z.int() }),
      sample: { place: 0 },
      run: ({ input, credentials, key }) =>
        ask('post_note', credentials.token.reveal(), input, key, () => ({ place: onTheWall.push(input.text) })),
      find: ({ input }) => Promise.resolve(onTheWall.includes(input.text) ? { place: onTheWall.indexOf(input.text) + 1 } : 'not_done'),
    }),
    shout: connectorAction(Credentials, {
      title: 'Shout',
      description: 'Nobody can say afterwards whether it was heard',
      repeat: 'unsafe',
      input: z.object({ text: z.string() }),
      output: z.object({}),
      sample: {},
      run: ({ input, credentials, key }) => ask('shout', credentials.token.reveal(), input, key, () => ({})),
    }),
  },
});

function ask<Answer>(action: string, token: string, input: unknown, key: string, answer: () => Answer): Promise<Answer> {
  asked.push({ action, token, input, key });
  return trouble === null ? Promise.resolve(answer()) : Promise.reject(trouble);
}

const connectors: Connectors = {
  ids: ['kiosk'],
  load: () => Promise.resolve(kiosk),
};

let app: Awaited<ReturnType<typeof testApp>>;
let connectionId: string;
const Row = z.looseObject({ id: z.string() });
const call = (name: string, input: Facts, as = app.company.admin) => callByName(app, name, input, as);
beforeAll(async () => {
  app = await testApp({ connectors });
  const made = await call('connections.create', { connector: 'kiosk', title: 'Our kiosk', credentials: { token: 'tok-1' } });
  connectionId = Row.parse(made).id;
});
afterAll(() => app.close());
afterEach(() => {
  asked.length = 0;
  onTheWall = [];
  trouble = null;
});

let serial = 0;
const definitionOf = (steps: StepNode[]): Facts =>
  JSON.parse(
    JSON.stringify({ name: `k${++serial}`, title: 'K', subject: 'company', triggers: [{ on: 'manual' }], stopOn: [], settings: {}, steps }),
  );
async function begin(steps: StepNode[], payload: Facts = {}): Promise<string> {
  const made = Row.parse(await call('workflows.create', { definition: definitionOf(steps), active: true }));
  const started = z
    .object({ runs: z.array(z.object({ runId: z.string() })) })
    .parse(await call('workflows.start', { workflowId: made.id, payload }));
  await app.drain();
  return started.runs[0]?.runId ?? '';
}
const Seen = z.object({
  state: z.string(),
  error: z.string().nullable(),
  reason: z.string().nullable(),
  results: z.record(z.string(), z.json()),
});
const read = async (runId: string) => Seen.parse(await call('runs.get', { runId }));
const act = (action: string, input: Facts, more: Facts = {}, id = 'act'): StepNode => ({
  id,
  title: id,
  type: 'connector',
  input: { action: `kiosk.${action}`, input, ...more },
});

describe('an action that changes nothing', () => {
  test('is asked with its values drawn, leaves no trace in the ledger, and its answer is there for later steps', async () => {
    const id = await begin([act('count_shelf', { shelf: '{{ trigger.shelf }}' })], { shelf: 'top' });
    expect(await read(id)).toMatchObject({ state: 'done', results: { act: { pieces: 7 } } });
    expect(asked).toMatchObject([{ action: 'count_shelf', token: 'tok-1', input: { shelf: 'top' } }]);
    expect(await app.effects()).toEqual([]);
  });

  test('is asked again when the service is away', async () => {
    trouble = new VendorUnavailable('the kiosk is closed');
    const id = await begin([act('count_shelf', { shelf: 'top' })]);
    expect(await read(id)).toMatchObject({ state: 'waiting' });
    trouble = null;
    await app.advance({ minutes: 1 });
    expect(await read(id)).toMatchObject({ state: 'done' });
  });
});

describe('an act', () => {
  test('goes through the ledger once, its answer the output of the step', async () => {
    const id = await begin([act('post_note', { text: 'for {{ trigger.who }}' }, { connectionId })], { who: 'Ann' });
    expect(await read(id)).toMatchObject({ state: 'done', results: { act: { place: 1 } } });
    expect(asked).toMatchObject([{ input: { text: 'for Ann', copies: 1 } }]);
    expect((await app.effects()).at(-1)).toMatchObject({ kind: 'connector', state: 'confirmed', attempts: 1 });
  });

  test('whose answer was lost is looked up: what is there is not done again, what is not is', async () => {
    trouble = new MaybeDone('no answer');
    onTheWall = ['there already'];
    const there = await begin([act('post_note', { text: 'there already' })]);
    expect(await read(there)).toMatchObject({ state: 'done', results: { act: { place: 1 } } });
    const missing = await begin([act('post_note', { text: 'not there' })]);
    trouble = null;
    await app.advance({ minutes: 2 });
    expect(await read(missing)).toMatchObject({ state: 'done', results: { act: { place: 2 } } });
    expect(onTheWall).toEqual(['there already', 'not there']);
  });

  test('that nobody can look up is for a person to decide', async () => {
    trouble = new MaybeDone('no answer');
    const id = await begin([act('shout', { text: 'hey' })]);
    await app.advance({ hours: 5 });
    expect(asked).toHaveLength(1);
    expect((await read(id)).reason).toContain('a person decides');
    trouble = null;
    await call('effects.decide', { effectId: (await app.effects()).at(-1)?.id ?? '', decision: 'happened' });
    await app.drain();
    expect(await read(id)).toMatchObject({ state: 'done' });
  });

  test('that carries a key is asked for again under the same key', async () => {
    trouble = new MaybeDone('no answer');
    const id = await begin([act('sell', { what: 'tea' })]);
    trouble = null;
    await app.advance({ minutes: 2 });
    expect(await read(id)).toMatchObject({ state: 'done' });
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
    expect(asked.length).toBeGreaterThan(1);
  });

  test('that is refused fails the step; credentials that are no longer good hold it until they are mended', async () => {
    trouble = new VendorRefused('no wall');
    expect(await read(await begin([act('post_note', { text: 'x' })]))).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('no wall'),
    });
    trouble = new CredentialsRejected('who are you?');
    const id = await begin([act('post_note', { text: 'y' })]);
    expect(await read(id)).toMatchObject({ state: 'waiting' });
    trouble = null;
    await call('connections.update', { connectionId, credentials: { token: 'tok-1' } });
    await app.advance({ minutes: 1 });
    expect(await read(id)).toMatchObject({ state: 'done' });
  });

  test('with values that do not fit, or without a connection, fails before anything is asked', async () => {
    const wrong = await read(await begin([act('post_note', { text: 'x', copies: '{{ trigger.many }}' })], { many: 'lots' }));
    expect(wrong).toMatchObject({ state: 'failed', error: expect.stringContaining('input.copies') });
    const other = await app.aCompany('Other');
    const made = Row.parse(
      await call(
        'workflows.create',
        { definition: definitionOf([act('post_note', { text: 'x' }, { connectionId })]), active: true },
        other.admin,
      ),
    );
    const started = await call('workflows.start', { workflowId: made.id, payload: {} }, other.admin);
    await app.drain();
    const runId = z.object({ runs: z.array(z.object({ runId: z.string() })) }).parse(started).runs[0]?.runId ?? '';
    const seen = Seen.parse(await call('runs.get', { runId }, other.admin));
    expect(seen).toMatchObject({ state: 'failed', error: expect.stringContaining('no connection to Kiosk') });
    expect(asked).toEqual([]);
  });
});

describe('a check', () => {
  const Findings = z.looseObject({
    faults: z.array(z.looseObject({ code: z.string(), path: z.string(), severity: z.string() })),
    warnings: z.array(z.looseObject({ code: z.string(), path: z.string(), severity: z.string() })),
  });
  const check = async (step: StepNode, as = app.company.admin) => {
    const { faults, warnings } = Findings.parse(await call('workflows.check', { definition: definitionOf([step]) }, as));
    return [...faults, ...warnings].filter(({ code }) => code !== 'no_end');
  };

  test('names an unknown action, a missing connection and values that do not fit', async () => {
    const other = await app.aCompany('Third');
    expect(await check(act('post_note', { text: 'x' }))).toEqual([]);
    expect(await check(act('dance', {}))).toMatchObject([{ code: 'unknown_action', path: 'steps.0.input.action' }]);
    expect(await check(act('post_note', { text: 'x' }), other.admin)).toMatchObject([{ code: 'missing_connection', severity: 'fault' }]);
    expect(await check(act('post_note', { copies: 12, text: '{{ nobody.there }}' }))).toMatchObject([
      { code: 'unresolved_variable', path: 'steps.0.input.input.text' },
      { code: 'invalid', path: 'steps.0.input.input.copies' },
    ]);
    // known only when the run gets there
    expect(await check(act('post_note', { text: 'x', copies: '{{ trigger.copies }}' }))).toEqual([]);
  });
});

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import {
  getHook,
  hookSample,
  listenHook,
  listHookRequests,
  listHooks,
  renewHook,
  replayHookRequest,
  updateHook,
} from '../operations/hooks.ts';
import { getRun, listRuns } from '../operations/runs.ts';
import { createWorkflow, updateWorkflow } from '../operations/workflows.ts';
import { pathsOf } from './paths.ts';

const steps = [{ id: 'fin', title: 'Fin', type: 'end', input: { outcome: 'served' } }];

describe('webhooks in', () => {
  let app: TestApp;
  let made = 0;
  beforeAll(async () => {
    app = await testApp();
  });
  afterAll(() => app.close());

  async function aHook(active = true) {
    const name = `hooked-${++made}`;
    const definition = JSON.parse(
      JSON.stringify({ name, title: name, subject: 'company', triggers: [{ on: 'webhook', key: 'in' }], settings: {}, steps }),
    );
    const workflow = await app.call(createWorkflow, { definition, active });
    const [hook] = (await app.call(listHooks, { workflowId: workflow.id })).items;
    if (hook === undefined) throw new Error('a hook was expected');
    return { workflowId: workflow.id, hookId: hook.id, path: hook.path };
  }
  const send = (path: string, payload: object | string, headers: Record<string, string> = {}, method: 'POST' | 'GET' | 'PUT' = 'POST') =>
    app.http.inject({ method, url: path, ...(method === 'GET' ? {} : { payload }), headers });
  const runs = async (workflowId: string) => (await app.call(listRuns, { workflowId })).items;
  const requests = async (hookId: string) => (await app.call(listHookRequests, { hookId })).items;

  test('take a signed body and refuse what is unsigned, forged, stale or changed', async () => {
    const { hookId, path, workflowId } = await aHook();
    await expect(app.call(updateHook, { hookId, signature: { preset: 'github' } })).rejects.toMatchObject({ fields: [{ path: 'secret' }] });
    const shown = await app.call(updateHook, { hookId, signature: { preset: 'github' }, secret: 'a secret of both' });
    expect(JSON.stringify(shown)).not.toContain('a secret of both');
    const body = '{"action":"opened"}';
    const signature = `sha256=${createHmac('sha256', 'a secret of both').update(body).digest('hex')}`;
    const json = { 'content-type': 'application/json' };
    expect((await send(path, body, json)).statusCode).toBe(401);
    expect((await send(path, body, { ...json, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` })).statusCode).toBe(401);
    expect((await send(path, `${body} `, { ...json, 'x-hub-signature-256': signature })).statusCode).toBe(401);
    expect((await send(path, body, { ...json, 'x-hub-signature-256': signature, 'x-github-event': 'issues' })).statusCode).toBe(202);
    await app.drain();
    const [run, ...more] = await runs(workflowId);
    expect(more).toEqual([]);
    const { results } = await app.call(getRun, { runId: run?.id ?? '' });
    expect(results['trigger']).toMatchObject({ body: { action: 'opened' }, headers: { 'x-github-event': 'issues' } });
    expect((await requests(hookId)).map((one) => one.verdict)).toEqual(['accepted', 'mismatch', 'mismatch', 'unsigned']);
    expect(JSON.stringify(await requests(hookId))).not.toContain(signature.slice(7));
  });

  test('know Stripe, Standard Webhooks and a sender of one’s own, each with its time', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const stamp = String(Math.floor(app.clock.now().getTime() / 1000));
    const old = String(Number(stamp) - 4_000);
    const body = 'plain words';
    const hmac = (key: string | Buffer, text: string, encoding: 'hex' | 'base64') =>
      createHmac('sha256', key).update(text).digest(encoding);
    const key = Buffer.from(secret.slice(6), 'base64');
    const cases = [
      {
        signature: { preset: 'stripe' } as const,
        headers: (at: string) => ({ 'stripe-signature': `t=${at},v1=${hmac(secret, `${at}.${body}`, 'hex')}` }),
      },
      {
        signature: { preset: 'standard' } as const,
        headers: (at: string) => ({
          'webhook-id': `m${at}`,
          'webhook-timestamp': at,
          'webhook-signature': `v1,${hmac(key, `m${at}.${at}.${body}`, 'base64')}`,
        }),
      },
      {
        signature: {
          preset: 'own',
          header: 'X-Sig',
          encoding: 'base64',
          prefix: 'v0=',
          timestampHeader: 'X-Time',
          toleranceS: 60,
        } as const,
        headers: (at: string) => ({ 'x-sig': `v0=${hmac(secret, `${at}.${body}`, 'base64')}`, 'x-time': at }),
      },
    ];
    for (const { signature, headers } of cases) {
      const { hookId, path } = await aHook();
      await app.call(updateHook, { hookId, signature, secret });
      expect([signature.preset, (await send(path, body, headers(stamp))).statusCode]).toEqual([signature.preset, 202]);
      expect([signature.preset, (await send(path, body, headers(old))).json().detail]).toEqual([
        signature.preset,
        expect.stringContaining('too long ago'),
      ]);
    }
  });

  test('answer with the outcome where that is asked for, and say 202 when it takes longer', async () => {
    const { hookId, path, workflowId } = await aHook();
    await app.call(updateHook, { hookId, respond: 'when_done', waitS: 20 });
    const asked = send(path, { order: 7 });
    await expect
      .poll(() =>
        app
          .drain()
          .then(() => runs(workflowId))
          .then((all) => all.length),
      )
      .toBe(1);
    await app.drain();
    const answer = await asked;
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { accepted: true, run_id: expect.any(String), state: 'done', outcome: 'served', output: expect.any(Object) },
    ]);
    await app.call(updateHook, { hookId, waitS: 1 });
    const late = await send(path, { order: 8 });
    expect([late.statusCode, late.json()]).toMatchObject([202, { accepted: true, state: 'accepted' }]);
    await app.drain();
    expect(await runs(workflowId)).toHaveLength(2);
  });

  test('keep to their methods, their size and their rate', async () => {
    const { hookId, path, workflowId } = await aHook();
    expect((await send(path, {}, {}, 'PUT')).statusCode).toBe(405);
    await app.call(updateHook, { hookId, methods: ['GET', 'POST'], maxBytes: 1_024 });
    expect((await send(`${path}?challenge=abc&token=hush`, '', {}, 'GET')).statusCode).toBe(202);
    const large = await send(path, 'x'.repeat(1_025), { 'content-type': 'text/plain' });
    expect([large.statusCode, large.json().code]).toEqual([413, 'body_too_large']);
    await app.call(updateHook, { hookId, perMinute: 3 });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await send(path, { i })).statusCode);
    expect(statuses).toEqual([202, 202, 202, 429, 429]);
    await app.drain();
    const all = await Promise.all((await runs(workflowId)).map((run) => app.call(getRun, { runId: run.id })));
    expect(all.map((run) => run.results['trigger'])).toContainEqual(
      expect.objectContaining({ method: 'GET', query: { challenge: 'abc', token: 'hush' } }),
    );
    expect(JSON.stringify(await requests(hookId))).not.toContain('hush');
  });

  test('record a test event while the workflow is off, offer its paths, and start nothing', async () => {
    const { hookId, path, workflowId } = await aHook(false);
    expect((await send(path, { a: 1 })).statusCode).toBe(409);
    expect((await app.call(hookSample, { hookId })).receivedAt).toBeNull();
    expect((await app.call(listenHook, { hookId })).listeningUntil).not.toBeNull();
    const answer = await send(path, { order: { id: 7, lines: [{ sku: 'A-1' }], card_number: '4111' }, password: 'hush' });
    expect([answer.statusCode, answer.json()]).toEqual([202, { accepted: true, test: true }]);
    expect((await app.call(getHook, { hookId })).listeningUntil).toBeNull();
    const { paths, sample } = await app.call(hookSample, { hookId });
    expect(paths).toEqual(
      expect.arrayContaining([
        { path: 'trigger.body.order.id', type: 'number', example: '7' },
        { path: 'trigger.body.order.lines.0.sku', type: 'text', example: 'A-1' },
      ]),
    );
    expect(JSON.stringify([sample, await requests(hookId)])).not.toMatch(/hush|4111/);
    await app.drain();
    expect(await runs(workflowId)).toEqual([]);
    const [recorded] = await requests(hookId);
    await expect(app.call(replayHookRequest, { requestId: recorded?.id ?? '' })).rejects.toMatchObject({ code: 'conflict' });
    await app.call(updateWorkflow, { workflowId, active: true });
    expect(await app.call(replayHookRequest, { requestId: recorded?.id ?? '' })).toMatchObject({
      verdict: 'accepted',
      replayOf: recorded?.id,
    });
    await app.drain();
    const [run] = await runs(workflowId);
    expect((await app.call(getRun, { runId: run?.id ?? '' })).results['trigger']).toMatchObject({
      body: { password: 'hush', order: { card_number: '4111' } },
    });
    expect((await requests(hookId))[0]).toMatchObject({ runId: run?.id, runState: 'done' });
  });

  test('keep the last fifty of each, and what they keep is sealed', async () => {
    const { hookId, path } = await aHook(false);
    for (let i = 0; i < 55; i++) {
      await app.call(listenHook, { hookId });
      await send(path, { i, secret: 'hush' });
    }
    const kept = (await app.call(listHookRequests, { hookId, limit: 200 })).items;
    expect(kept).toHaveLength(50);
    expect(kept[0]?.body).toEqual({ i: 54, secret: '•••' });
    const stored = await queryAs<{ row: string }>(app.target, 'owner', `select r::text as row from hook_requests r where hook_id = $1`, [
      hookId,
    ]);
    expect(stored.filter(({ row }) => row.includes('hush'))).toEqual([]);
  });

  test('get a new address when the old one is known to others', async () => {
    const { hookId, path } = await aHook();
    const renewed = await app.call(renewHook, { hookId });
    expect((await send(path, {})).statusCode).toBe(404);
    expect((await send(renewed.path, {})).statusCode).toBe(202);
  });
});

test('paths name what a template can name, and end somewhere', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`);
  expect(pathsOf(deep, 'trigger')).toHaveLength(8);
  expect(pathsOf({ 'no path': 1, ok: [true], big: 'x'.repeat(500) }, 't').map((one) => [one.path, one.type])).toEqual([
    ['t.ok', 'list'],
    ['t.ok.0', 'boolean'],
    ['t.big', 'text'],
  ]);
  expect(
    pathsOf(
      Array.from({ length: 3 }, (_, i) => i),
      't',
    ),
  ).toEqual([{ path: 't.0', type: 'number', example: '0' }]);
});

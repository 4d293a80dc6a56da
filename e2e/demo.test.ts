import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { COMPILE_CACHE } from '../scripts/prepare.mjs';
import { root } from './program.ts';

const home = path.join(mkdtempSync(path.join(tmpdir(), 'steward-demo-')), 'data');
afterAll(() => rmSync(path.dirname(home), { recursive: true, force: true }));

/** `npm start -- --demo` without npm; `until` is what it must have said. */
async function start(until: RegExp, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['src/app/main.ts', '--demo'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      ...COMPILE_CACHE,
      LOG_LEVEL: 'warn',
      PORT: '0',
      STEWARD_HOME: home,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'close');
  let said = '';
  const heard = await new Promise<RegExpExecArray | null>((resolve) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const found = until.exec(said);
      if (found !== null) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void gone.then(() => resolve(null));
  });
  return { child, gone, heard, said: () => said };
}

test('the demo takes no database of yours', async () => {
  const { gone, said } = await start(/never/, { DATABASE_URL: 'postgres://someone@localhost/real' });
  expect(await gone).toEqual([1, null]);
  expect(said()).toMatch(/takes no DATABASE_URL/);
});

test('killed while it is made, it begins anew; then it is a company with months of history and no way out', async () => {
  const first = await start(/\b10 %/);
  first.child.kill('SIGKILL');
  await first.gone;

  const second = await start(/ready: (\S+)\n.*Sign in as (\S+) with (\S+)\n/s);
  const [, url = '', email = '', password = ''] = second.heard ?? [];
  expect(second.said()).toContain('100 %');
  expect(readdirSync(path.dirname(home))).toEqual(['data-demo']);
  const post = (to: string, body: object, token = '') =>
    fetch(url + to, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
  const { access_token: token } = z
    .object({ access_token: z.string() })
    .parse(await (await post('/token', { username: email, password })).json());
  // oxlint-disable-next-line typescript/no-explicit-any -- JSON of the API, asserted on where it is used
  const get = async (from: string): Promise<any> => (await fetch(url + from, { headers: { authorization: `Bearer ${token}` } })).json();

  const { total, by_status: by } = await get('/api/lead-nurturing/leads/counts');
  expect(total).toBeGreaterThan(200);
  for (const status of ['contacted', 'engaged', 'converted', 'lost', 'unsubscribed']) expect(by[status], status).toBeGreaterThan(0);
  const oldest = await get('/api/lead-nurturing/leads?sort=created_at&limit=1');
  expect(Date.now() - Date.parse(oldest.items[0].created_at)).toBeGreaterThan(100 * 86_400_000);
  const { runs, messages } = await get('/api/system/stats');
  expect(runs.waiting).toBeGreaterThan(5);
  expect(messages).toBeGreaterThan(500);
  const { items: offers } = await get('/api/approvals?limit=100');
  const states = offers.map((one: { state: string }) => one.state);
  for (const state of ['waiting', 'approved', 'rejected']) expect(states, state).toContain(state);
  expect((await get('/api/schedules')).items.some((one: { active: boolean }) => one.active)).toBe(true);

  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  const some = async (from: string, field: string) => new Set((await get(from)).items.map((one: any) => one[field]));
  for (const status of ['open', 'won', 'lost']) expect((await get(`/api/deals?status=${status}&limit=1`)).items, status).toHaveLength(1);
  const invoices = await some('/api/invoices?limit=100', 'status');
  for (const status of ['paid', 'overdue', 'issued']) expect(invoices, status).toContain(status);
  expect((await get('/api/bank/lines?state=booked')).items.length).toBeGreaterThan(5);
  expect((await get('/api/invoice-plans')).items.length).toBeGreaterThan(0);
  expect(await some('/api/tickets?view=all&limit=100', 'state')).toContain('solved');
  expect((await get('/api/tickets?view=active')).items.length).toBeGreaterThan(0);
  expect((await get('/api/onboardings')).items.length).toBeGreaterThan(0);
  expect(await some('/api/documents', 'kind')).toEqual(new Set(['report', 'proposal', 'presentation']));

  expect(await some('/api/calls?when=past&limit=100', 'state')).toEqual(new Set(['planned', 'cancelled']));
  expect((await get('/api/calls?when=coming')).items.length).toBeGreaterThan(2);
  const quotes = await some('/api/invoices?kind=quote&limit=100', 'status');
  for (const status of ['draft', 'issued', 'invoiced', 'lapsed']) expect(quotes, status).toContain(status);
  expect((await get('/api/onboardings?blocked=true')).items.length).toBeGreaterThan(0);
  expect((await get('/api/tickets/figures?days=90')).ratings).toBeGreaterThan(2);
  expect((await get('/api/landing-pages')).items[0]).toMatchObject({ visits: expect.any(Number), conversions: expect.any(Number) });
  expect((await get('/api/reports')).items).toHaveLength(1);
  expect(await some('/api/senders/checkups', 'verdict')).toEqual(new Set(['good', 'bad']));
  expect(await some('/api/suppressions?limit=100', 'reason')).toContain('bounce');

  expect(await some('/api/connections/kinds', 'id')).toEqual(new Set(['demo']));
  const refused = await post('/api/connections', { connector: 'smtp', title: 'Out', credentials: { host: '127.0.0.1', port: 25 } }, token);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  const page = await fetch(url);
  expect(page.headers.get('x-steward-demo')).toBe('true');
  expect(await (await fetch(`${url}/contact`)).text()).toContain('<strong>Demo:</strong>');
  second.child.kill('SIGTERM');
  await second.gone;

  const third = await start(/Sign in as/);
  expect(third.said()).not.toContain('%');
  third.child.kill('SIGTERM');
  await third.gone;
});

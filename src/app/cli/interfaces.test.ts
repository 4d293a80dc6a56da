import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { runCli, type Terminal } from '#core/operation/cli.ts';
import { Secret } from '#core/secrets.ts';
import { createKey } from '#modules/accounts/operations/keys.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { operations } from '../modules.ts';
import { connect } from './connect.ts';
import { localCommands } from './local.ts';

/** The commands that people typed before there was this Steward, as they typed them. */
let app: TestApp;
let config: Config;
const place = mkdtempSync(join(tmpdir(), 'steward-commands-'));
beforeAll(async () => {
  app = await testApp();
  const url = await app.http.listen({ host: '127.0.0.1', port: 0 });
  const { key } = await app.call(createKey, { name: 'cli', scopes: ['*'] });
  config = { ...app.runtime.config, STEWARD_URL: url, STEWARD_API_KEY: new Secret(key) };
  writeFileSync(join(place, 'leads.csv'), 'name,email\nLea One,lea.one@typed.test\nLeo Two,leo.two@typed.test\n');
  const rows = Array.from({ length: 300 }, (_, i) => `${1_780_000_000 + i},,,${1_000 + i},,,`);
  writeFileSync(
    join(place, 'power_log.csv'),
    `timestamp,datetime,ane_power_mw,cpu_power_mw,gpu_power_mw,total_power_mw,cpu_energy_mj\n${rows.join('\n')}\n`,
  );
});
afterAll(async () => {
  await app.close();
  rmSync(place, { recursive: true });
});

const seen: Record<string, string> = {};

/** One line as it is typed; `X` stands for what the line says in `of`. */
async function typed(line: string, of?: string): Promise<unknown> {
  let out = '';
  const terminal: Terminal = {
    out: (text) => void (out += text),
    err: () => undefined,
    columns: null,
    interactive: false,
    confirm: async () => true,
    askSecret: async () => '',
  };
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const argv = words.map((word) => (word === 'X' ? (seen[of ?? ''] ?? '') : word.replace(/^(leads|power_log)\.csv$/, (name) => join(place, name)))); // prettier-ignore
  const parts = {
    operations,
    local: localCommands(() => config),
    version: '0',
    terminal,
    connect: (company: string | null) => connect(config, company),
  };
  const exit = await runCli(parts, [...argv, '--json']);
  expect([line, exit]).toEqual([line, 0]);
  return out === '' ? null : JSON.parse(out);
}

const N = '"Typed Client"';
const E = 'client@typed.test';

/** Line, what its X is, what it answers, and whether its id is kept for later lines. */
const LINES: readonly (readonly [line: string, of: string | null, answer: object | null, keeps?: string])[] = [
  [`business clients create --name ${N} --email ${E}`, null, { name: 'Typed Client', email: E, status: 'prospect' }, 'client'],
  ['business clients list', null, { items: [{ email: E }] }],
  [`business clients get --email ${E}`, null, { name: 'Typed Client' }],
  ['business clients update --id X --status active', 'client', { status: 'active' }],
  ['business invoices create --client-id X --amount 199.00', 'client', { total: '199.00' }, 'invoice'],
  ['business invoices list', null, { items: [{ total: '199.00' }] }],
  [`business invoices generate-pdf --id X --output ${join(place, 'invoice.pdf')}`, 'invoice', { bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  ['business workflows schedule-checkin --client-id X --days 30', 'client', { unit: 'months' }],
  ['business workflows run-checkins', null, { due: 0 }],
  ['business workflows run-reminders', null, {}],
  ['business workflows schedule --workflow checkins --cron "0 9 * * *"', null, { cron: '0 9 * * *', next: expect.arrayContaining([expect.any(String)]) }],
  [`business report power --client-id X --csv power_log.csv --output ${join(place, 'report.pdf')}`, 'client', { bytes: expect.any(Number), sent: null }],
  [`business report power --client-id X --csv power_log.csv --output ${join(place, 'report.pdf')} --send`, 'client', { sent: { to: E } }],
  ['marketing lead capture --name "Typed Lead" --email lead@typed.test', null, {}],
  ['marketing lead capture --from-file leads.csv', null, {}],
  ['business clients create --name Gone --email gone@typed.test', null, { email: 'gone@typed.test' }, 'gone'],
  ['business clients delete --id X', 'gone', null],
]; // prettier-ignore

test('every command of business and of marketing lead runs as it is written, and answers one JSON document', async () => {
  for (const [line, of, answer, keeps] of LINES) {
    const said = await typed(line, of ?? undefined);
    if (answer !== null) expect({ line, said }).toMatchObject({ line, said: answer });
    if (keeps !== undefined) seen[keeps] = String(Reflect.get(Object(said), 'id'));
  }
  expect(Object.keys(seen).toSorted()).toEqual(['client', 'gone', 'invoice']);
  await app.drain();
});

test('each column that a list names stands in what it answers', () => {
  const named = operations.flatMap(({ cli = '', columns = [], output }) => columns.map((column: string) => ({ cli, column, output })));
  const missing = named.filter(({ column, output }) => {
    const schema = JSON.stringify(z.toJSONSchema(output, { unrepresentable: 'any', io: 'output' }));
    return !schema.includes(`"${column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}":`);
  });
  expect(named.length).toBeGreaterThan(100);
  expect(missing.map(({ cli, column }) => `${cli}: ${column}`)).toEqual([]);
});

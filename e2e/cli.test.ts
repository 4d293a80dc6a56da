import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, expect, test } from 'vitest';

/** The real command in processes of its own: first on a home where nothing runs, then beside a running server. */
const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'steward-cli-'));
const base = {
  PATH: String(process.env['PATH']),
  HOME: String(process.env['HOME'] ?? ''),
  NODE_COMPILE_CACHE: String(process.env['NODE_COMPILE_CACHE'] ?? ''),
};
const environment = {
  ...base,
  STEWARD_HOME: home,
  STEWARD_ADMIN_EMAIL: 'ada@acme.test',
  STEWARD_ADMIN_PASSWORD: 'correct horse battery staple',
  LOG_LEVEL: 'error',
};

interface Ran {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], extra: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const child = spawn(process.execPath, ['bin/steward.mjs', ...args], {
    cwd: root,
    env: { ...environment, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => child.once('close', (exit) => resolve({ exit, out, err })));
}

const json = async (args: readonly string[], extra?: Readonly<Record<string, string>>) => {
  const ran = await run([...args, '--json'], extra);
  expect(ran).toMatchObject({ exit: 0 });
  return JSON.parse(ran.out);
};

let server: ChildProcess | undefined;
let url = '';

async function startServer(): Promise<void> {
  const child = spawn(process.execPath, ['src/app/main.ts'], {
    cwd: root,
    env: { ...environment, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  server = child;
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const address = /Steward is ready: (\S+)/.exec(printed)?.[1];
      if (address === undefined) return;
      url = address;
      resolve();
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${printed}`)));
  });
}

afterAll(async () => {
  const ended = new Promise((resolve) => (server === undefined ? resolve(null) : server.once('exit', resolve)));
  server?.kill('SIGTERM');
  await ended;
  rmSync(home, { recursive: true, force: true });
});

test('on a new home, the first command makes the company, in process', async () => {
  expect(await json(['companies', 'list'])).toMatchObject({ items: [{ name: expect.any(String) }] });
  expect(await json(['marketing', 'lead', 'capture', '--name', 'Ann', '--email', 'ann@acme.test'])).toMatchObject({ created: 1 });
  const { out, err, exit } = await run(['leads', 'list']);
  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  expect(out).toMatch(/Ann +ann@acme\.test/);
});

test('a refusal is a sentence on stderr and exit 1', async () => {
  const { exit, out, err } = await run(['leads', 'get', '--id', '01a1fc14-a175-70f7-9071-39c715df78d7']);
  expect({ exit, out }).toEqual({ exit: 1, out: '' });
  expect(err).toContain('no such lead');
});

test('help answers without a database, also with a wrong setting', async () => {
  const { exit, out } = await run(['--help'], { STEWARD_HOME: '/nonexistent', PORT: 'none' });
  expect(exit).toBe(0);
  expect(out).toContain('leads');
});

test('kill tests never touch a real database', async () => {
  const { exit, err } = await run(['prove', 'kill', '--rounds', '1'], { DATABASE_URL: 'postgres://localhost/real' });
  expect(exit).toBe(1);
  expect(err).toContain('unset DATABASE_URL');
});

test('with STEWARD_URL it speaks to a Steward elsewhere, and says when nobody answers', async () => {
  const { exit, err } = await run(['leads', 'list'], { STEWARD_URL: 'http://127.0.0.1:9' });
  expect(exit).toBe(1);
  expect(err).toContain('http://127.0.0.1:9 does not answer');
});

test('beside a running server it speaks to that one, as the local operator', async () => {
  await startServer();
  expect(await json(['leads', 'list'])).toMatchObject({ items: [{ name: 'Ann' }] });
  const file = join(home, 'leads.csv');
  writeFileSync(file, 'Name;E-Mail\nBob;bob@acme.test\nBob again;BOB@acme.test\n;not an address\n');
  expect(await json(['marketing', 'lead', 'capture', '--from-file', file])).toMatchObject({ created: 1 });
  const leads = await json(['leads', 'list']);
  expect(leads.items).toHaveLength(2);
});

test('an API key from elsewhere does what its scopes say', async () => {
  const token = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ada@acme.test', password: 'correct horse battery staple' }),
  });
  const { access_token } = (await token.json()) as { access_token: string }; // checked by what follows
  const made = await fetch(`${url}/api/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${access_token}` },
    body: JSON.stringify({ name: 'reader', scopes: ['leads:read'] }),
  });
  const { key } = (await made.json()) as { key: string };
  const elsewhere = { STEWARD_URL: url, STEWARD_API_KEY: key, STEWARD_HOME: '/nonexistent' };
  expect((await json(['leads', 'list'], elsewhere)).items).toHaveLength(2);
  const refused = await run(['leads', 'create', '--name', 'Cy', '--email', 'cy@acme.test'], elsewhere);
  expect(refused).toMatchObject({ exit: 1, out: '', err: expect.stringContaining('leads:write') });
});

test('two companies: it asks which, and takes a name in any alphabet', async () => {
  await json(['companies', 'create', '--name', 'Bäckerei Øst']);
  const unsure = await run(['leads', 'list']);
  expect(unsure.exit).toBe(1);
  expect(unsure.err).toContain('Bäckerei Øst');
  expect(await json(['companies', 'list'])).toMatchObject({ items: [{}, { name: 'Bäckerei Øst' }] });
  expect(await json(['health-check'])).toMatchObject({ status: 'ok' });
  expect(await json(['backup'])).toMatchObject({ directory: expect.stringContaining(home) });
  expect(await json(['leads', 'list', '--company', 'Bäckerei Øst'])).toMatchObject({ items: [] });
});

test('an assistant reaches the tools over stdio', async () => {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['bin/steward.mjs', 'mcp', '--company', 'Bäckerei Øst'],
      cwd: root,
      env: environment,
      stderr: 'inherit',
    }),
  );
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name)).toContain('leads_create');
  expect(await client.callTool({ name: 'leads_create', arguments: { name: 'Dee', email: 'dee@acme.test' } })).toMatchObject({
    structuredContent: { name: 'Dee' },
  });
  expect(await client.callTool({ name: 'leads_get', arguments: { lead_id: 'x' } })).toMatchObject({
    isError: true,
    structuredContent: { code: 'invalid_input' },
  });
  await client.close();
  expect((await json(['leads', 'list', '--company', 'Bäckerei Øst'])).items).toHaveLength(1);
});

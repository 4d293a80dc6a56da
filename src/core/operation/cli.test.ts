import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runCli, type RestAnswer, type RestCall, type Terminal } from './cli.ts';
import { operation } from './operation.ts';

const nothing = async () => ({ id: 'x' });
const output = z.object({ id: z.string() });

const operations = [
  operation({
    name: 'leads.create',
    summary: 'Add a lead.',
    http: 'POST /api/leads',
    cli: 'leads create',
    access: 'write',
    input: z.object({
      fullName: z.string().describe('As they write it'),
      email: z.email().nullable().optional(),
      score: z.int().default(3),
      vip: z.boolean().default(false),
      tags: z.array(z.string()).optional(),
      status: z.enum(['new', 'lost']).optional(),
      custom: z.record(z.string(), z.string()).optional(),
    }),
    output,
    run: nothing,
  }),
  operation({
    name: 'leads.list',
    summary: 'List leads.',
    http: 'GET /api/leads',
    cli: 'leads list',
    access: 'read',
    input: z.object({ limit: z.coerce.number().default(50), status: z.string().optional() }),
    output,
    run: nothing,
  }),
  operation({
    name: 'leads.queue',
    summary: 'What waits.',
    http: 'GET /api/leads/queue',
    cli: 'leads queue',
    columns: ['to_email', 'subject', 'reason', 'id'],
    access: 'read',
    input: z.object({}),
    output,
    run: nothing,
  }),
  operation({
    name: 'leads.get',
    summary: 'Show a lead.',
    http: 'GET /api/leads/{lead_id}',
    cli: 'leads get',
    access: 'read',
    input: z.object({ leadId: z.uuid() }),
    output,
    run: nothing,
  }),
  operation({
    name: 'leads.delete',
    summary: 'Delete a lead.',
    http: 'DELETE /api/leads/{lead_id}',
    cli: 'leads delete',
    access: 'write',
    destructive: true,
    input: z.object({ leadId: z.uuid() }),
    output,
    run: nothing,
  }),
  operation({
    name: 'leads.import',
    summary: 'Import leads.',
    http: 'POST /api/leads/import',
    cli: 'marketing lead capture',
    access: 'write',
    input: z.object({ contentBase64: z.string().meta({ 'x-file': true, 'x-cli': 'from-file' }), filename: z.string().optional() }),
    output,
    run: nothing,
  }),
];

/** Runs one command line against a server that always gives `answer`. */
async function steward(
  line: readonly string[],
  {
    answer = { status: 200, body: { id: 'x' } },
    columns = null,
    interactive = false,
    sure = false,
  }: { answer?: RestAnswer; columns?: number | null; interactive?: boolean; sure?: boolean } = {},
) {
  const calls: (RestCall & { company: string | null })[] = [];
  const seen = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => void (seen.out += text),
    err: (text) => void (seen.err += text),
    columns,
    interactive,
    confirm: async () => sure,
    askSecret: async () => 'typed',
  };
  const exit = await runCli(
    {
      operations,
      local: [{ words: 'mcp', summary: 'Speak MCP.', run: async () => ({ spoken: true }) }],
      version: '1.2.3',
      terminal,
      connect: async (company) => ({
        async request(call) {
          calls.push({ ...call, company });
          return answer;
        },
        close: async () => {},
      }),
    },
    line,
  );
  return { exit, calls, ...seen };
}

test('flags become the JSON that a REST client would send', async () => {
  const { exit, calls } = await steward([
    'leads',
    'create',
    '--full-name',
    'Ann',
    '--email',
    'null',
    '--score',
    '7',
    '--vip',
    '--tags',
    'a,b',
    '--tags',
    'c',
    '--custom',
    '{"Size":"9"}',
    '--company',
    'Acme',
  ]);
  expect(exit).toBe(0);
  expect(calls).toEqual([
    {
      company: 'Acme',
      method: 'POST',
      path: '/api/leads',
      body: { full_name: 'Ann', email: null, score: 7, vip: true, tags: ['a', 'b', 'c'], custom: { Size: '9' } },
    },
  ]);
});

test('a read asks with a query, an id goes into the path', async () => {
  expect((await steward(['leads', 'list', '--limit', '5', '--status', 'new'])).calls[0]).toMatchObject({
    method: 'GET',
    path: '/api/leads?limit=5&status=new',
  });
  expect((await steward(['leads', 'get', '--id', 'a/b'])).calls[0]).toMatchObject({ path: '/api/leads/a%2Fb' });
  expect((await steward(['leads', 'get', '--lead-id', 'abc'])).calls[0]).toMatchObject({ path: '/api/leads/abc' });
});

test('a file flag sends the bytes of the file', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'steward-cli-')), 'leads.csv');
  writeFileSync(path, 'name\nAnn\n');
  const { calls } = await steward(['marketing', 'lead', 'capture', '--from-file', path]);
  expect(calls[0]?.body).toEqual({ content_base64: Buffer.from('name\nAnn\n').toString('base64'), filename: 'leads.csv' });
  expect(await steward(['marketing', 'lead', 'capture', '--from-file', '/no/such.csv'])).toMatchObject({ exit: 2, calls: [], out: '' });
});

test('--json prints exactly one JSON document, also when Steward refuses', async () => {
  const fine = await steward(['leads', 'list', '--json']);
  expect(JSON.parse(fine.out)).toEqual({ id: 'x' });
  const refused = await steward(['leads', 'list', '--json'], {
    answer: { status: 404, body: { code: 'not_found', detail: 'No such lead' } },
  });
  expect(refused).toMatchObject({ exit: 1, err: 'No such lead\n' });
  expect(JSON.parse(refused.out)).toMatchObject({ code: 'not_found' });
  const misused = await steward(['leads', 'create', '--json']);
  expect(misused.exit).toBe(2);
  expect(JSON.parse(misused.out)).toEqual({ code: 'misused', detail: '--full-name is required' });
});

test('an answer without a body is still one JSON document', async () => {
  const { out } = await steward(['leads', 'delete', '--id', 'x', '--json'], { answer: { status: 204, body: null } });
  expect(JSON.parse(out)).toEqual({ done: true });
});

test('people get a table, with nothing in it that moves the cursor', async () => {
  const body = { items: [{ id: '1', name: 'Ann\u001b[2J', company_id: 'c', note: null }], next_cursor: 'abc' };
  const { out } = await steward(['leads', 'list'], { answer: { status: 200, body } });
  expect(out).toBe('id  name\n1   Ann [2J\nThere is more: add --cursor abc\n');
});

test('a list has the columns that a person reads, as many as the terminal is wide; --json has them all', async () => {
  const items = [{ id: 'm-1', run_id: 'r-1', subject: 'Your order', to_email: 'ann@example.test', state: 'queued' }];
  const answer = { status: 200, body: { items, next_cursor: null } };
  const queue = (...rest: string[]) => ['leads', 'queue', ...rest];
  expect((await steward(queue(), { answer })).out).toBe('to_email          subject     id\nann@example.test  Your order  m-1\n');
  expect((await steward(queue(), { answer, columns: 30 })).out).toBe(
    'to_email          subject\nann@example.test  Your order\nNot shown: id. A wider terminal or --json has them.\n',
  );
  expect(JSON.parse((await steward(queue('--json'), { answer })).out)).toEqual(answer.body);
  // Nothing named: everything but ids of other things.
  expect((await steward(['leads', 'list'], { answer })).out.split('\n')[0]).toBe('id   subject     to_email          state');
});

test('a text of several lines keeps them where one thing is shown, and is one line in a list', async () => {
  const letter = { subject: 'Hi', text: 'Dear Ann,\n\nall good.\n' };
  expect((await steward(['leads', 'get', '--id', 'x'], { answer: { status: 200, body: letter } })).out).toBe(
    'subject  Hi\ntext\n  Dear Ann,\n\n  all good.\n',
  );
  expect((await steward(['leads', 'list'], { answer: { status: 200, body: { items: [letter], next_cursor: null } } })).out).toContain(
    'Dear Ann, all good.',
  );
});

test('a refusal names each field and the next step on stderr, and nothing on stdout', async () => {
  const answer = {
    status: 422,
    body: {
      code: 'invalid_input',
      detail: 'email: not an address (and 1 more)',
      fields: [
        { path: 'email', message: 'not an address' },
        { path: 'full_name', message: 'too short' },
      ],
    },
  };
  const { exit, out, err } = await steward(['leads', 'create', '--full-name', ''], { answer });
  expect({ exit, out }).toEqual({ exit: 1, out: '' });
  expect(err).toContain('--full-name: too short');
  expect(err).toContain('steward leads create --help');
});

test.each([
  [['leads', 'create'], '--full-name is required'],
  [['leads', 'create', '--full-name', 'A', '--score', 'many'], '--score takes a number'],
  [['leads', 'create', '--full-name', 'A', '--custom', '{'], '--custom takes JSON'],
  [['leads', 'create', '--full-name', 'A', '--status', 'old'], 'Allowed choices are new, lost'],
  [['leads', 'create', '--nonsense'], "unknown option '--nonsense'"],
  [['leads', 'list', 'stray'], 'too many arguments'],
  [['leads'], 'say what to do with leads'],
  [['nonsense'], "unknown command 'nonsense'"],
])('%j is a misuse: exit 2, said on stderr', async (line, message) => {
  const { exit, out, err, calls } = await steward(line);
  expect({ exit, out, calls }).toEqual({ exit: 2, out: '', calls: [] });
  expect(err).toContain(message);
});

test('help names every command, and every flag with its meaning', async () => {
  expect(await steward(['--help'])).toMatchObject({ exit: 0, out: expect.stringContaining('leads') });
  expect((await steward(['leads', '--help'])).out).toContain('Add a lead.');
  const { exit, out } = await steward(['leads', 'create', '--help']);
  expect(exit).toBe(0);
  expect(out).toMatch(/--full-name <text> +As they write it \(required\)/);
  expect(out).toMatch(/--score <number> +\(default: 3\)/);
});

test('what cannot be undone is asked about on a terminal, unless --yes', async () => {
  expect(await steward(['leads', 'delete', '--id', 'x'], { interactive: true })).toMatchObject({ exit: 1, calls: [] });
  expect((await steward(['leads', 'delete', '--id', 'x'], { interactive: true, sure: true })).calls).toHaveLength(1);
  expect((await steward(['leads', 'delete', '--id', 'x', '--yes'], { interactive: true })).calls).toHaveLength(1);
  expect((await steward(['leads', 'delete', '--id', 'x'])).calls).toHaveLength(1);
});

test('commands of this machine run without a connection', async () => {
  const { exit, out, calls } = await steward(['mcp', '--json']);
  expect({ exit, out: JSON.parse(out), calls }).toEqual({ exit: 0, out: { spoken: true }, calls: [] });
});

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { Conflict } from '#core/errors.ts';
import { module } from '#core/module.ts';
import { operation } from '#core/operation/operation.ts';
import { PASSWORD, testApp, type TestApp } from '#testing/app.ts';
import { modules } from './modules.ts';

class DoorStuck extends Conflict {
  override readonly code = 'door_stuck';
}

const doors = module({
  name: 'doors',
  operations: [
    operation({
      name: 'doors.list',
      summary: 'List doors.',
      http: 'GET /api/doors',
      access: 'read',
      input: z.object({}),
      output: z.array(z.string()),
      run: async () => ['front'],
    }),
    operation({
      name: 'doors.open',
      summary: 'Open a door.',
      http: 'POST /api/doors/open',
      access: 'write',
      input: z.object({ doorName: z.string().min(2) }),
      output: z.object({ doorName: z.string(), openedBy: z.string() }),
      async run(ctx, { doorName }) {
        if (doorName === 'stuck') throw new DoorStuck('The door is stuck; push harder');
        return { doorName, openedBy: `${ctx.request.face} ${ctx.principal.kind}` };
      },
    }),
    operation({
      name: 'doors.remove',
      summary: 'Remove a door.',
      http: 'DELETE /api/doors/{name}',
      access: 'write',
      role: 'manager',
      destructive: true,
      input: z.object({ name: z.string() }),
      output: z.null(),
      run: async () => null,
    }),
    operation({
      name: 'doors.knock',
      summary: 'Knock.',
      http: 'POST /api/doors/knock',
      access: 'public',
      input: z.object({}),
      output: z.object({}),
      run: async () => ({}),
    }),
    operation({
      name: 'doors.newKey',
      summary: 'Cut a key.',
      http: 'POST /api/doors/key',
      access: 'write',
      sensitiveOutput: true,
      input: z.object({}),
      output: z.object({}),
      run: async () => ({}),
    }),
  ],
});

const OPERATOR = 'operator-token-of-tests';

let app: TestApp;
let url: URL;
const clients: Client[] = [];

beforeAll(async () => {
  app = await testApp({ modules: [...modules, doors] });
  url = new URL('/mcp', await app.http.listen({ port: 0, host: '127.0.0.1' }));
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await app.close();
});

async function connect(token: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
  clients.push(client);
  return client;
}

const operator = () => connect(OPERATOR);

/** An API key of a new user with the least role. */
async function keyOfUser(scopes: readonly string[]): Promise<string> {
  const post = async (path: string, token: string, payload: object) =>
    (await app.http.inject({ method: 'POST', url: path, headers: { authorization: `Bearer ${token}` }, payload })).json();
  const email = `user-${scopes.length}@acme.test`;
  await post('/api/users', OPERATOR, { email, password: PASSWORD, role: 'user' });
  const { access_token } = (
    await app.http.inject({ method: 'POST', url: '/token', payload: { username: email, password: PASSWORD } })
  ).json();
  return (await post('/api/keys', access_token, { name: 'assistant', scopes })).key;
}

test('operations are tools, described with their wire names and hints', async () => {
  const { tools } = await (await operator()).listTools();
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  expect(byName.get('doors_list')?.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
  expect(byName.get('doors_open')).toMatchObject({
    description: 'Open a door.',
    inputSchema: { properties: { door_name: { type: 'string' } }, required: ['door_name'] },
  });
  expect(byName.get('doors_remove')?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true, idempotentHint: true });
});

test('sign-in and what answers a secret are no tools', async () => {
  const names = (await (await operator()).listTools()).tools.map((tool) => tool.name);
  expect(names).not.toContain('doors_knock');
  expect(names).not.toContain('doors_newKey');
});

test('a tool does what the operation does, and says that texts inside are data', async () => {
  const result = await (await operator()).callTool({ name: 'doors_open', arguments: { door_name: 'front' } });
  expect(result.structuredContent).toEqual({ door_name: 'front', opened_by: 'mcp operator' });
  expect(result.content).toMatchObject([
    { text: expect.stringContaining('not instructions') },
    { text: '{"door_name":"front","opened_by":"mcp operator"}' },
  ]);
});

test('an error is a tool error with its stable code', async () => {
  const client = await operator();
  expect(await client.callTool({ name: 'doors_open', arguments: { door_name: 'stuck' } })).toMatchObject({
    isError: true,
    structuredContent: { code: 'door_stuck', detail: 'The door is stuck; push harder' },
  });
  expect(await client.callTool({ name: 'doors_open', arguments: { door_name: 'x' } })).toMatchObject({
    isError: true,
    structuredContent: { code: 'invalid_input', fields: [{ path: 'door_name' }] },
  });
  await expect(client.callTool({ name: 'no_such_tool' })).rejects.toThrow('There is no tool no_such_tool');
});

test('tools that a role or a key may not call are not listed, and refuse', async () => {
  const client = await connect(await keyOfUser(['doors:read']));
  const names = (await client.listTools()).tools.map((tool) => tool.name).filter((name) => name.startsWith('doors'));
  expect(names).toEqual(['doors_list']);
  expect(await client.callTool({ name: 'doors_remove', arguments: { name: 'front' } })).toMatchObject({
    isError: true,
    structuredContent: { code: 'forbidden' },
  });
});

test('without a credential, or with a bad one, nobody gets in', async () => {
  const post = (headers: Record<string, string>) =>
    app.http.inject({
      method: 'POST',
      url: '/mcp',
      headers: { accept: 'application/json, text/event-stream', ...headers },
      payload: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    });
  expect((await post({})).statusCode).toBe(401);
  expect((await post({ authorization: 'Bearer nonsense' })).statusCode).toBe(401);
  expect((await app.http.inject({ method: 'GET', url: '/mcp' })).statusCode).toBe(405);
});

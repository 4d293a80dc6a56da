import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import pg from 'pg';

/**
 * What a good developer writes by hand for a webhook: Fastify, pg, a prepared INSERT that commits by itself, with the same durability; the row is there for a worker
 * that nobody has written yet. `/batched` gathers the requests of a turn of the event loop into one INSERT.
 * Run as a process of its own: node bench/hook-by-hand.ts <socket directory> <port of the socket>
 */
const [host = '', port = '5432'] = process.argv.slice(2);
const pool = new pg.Pool({ host, port: Number(port), database: 'steward', user: 'steward_owner', max: 10 });
const http = fastify();

http.post('/hook', async (request, reply) => {
  await pool.query({
    name: 'one',
    text: 'insert into bench_hooks (id, body) values ($1, $2)',
    values: [randomUUID(), JSON.stringify(request.body)],
  });
  return reply.code(202).send({ accepted: true });
});

interface Waiting {
  readonly body: unknown;
  done(): void;
}
let waiting: Waiting[] = [];
let writing = false;

async function write(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    await pool.query({
      name: 'many',
      text: 'insert into bench_hooks (id, body) select id, body from json_to_recordset($1::json) as x (id uuid, body jsonb)',
      values: [JSON.stringify(batch.map(({ body }) => ({ id: randomUUID(), body })))],
    });
    for (const one of batch) one.done();
  }
  writing = false;
}

http.post('/batched', async (request, reply) => {
  await new Promise<void>((resolve) => {
    waiting.push({ body: request.body, done: resolve });
    if (!writing) void write();
  });
  return reply.code(202).send({ accepted: true });
});

await pool.query(
  'create table if not exists bench_hooks (id uuid primary key, body jsonb not null, at timestamptz not null default now())',
);
await http.listen({ host: '127.0.0.1', port: 0 });
const address = http.server.address();
process.stdout.write(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}\n`);
// Requests that the load cut off are of no interest any more.
process.on('SIGTERM', () => process.exit(0));

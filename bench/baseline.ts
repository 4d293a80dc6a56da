import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import pg from 'pg';

/**
 * What a good developer writes by hand: Fastify, pg, prepared statements, one transaction, no tenancy, no rights, no
 * idempotency. It writes the same rows as Steward. `/bare` is a single INSERT that commits by itself.
 * Run as a process of its own: node bench/baseline.ts <socket directory> <port of the socket> <company id> <database>
 */
const [host = '', port = '5432', company = ''] = process.argv.slice(2);
const pool = new pg.Pool({ host, port: Number(port), database: process.argv[5] ?? 'steward', user: 'steward_owner', max: 10 });
const http = fastify();
const TOKEN = 'Bearer baseline';

http.addHook('onRequest', async (request, reply) => {
  if (request.headers.authorization !== TOKEN) return reply.code(401).send({ error: 'unauthenticated' });
});

interface NewLead {
  readonly name: string;
  readonly email: string;
  readonly source?: string;
}

const body = {
  type: 'object',
  required: ['name', 'email'],
  properties: { name: { type: 'string', maxLength: 200 }, email: { type: 'string', format: 'email' }, source: { type: 'string' } },
};

const PERSON = 'insert into people (id, company_id, full_name, email) values ($1, $2, $3, $4)';
const ADDRESS = 'insert into person_emails (company_id, email, person_id) values ($1, $2, $3)';
const LEAD =
  'insert into leads (id, company_id, person_id, source) values ($1, $2, $3, $4) returning id, status, source, created_at, updated_at';
const AUDIT = `insert into audit_log (id, company_id, at, principal_kind, operation, subject_type, subject_id, input, face, ip, request_id)
  values ($1, $2, now(), 'user', 'leads.create', 'leads', $3, $4, 'rest', $5, $6)`;
const OUTBOX = `insert into outbox (id, company_id, name, subject_type, subject_id, person_id, payload, at, due_at) values ($1, $2, 'bench.lead_created', 'lead', $3, $4, $5, now(), now())`;

http.post<{ Body: NewLead }>('/leads', { schema: { body } }, async (request, reply) => {
  const { name, email, source = null } = request.body;
  const [person, lead] = [randomUUID(), randomUUID()];
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query({ name: 'person', text: PERSON, values: [person, company, name, email] });
    await client.query({ name: 'address', text: ADDRESS, values: [company, email, person] });
    const { rows } = await client.query({ name: 'lead', text: LEAD, values: [lead, company, person, source] });
    await client.query({
      name: 'audit',
      text: AUDIT,
      values: [randomUUID(), company, lead, JSON.stringify(request.body), request.ip, randomUUID()],
    });
    await client.query({ name: 'outbox', text: OUTBOX, values: [randomUUID(), company, lead, person, JSON.stringify({ source })] });
    await client.query('commit');
    return reply.code(201).send({ ...rows[0], name, email });
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
});

http.post<{ Body: NewLead }>('/bare', { schema: { body } }, async (request, reply) => {
  const { rows } = await pool.query({
    name: 'bare',
    text: 'insert into bench_bare (id, name, email, source) values ($1, $2, $3, $4) returning *',
    values: [randomUUID(), request.body.name, request.body.email, request.body.source ?? null],
  });
  return reply.code(201).send(rows[0]);
});

/** The same fields as Steward's. */
const LIST = `select l.id, l.company_id, l.person_id, p.full_name as name, p.email, p.phone, l.source, l.status, l.notes, l.owner_id,
  p.opted_out_at is not null as opted_out, l.created_at, l.updated_at from leads l join people p on p.id = l.person_id where l.company_id = $1 order by l.created_at desc, l.id desc limit 51`;

http.get('/leads', async () => {
  const { rows } = await pool.query({ name: 'list', text: LIST, values: [company] });
  return { items: rows.slice(0, 50), next_cursor: rows.length > 50 ? rows[49].id : null };
});

await pool.query(
  'create table if not exists bench_bare (id uuid primary key, name text not null, email text not null, source text, created_at timestamptz not null default now())',
);
await http.listen({ host: '127.0.0.1', port: 0 });
const address = http.server.address();
process.stdout.write(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}\n`);
process.on('SIGTERM', () => void http.close().then(() => pool.end()));

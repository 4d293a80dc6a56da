import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { ConnectionNotFound } from '../errors.ts';
import { connectionById } from '../ports.ts';
import { KEPT_REQUESTS, writeRequests } from '../request-log.ts';

const Noted = z.object({
  id: z.uuid(),
  method: z.string().describe('MAIL is a mail by SMTP'),
  path: z.string().describe('Without query, addresses and numbers'),
  status: z.int().nullable().describe('Null: no answer came'),
  ms: z.int().describe('Milliseconds'),
  error: z.string().nullable(),
  at: z.date(),
});

const LAST: Statement = {
  name: 'connections.requests.last',
  text: `select id, method, path, status, ms, error, at from connection_requests where company_id = $1 and connection_id = $2 order by at desc, id desc limit ${KEPT_REQUESTS}`,
};

export const listRequests = operation({
  name: 'connections.requests',
  summary: `The last ${KEPT_REQUESTS} requests of a connection to its vendor: what was asked and what came of it, never with what`,
  http: 'GET /api/connections/{connection_id}/requests',
  cli: 'connections requests',
  access: 'read',
  role: 'manager',
  input: z.object({ connectionId: z.uuid().describe('Id of the connection') }),
  output: z.object({ items: z.array(Noted), nextCursor: z.null() }),
  errors: [ConnectionNotFound],
  async run(ctx, { connectionId }) {
    if ((await connectionById(ctx, ctx.companyId, connectionId)) === undefined)
      throw new ConnectionNotFound('There is no such connection; see GET /api/connections');
    await writeRequests(ctx.runtime);
    return { items: await ctx.query<z.output<typeof Noted>>(LAST, [ctx.companyId, connectionId]), nextCursor: null };
  },
});

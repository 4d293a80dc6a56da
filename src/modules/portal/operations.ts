import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { ClientNotFound, getClient } from '#modules/clients/public.ts';
import { positionOf } from '#modules/people/public.ts';
import { endLinks, generationOf, linkFor, USUAL_DAYS } from './link.ts';

const clientId = () => z.uuid().describe('Id of the client');

const Link = z.object({
  clientId: z.uuid(),
  url: z.string().describe('Whoever has it can see what the client sees'),
  until: z.date().describe('It is no longer good after that'),
});

export const linkOperation = operation({
  name: 'portal.link',
  summary: 'The link to the client’s own page, where they see and do what is theirs without an account',
  http: 'POST /api/clients/{client_id}/portal-link',
  cli: 'portal link',
  access: 'write',
  status: 200,
  input: z.object({
    clientId: clientId(),
    days: z.coerce.number().int().min(1).max(730).default(USUAL_DAYS).describe('How long it is good'),
    renew: z.boolean().default(false).describe('Ends every link that was given before'),
  }),
  output: Link,
  errors: [ClientNotFound],
  async run(ctx, input) {
    const client = await getClient(ctx, ctx.companyId, input.clientId);
    if (input.renew) await endLinks(ctx, ctx.companyId, client.id, ctx.clock.now(), userOf(ctx.principal));
    const generation = await generationOf(ctx, ctx.companyId, client.id);
    ctx.subject('clients', client.id);
    const { companyId } = ctx;
    return { clientId: client.id, ...linkFor(ctx.runtime, { companyId, clientId: client.id, generation }, input.days) };
  },
});

export const revokeLinks = operation({
  name: 'portal.revoke',
  summary: 'End every link to the client’s page that was given, also those in mails',
  http: 'DELETE /api/clients/{client_id}/portal-link',
  cli: 'portal revoke',
  access: 'write',
  input: z.object({ clientId: clientId() }),
  output: z.null(),
  errors: [ClientNotFound],
  async run(ctx, input) {
    const client = await getClient(ctx, ctx.companyId, input.clientId);
    await endLinks(ctx, ctx.companyId, client.id, ctx.clock.now(), userOf(ctx.principal));
    ctx.subject('clients', client.id);
    return null;
  },
});

const View = z.object({
  id: z.uuid(),
  clientId: z.uuid(),
  firstAt: z.date(),
  lastAt: z.date(),
  pages: z.int().describe('Pages opened in this visit'),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
});

const VIEWS = `select id, client_id as "clientId", first_at as "firstAt", last_at as "lastAt", pages, ip, user_agent as "userAgent" from portal_views where company_id = $1 and client_id = $2`;
const LIST: Statement = { name: 'portal.views', text: `${VIEWS} order by last_at desc, id desc limit $3` };
const LIST_AFTER: Statement = {
  name: 'portal.views_after',
  text: `${VIEWS} and (last_at, id) < ($4::timestamptz, $5::uuid) order by last_at desc, id desc limit $3`,
};

export const listViews = operation({
  name: 'portal.views',
  summary: 'When the client’s page was opened, newest first; what one browser opens within half an hour is one visit',
  http: 'GET /api/clients/{client_id}/portal-views',
  cli: 'portal views',
  access: 'read',
  input: z.object({ clientId: clientId(), ...pageInput }),
  output: pageOf(View),
  errors: [NotFound],
  async run(ctx, { clientId: id, limit, cursor }) {
    await getClient(ctx, ctx.companyId, id);
    const after = cursor === undefined ? [] : positionOf(cursor);
    const found = await ctx.query<z.output<typeof View>>(cursor === undefined ? LIST : LIST_AFTER, [
      ctx.companyId,
      id,
      limit + 1,
      ...after,
    ]);
    return toPage(found, limit, (row) => [row.lastAt.getTime(), row.id]);
  },
});

const userOf = (principal: object): string | null =>
  'userId' in principal && typeof principal.userId === 'string' ? principal.userId : null;

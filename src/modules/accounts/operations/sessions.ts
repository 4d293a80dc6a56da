import { and, desc, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import { NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { forgetPrincipals } from '../principal-cache.ts';
import { olderThan } from '#core/operation/older-than.ts';
import { isAdmin, ownId, requirePerson } from '../rights.ts';
import { sessions } from '../tables.ts';

export const Session = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: z.date(),
  lastSeenAt: z.date(),
  expiresAt: z.date(),
  current: z.boolean().describe('The one that asks'),
});

/** Own ones; an admin sees a colleague's, too. Sessions that are over are not shown. */
export const listSessions = operation({
  name: 'sessions.list',
  summary: 'Browsers that are signed in',
  http: 'GET /api/sessions',
  cli: 'sessions list',
  access: 'read',
  input: z.object({ ...pageInput, userId: z.uuid().optional().describe('Of this user (admins); default: your own, for the operator all') }),
  output: pageOf(Session),
  async run(ctx, { limit, cursor, userId }) {
    const wanted = isAdmin(ctx) && userId !== undefined ? userId : ownId(ctx);
    const hidden = userId !== undefined && !isAdmin(ctx) && userId !== ownId(ctx);
    if (hidden) return { items: [], nextCursor: null };
    const rows = await ctx.db
      .select()
      .from(sessions)
      .where(
        and(
          eq(sessions.companyId, ctx.companyId),
          wanted === null ? undefined : eq(sessions.userId, wanted),
          gt(sessions.expiresAt, ctx.clock.now()),
          olderThan(cursor, sessions.createdAt, sessions.id),
        ),
      )
      .orderBy(desc(sessions.createdAt), desc(sessions.id))
      .limit(limit + 1);
    const page = toPage(rows, limit, (row) => [row.createdAt.toISOString(), row.id]);
    const here = ctx.principal.kind === 'user' ? ctx.principal.sessionId : undefined;
    return { ...page, items: page.items.map((row) => ({ ...row, current: row.id === here })) };
  },
});

export const revokeSession = operation({
  name: 'sessions.revoke',
  summary: 'Sign a browser out, from afar',
  http: 'DELETE /api/sessions/{session_id}',
  cli: 'sessions revoke',
  access: 'write',
  input: z.object({ sessionId: z.uuid() }),
  output: z.null(),
  async run(ctx, { sessionId }) {
    requirePerson(ctx);
    const mine = ownId(ctx);
    const gone = await ctx.db
      .delete(sessions)
      .where(
        and(
          eq(sessions.companyId, ctx.companyId),
          eq(sessions.id, sessionId),
          isAdmin(ctx) || mine === null ? undefined : eq(sessions.userId, mine),
        ),
      )
      .returning({ id: sessions.id });
    if (gone.length === 0) throw new NotFound('There is no such session; see GET /api/sessions');
    ctx.subject('sessions', sessionId);
    ctx.afterCommit(() => forgetPrincipals(ctx.runtime));
    return null;
  },
});

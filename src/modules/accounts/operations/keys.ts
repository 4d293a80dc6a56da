import { and, desc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { hashToken, newToken } from '../opaque-token.ts';
import { forgetPrincipals } from '../principal-cache.ts';
import { admins } from '../public.ts';
import { olderThan } from '#core/operation/older-than.ts';
import { isAdmin, ownId, requirePerson } from '../rights.ts';
import { apiKeys } from '../tables.ts';

const Scope = z.string().regex(/^(\*|[a-z][a-z_]*:(read|write))$/, 'is not a scope; write it as leads:read or leads:write, or * for all');

/** A key as shown: never the key itself. */
const ApiKey = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  name: z.string(),
  prefix: z.string().describe('How the key begins'),
  scopes: z.array(z.string()),
  expiresAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  createdAt: z.date(),
});

/** The key dies with its user, and never may more than they. */
export const createKey = operation({
  name: 'keys.create',
  summary: 'Make an API key for a program; it is shown once, now',
  http: 'POST /api/keys',
  cli: 'keys create',
  access: 'write',
  input: z.object({
    name: z.string().trim().min(1).max(100).describe('What it is for'),
    scopes: z.array(Scope).min(1).max(100).describe('What it may do: leads:read, leads:write, … or *'),
    expiresAt: z.date().optional().describe('Default: never'),
  }),
  output: ApiKey.extend({ key: z.string().describe('Keep it now: it cannot be shown again') }),
  sensitiveOutput: true,
  async run(ctx, input) {
    requirePerson(ctx);
    const userId = ownId(ctx) ?? (await admins(ctx, ctx.companyId))[0]?.id;
    if (userId === undefined) throw new Conflict('A key belongs to a user, and this company has none yet; invite an admin first');
    const key = newToken('stw');
    const [row] = await ctx.db
      .insert(apiKeys)
      .values({
        id: newId(),
        companyId: ctx.companyId,
        userId,
        name: input.name,
        prefix: key.slice(0, 10),
        keyHash: hashToken(key),
        scopes: [...new Set(input.scopes)],
        expiresAt: input.expiresAt ?? null,
        createdAt: ctx.clock.now(),
      })
      .returning();
    if (row === undefined) throw new Error('the insert answered no row');
    return { ...row, key };
  },
});

export const listKeys = operation({
  name: 'keys.list',
  summary: 'API keys: your own, for admins all of the company',
  http: 'GET /api/keys',
  cli: 'keys list',
  access: 'read',
  input: z.object(pageInput),
  output: pageOf(ApiKey),
  async run(ctx, { limit, cursor }) {
    const mine = ownId(ctx);
    const rows = await ctx.db
      .select()
      .from(apiKeys)
      .where(
        and(
          eq(apiKeys.companyId, ctx.companyId),
          isAdmin(ctx) || mine === null ? undefined : eq(apiKeys.userId, mine),
          olderThan(cursor, apiKeys.createdAt, apiKeys.id),
        ),
      )
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
      .limit(limit + 1);
    return toPage(rows, limit, (row) => [row.createdAt.toISOString(), row.id]);
  },
});

export const revokeKey = operation({
  name: 'keys.revoke',
  summary: 'End an API key for good',
  http: 'DELETE /api/keys/{key_id}',
  cli: 'keys revoke',
  access: 'write',
  destructive: true,
  input: z.object({ keyId: z.uuid() }),
  output: z.null(),
  async run(ctx, { keyId }) {
    requirePerson(ctx);
    const mine = ownId(ctx);
    const revoked = await ctx.db
      .update(apiKeys)
      .set({ revokedAt: ctx.clock.now() })
      .where(
        and(
          eq(apiKeys.companyId, ctx.companyId),
          eq(apiKeys.id, keyId),
          isNull(apiKeys.revokedAt),
          isAdmin(ctx) || mine === null ? undefined : eq(apiKeys.userId, mine),
        ),
      )
      .returning({ id: apiKeys.id });
    if (revoked.length === 0) throw new NotFound('There is no such key that is still good; see GET /api/keys');
    ctx.subject('keys', keyId);
    ctx.afterCommit(() => forgetPrincipals(ctx.runtime));
    return null;
  },
});

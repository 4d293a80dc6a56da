import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { olderThan } from '#core/operation/older-than.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import type { Runtime } from '#core/runtime.ts';
import { auditLog, users } from '#modules/accounts/public.ts';

const Entry = z.object({
  id: z.uuid(),
  createdAt: z.date(),
  actorKind: z.enum(['user', 'key', 'operator', 'engine', 'public']),
  actorId: z.uuid().nullable().describe('The user, for a key the one whose it is'),
  actorName: z.string().nullable(),
  keyId: z.uuid().nullable(),
  runId: z.uuid().nullable(),
  operation: z.string(),
  says: z.string().describe('What the operation does, in words; of one that is no more, its name'),
  subjectType: z.string().nullable(),
  subjectId: z.string().nullable(),
  input: z.record(z.string(), z.json()).describe('What was asked, secrets left out'),
  face: z.string(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string(),
});

/** `leads` finds leads.create, leads.update …; a full name only itself. */
function named(operationName: string | undefined) {
  if (operationName === undefined || operationName === '') return undefined;
  return operationName.includes('.')
    ? eq(auditLog.operation, operationName)
    : sql`split_part(${auditLog.operation}, '.', 1) = ${operationName}`;
}

/** Up to the first stop of the sentence that the operation is declared with: what follows says how it works. */
function inWords(summaries: Runtime['summaries'], name: string): string {
  return summaries.get(name)?.split(/[.;:](?:\s|$)/, 1)[0] ?? name;
}

/** Operations whose words hold all of these. */
function meant(summaries: Runtime['summaries'], words: string | undefined) {
  if (words === undefined || words === '') return undefined;
  const wanted = words.toLowerCase().split(/\s+/);
  const found = [...summaries.keys()].filter((name) => {
    const text = `${name} ${inWords(summaries, name)}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  return inArray(auditLog.operation, found);
}

export const listAudit = operation({
  name: 'audit.list',
  summary: 'Every change: who, what, when, from where; newest first',
  http: 'GET /api/audit',
  cli: 'audit list',
  access: 'read',
  role: 'admin',
  input: z.object({
    ...pageInput,
    operation: z.string().max(100).optional().describe('A name such as leads.update, or the noun alone'),
    q: z.string().trim().max(100).optional().describe('Words of what was done, or of the operation’s name'),
    userId: z.uuid().optional(),
    subjectId: z.string().max(100).optional(),
    from: z.date().optional(),
    to: z.date().optional(),
  }),
  output: pageOf(Entry),
  async run(ctx, input) {
    const rows = await ctx.db
      .select({
        id: auditLog.id,
        createdAt: auditLog.at,
        actorKind: sql<z.input<typeof Entry>['actorKind']>`${auditLog.principalKind}`,
        actorId: auditLog.userId,
        actorName: sql<string | null>`coalesce(nullif(${users.fullName}, ''), ${users.email})`,
        keyId: auditLog.keyId,
        runId: auditLog.runId,
        operation: auditLog.operation,
        subjectType: auditLog.subjectType,
        subjectId: auditLog.subjectId,
        input: auditLog.input,
        face: auditLog.face,
        ip: auditLog.ip,
        userAgent: auditLog.userAgent,
        requestId: auditLog.requestId,
      })
      .from(auditLog)
      .leftJoin(users, and(eq(users.id, auditLog.userId), eq(users.companyId, auditLog.companyId)))
      .where(
        and(
          eq(auditLog.companyId, ctx.companyId),
          named(input.operation),
          meant(ctx.runtime.summaries, input.q),
          input.userId === undefined ? undefined : eq(auditLog.userId, input.userId),
          input.subjectId === undefined ? undefined : eq(auditLog.subjectId, input.subjectId),
          input.from === undefined ? undefined : gte(auditLog.at, input.from),
          input.to === undefined ? undefined : lt(auditLog.at, input.to),
          olderThan(input.cursor, auditLog.at, auditLog.id),
        ),
      )
      .orderBy(desc(auditLog.at), desc(auditLog.id))
      .limit(input.limit + 1);
    const told = rows.map((row) => ({ ...row, says: inWords(ctx.runtime.summaries, row.operation) }));
    return toPage(told, input.limit, (row) => [row.createdAt.toISOString(), row.id]);
  },
});

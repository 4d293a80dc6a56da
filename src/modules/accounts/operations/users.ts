import { and, desc, eq, isNull, ne } from 'drizzle-orm';
import { z } from 'zod';
import { Forbidden, InvalidInput, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { ROLES } from '#core/operation/principal.ts';
import { AlreadyTaken, LastAdmin, namingTheField, wrongPassword } from '../errors.ts';
import { Me, meOf } from '../me.ts';
import { givenPassword, hashPassword, newPassword, verifyPassword } from '../password.ts';
import { forgetPrincipals } from '../principal-cache.ts';
import { olderThan } from '#core/operation/older-than.ts';
import { isAdmin, ownId } from '../rights.ts';
import { apiKeys, sessions, users } from '../tables.ts';
import { checkUsername, emailAddress, fullName, insertUser, keepAnAdmin, requireUser, User, username, type UserRow } from '../users.ts';

export const createUser = operation({
  name: 'users.create',
  summary: 'Give somebody an account right away; to let them choose their password, invite them',
  http: 'POST /api/users',
  cli: 'users create',
  access: 'write',
  role: 'admin',
  input: z.object({
    email: emailAddress(),
    username: username().optional().describe('Default: the email address'),
    fullName: fullName().default(''),
    password: newPassword(),
    role: z.enum(ROLES).default('user'),
    isActive: z.boolean().default(true),
  }),
  output: User,
  errors: [AlreadyTaken],
  run: (ctx, input) => insertUser(ctx, ctx.clock, { ...input, companyId: ctx.companyId }),
});

export const listUsers = operation({
  name: 'users.list',
  summary: 'People of your company who have an account',
  http: 'GET /api/users',
  cli: 'users list',
  access: 'read',
  input: z.object({ ...pageInput, role: z.enum(ROLES).optional(), isActive: z.boolean().optional() }),
  output: pageOf(User),
  async run(ctx, { limit, cursor, role, isActive }) {
    const rows = await ctx.db
      .select()
      .from(users)
      .where(
        and(
          eq(users.companyId, ctx.companyId),
          isNull(users.deletedAt),
          role === undefined ? undefined : eq(users.role, role),
          isActive === undefined ? undefined : eq(users.isActive, isActive),
          olderThan(cursor, users.createdAt, users.id),
        ),
      )
      .orderBy(desc(users.createdAt), desc(users.id))
      .limit(limit + 1);
    return toPage(rows, limit, (row) => [row.createdAt.toISOString(), row.id]);
  },
});

export const getMe = operation({
  name: 'users.me',
  summary: 'Who you are here, and your company',
  http: 'GET /api/users/me',
  aliases: ['GET /users/me'],
  cli: 'users me',
  access: 'read',
  input: z.object({}),
  output: Me,
  async run(ctx) {
    const userId = ownId(ctx);
    if (userId === null) throw new NotFound('The local operator has no account of their own; see: steward users list');
    return meOf(ctx, ctx.companyId, userId);
  },
});

export const getUser = operation({
  name: 'users.get',
  summary: 'One user',
  http: 'GET /api/users/{user_id}',
  cli: 'users get',
  access: 'read',
  input: z.object({ userId: z.uuid() }),
  output: User,
  run: (ctx, { userId }) => requireUser(ctx, ctx.companyId, userId),
});

const Changes = z.object({
  userId: z.uuid(),
  username: username().optional(),
  email: emailAddress().optional(),
  fullName: fullName().optional(),
  role: z.enum(ROLES).optional().describe('Admins only'),
  isActive: z.boolean().optional().describe('Admins only'),
  password: newPassword().optional(),
  currentPassword: givenPassword().optional().describe('Needed to change your own password, email or user name'),
});

/** Everybody may change themselves, admins everybody. A new password ends all other sessions and tokens of that user. */
export const updateUser = operation({
  name: 'users.update',
  summary: 'Change a user, or yourself; only the fields that you name',
  http: 'PUT /api/users/{user_id}',
  cli: 'users update',
  access: 'write',
  input: Changes,
  output: User,
  errors: [AlreadyTaken, LastAdmin],
  async run(ctx, { userId, password, currentPassword, ...changes }) {
    const row = await requireUser(ctx, ctx.companyId, userId);
    ctx.expectVersion(row);
    await checkRights(ctx, row, { ...changes, password, currentPassword });
    const losesAdmin = row.role === 'admin' && row.isActive && ((changes.role ?? 'admin') !== 'admin' || changes.isActive === false);
    if (losesAdmin) await keepAnAdmin(ctx, ctx.companyId, userId);
    const email = changes.email ?? row.email;
    const name = changes.username ?? (row.username === row.email ? email : row.username);
    checkUsername(name, email);
    const secret = password === undefined ? {} : { hashedPassword: await hashPassword(password), tokenVersion: row.tokenVersion + 1 };
    const [updated] = await ctx.db
      .update(users)
      .set({ ...changes, ...secret, email, username: name, updatedAt: ctx.clock.now() })
      .where(and(eq(users.companyId, ctx.companyId), eq(users.id, userId)))
      .returning()
      .catch((error: unknown) => {
        throw namingTheField(error);
      });
    if (updated === undefined) throw new NotFound('This user was removed meanwhile');
    if (password !== undefined || changes.isActive === false) await endOtherSessions(ctx, userId);
    ctx.afterCommit(() => forgetPrincipals(ctx.runtime));
    return updated;
  },
});

type Wanted = Omit<z.output<typeof Changes>, 'userId'>;

/** @throws Forbidden, Unauthenticated when the current password is wrong */
async function checkRights(ctx: Ctx, row: UserRow, wanted: Wanted): Promise<void> {
  const self = ownId(ctx) === row.id;
  if (!isAdmin(ctx) && !self) throw new Forbidden('Only an admin may change somebody else');
  if (!isAdmin(ctx) && (wanted.role !== undefined || wanted.isActive !== undefined))
    throw new Forbidden('Only an admin may change a role or close an account');
  const guarded =
    wanted.password !== undefined || (wanted.email ?? row.email) !== row.email || (wanted.username ?? row.username) !== row.username;
  if (!self || !guarded) return;
  if (wanted.currentPassword === undefined) {
    throw new InvalidInput('Give your current password to change how you sign in', {
      fields: [{ path: 'current_password', message: 'is needed' }],
    });
  }
  if (!(await verifyPassword(wanted.currentPassword, row.hashedPassword)).right) throw wrongPassword();
}

async function endOtherSessions(ctx: Ctx, userId: string): Promise<void> {
  const here = ctx.principal.kind === 'user' ? ctx.principal.sessionId : undefined;
  await ctx.db
    .delete(sessions)
    .where(and(eq(sessions.companyId, ctx.companyId), eq(sessions.userId, userId), here === undefined ? undefined : ne(sessions.id, here)));
}

/** The account is gone from every list and cannot sign in; its name and address are free again. What it did stays in the history. */
export const deleteUser = operation({
  name: 'users.delete',
  summary: 'Remove an account; what it did stays in the history',
  http: 'DELETE /api/users/{user_id}',
  cli: 'users delete',
  access: 'write',
  role: 'admin',
  destructive: true,
  input: z.object({ userId: z.uuid() }),
  output: z.null(),
  errors: [LastAdmin],
  async run(ctx, { userId }) {
    const row = await requireUser(ctx, ctx.companyId, userId);
    ctx.expectVersion(row);
    if (row.role === 'admin' && row.isActive) await keepAnAdmin(ctx, ctx.companyId, userId);
    const now = ctx.clock.now();
    const mine = and(eq(users.companyId, ctx.companyId), eq(users.id, userId));
    await ctx.db
      .update(users)
      .set({ deletedAt: now, isActive: false, tokenVersion: row.tokenVersion + 1, updatedAt: now })
      .where(mine);
    await ctx.db.delete(sessions).where(and(eq(sessions.companyId, ctx.companyId), eq(sessions.userId, userId)));
    await ctx.db
      .update(apiKeys)
      .set({ revokedAt: now })
      .where(and(eq(apiKeys.companyId, ctx.companyId), eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)));
    ctx.subject('users', userId);
    ctx.afterCommit(() => forgetPrincipals(ctx.runtime));
    return null;
  },
});

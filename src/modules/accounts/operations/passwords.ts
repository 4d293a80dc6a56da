import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound, TooManyRequests } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { requireCompany } from '../companies.ts';
import { LinkExpired } from '../errors.ts';
import { accountName } from '../identity.ts';
import { pageLink } from '../links.ts';
import { resetText, sendAccountMail } from '../mail.ts';
import { hashToken, LONGEST_TOKEN, newToken } from '../opaque-token.ts';
import { hashPassword, newPassword } from '../password.ts';
import { forgetPrincipals } from '../principal-cache.ts';
import { requirePerson } from '../rights.ts';
import { passwordResets, sessions, users } from '../tables.ts';
import { throttle } from '../throttle.ts';
import { emailAddress } from '../users.ts';

const LIFE_MS = 3_600_000;

const BY_EMAIL: Statement = {
  name: 'password_resets.user',
  text: `select id as "userId", company_id as "companyId", email, full_name as "fullName" from users where email = $1 and is_active and deleted_at is null`,
};

interface Forgetful {
  readonly userId: string;
  readonly companyId: string;
  readonly email: string;
  readonly fullName: string;
}

async function insertReset(tx: Transaction, ctx: Ctx, user: { userId: string; companyId: string }) {
  const token = newToken('rst');
  const now = ctx.clock.now();
  const expiresAt = new Date(now.getTime() + LIFE_MS);
  const id = newId();
  await tx.db.insert(passwordResets).values({ ...user, id, tokenHash: hashToken(token), ip: ctx.request.ip, createdAt: now, expiresAt });
  return { id, expiresAt, link: pageLink(ctx.runtime.config, 'reset', token) };
}

/** An answer takes this long, account or not: making the mail must not be seen in the time. */
const ANSWER_MS = 250;

/** Says the same whether there is such an account or not. */
export const forgotPassword = operation({
  name: 'passwords.forgot',
  summary: 'Ask for a mail with a link to choose a new password',
  http: 'POST /api/password-resets',
  access: 'public',
  input: z.object({ email: emailAddress() }),
  output: z.object({ message: z.string() }),
  errors: [TooManyRequests],
  status: 202,
  ratePerMinute: 30,
  async run(outer, { email }) {
    await throttle(outer.runtime, `reset ${accountName(email)}`, outer.request.ip);
    const [, sent] = await Promise.all([
      sleep(ANSWER_MS),
      sendReset(outer, email).then(
        () => null,
        (error: unknown) => error,
      ),
    ]);
    if (sent !== null) outer.runtime.log.error({ err: sent }, 'a password reset could not be sent');
    return { message: 'If this address has an account, a mail with a link is on its way. The link works once, for an hour' };
  },
});

async function sendReset(outer: Ctx, email: string): Promise<void> {
  const [user] = await outer.runtime.system.read((tx) => tx.query<Forgetful>(BY_EMAIL, [email]));
  if (user === undefined) return;
  await outer.inCompany(user.companyId, async (ctx) => {
    const company = await requireCompany(ctx, user.companyId);
    const { id, link } = await insertReset(ctx, ctx, { userId: user.userId, companyId: user.companyId });
    ctx.subject('users', user.userId);
    const text = resetText({ link, name: user.fullName, company: company.name });
    await sendAccountMail(ctx, {
      to: { name: user.fullName, address: user.email },
      subject: `A new password for ${company.name}`,
      text,
      key: `password reset ${id}`,
    });
  });
}

const BY_TOKEN: Statement = {
  name: 'password_resets.company',
  text: 'select company_id as "companyId" from password_resets where token_hash = $1 and used_at is null and expires_at > $2',
};

export const resetPassword = operation({
  name: 'passwords.reset',
  summary: 'Choose a new password with the token of the mail; ends all sessions and tokens',
  http: 'POST /api/password-resets/confirm',
  access: 'public',
  input: z.object({ token: z.string().min(1).max(LONGEST_TOKEN), password: newPassword() }),
  output: z.object({ email: z.string() }),
  errors: [LinkExpired],
  status: 200,
  ratePerMinute: 30,
  async run(outer, { token, password }) {
    const tokenHash = hashToken(token);
    const [found] = await outer.runtime.system.read((tx) => tx.query<{ companyId: string }>(BY_TOKEN, [tokenHash, outer.clock.now()]));
    if (found === undefined) throw resetOver();
    const hashedPassword = await hashPassword(password);
    outer.afterCommit(() => forgetPrincipals(outer.runtime));
    return outer.inCompany(found.companyId, (ctx) => useReset(ctx, tokenHash, hashedPassword));
  },
});

async function useReset(ctx: Ctx, tokenHash: string, hashedPassword: string): Promise<{ email: string }> {
  const now = ctx.clock.now();
  const ours = eq(passwordResets.companyId, ctx.companyId);
  const [used] = await ctx.db
    .update(passwordResets)
    .set({ usedAt: now })
    .where(and(ours, eq(passwordResets.tokenHash, tokenHash), isNull(passwordResets.usedAt), gt(passwordResets.expiresAt, now)))
    .returning({ userId: passwordResets.userId });
  if (used === undefined) throw resetOver();
  const [user] = await ctx.db
    .update(users)
    .set({ hashedPassword, tokenVersion: sql`${users.tokenVersion} + 1`, updatedAt: now })
    .where(and(eq(users.companyId, ctx.companyId), eq(users.id, used.userId), eq(users.isActive, true), isNull(users.deletedAt)))
    .returning({ email: users.email });
  if (user === undefined) throw resetOver();
  await ctx.db
    .update(passwordResets)
    .set({ usedAt: now })
    .where(and(ours, eq(passwordResets.userId, used.userId), isNull(passwordResets.usedAt)));
  await ctx.db.delete(sessions).where(and(eq(sessions.companyId, ctx.companyId), eq(sessions.userId, used.userId)));
  ctx.subject('users', used.userId);
  return user;
}

function resetOver(): LinkExpired {
  return new LinkExpired('This link was used or is older than an hour. Ask for a new one');
}

/** For when mail does not work, or nobody can sign in any more: the person at the machine hands the link over. */
export const makeResetLink = operation({
  name: 'users.reset_password',
  summary: 'Make a link with which a user chooses a new password, without mail',
  http: 'POST /api/users/reset-password',
  cli: 'users reset-password',
  access: 'write',
  role: 'admin',
  input: z.object({ email: emailAddress() }),
  output: z.object({ email: z.string(), resetUrl: z.string(), expiresAt: z.date() }),
  sensitiveOutput: true,
  async run(ctx, { email }) {
    requirePerson(ctx);
    const [user] = await ctx.db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.companyId, ctx.companyId), eq(users.email, email), eq(users.isActive, true), isNull(users.deletedAt)));
    if (user === undefined) throw new NotFound(`There is no active user ${email} in this company; see: steward users list`);
    const { link, expiresAt } = await insertReset(ctx, ctx, { userId: user.id, companyId: ctx.companyId });
    ctx.subject('users', user.id);
    return { email, resetUrl: link, expiresAt };
  },
});

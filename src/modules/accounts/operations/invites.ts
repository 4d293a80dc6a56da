import { and, desc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { ROLES } from '#core/operation/principal.ts';
import { requireCompany } from '../companies.ts';
import { AlreadyTaken, LinkExpired } from '../errors.ts';
import { findOpenInvite, insertInvite, inviteOver, type InviteRow } from '../invites.ts';
import { pageLink } from '../links.ts';
import { inviteText, sendAccountMail } from '../mail.ts';
import { LONGEST_TOKEN } from '../opaque-token.ts';
import { olderThan } from '#core/operation/older-than.ts';
import { ownId, requirePerson } from '../rights.ts';
import { invites, users } from '../tables.ts';
import { emailAddress, requireUser } from '../users.ts';

const STATES = ['open', 'accepted', 'revoked', 'expired'] as const;

const Invite = z.object({
  id: z.uuid(),
  email: z.string().nullable(),
  role: z.enum(ROLES),
  state: z.enum(STATES),
  invitedBy: z.uuid().nullable(),
  expiresAt: z.date(),
  acceptedAt: z.date().nullable(),
  createdAt: z.date(),
});

function shown(row: InviteRow, now: Date): z.input<typeof Invite> {
  const open = row.expiresAt > now ? 'open' : 'expired';
  return { ...row, state: row.acceptedAt !== null ? 'accepted' : row.revokedAt !== null ? 'revoked' : open };
}

/** The link goes out by mail, and is in the answer for those who would rather hand it over themselves. */
export const createInvite = operation({
  name: 'invites.create',
  summary: 'Invite somebody to your company by mail; they choose their own password',
  http: 'POST /api/invites',
  cli: 'invites create',
  access: 'write',
  role: 'admin',
  input: z.object({ email: emailAddress(), role: z.enum(ROLES).default('user') }),
  output: Invite.extend({ inviteUrl: z.string().describe('The link of the mail; shown once') }),
  errors: [AlreadyTaken],
  sensitiveOutput: true,
  async run(ctx, { email, role }) {
    requirePerson(ctx);
    const [taken] = await ctx.db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.companyId, ctx.companyId), eq(users.email, email), isNull(users.deletedAt)));
    if (taken !== undefined)
      throw new AlreadyTaken(`${email} is in your company already`, { fields: [{ path: 'email', message: 'is taken' }] });
    const [company, inviter] = await Promise.all([requireCompany(ctx, ctx.companyId), inviterOf(ctx)]);
    const { invite, token } = await insertInvite(ctx, ctx.clock, { companyId: ctx.companyId, email, role, invitedBy: ownId(ctx) });
    const link = pageLink(ctx.runtime.config, 'invite', token);
    const text = inviteText({ link, company: company.name, invitedBy: inviter });
    await sendAccountMail(ctx, {
      to: { name: '', address: email },
      subject: `Your invitation to ${company.name}`,
      text,
      key: `invite ${invite.id}`,
    });
    return { ...shown(invite, ctx.clock.now()), inviteUrl: link };
  },
});

async function inviterOf(ctx: Ctx): Promise<string | null> {
  const userId = ownId(ctx);
  if (userId === null) return null;
  const { fullName, email } = await requireUser(ctx, ctx.companyId, userId);
  return fullName === '' ? email : fullName;
}

export const listInvites = operation({
  name: 'invites.list',
  summary: 'Invitations, open and past',
  http: 'GET /api/invites',
  cli: 'invites list',
  access: 'read',
  role: 'admin',
  input: z.object(pageInput),
  output: pageOf(Invite),
  async run(ctx, { limit, cursor }) {
    const rows = await ctx.db
      .select()
      .from(invites)
      .where(and(eq(invites.companyId, ctx.companyId), olderThan(cursor, invites.createdAt, invites.id)))
      .orderBy(desc(invites.createdAt), desc(invites.id))
      .limit(limit + 1);
    const page = toPage(rows, limit, (row) => [row.createdAt.toISOString(), row.id]);
    return { ...page, items: page.items.map((row) => shown(row, ctx.clock.now())) };
  },
});

export const revokeInvite = operation({
  name: 'invites.revoke',
  summary: 'Withdraw an open invitation',
  http: 'DELETE /api/invites/{invite_id}',
  cli: 'invites revoke',
  access: 'write',
  role: 'admin',
  input: z.object({ inviteId: z.uuid() }),
  output: z.null(),
  async run(ctx, { inviteId }) {
    const open = and(eq(invites.companyId, ctx.companyId), eq(invites.id, inviteId), isNull(invites.acceptedAt), isNull(invites.revokedAt));
    const gone = await ctx.db.update(invites).set({ revokedAt: ctx.clock.now() }).where(open).returning({ id: invites.id });
    if (gone.length === 0) throw new NotFound('There is no such open invitation; see GET /api/invites');
    ctx.subject('invites', inviteId);
    return null;
  },
});

export const lookAtInvite = operation({
  name: 'invites.look',
  summary: 'What an invitation link is for: who invites whom, and where to',
  http: 'GET /api/invites/look',
  access: 'public',
  input: z.object({ token: z.string().min(1).max(LONGEST_TOKEN) }),
  output: z.object({
    companyName: z.string(),
    email: z.string().nullable(),
    role: z.enum(ROLES),
    invitedBy: z.string().nullable(),
    expiresAt: z.date(),
  }),
  errors: [LinkExpired],
  ratePerMinute: 60,
  async run(ctx, { token }) {
    const invite = await findOpenInvite(ctx.runtime, token);
    if (invite === null) throw inviteOver();
    return invite;
  },
});

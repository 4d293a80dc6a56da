import { z } from 'zod';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { InvalidInput } from '#core/errors.ts';
import { anyCompany, useSetupToken } from '../bootstrap.ts';
import { companyName } from '../companies.ts';
import { setSessionCookies } from '../cookies.ts';
import { insertCompanyWithAdmin } from '../create-company.ts';
import { AlreadyTaken, LinkExpired, RegistrationClosed } from '../errors.ts';
import { findOpenInvite, inviteOver, noteAccepted, takeInvite, type OpenInvite } from '../invites.ts';
import { Me, meOf } from '../me.ts';
import { LONGEST_TOKEN } from '../opaque-token.ts';
import { newPassword } from '../password.ts';
import { openSession } from '../sessions.ts';
import { currency, sendingHours, settingsFrom, timeZone } from '../settings.ts';
import { emailAddress, fullName, insertUser, User, username, type UserRow } from '../users.ts';

const token = () => z.string().min(1).max(LONGEST_TOKEN);

interface Joining {
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  readonly fullName?: string | undefined;
  readonly password: string;
}

/** Invitation and account: both or neither. Signs the browser in. `answer` runs in the same transaction. */
function join<Answer>(
  outer: Ctx,
  invite: OpenInvite,
  given: Joining,
  answer: (ctx: Ctx, user: UserRow) => Promise<Answer>,
): Promise<Answer> {
  const email = invite.email ?? given.email;
  if (email === undefined)
    throw new InvalidInput('This invitation names no address; give yours', { fields: [{ path: 'email', message: 'is needed' }] });
  if (given.email !== undefined && given.email !== email) {
    throw new InvalidInput(`This invitation is for ${email}`, { fields: [{ path: 'email', message: `must be ${email}` }] });
  }
  return outer.inCompany(invite.companyId, async (ctx) => {
    await takeInvite(ctx, ctx.clock, invite);
    const user = await insertUser(ctx, ctx.clock, { ...given, email, companyId: invite.companyId, role: invite.role });
    await noteAccepted(ctx, invite, user.id);
    await signInHere(ctx, user);
    return answer(ctx, user);
  });
}

async function signInHere(ctx: Ctx, user: UserRow): Promise<void> {
  const session = await openSession(
    ctx,
    { companyId: user.companyId, userId: user.id },
    { clock: ctx.clock, secrets: ctx.runtime.secrets, request: ctx.request },
  );
  setSessionCookies(ctx.reply, ctx.runtime.config, session);
  ctx.subject('users', user.id);
}

export const acceptInvite = operation({
  name: 'invites.accept',
  summary: 'Take an invitation up: choose a password and be signed in',
  http: 'POST /api/invites/accept',
  access: 'public',
  input: z.object({
    token: token(),
    email: emailAddress().optional().describe('Only when the invitation names none'),
    username: username().optional(),
    fullName: fullName().default(''),
    password: newPassword(),
  }),
  output: Me,
  errors: [LinkExpired, AlreadyTaken],
  sensitiveOutput: true,
  ratePerMinute: 30,
  async run(outer, input) {
    const invite = await findOpenInvite(outer.runtime, input.token);
    if (invite === null) throw inviteOver();
    return join(outer, invite, input, (ctx, user) => meOf(ctx, user.companyId, user.id));
  },
});

/** The older path to the same: with the token of an invitation, or of the set-up link while there is no company. */
export const register = operation({
  name: 'users.register',
  summary: 'Make an account with the token of an invitation or of the set-up link',
  http: 'POST /api/register',
  access: 'public',
  input: z.object({
    token: token().optional(),
    email: emailAddress(),
    username: username().optional(),
    fullName: fullName().default(''),
    password: newPassword(),
    companyName: companyName().optional().describe('With the set-up token: name of the first company'),
  }),
  output: User,
  errors: [RegistrationClosed, LinkExpired, AlreadyTaken],
  ratePerMinute: 30,
  async run(outer, input) {
    if (input.token === undefined) throw await closed(outer);
    const invite = await findOpenInvite(outer.runtime, input.token);
    if (invite !== null) return join(outer, invite, input, (_ctx, user) => Promise.resolve(user));
    return setUp(outer, { ...input, token: input.token, name: input.companyName ?? 'My company' }, (_ctx, user) => Promise.resolve(user));
  },
});

async function closed({ runtime }: Ctx): Promise<RegistrationClosed> {
  const running = await runtime.system.read(anyCompany);
  return new RegistrationClosed(
    running
      ? 'Accounts are made by invitation here. Ask an admin of your company for one, and send its token'
      : 'There is no company yet. Open the set-up link that Steward printed when it started',
  );
}

export const setupStatus = operation({
  name: 'setup.status',
  summary: 'Whether this installation still waits for its first company',
  http: 'GET /api/setup',
  access: 'public',
  input: z.object({}),
  output: z.object({ needed: z.boolean() }),
  run: async ({ runtime }) => ({ needed: !(await runtime.system.read(anyCompany)) }),
});

export const completeSetup = operation({
  name: 'setup.complete',
  summary: 'Make the first company and its admin, with the token of the set-up link',
  http: 'POST /api/setup',
  access: 'public',
  input: z.object({
    token: token(),
    companyName: companyName(),
    industry: z.string().trim().max(200).optional(),
    website: z.url().max(500).optional(),
    postalAddress: z.string().trim().max(500).optional().describe('Under every commercial mail; the law asks for it'),
    timeZone: timeZone().default('UTC'),
    currency: currency().optional().describe('ISO 4217; of the time zone’s country when left out'),
    sendingHours: sendingHours().optional(),
    fullName: fullName().default(''),
    email: emailAddress(),
    username: username().optional(),
    password: newPassword(),
  }),
  output: Me,
  errors: [LinkExpired],
  status: 201,
  sensitiveOutput: true,
  ratePerMinute: 30,
  run: (outer, input) => setUp(outer, { ...input, name: input.companyName }, (ctx, user) => meOf(ctx, user.companyId, user.id)),
});

interface SettingUp extends Joining {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly industry?: string | undefined;
  readonly website?: string | undefined;
  readonly postalAddress?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly currency?: string | undefined;
  readonly sendingHours?: string | undefined;
}

async function setUp<Answer>(outer: Ctx, given: SettingUp, answer: (ctx: Ctx, user: UserRow) => Promise<Answer>): Promise<Answer> {
  const { runtime } = outer;
  const { token: used, name, industry, website, postalAddress, timeZone: zone, currency: counted, sendingHours: hours, ...person } = given;
  const made = await runtime.system.write(async (tx) => {
    if (!(await useSetupToken(tx, used, runtime.clock.now()))) {
      throw new LinkExpired(
        'This link was used or is too old. Is there a company already? Then sign in; if not, restart Steward: it prints a new link',
      );
    }
    return insertCompanyWithAdmin(tx, runtime, {
      name,
      industry,
      website,
      settings: settingsFrom({ timeZone: zone, currency: counted, sendingHours: hours, postalAddress }),
      admin: person,
    });
  });
  runtime.engine.nudge();
  const { company, admin } = made;
  if (admin === null) throw new Error('a set-up makes its admin');
  return outer.inCompany(company.id, async (ctx) => {
    await signInHere(ctx, admin);
    return answer(ctx, admin);
  });
}

import { z } from 'zod';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { TooManyRequests } from '#core/errors.ts';
import { clearSessionCookies, setSessionCookies } from '../cookies.ts';
import { wrongPassword } from '../errors.ts';
import { accountName, checkPassword, noteSignIn, type Identity } from '../identity.ts';
import { openTokenSigner } from '../jwt.ts';
import { meOf, Me } from '../me.ts';
import { givenPassword } from '../password.ts';
import { forgetPrincipals } from '../principal-cache.ts';
import { openSession } from '../sessions.ts';
import { sessions } from '../tables.ts';
import { throttle } from '../throttle.ts';
import { and, eq } from 'drizzle-orm';

const credentials = {
  username: z.string().min(1).max(254).describe('User name or email address'),
  password: givenPassword(),
};

/** One answer for whatever is wrong, and as slow for an account that does not exist. */
async function signIn(ctx: Ctx, { username, password }: { username: string; password: string }): Promise<Identity> {
  const right = await throttle(ctx.runtime, accountName(username), ctx.request.ip);
  const identity = await checkPassword(ctx.runtime, username, password);
  if (identity === null) throw wrongPassword();
  await right();
  return identity;
}

/** OAuth 2.0's password form is taken as well (RFC 6749, 4.3), because clients were written for it. */
export const createToken = operation({
  name: 'tokens.create',
  summary: 'Sign in with a password and get a bearer token',
  http: 'POST /token',
  access: 'public',
  input: z.object({
    ...credentials,
    grantType: z.literal('password').optional(),
    scope: z.string().max(500).optional(),
    clientId: z.string().max(200).optional(),
    clientSecret: z.string().max(200).optional(),
  }),
  output: z.object({ accessToken: z.string(), tokenType: z.literal('bearer'), expiresIn: z.int().describe('Seconds') }),
  errors: [TooManyRequests],
  sensitiveOutput: true,
  ratePerMinute: 60,
  async run(outer, input) {
    const identity = await signIn(outer, input);
    return outer.inCompany(identity.companyId, async (ctx) => {
      await noteSignIn(ctx, identity, ctx.clock.now());
      ctx.subject('users', identity.userId);
      const issuedS = Math.floor(ctx.clock.now().getTime() / 1000);
      const expiresIn = ctx.runtime.config.ACCESS_TOKEN_EXPIRE_MINUTES * 60;
      const token = openTokenSigner(ctx.runtime).sign({
        sub: identity.userId,
        ver: identity.tokenVersion,
        iat: issuedS,
        exp: issuedS + expiresIn,
      });
      return { accessToken: token, tokenType: 'bearer' as const, expiresIn };
    });
  },
});

/** For the web app: the session is a cookie that scripts cannot read. */
export const startSession = operation({
  name: 'sessions.start',
  summary: 'Sign in to the web app: sets the session cookie',
  http: 'POST /api/session',
  access: 'public',
  input: z.object(credentials),
  output: Me.extend({ csrfToken: z.string() }),
  errors: [TooManyRequests],
  status: 200,
  sensitiveOutput: true,
  ratePerMinute: 60,
  async run(outer, input) {
    const identity = await signIn(outer, input);
    return outer.inCompany(identity.companyId, async (ctx) => {
      await noteSignIn(ctx, identity, ctx.clock.now());
      const session = await openSession(ctx, identity, { clock: ctx.clock, secrets: ctx.runtime.secrets, request: ctx.request });
      setSessionCookies(ctx.reply, ctx.runtime.config, session);
      ctx.subject('users', identity.userId);
      return { ...(await meOf(ctx, identity.companyId, identity.userId)), csrfToken: session.csrf };
    });
  },
});

export const endSession = operation({
  name: 'sessions.end',
  summary: 'Sign out of the web app on this device',
  http: 'DELETE /api/session',
  access: 'write',
  input: z.object({}),
  output: z.null(),
  async run(ctx) {
    const { principal } = ctx;
    if (principal.kind === 'user' && principal.sessionId !== undefined) {
      await ctx.db.delete(sessions).where(and(eq(sessions.companyId, ctx.companyId), eq(sessions.id, principal.sessionId)));
      ctx.subject('sessions', principal.sessionId);
    }
    clearSessionCookies(ctx.reply, ctx.runtime.config);
    ctx.afterCommit(() => forgetPrincipals(ctx.runtime));
    return null;
  },
});

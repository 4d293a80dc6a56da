import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from '#core/config.ts';
import type { ReplyHints } from '#core/operation/context.ts';
import type { Secrets } from '#core/secrets.ts';

export const SESSION_COOKIE = 'steward_session';
export const CSRF_COOKIE = 'steward_csrf';

/** Bound to one session, so that a token from elsewhere (a sibling domain that sets cookies) is worth nothing. */
export function csrfToken(secrets: Secrets, sessionId: string): string {
  return tokenOf(secrets.derive('csrf'), sessionId);
}

function tokenOf(key: Buffer, sessionId: string): string {
  return createHmac('sha256', key).update(sessionId).digest('base64url');
}

export function csrfMatches(secrets: Secrets, sessionId: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const got = Buffer.from(given);
  // Retired keys count, too: a new STEWARD_SECRET must not lock out who is signed in.
  return secrets.deriveAll('csrf').some((key) => {
    const wanted = Buffer.from(tokenOf(key, sessionId));
    return got.length === wanted.length && timingSafeEqual(got, wanted);
  });
}

/** The session for the browser alone; the CSRF token for our page's script to send back in `x-csrf-token`. */
export function setSessionCookies(reply: ReplyHints, config: Config, session: { token: string; csrf: string; lifeS: number }): void {
  reply.header('set-cookie', cookie(config, SESSION_COOKIE, session.token, session.lifeS, 'HttpOnly'));
  reply.header('set-cookie', cookie(config, CSRF_COOKIE, session.csrf, session.lifeS));
}

export function clearSessionCookies(reply: ReplyHints, config: Config): void {
  reply.header('set-cookie', cookie(config, SESSION_COOKIE, '', 0, 'HttpOnly'));
  reply.header('set-cookie', cookie(config, CSRF_COOKIE, '', 0));
}

function cookie(config: Config, name: string, value: string, maxAgeS: number, ...flags: readonly string[]): string {
  const secure = config.STEWARD_PUBLIC_URL?.startsWith('https:') === true ? ['Secure'] : [];
  return [`${name}=${value}`, 'Path=/', `Max-Age=${maxAgeS}`, 'SameSite=Lax', ...secure, ...flags].join('; ');
}

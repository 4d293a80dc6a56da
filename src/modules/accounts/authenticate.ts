import { timingSafeEqual } from 'node:crypto';
import { Forbidden, Unauthenticated } from '#core/errors.ts';
import type { Principal } from '#core/operation/principal.ts';
import type { Parts } from './parts.ts';
import { csrfMatches, SESSION_COOKIE } from './cookies.ts';
import { knownKey, knownSession, knownUser, type Known } from './credentials.ts';
import { openTokenSigner } from './jwt.ts';
import { hashToken } from './opaque-token.ts';
import { operatorPrincipal } from './operator.ts';
import { PrincipalCache, remember } from './principal-cache.ts';

/** The page did not send back its CSRF token: the request may have been made by another site. */
export class CsrfRejected extends Forbidden {
  override readonly code = 'csrf_rejected';
}

/** As much of a request as authentication looks at. */
export interface AuthRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly cookies: Readonly<Record<string, string | undefined>>;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Paths that give a browser its session. Another site's page must not sign our visitor in, as somebody whom it knows. */
const SIGNS_IN = /^\/api\/(session|setup|register|invites\/accept)\b/;
const NOBODY: Principal = { kind: 'public', companyId: null };

/**
 * Tells who is calling: bearer token, API key, operator token, or session cookie. Known callers are answered without a query.
 * A header that is no good throws Unauthenticated. A cookie that is no good does not, because a browser sends it with everything:
 * public operations go on, the others throw the `refusal`.
 */
export function createAuthenticator(runtime: Parts, options: { readonly operatorToken: string | null }) {
  const tokens = openTokenSigner(runtime);
  const cache = new PrincipalCache<Known | null>(runtime.clock);
  remember(runtime, cache);
  const operatorHash = options.operatorToken === null ? null : Buffer.from(hashToken(options.operatorToken));

  function cached(
    key: string,
    load: () => Promise<Known | null>,
    accept: (known: Known | null) => Principal,
  ): Principal | Promise<Principal> {
    const known = cache.get(key);
    return known === undefined ? cache.load(key, load).then(accept) : accept(known);
  }

  const live = (known: Known | null): known is Known =>
    known !== null && (known.expiresAt === null || known.expiresAt > runtime.clock.now());

  function byToken(token: string): Principal | Promise<Principal> {
    const claims = tokens.verify(token, runtime.clock.now());
    if (claims === null) throw new Unauthenticated('This token is not valid, or its time is over; get a new one with POST /token');
    return cached(
      `user ${claims.sub}`,
      () => knownUser(runtime, claims.sub),
      (known) => {
        if (!live(known) || known.tokenVersion !== claims.ver)
          throw new Unauthenticated('This token no longer counts: the password changed or the account was closed. Sign in again');
        return known.principal;
      },
    );
  }

  function byKey(key: string): Principal | Promise<Principal> {
    return cached(
      `key ${hashToken(key)}`,
      () => knownKey(runtime, key),
      (known) => {
        if (!live(known))
          throw new Unauthenticated('This API key is unknown, revoked or expired; make a new one under Settings → API keys');
        return known.principal;
      },
    );
  }

  function bySession(token: string, request: AuthRequest): Principal | Promise<Principal> {
    return cached(
      `session ${hashToken(token)}`,
      () => knownSession(runtime, token),
      (known) => {
        if (!live(known)) return { ...NOBODY, refusal: new Unauthenticated('Your session is over; sign in again') };
        const { principal } = known;
        const sessionId = principal.kind === 'user' ? (principal.sessionId ?? '') : '';
        if (SAFE.has(request.method) || csrfMatches(runtime.secrets, sessionId, request.headers['x-csrf-token'])) return principal;
        return {
          ...NOBODY,
          refusal: new CsrfRejected('The header x-csrf-token does not match the cookie steward_csrf; load the page anew and try again'),
        };
      },
    );
  }

  return function authenticate(request: AuthRequest): Principal | Promise<Principal> {
    if (request.headers['sec-fetch-site'] === 'cross-site' && !SAFE.has(request.method) && SIGNS_IN.test(request.url)) {
      throw new CsrfRejected('Sign in on the page of Steward itself, not from another site');
    }
    const authorization = headerText(request, 'authorization');
    const apiKey = headerText(request, 'x-api-key');
    if (authorization !== null) {
      const credential = /^bearer +([\w.~+/=-]{1,4096})$/i.exec(authorization)?.[1];
      if (credential === undefined) throw new Unauthenticated('The header Authorization must read: Bearer <token or API key>');
      if (operatorHash !== null && timingSafeEqual(Buffer.from(hashToken(credential)), operatorHash))
        return operatorPrincipal(runtime, decoded(headerText(request, 'x-steward-company')));
      return credential.startsWith('stw_') ? byKey(credential) : byToken(credential);
    }
    if (apiKey !== null) return byKey(apiKey);
    const session = request.cookies[SESSION_COOKIE];
    return session === undefined || session === '' ? NOBODY : bySession(session, request);
  };
}

/** A header holds ASCII only, a company's name any letter: the CLI percent-encodes it. */
function decoded(text: string | null): string | null {
  try {
    return text === null ? null : decodeURIComponent(text);
  } catch {
    return text; // a plain name with a percent sign
  }
}

function headerText(request: AuthRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { RequestInfo } from '#core/operation/context.ts';
import type { Clock } from '#core/clock.ts';
import type { Secrets } from '#core/secrets.ts';
import { csrfToken } from './cookies.ts';
import { hashToken, newToken } from './opaque-token.ts';

const DAY_MS = 86_400_000;
/** Without a visit for this long, a session is over. */
export const IDLE_MS = 14 * DAY_MS;
/** However busy, nobody stays signed in longer than this. */
export const LONGEST_MS = 90 * DAY_MS;

const INSERT: Statement = {
  name: 'sessions.insert',
  text: `insert into sessions (id, company_id, user_id, token_hash, ip, user_agent, created_at, last_seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
};

export interface NewSession {
  readonly id: string;
  readonly token: string;
  readonly csrf: string;
  readonly lifeS: number;
}

export async function openSession(
  tx: Transaction,
  user: { readonly companyId: string; readonly userId: string },
  { clock, secrets, request }: { clock: Clock; secrets: Secrets; request: RequestInfo },
): Promise<NewSession> {
  const id = newId();
  const token = newToken('ses');
  const now = clock.now();
  const agent = request.userAgent?.slice(0, 400) ?? null;
  await tx.query(INSERT, [id, user.companyId, user.userId, hashToken(token), request.ip, agent, now, new Date(now.getTime() + IDLE_MS)]);
  return { id, token, csrf: csrfToken(secrets, id), lifeS: LONGEST_MS / 1000 };
}

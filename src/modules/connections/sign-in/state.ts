import type { Statement, Transaction } from '#core/database/database.ts';
import type { connections } from '../tables.ts';

export const SIGN_IN_STATES = ['needed', 'ok', 'ending', 'ended'] as const;

/** A sign-in that ends so soon is told of. Milliseconds. */
const SOON_MS = 3 * 86_400_000;

const OF_COMPANY: Statement = {
  name: 'sign_ins.of_company',
  text: `select connection_id as "connectionId", granted_at as "grantedAt", refresh_expires_at as "refreshExpiresAt", scopes
           from connection_sign_ins where company_id = $1`,
};

interface Held {
  readonly grantedAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly scopes: string | null;
}
export type SignIns = ReadonlyMap<string, Held>;

/** By connection. */
export async function signInsOf(tx: Pick<Transaction, 'query'>, companyId: string): Promise<SignIns> {
  const rows = await tx.query<Held & { readonly connectionId: string }>(OF_COMPANY, [companyId]);
  return new Map(rows.map((row) => [row.connectionId, row]));
}

/** Where a sign-in stands, as a person sees it. */
export function signInState(held: Held | undefined, state: (typeof connections.$inferSelect)['state'], now: Date) {
  const endsAt = held?.refreshExpiresAt ?? null;
  const left = endsAt === null ? Infinity : endsAt.getTime() - now.getTime();
  return {
    state:
      held === undefined || held.grantedAt === null
        ? 'needed'
        : state === 'rejected' || left <= 0
          ? 'ended'
          : left < SOON_MS
            ? 'ending'
            : 'ok',
    signedInAt: held?.grantedAt ?? null,
    endsAt,
    scopes: held?.scopes ?? null,
  } as const;
}

import { withdrawConsent } from '#modules/people/public.ts';
import type { Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Channel } from './tables.ts';
import { suppress } from './suppress.ts';

export interface OptOut {
  readonly companyId: string;
  readonly personId: string;
  /** The address or number that the wish came from, or was meant for; null when none is known. */
  readonly address: string | null;
  /** Of the address: default email. The wish itself holds for every channel. */
  readonly channel?: Channel;
  /** `one_click`, `page`, `preference_page`, `reply` … */
  readonly source: string;
  readonly evidence: Facts;
}

/**
 * No more commercial mail: consent log, the person's state, the suppression and `person.opted_out` in the caller's transaction.
 * The second time changes nothing and tells nobody; the log keeps that it was asked again.
 */
export async function optOut(tx: Transaction, runtime: Runtime, wish: OptOut): Promise<void> {
  await withdrawConsent(tx, runtime, [
    { companyId: wish.companyId, personId: wish.personId, source: wish.source, evidence: wish.evidence },
  ]);
  if (wish.address === null) return;
  await suppress(tx, runtime, [
    {
      companyId: wish.companyId,
      address: wish.address,
      channel: wish.channel ?? 'email',
      reason: 'opt_out',
      source: wish.source,
      personId: wish.personId,
    },
  ]);
}

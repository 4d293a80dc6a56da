import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { signWord } from './word.ts';

/** How long a link is good when nobody says otherwise, and in mails. */
export const USUAL_DAYS = 90;
const DAY_MS = 86_400_000;

const GENERATION: Statement = {
  name: 'portal.generation',
  text: `select coalesce((select generation from portal_access where company_id = $1 and client_id = $2), 0)::int as generation`,
};
const END: Statement = {
  name: 'portal.end_links',
  text: `insert into portal_access (client_id, company_id, generation, revoked_at, revoked_by) values ($2, $1, 1, $3, $4)
         on conflict (client_id) do update set generation = portal_access.generation + 1, revoked_at = excluded.revoked_at, revoked_by = excluded.revoked_by`,
};

export interface PortalLink {
  readonly url: string;
  readonly until: Date;
}

/** The same word all day long: its end is counted from midnight, UTC. */
export function linkFor(
  runtime: Pick<Runtime, 'secrets' | 'config' | 'clock'>,
  client: { readonly companyId: string; readonly clientId: string; readonly generation: number },
  days: number = USUAL_DAYS,
): PortalLink {
  const until = new Date((Math.floor(runtime.clock.now().getTime() / DAY_MS) + days + 1) * DAY_MS);
  return { url: `${publicUrl(runtime.config)}/portal/${signWord(runtime.secrets, { ...client, until })}`, until };
}

export async function generationOf(tx: Transaction, companyId: string, clientId: string): Promise<number> {
  const [row] = await tx.query<{ generation: number }>(GENERATION, [companyId, clientId]);
  return row?.generation ?? 0;
}

/** Every link that is out is dead from this commit on. */
export async function endLinks(tx: Transaction, companyId: string, clientId: string, at: Date, by: string | null): Promise<void> {
  await tx.query(END, [companyId, clientId, at, by]);
}

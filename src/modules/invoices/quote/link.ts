import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { generationOf, linkFor } from '#modules/portal/public.ts';
import type { StoredInvoice } from '../invoice.ts';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 90;
const MOST_DAYS = 730;

interface Whose {
  readonly id: string;
  readonly companyId: string;
  readonly clientId: string;
  readonly generation: number;
  readonly lapsesAt: Date | null;
}

/** The quote on its client's own page, by a link that is good for as long as the quote is, three months at least. */
export function linkToAnswer(runtime: Pick<Runtime, 'secrets' | 'config' | 'clock'>, { id, lapsesAt, ...client }: Whose): string {
  const left = lapsesAt === null ? 0 : Math.ceil((lapsesAt.getTime() - runtime.clock.now().getTime()) / DAY_MS);
  return `${linkFor(runtime, client, Math.min(MOST_DAYS, Math.max(USUAL_DAYS, left + 1))).url}/invoices/${id}`;
}

/** Null: it is no quote that waits for an answer. */
export async function answerLink(tx: Transaction, runtime: Runtime, row: StoredInvoice): Promise<string | null> {
  const { id, companyId, clientId, lapsesAt } = row;
  if (row.kind !== 'quote' || row.state !== 'issued' || clientId === null) return null;
  return linkToAnswer(runtime, { id, companyId, clientId, lapsesAt, generation: await generationOf(tx, companyId, clientId) });
}

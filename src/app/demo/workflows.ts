import type { Principal } from '#core/operation/principal.ts';
import type { Dice } from './random.ts';
import type { Stage } from './stage.ts';

/** What of the gallery the firm runs beside its letters: by the clock, by a call of its website, and with somebody's yes. */
const RUN = ['weekly-look', 'webhook-enquiry', 'offer-with-approval'] as const;

/** Switches them on. @returns the id of each by its key in the gallery */
export async function switchOn(stage: Stage, as: Principal): Promise<Readonly<Record<string, string>>> {
  const { items } = await stage.call('workflows.gallery', {}, as);
  const ids: Record<string, string> = {};
  for (const one of Array.isArray(items) ? items : []) {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) continue;
    const key = RUN.find((wanted) => wanted === one['key']);
    if (key === undefined) continue;
    const made = await stage.call('workflows.create', { definition: one['definition'], active: true }, as);
    ids[key] = String(made['id']);
  }
  return ids;
}

const REJECTED = ['Not before the visit on Monday.', 'They asked for an offer with solar; write it anew.', 'I will call them instead.'];

/** Somebody looks at what waits for a yes about one person: most of it may go, some of it may not. */
export async function decide(stage: Stage, dice: Dice, runOf: { readonly personId: string }, as: Principal): Promise<void> {
  const { items } = await stage.call('approvals.list', { state: 'waiting', limit: 100 }, as);
  for (const one of Array.isArray(items) ? items : []) {
    if (typeof one !== 'object' || one === null || Array.isArray(one) || one['personId'] !== runOf.personId) continue;
    const verdict = dice.chance(0.8) ? { decision: 'approve' } : { decision: 'reject', note: dice.pick(REJECTED) };
    await stage.call('approvals.decide', { approvalId: one['id'], ...verdict }, as);
  }
}

import { VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { ClaimedEffect, Effect, EffectKind, HandVerdict, Settled } from '#core/effects/types.ts';
import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { attempt, loadJob, type Attempt } from './attempt.ts';
import { KIND, pump } from './pump.ts';
import { writeFailure } from './fail.ts';
import { writeSettled } from './settle.ts';
import { MOST_ATTEMPTS } from './retries.ts';

/** Calls under way in this process, over all endpoints. */
const CONCURRENCY = 64;
const CROWDED_MS = 2_000;

/** What was answered, from the call to the transaction that settles it. A process that dies between asks again: that is harmless. */
const answered = new Map<string, Attempt>();

/** One message to one endpoint. The receiver knows it by its webhook-id, so a call whose answer was lost is made again. */
export const webhookEffect: EffectKind = {
  kind: KIND,
  concurrency: CONCURRENCY,
  apart: true,
  claimed: {
    columns: `w.active as endpoint_active, w.concurrency as endpoint_concurrency, w.failures as endpoint_failures,
              (select count(*)::int from effects h where h.subject_id = e.subject_id and h.state = 'handed') as endpoint_open`,
    join: 'left join webhook_endpoints w on w.id = e.subject_id and w.company_id = e.company_id',
  },
  check: (_tx, effects, runtime) => Promise.resolve(verdicts(effects, runtime.clock.now())),
  perform,
  find: () => Promise.resolve('repeat'),
  settled,
};

/** Retries of one endpoint come beside what is new there: all together they may not crowd out the others. */
function verdicts(effects: readonly ClaimedEffect[], now: Date): HandVerdict[] {
  const open = new Map<string, number>();
  return effects.map(({ subject, beside }) => {
    if (beside['endpoint_active'] !== true) return { go: false, refuse: 'The endpoint is switched off' };
    const begun = open.get(subject.id) ?? Number(beside['endpoint_open']);
    const most = Number(beside['endpoint_failures']) > 0 ? 2 : 2 * Number(beside['endpoint_concurrency']);
    if (begun >= most) return { go: false, until: new Date(now.getTime() + CROWDED_MS), reason: `its endpoint has ${begun} calls open` };
    open.set(subject.id, begun + 1);
    return { go: true };
  });
}

async function perform(effect: Effect, runtime: Runtime, signal: AbortSignal) {
  const job = await loadJob(runtime, effect.companyId, String(effect.payload['delivery_id']));
  if (job === null) throw new VendorRefused('The endpoint was deleted');
  const made = await attempt(runtime, job, signal);
  if (made.error === null) {
    answered.set(effect.id, made);
    return { externalId: `msg_${job.message_id}`, detail: { status: made.status, ms: made.ms } };
  }
  const { retryInS, disabled } = await writeFailure(runtime, job, made);
  if (disabled !== null) throw new VendorRefused(disabled);
  if (retryInS === null) throw new VendorRefused(made.final ? made.error : `Given up after ${MOST_ATTEMPTS} attempts: ${made.error}`);
  throw new VendorUnavailable(made.error, { retryAfterS: retryInS });
}

async function settled(tx: Transaction, outcomes: readonly Settled[], runtime: Runtime): Promise<void> {
  await writeSettled(
    tx,
    outcomes.map(({ effect, outcome }) => ({ effect, outcome, made: answered.get(effect.id) ?? null })),
    runtime.clock.now(),
  );
  for (const { effect } of outcomes) answered.delete(effect.id);
  await pump(
    tx,
    runtime,
    outcomes.map(({ effect }) => effect.subject.id),
  );
}

import type { Effect, EffectKind, Receipt } from '#core/effects/types.ts';
import type { Facts } from '#core/engine/types.ts';
import { asJson } from '../json.ts';
import { checkRuns, RUN_BESIDE, tellRuns } from '../ledger.ts';
import { ActPayload, callAction } from './call.ts';

/** One act of a connector for a run that waits for its answer. */
export const connectorEffect: EffectKind = {
  kind: 'connector',
  concurrency: 10,
  claimed: RUN_BESIDE,
  check: checkRuns,
  perform: (effect, runtime, signal) =>
    callAction(effect.companyId, payloadOf(effect), effect.key, runtime, signal, async ({ action }, call) =>
      receiptOf(asJson(await action.run(call))),
    ),
  find: (effect, runtime) =>
    callAction(effect.companyId, payloadOf(effect), effect.key, runtime, AbortSignal.timeout(FIND_MS), async ({ action }, call) => {
      if (action.repeat !== 'unsafe') return 'repeat';
      const found = (await action.find?.(call)) ?? 'unknown';
      return typeof found === 'string' ? found : receiptOf(asJson(found));
    }),
  rehearse: (effect) => receiptOf(asJson(Object(payloadOf(effect).sample ?? {}))),
  settled: tellRuns,
};

/** A look-up may take this long. */
const FIND_MS = 60_000;

function payloadOf(effect: Effect): ActPayload {
  return ActPayload.parse(effect.payload);
}

function receiptOf(detail: Facts): Receipt {
  return { externalId: null, detail };
}

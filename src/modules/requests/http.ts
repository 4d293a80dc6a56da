import { activityStep, type Facts, type StepItem, type StepResult } from '#core/engine/types.ts';
import type { EffectKind } from '#core/effects/types.ts';
import { asJson } from './json.ts';
import { HttpInput, HttpOutput, isRepeatable } from './input.ts';
import { checkRuns, RUN_BESIDE, settleActs, tellRuns, type Act } from './ledger.ts';
import { carryOut, drawRequest, Drawn } from './request.ts';

const SAMPLE = { status: 200, headers: {}, body: {}, url: 'https://example.com/' };

/**
 * A request to a web service. What may be repeated is asked here, outside any transaction; anything else is an act: reserved in the
 * ledger by the transaction that has the run wait for it, sent once, its answer in the receipt (docs/adr/0017-requests.md).
 */
export const httpStep = activityStep({
  type: 'http',
  title: 'HTTP request',
  description: 'Asks a web service, or has it do something, and keeps its answer',
  input: HttpInput,
  output: HttpOutput,
  changesFacts: false,
  asksOutside: true,
  async run({ run, input }, runtime, signal): Promise<StepResult> {
    const drawn = drawRequest(run, input);
    // Where it stands in the ledger is settled by `commit`.
    if (!isRepeatable(input)) return { kind: 'next' };
    return { kind: 'next', output: await carryOut(run.companyId, drawn, runtime, signal) };
  },
  async commit(tx, item, result, runtime) {
    if (result.kind !== 'next' || isRepeatable(item.input)) return result;
    const [settled] = await settleActs(tx, [actOf(item)], runtime);
    return settled;
  },
  async rehearse(tx, items, runtime) {
    const acts = items.filter(({ input }) => !isRepeatable(input));
    const settled = await settleActs(tx, acts.map(actOf), runtime);
    return items.map((item) => settled[acts.indexOf(item)] ?? { kind: 'next', output: SAMPLE });
  },
});

function actOf({ run, input }: StepItem<HttpInput>): Act {
  const drawn = drawRequest(run, input);
  return {
    run,
    kind: 'http',
    connectionId: drawn.connectionId,
    payload: asJson(drawn),
    waitsFor: `the answer of ${new URL(drawn.url).host}`,
  };
}

/** One request that is not to happen twice. With a key that the service knows again it may be asked for again after a lost answer. */
export const httpEffect: EffectKind = {
  kind: 'http',
  concurrency: 10,
  claimed: RUN_BESIDE,
  check: checkRuns,
  async perform(effect, runtime, signal) {
    const detail: Facts = await carryOut(effect.companyId, Drawn.parse(effect.payload), runtime, signal);
    return { externalId: null, detail };
  },
  find: (effect) => Promise.resolve(Drawn.parse(effect.payload).repeatable ? 'repeat' : 'unknown'),
  rehearse: () => ({ externalId: null, detail: SAMPLE }),
  settled: tellRuns,
};

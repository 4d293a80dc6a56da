import type { Transaction } from '#core/database/database.ts';
import { activityStep, type Facts, type StepResult } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionsTo } from '#modules/connections/public.ts';
import { asJson } from '../json.ts';
import { settleActs, type Act } from '../ledger.ts';
import { callAction, type ActPayload } from './call.ts';
import { checkActions, liquidOf } from './check.ts';
import { drawAction, type DrawnAction } from './draw.ts';
import { ConnectorInput, connectorOf, type ConnectorItem } from './input.ts';

/** No row has it: stands for the connection where a rehearsal has none. */
const NO_CONNECTION = '00000000-0000-0000-0000-000000000000';

/**
 * Has a connected service do one thing. What changes nothing there is asked here; anything else is an act of the ledger, reserved by the
 * transaction that has the run wait for it (docs/adr/0035-connector-actions.md).
 */
export const connectorStep = activityStep({
  type: 'connector',
  title: 'Use a service',
  description: 'Has a service that you are connected to do something, and keeps its answer',
  input: ConnectorInput,
  changesFacts: false,
  liquid: liquidOf,
  check: checkActions,
  async run(item, runtime, signal): Promise<StepResult> {
    const drawn = await drawAction(item, runtime);
    // Where it stands in the ledger is settled by `commit`.
    if (drawn.action.repeat !== 'safe') return { kind: 'next' };
    const connectionId = await runtime.database.read(item.run.companyId, (tx) => chosen(tx, item));
    if (connectionId === null) return notConnected(drawn);
    const payload = payloadOf(item, drawn.input, connectionId, runtime);
    const answer = await callAction(item.run.companyId, payload, item.run.key, runtime, signal, ({ action }, call) => action.run(call));
    return { kind: 'next', output: asJson(answer) };
  },
  async commit(tx, item, result, runtime) {
    if (result.kind !== 'next') return result;
    const drawn = await drawAction(item, runtime);
    if (drawn.action.repeat === 'safe') return result;
    const connectionId = await chosen(tx, item);
    if (connectionId === null) return notConnected(drawn);
    const [settled] = await settleActs(tx, [actOf(item, drawn, payloadOf(item, drawn.input, connectionId, runtime))], runtime);
    return settled;
  },
  async rehearse(tx, items, runtime) {
    const drawn = await Promise.all(items.map((item) => drawOrFail(item, runtime)));
    const results: StepResult[] = drawn.map((one) => ('kind' in one ? one : { kind: 'next', output: asJson(one.action.sample) }));
    const acts = items.flatMap((item, i) => {
      const one = drawn[i];
      if (one === undefined || 'kind' in one || one.action.repeat === 'safe') return [];
      const payload = {
        ...payloadOf(item, one.input, item.input.connectionId ?? NO_CONNECTION, runtime),
        sample: asJson(one.action.sample),
      };
      return [{ i, act: { ...actOf(item, one, payload), connectionId: null } }];
    });
    const settled = await settleActs(
      tx,
      acts.map(({ act }) => act),
      runtime,
    );
    for (const [at, { i }] of acts.entries()) results[i] = settled[at] ?? results[i] ?? { kind: 'next' };
    return results;
  },
});

async function drawOrFail(item: ConnectorItem, runtime: Runtime): Promise<DrawnAction | StepResult> {
  try {
    return await drawAction(item, runtime);
  } catch (error) {
    return { kind: 'fail', error: error instanceof Error ? error.message : String(error), retry: 'never' };
  }
}

async function chosen(tx: Transaction, { run, input }: ConnectorItem): Promise<string | null> {
  const { connectionId } = input;
  const those = await connectionsTo(tx, run.companyId, connectorOf(input.action));
  return (connectionId === undefined ? those[0] : those.find((one) => one.id === connectionId))?.id ?? null;
}

function notConnected({ connector, action }: DrawnAction): StepResult {
  const error = `There is no connection to ${connector.title} for “${action.title}”: connect it under Connections, then try again from here`;
  return { kind: 'fail', error, retry: 'never' };
}

function payloadOf(item: ConnectorItem, input: Facts, connectionId: string, runtime: Runtime): ActPayload {
  return { action: item.input.action, connectionId, input, since: runtime.clock.now().toISOString() };
}

function actOf({ run }: ConnectorItem, { connector }: DrawnAction, payload: ActPayload): Act {
  return {
    run,
    kind: 'connector',
    connectionId: payload.connectionId,
    payload: asJson(payload),
    waitsFor: `the answer of ${connector.title}`,
  };
}

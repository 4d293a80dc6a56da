import type { ConnectorAction } from '#core/connector/action.ts';
import type { Connector } from '#core/connector/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectorOf } from './input.ts';

export interface FoundAction {
  readonly connector: Connector;
  readonly action: ConnectorAction;
}

/** What a definition means by `slack.post_message`; null: no connector of this Steward does that. */
export async function findAction(runtime: Runtime, name: string): Promise<FoundAction | null> {
  const id = connectorOf(name);
  if (!runtime.connectors.ids.includes(id)) return null;
  const connector = await runtime.connectors.load(id);
  const actions = connector.actions ?? {};
  const own = name.slice(id.length + 1);
  const action = Object.hasOwn(actions, own) ? actions[own] : undefined;
  return action === undefined ? null : { connector, action };
}

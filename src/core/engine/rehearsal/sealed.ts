import { Conflict } from '#core/errors.ts';
import type { Connector, Connectors } from '#core/connector/types.ts';

/** A rehearsal reached for the network. What did so fails; nothing left. */
export class RehearsalReachesOut extends Conflict {
  override readonly code = 'rehearsal_reaches_out';
}

/** What of a connector says something about credentials without asking anybody. */
const PURE = ['sender', 'mailbox', 'baseUrl', 'llmCost'] as const;

/** The same vendors, none of which can be reached: every port and every call throws. They still say whom mail would come from. */
export function sealedConnectors(connectors: Connectors): Connectors {
  return { ids: connectors.ids, load: async (id) => sealed(await connectors.load(id)) };
}

function sealed(connector: Connector): Connector {
  const members = Object.entries(connector).map(([name, member]): [string, unknown] => [
    name,
    typeof member !== 'function' || PURE.some((pure) => pure === name)
      ? member
      : () => {
          throw new RehearsalReachesOut(`A rehearsal reaches nobody: ${connector.title} was not called`);
        },
  ]);
  return Object.fromEntries(members) as unknown as Connector; // the same members under the same names
}

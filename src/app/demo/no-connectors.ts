import type { Connectors } from '#core/connector/types.ts';
import { Conflict } from '#core/errors.ts';

/** The demo knows no vendor: whatever anybody does in it, nothing can leave. */
export const noConnectors: Connectors = {
  ids: [],
  async load(id) {
    throw new Conflict(`This is the demo: it cannot reach ${id}, so nothing leaves. Start Steward without --demo to connect`);
  },
};

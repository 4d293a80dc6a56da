import type { Connector, Connectors } from '#core/connector/types.ts';

export const PORTS = ['email', 'inbound_email', 'sms', 'llm', 'http', 'source', 'files', 'payments', 'calendar'] as const;
export type PortName = (typeof PORTS)[number];

/** What a connector's vendor can be for us. */
export function portsOf(connector: Connector): PortName[] {
  const parts = {
    email: connector.email,
    inbound_email: connector.inboundEmail,
    sms: connector.sms,
    llm: connector.llm,
    http: connector.access,
    source: connector.source,
    payments: connector.payments,
    files: connector.files,
    calendar: connector.calendar,
  };
  return PORTS.filter((port) => parts[port] !== undefined);
}

const loaded = new WeakMap<Connectors, Promise<readonly Connector[]>>();

/** All connectors, loaded once. */
export function allConnectors(connectors: Connectors): Promise<readonly Connector[]> {
  const known = loaded.get(connectors) ?? Promise.all(connectors.ids.map((id) => connectors.load(id)));
  loaded.set(connectors, known);
  return known;
}

/** Ids of the connectors that fulfil a port. */
export async function connectorsFor(connectors: Connectors, port: PortName): Promise<string[]> {
  return (await allConnectors(connectors)).filter((connector) => portsOf(connector).includes(port)).map((connector) => connector.id);
}

import { resolveBaseUrl } from '#core/connector/base-url.ts';
import { CredentialsRejected } from '#core/connector/errors.ts';
import type { Connector, ConnectorOptions } from '#core/connector/types.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { CalendarPort } from '#core/ports/calendar.ts';
import type { EmailPort, InboundEmailPort } from '#core/ports/email.ts';
import type { SmsPort } from '#core/ports/sms.ts';
import type { LlmPort } from '#core/ports/llm.ts';
import type { PaymentsPort } from '#core/ports/payments.ts';
import type { Runtime } from '#core/runtime.ts';
import { openCredentials, parseCredentials } from './credentials.ts';
import { connectorsFor, type PortName } from './kinds.ts';
import { logFor } from './request-log.ts';
import { turnFor } from './turns.ts';
import { tokenSource } from './sign-in/token-source.ts';

/** A connection as the code needs it that opens ports on it. */
export interface ConnectionRow {
  readonly id: string;
  readonly companyId: string;
  readonly connector: string;
  readonly sealedCredentials: string;
  readonly baseUrl: string | null;
  readonly state: 'untested' | 'ok' | 'rejected';
  readonly cursor: string | null;
  readonly updatedAt: Date;
  readonly limitRequests: number | null;
  readonly limitSeconds: number | null;
}

const COLUMNS = `id, company_id as "companyId", connector, sealed_credentials as "sealedCredentials", base_url as "baseUrl", state, cursor, updated_at as "updatedAt", limit_requests as "limitRequests", limit_seconds as "limitSeconds"`;
/** The one in use: not rejected before rejected, the newest first. */
const IN_USE: Statement = {
  name: 'connections.in_use',
  text: `select distinct on (company_id) ${COLUMNS} from connections where company_id = any($1::uuid[]) and connector = any($2::text[])
         order by company_id, state = 'rejected', created_at desc, id desc`,
};
const ALL_OF: Statement = {
  name: 'connections.all_of',
  text: `select ${COLUMNS} from connections where connector = any($1::text[]) and state <> 'rejected' order by created_at, id`,
};
const BY_ID: Statement = { name: 'connections.by_id', text: `select ${COLUMNS} from connections where id = $1 and company_id = $2` };

/** The connection that each of these companies uses for a port: one query, whatever the number. */
export async function connectionsInUse(
  tx: Transaction,
  runtime: Runtime,
  companyIds: readonly string[],
  port: PortName,
): Promise<ReadonlyMap<string, ConnectionRow>> {
  const ids = await connectorsFor(runtime.connectors, port);
  const rows = await tx.query<ConnectionRow>(IN_USE, [companyIds, ids]);
  return new Map(rows.map((row) => [row.companyId, row]));
}

/** Every connection of every company for a port, but those whose credentials were rejected. System role only. */
export async function allConnectionsFor(tx: Transaction, runtime: Runtime, port: PortName): Promise<ConnectionRow[]> {
  return tx.query<ConnectionRow>(ALL_OF, [await connectorsFor(runtime.connectors, port)]);
}

export async function connectionById(tx: Transaction, companyId: string, id: string): Promise<ConnectionRow | undefined> {
  const [row] = await tx.query<ConnectionRow>(BY_ID, [id, companyId]);
  return row;
}

const BY_IDS: Statement = { name: 'connections.by_ids', text: `select ${COLUMNS} from connections where id = any($1::uuid[])` };

/** Of the transaction's company, or under the system role of any: the caller knows whose ids they are. */
export async function connectionsByIds(tx: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, ConnectionRow>> {
  return new Map((await tx.query<ConnectionRow>(BY_IDS, [ids])).map((row) => [row.id, row]));
}

const RECEIVING: Statement = {
  name: 'connections.receiving',
  text: `select ${COLUMNS} from connections where company_id = any($1::uuid[]) and connector = any($2::text[]) and state <> 'rejected' order by created_at, id`,
};

/** Every mailbox that these companies read. */
export async function mailboxConnections(
  tx: Transaction,
  runtime: Runtime,
  companyIds: readonly string[],
): Promise<readonly ConnectionRow[]> {
  return tx.query<ConnectionRow>(RECEIVING, [companyIds, await connectorsFor(runtime.connectors, 'inbound_email')]);
}

const ANY: Statement = { name: 'connections.any', text: `select ${COLUMNS} from connections where id = $1` };

/** The connection that an address of a vendor's webhook names, whosesoever it is; undefined also for what is no id. System role only. */
export async function webhookConnection(tx: Transaction, id: string): Promise<ConnectionRow | undefined> {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return undefined;
  const [row] = await tx.query<ConnectionRow>(ANY, [id]);
  return row;
}

/** Connector, checked credentials and options of a connection: what every port is made of. */
export async function unlock(
  runtime: Runtime,
  row: ConnectionRow,
): Promise<{ connector: Connector; credentials: Record<string, unknown>; options: ConnectorOptions }> {
  const connector = await runtime.connectors.load(row.connector);
  const credentials = parseCredentials(connector, openCredentials(runtime.secrets, row.id, row.sealedCredentials));
  const baseUrl = resolveBaseUrl(connector, credentials, { connection: row.baseUrl, config: runtime.config });
  const { oauth, title } = connector;
  const signedIn = oauth === undefined ? null : { companyId: row.companyId, connectionId: row.id, title, oauth, credentials, baseUrl };
  return {
    connector,
    credentials,
    options: {
      baseUrl,
      turn: turnFor(runtime, row, connector, credentials),
      log: logFor(runtime, row.id),
      net: { internalHosts: runtime.config.internalHosts },
      ...(signedIn === null ? {} : { tokens: tokenSource(runtime, signedIn) }),
    },
  };
}

/** Does this connection send mail, and may it be commercial? */
export async function sendsMail(
  runtime: Runtime,
  row: ConnectionRow,
): Promise<{ readonly title: string; readonly sends: boolean; readonly transactionalOnly: boolean }> {
  const { title, email, transactionalOnly } = await runtime.connectors.load(row.connector);
  return { title, sends: email !== undefined, transactionalOnly: transactionalOnly === true };
}

interface OpenPort {
  readonly stamp: number;
  readonly port: Promise<EmailPort>;
}

/** Email pools of this process by connection: opened at the first mail, kept, closed when the connection changed. */
const open = new WeakMap<Runtime, Map<string, OpenPort>>();

/** The pool of a connection. Asked for with a newer row, it closes the old one once its mails are through. */
export function emailPort(runtime: Runtime, row: ConnectionRow): Promise<EmailPort> {
  const ports = open.get(runtime) ?? new Map<string, OpenPort>();
  open.set(runtime, ports);
  const stamp = row.updatedAt.getTime();
  const known = ports.get(row.id);
  if (known?.stamp === stamp) return known.port;
  if (known !== undefined) void known.port.then((port) => port.close()).catch(() => undefined);
  const port = openEmail(runtime, row);
  ports.set(row.id, { stamp, port });
  port.catch(() => ports.delete(row.id));
  return port;
}

async function openEmail(runtime: Runtime, row: ConnectionRow): Promise<EmailPort> {
  const { connector, credentials, options } = await unlock(runtime, row);
  if (connector.email === undefined) throw new CredentialsRejected(`${connector.title} cannot send mail`);
  return connector.email(credentials, options);
}

export async function closeEmailPort(runtime: Runtime, connectionId: string): Promise<void> {
  const known = open.get(runtime)?.get(connectionId);
  open.get(runtime)?.delete(connectionId);
  await known?.port.then((port) => port.close()).catch(() => undefined);
}

export async function closeEmailPorts(runtime: Runtime): Promise<void> {
  await Promise.all([...(open.get(runtime)?.keys() ?? [])].map((id) => closeEmailPort(runtime, id)));
}

export async function inboundPort(runtime: Runtime, row: ConnectionRow): Promise<InboundEmailPort> {
  const { connector, credentials, options } = await unlock(runtime, row);
  if (connector.inboundEmail === undefined) throw new CredentialsRejected(`${connector.title} cannot receive mail`);
  return connector.inboundEmail(credentials, options);
}

/** The SMS port of a connection: HTTP, nothing to keep open. */
export async function smsPort(runtime: Runtime, row: ConnectionRow): Promise<SmsPort> {
  const { connector, credentials, options } = await unlock(runtime, row);
  if (connector.sms === undefined) throw new CredentialsRejected(`${connector.title} cannot send SMS`);
  return connector.sms(credentials, options);
}

/** Where clients pay: HTTP, nothing to keep open. */
export async function paymentsPort(runtime: Runtime, row: ConnectionRow, signal?: AbortSignal): Promise<PaymentsPort> {
  const { connector, credentials, options } = await unlock(runtime, row);
  if (connector.payments === undefined) throw new CredentialsRejected(`${connector.title} takes no payments`);
  return connector.payments(credentials, { ...options, ...(signal === undefined ? {} : { signal }) });
}

/** Somebody's calendars: HTTP, nothing to keep open. */
export async function calendarPort(runtime: Runtime, row: ConnectionRow, signal?: AbortSignal): Promise<CalendarPort> {
  const { connector, credentials, options } = await unlock(runtime, row);
  if (connector.calendar === undefined) throw new CredentialsRejected(`${connector.title} keeps no calendars`);
  return connector.calendar(credentials, { ...options, ...(signal === undefined ? {} : { signal }) });
}

interface Ports {
  readonly email: EmailPort;
  readonly llm: LlmPort;
}

export interface PortInUse<Port> {
  readonly port: Port;
  readonly connectionId: string;
  readonly vendor: string;
  /** The `model` field of the credentials, where the vendor has one. */
  readonly model: string | null;
}

/** The port of the connection that a company uses for it; null when it has none that works. Opens a short transaction. */
export async function portFor<Name extends keyof Ports>(
  runtime: Runtime,
  companyId: string,
  name: Name,
): Promise<PortInUse<Ports[Name]> | null> {
  const row = await runtime.database.read(companyId, async (tx) => (await connectionsInUse(tx, runtime, [companyId], name)).get(companyId));
  if (row === undefined || row.state === 'rejected') return null;
  const { connector, credentials, options } = await unlock(runtime, row);
  const made = name === 'email' ? await emailPort(runtime, row) : connector.llm?.(credentials, options);
  if (made === undefined) return null;
  const model = credentials['model'];
  // `name` chose the port; TypeScript does not follow that through the generic
  return { port: made as Ports[Name], connectionId: row.id, vendor: connector.id, model: typeof model === 'string' ? model : null };
}

import { VendorRefused } from '#core/connector/errors.ts';
import type { Connector } from '#core/connector/types.ts';
import type { SourcePort, SourceSettings } from '#core/ports/source.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionById, unlock } from '#modules/connections/public.ts';
import { compileWire } from '#core/operation/wire.ts';
import { InvalidInput } from '#core/errors.ts';

export interface OpenSource {
  readonly port: SourcePort;
  readonly connector: Connector;
}

/**
 * The vendor of a source, ready to be asked. Reads the connection in a short transaction of its own.
 * @throws CredentialsRejected, VendorRefused the connection is gone or is no source, InvalidInput settings that do not fit
 */
export async function openSource(
  runtime: Runtime,
  of: { readonly companyId: string; readonly connectionId: string; readonly settings: SourceSettings },
  signal?: AbortSignal,
): Promise<OpenSource> {
  const row = await runtime.database.read(of.companyId, (tx) => connectionById(tx, of.companyId, of.connectionId));
  if (row === undefined) throw new VendorRefused('The connection of this source is gone; choose another one');
  const { connector, credentials, options } = await unlock(runtime, row);
  if (connector.source === undefined) throw new VendorRefused(`${connector.title} holds no people, organisations or deals`);
  const settings = settingsOf(connector, of.settings);
  return { connector, port: connector.source(credentials, signal === undefined ? options : { ...options, signal }, settings) };
}

/** As the connector's code takes them. @throws InvalidInput naming the field */
export function settingsOf(connector: Connector, raw: SourceSettings): SourceSettings {
  const schema = connector.sourceSettings;
  if (schema === undefined) return {};
  const parsed = schema.safeParse(compileWire(schema).in(raw));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => ({ path: `settings.${issue.path.join('.')}`, message: issue.message }));
  throw new InvalidInput(`The settings are not complete: ${fields.map(({ path, message }) => `${path} ${message}`).join('; ')}`, {
    fields,
  });
}

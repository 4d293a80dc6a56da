import { z } from 'zod';
import type { Connector } from '#core/connector/types.ts';
import { InvalidInput } from '#core/errors.ts';
import { compileWire, wireJsonSchema } from '#core/operation/wire.ts';
import type { Secrets } from '#core/secrets.ts';

/** Credentials as a form or a file gives them: names of the wire (from_email), plain values. This is what is sealed. */
export type RawCredentials = Readonly<Record<string, unknown>>;

const Raw = z.record(z.string(), z.unknown());

/** Bound to the row: a sealed text that was copied to another connection does not open there. */
const context = (connectionId: string) => `connection ${connectionId}`;

export function sealCredentials(secrets: Secrets, connectionId: string, raw: RawCredentials): string {
  return secrets.seal(JSON.stringify(raw), context(connectionId));
}

/** @throws Misconfigured when it was sealed with a key that this installation no longer has */
export function openCredentials(secrets: Secrets, connectionId: string, sealed: string): RawCredentials {
  return Raw.parse(JSON.parse(secrets.open(sealed, context(connectionId))));
}

/** Sealed with a retired key? The first parts name version and key. */
export function needsResealing(secrets: Secrets, sealed: string): boolean {
  const keyOf = (text: string) => text.split('.').slice(0, 2).join('.');
  return keyOf(sealed) !== keyOf(secrets.seal('', ''));
}

/** What the connector's code gets: checked, secrets as `Secret`. @throws InvalidInput naming the field */
export function parseCredentials(connector: Connector, raw: RawCredentials): Record<string, unknown> {
  const parsed = connector.credentials.safeParse(compileWire(connector.credentials).in(raw));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => ({
    path: ['credentials', ...issue.path.map((part) => snake(String(part)))].join('.'),
    message: issue.message,
  }));
  throw new InvalidInput(
    `The credentials for ${connector.title} are not complete: ${fields.map((field) => `${field.path} ${field.message}`).join('; ')}`,
    { fields },
  );
}

/** The form: JSON schema with names of the wire; `x-secret` marks what is shown to nobody. */
export function credentialSchema(connector: Connector): Record<string, unknown> {
  return wireJsonSchema(connector.credentials, 'input');
}

const Form = z.object({
  properties: z.record(z.string(), z.looseObject({ 'x-secret': z.boolean().optional(), 'x-host': z.boolean().optional() })),
});

/** Fields of `mark`, as on the wire. */
function marked(connector: Connector, mark: 'x-secret' | 'x-host'): ReadonlySet<string> {
  const { properties } = Form.parse(credentialSchema(connector));
  return new Set(Object.entries(properties).flatMap(([name, property]) => (property[mark] === true ? [name] : [])));
}

/** Names of the secret fields, as on the wire. */
export const secretFields = (connector: Connector): ReadonlySet<string> => marked(connector, 'x-secret');

/**
 * The new fields; of the old ones only the secrets that were not given anew.
 * @throws InvalidInput a secret would be sent to a host that it was not given for
 */
export function mergeCredentials(connector: Connector, old: Stored, next: Stored): RawCredentials {
  const kept = [...secretFields(connector)].filter((name) => name in old.raw && !(name in next.raw));
  const known = hostsOf(connector, old);
  const added = [...hostsOf(connector, next)].filter((host) => !known.has(host));
  if (kept.length > 0 && added.length > 0) {
    const message = `must be given again: it would be sent to ${added.join(', ')}, which it was not given for`;
    throw new InvalidInput(`${kept.join(', ')} ${message}`, { fields: kept.map((name) => ({ path: `credentials.${name}`, message })) });
  }
  return { ...Object.fromEntries(kept.map((name) => [name, old.raw[name]])), ...next.raw };
}

/** What is stored of a connection, or is about to be. */
export interface Stored {
  readonly raw: RawCredentials;
  /** Another address than the vendor's own. */
  readonly baseUrl: string | null;
}

function hostsOf(connector: Connector, { raw, baseUrl }: Stored): Set<string> {
  const fields = [...marked(connector, 'x-host')].flatMap((name) => String(raw[name] ?? '').split(','));
  const base = baseUrl === null ? 'the vendor’s own address' : new URL(baseUrl).host;
  return new Set([...fields.map((host) => host.trim().toLowerCase()), base]);
}

/** What may be shown: the plain fields, and for a secret only that it is set. */
export function shown(connector: Connector, raw: RawCredentials): { fields: Record<string, unknown>; secretsSet: string[] } {
  const secret = secretFields(connector);
  const entries = Object.entries(raw);
  return {
    fields: Object.fromEntries(entries.filter(([name]) => !secret.has(name))),
    secretsSet: entries.flatMap(([name]) => (secret.has(name) ? [name] : [])),
  };
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

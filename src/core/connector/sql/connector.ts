import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { secret } from '#core/secrets.ts';
import type { SqlCredentials } from './session.ts';
import { SqlSettings, sqlSource } from './source.ts';
import type { Ask, ColumnsOf, SqlDialect } from './types.ts';

/** What tells one kind of database from the others. */
export interface SqlDatabase {
  readonly id: string;
  readonly title: string;
  readonly dialect: SqlDialect;
  /** Where it listens when nobody says otherwise. */
  readonly port: number;
  /** Characters of its names. */
  readonly longest: { readonly database: number; readonly user: number };
  /** Words for people, where the usual ones do not fit. */
  readonly says?: { readonly host?: string; readonly user?: string };
  /** One row: `name` of the database, `who` is signed in, `version`. */
  readonly hello: string;
  /** Of `version`, what a person wants to see. Default: all of it. */
  readonly version?: (version: string) => string;
  /** One connection, one transaction that changes nothing, whatever is asked. @throws CredentialsRejected, VendorRefused, VendorUnavailable */
  readonly inSession: <T>(credentials: SqlCredentials, work: (ask: Ask, columnsOf: ColumnsOf) => Promise<T>) => Promise<T>;
}

/** A database that a query reads rows from. */
export function sqlConnector({ id, title, dialect, port, longest, says, hello, version = String, inSession }: SqlDatabase) {
  const credentials = z.object({
    host: z
      .string()
      .trim()
      .min(1)
      .max(255)
      .describe(says?.host ?? 'Where the database is: db.example.com'),
    port: z.int().min(1).max(65_535).default(port),
    database: z.string().trim().min(1).max(longest.database),
    user: z
      .string()
      .trim()
      .min(1)
      .max(longest.user)
      .describe(says?.user ?? 'A user that may only read'),
    password: secret(),
    tls: z
      .enum(['verify', 'any', 'off'])
      .default('verify')
      .describe('verify: its certificate is checked. any: encrypted, not checked. off: in plain text, for this machine'),
  });
  return connector({
    id,
    title,
    credentials,
    verify: (found) =>
      inSession(found, async (ask) => {
        const [row] = await ask(hello, []);
        return `${String(row?.['who'])} at ${String(row?.['name'])}, ${version(String(row?.['version']))}`;
      }),
    sourceSettings: SqlSettings,
    // checked a moment ago; the registry knows settings of any shape
    source: (found, _options, settings) => sqlSource(SqlSettings.parse(settings), dialect, (work) => inSession(found, work)),
  });
}

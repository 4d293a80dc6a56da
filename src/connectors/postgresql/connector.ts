import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { SqlSettings, sqlSource } from '#core/connector/sql/source.ts';
import { secret } from '#core/secrets.ts';
import { postgresDialect } from './dialect.ts';
import { inSession } from './session.ts';

const Credentials = z.object({
  host: z.string().trim().min(1).max(255).describe('Where the database is: db.example.com'),
  port: z.int().min(1).max(65_535).default(5_432),
  database: z.string().trim().min(1).max(63),
  user: z.string().trim().min(1).max(63).describe('A user that may only read'),
  password: secret(),
  tls: z
    .enum(['verify', 'any', 'off'])
    .default('verify')
    .describe('verify: its certificate is checked. any: encrypted, not checked. off: in plain text, for this machine'),
});

/** A PostgreSQL database that a query reads people or organisations from. Sessions are read only, whatever the query says. */
export default connector({
  id: 'postgresql',
  title: 'PostgreSQL database',
  credentials: Credentials,
  async verify(credentials) {
    return inSession(credentials, async (ask) => {
      const [row] = await ask('select current_database() as name, current_user as who, version() as version', []);
      return `${String(row?.['who'])} at ${String(row?.['name'])}, ${String(row?.['version']).split(' on ')[0]}`;
    });
  },
  sourceSettings: SqlSettings,
  // checked a moment ago; the registry knows settings of any shape
  source: (credentials, _options, settings) =>
    sqlSource(SqlSettings.parse(settings), postgresDialect, (work) => inSession(credentials, work)),
});

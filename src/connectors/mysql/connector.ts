import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { SqlSettings, sqlSource } from '#core/connector/sql/source.ts';
import { secret } from '#core/secrets.ts';
import { mysqlDialect } from './dialect.ts';
import { inSession } from './session.ts';

const Credentials = z.object({
  host: z.string().trim().min(1).max(255).describe('Where the database is: db.example.com'),
  port: z.int().min(1).max(65_535).default(3_306),
  database: z.string().trim().min(1).max(64),
  user: z.string().trim().min(1).max(80).describe('A user that may only read'),
  password: secret(),
  tls: z
    .enum(['verify', 'any', 'off'])
    .default('verify')
    .describe('verify: its certificate is checked. any: encrypted, not checked. off: in plain text, for this machine'),
});

/** A MySQL or MariaDB database that a query reads rows from. Sessions are read only, whatever the query says. */
export default connector({
  id: 'mysql',
  title: 'MySQL or MariaDB database',
  credentials: Credentials,
  async verify(credentials) {
    return inSession(credentials, async (ask) => {
      const [row] = await ask('select database() as name, current_user() as who, version() as version', []);
      return `${String(row?.['who'])} at ${String(row?.['name'])}, ${String(row?.['version'])}`;
    });
  },
  sourceSettings: SqlSettings,
  // checked a moment ago; the registry knows settings of any shape
  source: (credentials, _options, settings) => sqlSource(SqlSettings.parse(settings), mysqlDialect, (work) => inSession(credentials, work)),
});

import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { SqlSettings, sqlSource } from '#core/connector/sql/source.ts';
import { secret } from '#core/secrets.ts';
import { sqlServerDialect } from './dialect.ts';
import { inSession } from './session.ts';

const Credentials = z.object({
  host: z.string().trim().min(1).max(255).describe('Where the database is: db.example.com, or acme.database.windows.net'),
  port: z.int().min(1).max(65_535).default(1_433),
  database: z.string().trim().min(1).max(128),
  user: z.string().trim().min(1).max(128).describe('A login of SQL Server that may only read'),
  password: secret(),
  tls: z
    .enum(['verify', 'any', 'off'])
    .default('verify')
    .describe('verify: its certificate is checked. any: encrypted, not checked. off: in plain text, for this machine'),
});

/** A database of SQL Server or Azure SQL that a query reads rows from. Whatever a query might do is rolled back. */
export default connector({
  id: 'sqlserver',
  title: 'SQL Server or Azure SQL database',
  credentials: Credentials,
  async verify(credentials) {
    return inSession(credentials, async (ask) => {
      const [row] = await ask(
        `select db_name() as name, suser_sname() as who, cast(serverproperty('ProductVersion') as nvarchar(40)) as version`,
        [],
      );
      return `${String(row?.['who'])} at ${String(row?.['name'])}, SQL Server ${String(row?.['version'])}`;
    });
  },
  sourceSettings: SqlSettings,
  // checked a moment ago; the registry knows settings of any shape
  source: (credentials, _options, settings) =>
    sqlSource(SqlSettings.parse(settings), sqlServerDialect, (work) => inSession(credentials, work)),
});

import { sqlConnector } from '#core/connector/sql/connector.ts';
import { sqlServerDialect } from './dialect.ts';
import { inSession } from './session.ts';

/** A database of SQL Server or Azure SQL that a query reads rows from. Whatever a query might do is rolled back. */
export default sqlConnector({
  id: 'sqlserver',
  title: 'SQL Server or Azure SQL database',
  dialect: sqlServerDialect,
  port: 1_433,
  longest: { database: 128, user: 128 },
  says: { host: 'Where the database is: db.example.com, or acme.database.windows.net', user: 'A login of SQL Server that may only read' },
  hello: `select db_name() as name, suser_sname() as who, cast(serverproperty('ProductVersion') as nvarchar(40)) as version`,
  version: (version) => `SQL Server ${version}`,
  inSession,
});

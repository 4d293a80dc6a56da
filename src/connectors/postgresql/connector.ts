import { sqlConnector } from '#core/connector/sql/connector.ts';
import { postgresDialect } from './dialect.ts';
import { inSession } from './session.ts';

/** A PostgreSQL database that a query reads people or organisations from. Sessions are read only, whatever the query says. */
export default sqlConnector({
  id: 'postgresql',
  title: 'PostgreSQL database',
  dialect: postgresDialect,
  port: 5_432,
  longest: { database: 63, user: 63 },
  hello: 'select current_database() as name, current_user as who, version() as version',
  version: (version) => version.split(' on ')[0] ?? version,
  inSession,
});

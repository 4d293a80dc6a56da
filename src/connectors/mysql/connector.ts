import { sqlConnector } from '#core/connector/sql/connector.ts';
import { mysqlDialect } from './dialect.ts';
import { inSession } from './session.ts';

/** A MySQL or MariaDB database that a query reads rows from. Sessions are read only, whatever the query says. */
export default sqlConnector({
  id: 'mysql',
  title: 'MySQL or MariaDB database',
  dialect: mysqlDialect,
  port: 3_306,
  longest: { database: 64, user: 80 },
  hello: 'select database() as name, current_user() as who, version() as version',
  inSession,
});

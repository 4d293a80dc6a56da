import type { Connection, Request } from 'tedious';
import { VendorRefused } from '#core/connector/errors.ts';
import { CONNECT_MS, meaningOf, STATEMENT_MS, type SqlCredentials, type SqlFault, type SqlMeaning } from '#core/connector/sql/session.ts';
import type { Ask, ColumnsOf } from '#core/connector/sql/types.ts';

/**
 * One connection, one transaction that is always rolled back: SQL Server has no read-only ones, so whatever a query might do is undone.
 * @throws CredentialsRejected, VendorRefused, VendorUnavailable
 */
export async function inSession<T>(credentials: SqlCredentials, work: (ask: Ask, columnsOf: ColumnsOf) => Promise<T>): Promise<T> {
  const { default: tedious } = await import('tedious');
  const { host, port, database, user, password, tls } = credentials;
  const connection = new tedious.Connection({
    server: host,
    authentication: { type: 'default', options: { userName: user, password: password.reveal() } },
    options: {
      port,
      database,
      encrypt: tls !== 'off',
      trustServerCertificate: tls === 'any',
      connectTimeout: CONNECT_MS,
      requestTimeout: STATEMENT_MS,
      // A replica that may only be read is good enough.
      readOnlyIntent: true,
      abortTransactionOnError: true,
      appName: 'steward',
      useUTC: true,
    },
  });
  // A connection that breaks while nobody asks is noticed by the next question.
  connection.on('error', () => undefined);
  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error === undefined || error === null ? resolve() : reject(error)));
    });
    await new Promise<void>((resolve, reject) => {
      connection.beginTransaction(
        (error) => (error === undefined || error === null ? resolve() : reject(error)),
        '',
        tedious.ISOLATION_LEVEL.READ_COMMITTED,
      );
    });
    const ask: Ask = (text, values) =>
      rowsOf(connection, text, (done) => {
        const request = new tedious.Request(`set lock_timeout 15000; ${text}`, done);
        values.forEach((value, index) => request.addParameter(`p${index + 1}`, tedious.TYPES.NVarChar, String(value)));
        return request;
      });
    return await work(ask, (text) => described(ask, text));
  } catch (error) {
    throw meaningOf(error, credentials, meaning);
  } finally {
    // Ends the transaction with it.
    connection.close();
  }
}

function rowsOf(
  connection: Connection,
  text: string,
  requestOf: (done: (error: Error | null | undefined) => void) => Request,
): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const rows: Record<string, unknown>[] = [];
    const request = requestOf((error) => (error === undefined || error === null ? resolve(rows) : reject(error)));
    request.on('row', (columns: readonly { readonly metadata: { readonly colName: string }; readonly value: unknown }[]) => {
      rows.push(Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName, value])));
    });
    connection.execSql(request);
  });
}

/** What a statement would answer, with types as they are declared; it is not run. */
async function described(ask: Ask, text: string): Promise<{ name: string; type: string }[]> {
  const rows = await ask(
    'select name, system_type_name as type, error_message as fault from sys.dm_exec_describe_first_result_set(@p1, null, 0) order by column_ordinal',
    [text],
  );
  const fault = rows.find((row) => row['fault'] !== null && row['fault'] !== undefined)?.['fault'];
  if (fault !== undefined) throw new VendorRefused(`The database refused: ${String(fault)}`);
  return rows.map((row) => ({ name: String(row['name']), type: String(row['type']) }));
}

/** Login failed, no such database, no permission. */
const REJECTED = new Set([18_456, 18_452, 4_060, 229, 230, 916, 40_615]);
/** Deadlock, lock timeout, and what Azure says while it moves or throttles a database. */
const BUSY = new Set([1_205, 1_222, 3_960, 10_928, 10_929, 40_197, 40_501, 40_613, 49_918, 49_919, 49_920]);

/** By error number. @see https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors */
export function meaning({ code, number, error }: SqlFault): SqlMeaning {
  if (number !== null && REJECTED.has(number)) return 'rejected';
  if (code === 'ELOGIN') return 'rejected';
  if (number !== null && BUSY.has(number)) return 'busy';
  if (code === 'EREQUEST') return 'refused';
  if (code === 'ETIMEOUT' && error.name === 'RequestError') return 'slow';
  return code === '' ? 'unknown' : 'away';
}

import { CONNECT_MS, meaningOf, STATEMENT_MS, type SqlCredentials, type SqlFault, type SqlMeaning } from '#core/connector/sql/session.ts';
import type { Ask, ColumnsOf } from '#core/connector/sql/types.ts';
import { typeOf } from './dialect.ts';

/** One connection, one read-only transaction that sees one moment. @throws CredentialsRejected, VendorRefused, VendorUnavailable */
export async function inSession<T>(credentials: SqlCredentials, work: (ask: Ask, columnsOf: ColumnsOf) => Promise<T>): Promise<T> {
  const { createConnection } = await import('mysql2/promise');
  const { host, port, database, user, password, tls } = credentials;
  let end: (() => Promise<void>) | undefined;
  try {
    const connection = await createConnection({
      host,
      port,
      database,
      user,
      password: password.reveal(),
      ...(tls === 'off' ? {} : { ssl: { rejectUnauthorized: tls === 'verify', verifyIdentity: tls === 'verify' } }),
      connectTimeout: CONNECT_MS,
      charset: 'utf8mb4',
      // Exact texts: a number of twenty digits, a moment to the microsecond.
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      jsonStrings: true,
      multipleStatements: false,
      // A server must not be able to ask for files of this machine.
      flags: ['-LOCAL_FILES'],
      // No text of the server's becomes code here.
      disableEval: true,
    });
    // A connection that breaks while nobody asks is noticed by the next question.
    connection.on('error', () => undefined);
    end = async () => {
      connection.destroy();
    };
    await connection.query(`set session time_zone = '+00:00'`);
    await limitTime((text) => connection.query(text));
    await connection.query('set session transaction isolation level repeatable read');
    await connection.query('start transaction with consistent snapshot, read only');
    const run = async (text: string, values: readonly unknown[]) =>
      // A prepared statement is one statement: nothing can be hung on behind it.
      connection.execute({ sql: text, timeout: STATEMENT_MS + 5_000 }, values.map(String));
    const ask: Ask = async (text, values) => {
      const [rows] = await run(text, values);
      // a select answers rows; the types of mysql2 know every kind of answer
      return rows as Record<string, unknown>[];
    };
    return await work(ask, async (text) => (await run(text, []))[1].map((field) => ({ name: field.name, type: typeOf(field) })));
  } catch (error) {
    throw meaningOf(error, credentials, meaning);
  } finally {
    await end?.();
  }
}

/** MariaDB counts seconds of any statement, MySQL milliseconds of a select; each knows only its own. */
async function limitTime(set: (text: string) => Promise<unknown>): Promise<void> {
  await set(`set session max_statement_time = ${STATEMENT_MS / 1_000}`).catch(() =>
    set(`set session max_execution_time = ${STATEMENT_MS}`),
  );
}

const REJECTED =
  /^ER_(ACCESS_DENIED|DBACCESS_DENIED|TABLEACCESS_DENIED|COLUMNACCESS_DENIED|BAD_DB|SPECIFIC_ACCESS_DENIED|MUST_CHANGE_PASSWORD|ACCOUNT_HAS_BEEN_LOCKED)/;
const BUSY =
  /^ER_(CON_COUNT|TOO_MANY_USER_CONNECTIONS|USER_LIMIT_REACHED|LOCK_WAIT_TIMEOUT|LOCK_DEADLOCK|SERVER_SHUTDOWN|OUT_OF_RESOURCES|DISK_FULL|QUERY_INTERRUPTED|CHECKREAD)/;
const SLOW = /^(ER_QUERY_TIMEOUT|ER_STATEMENT_TIMEOUT|PROTOCOL_SEQUENCE_TIMEOUT)$/;

/** By the names that MySQL and MariaDB give their errors. @see https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html */
function meaning({ code, number }: SqlFault): SqlMeaning {
  // 1969 is MariaDB's, which mysql2 has no name for
  if (SLOW.test(code) || number === 1_969) return 'slow';
  if (REJECTED.test(code)) return 'rejected';
  if (BUSY.test(code)) return 'busy';
  if (code.startsWith('HANDSHAKE_')) return 'no_tls';
  if (code.startsWith('ER_') || (number !== null && number >= 1_000)) return 'refused';
  return code === '' ? 'unknown' : 'away';
}

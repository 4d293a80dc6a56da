import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Ask, ColumnsOf } from '#core/connector/sql/types.ts';
import type { Secret } from '#core/secrets.ts';
import { typeOf } from './dialect.ts';

interface MysqlCredentials {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  readonly tls: 'verify' | 'any' | 'off';
}

const STATEMENT_MS = 60_000;
const CONNECT_MS = 15_000;

/** One connection, one read-only transaction that sees one moment. @throws CredentialsRejected, VendorRefused, VendorUnavailable */
export async function inSession<T>(credentials: MysqlCredentials, work: (ask: Ask, columnsOf: ColumnsOf) => Promise<T>): Promise<T> {
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
    throw meaning(error, password.reveal());
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
function meaning(error: unknown, hidden: string): Error {
  if (!(error instanceof Error)) return new VendorUnavailable('The database can’t be reached');
  const says = hidden === '' ? error.message : error.message.replaceAll(hidden, '[secret]');
  const code = 'code' in error ? String(error.code) : '';
  // 1969 is MariaDB's, which mysql2 has no name for
  const number = 'errno' in error ? error.errno : null;
  if (SLOW.test(code) || number === 1_969)
    return new VendorUnavailable(`The query took longer than ${STATEMENT_MS / 1_000} s: give its columns an index`);
  if (REJECTED.test(code)) return new CredentialsRejected(`The database does not let us in: ${says}`);
  if (BUSY.test(code)) return new VendorUnavailable(`The database is away or busy: ${says}`);
  if (code.startsWith('HANDSHAKE_')) return new VendorRefused(`The database speaks no TLS that can be checked: ${says}`);
  if (code.startsWith('ER_') || (typeof number === 'number' && number >= 1_000)) return new VendorRefused(`The database refused: ${says}`);
  return code === '' ? error : new VendorUnavailable(`The database can’t be reached: ${says}`);
}

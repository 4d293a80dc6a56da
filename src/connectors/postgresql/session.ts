import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Ask, ColumnsOf } from '#core/connector/sql/types.ts';
import type { Secret } from '#core/secrets.ts';

interface PostgresCredentials {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  readonly tls: 'verify' | 'any' | 'off';
}

const STATEMENT_MS = 60_000;
const CONNECT_MS = 15_000;

/** One connection, one read-only transaction of repeatable reads. @throws CredentialsRejected, VendorRefused, VendorUnavailable */
export async function inSession<T>(credentials: PostgresCredentials, work: (ask: Ask, columnsOf: ColumnsOf) => Promise<T>): Promise<T> {
  const { default: pg } = await import('pg');
  const { host, port, database, user, password, tls } = credentials;
  const client = new pg.Client({
    host,
    port,
    database,
    user,
    password: password.reveal(),
    ssl: tls === 'off' ? false : { rejectUnauthorized: tls === 'verify' },
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    application_name: 'steward',
  });
  // A connection that breaks while nobody asks is noticed by the next question.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin transaction isolation level repeatable read read only');
    // The extended protocol takes one statement: nothing can be hung on behind it.
    const run = (text: string, values: readonly unknown[]) => {
      const config = { text, values: [...values], queryMode: 'extended' };
      return client.query<Record<string, unknown>>(config);
    };
    const ask: Ask = async (text, values) => (await run(text, values)).rows;
    const answer = await work(ask, async (text) => {
      const { fields } = await run(text, []);
      const types = await ask('select t.id, format_type(t.id, null) as type from unnest($1::oid[]) as t(id)', [
        fields.map((field) => field.dataTypeID),
      ]);
      const byId = new Map(types.map((row) => [Number(row['id']), String(row['type'])]));
      return fields.map(({ name, dataTypeID }) => ({ name, type: byId.get(dataTypeID) ?? 'text' }));
    });
    await client.query('commit');
    return answer;
  } catch (error) {
    throw meaning(error, password.reveal());
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** By SQLSTATE. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
function meaning(error: unknown, hidden: string): Error {
  if (!(error instanceof Error)) return new VendorUnavailable('The database can’t be reached');
  const says = hidden === '' ? error.message : error.message.replaceAll(hidden, '[secret]');
  const code = 'code' in error ? String(error.code) : '';
  if (code.startsWith('28') || code === '3D000' || code === '42501')
    return new CredentialsRejected(`The database does not let us in: ${says}`);
  if (code === '57014') return new VendorUnavailable(`The query took longer than ${STATEMENT_MS / 1_000} s: give its columns an index`);
  if (/^(08|53|57|40)/.test(code)) return new VendorUnavailable(`The database is away or busy: ${says}`);
  if (/^[0-9A-Z]{5}$/.test(code)) return new VendorRefused(`The database refused: ${says}`);
  return error.name === 'Error' || code !== '' ? new VendorUnavailable(`The database can’t be reached: ${says}`) : error;
}

import { CONNECT_MS, meaningOf, STATEMENT_MS, type SqlCredentials, type SqlFault, type SqlMeaning } from '#core/connector/sql/session.ts';
import type { Ask, ColumnsOf } from '#core/connector/sql/types.ts';

/** One connection, one read-only transaction of repeatable reads. @throws CredentialsRejected, VendorRefused, VendorUnavailable */
export async function inSession<T>(credentials: SqlCredentials, work: (ask: Ask, columnsOf: ColumnsOf) => Promise<T>): Promise<T> {
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
    throw meaningOf(error, credentials, meaning);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** By SQLSTATE. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
function meaning({ code, error }: SqlFault): SqlMeaning {
  if (code.startsWith('28') || code === '3D000' || code === '42501') return 'rejected';
  if (code === '57014') return 'slow';
  if (/^(08|53|57|40)/.test(code)) return 'busy';
  if (/^[0-9A-Z]{5}$/.test(code)) return 'refused';
  return error.name === 'Error' || code !== '' ? 'away' : 'unknown';
}

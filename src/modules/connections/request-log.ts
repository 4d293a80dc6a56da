import { withoutPeople, type RequestLog, type RequestNote } from '#core/connector/request-log.ts';
import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';

/** Of each connection. Of more in one stretch the last count. */
export const KEPT_REQUESTS = 200;
/** In real time. */
const WRITE_EVERY_MS = 2_000;

const WRITE: Statement = {
  name: 'connections.requests.write',
  text: `insert into connection_requests (id, company_id, connection_id, method, path, status, ms, error, at)
         select x.id, c.company_id, c.id, x.method, x.path, x.status, x.ms, x.error, x.at
           from json_to_recordset($1::json) as x (id uuid, connection_id uuid, method text, path text, status int, ms int, error text, at timestamptz)
           join connections c on c.id = x.connection_id`,
};
const TRIM: Statement = {
  name: 'connections.requests.trim',
  text: `delete from connection_requests r using (
           select id, row_number() over (partition by connection_id order by at desc, id desc) as place from connection_requests where connection_id = any ($1::uuid[])
         ) old where r.id = old.id and old.place > ${KEPT_REQUESTS}`,
};

type Kept = RequestNote & { readonly at: Date };

/** Notes of this process that are not written yet, by connection. */
const waiting = new WeakMap<Runtime, Map<string, Kept[]>>();

function notesOf(runtime: Runtime): Map<string, Kept[]> {
  const notes = waiting.get(runtime) ?? new Map<string, Kept[]>();
  waiting.set(runtime, notes);
  return notes;
}

export function logFor(runtime: Runtime, connectionId: string): RequestLog {
  return {
    note(entry) {
      const notes = notesOf(runtime);
      const own = notes.get(connectionId) ?? [];
      notes.set(connectionId, own);
      if (own.length >= KEPT_REQUESTS) own.shift();
      own.push({ ...entry, at: runtime.clock.now() });
    },
  };
}

/** Writes what was noted since. Answers how many. */
export async function writeRequests(runtime: Runtime): Promise<number> {
  const notes = notesOf(runtime);
  if (notes.size === 0) return 0;
  waiting.set(runtime, new Map());
  const rows = [...notes].flatMap(([id, own]) =>
    own.map(({ method, path, status, ms, error, at }) => ({
      id: newId(),
      connection_id: id,
      method: method.slice(0, 20),
      path: withoutPeople(path),
      status,
      ms: Math.round(ms),
      error: error === null ? null : withoutPeople(error.replaceAll('\u0000', '').toWellFormed()),
      at,
    })),
  );
  await runtime.system.write(async (tx) => {
    await tx.query(WRITE, [JSON.stringify(rows)]);
    await tx.query(TRIM, [[...notes.keys()]]);
  });
  return rows.length;
}

/** The worker's share. What is noted while it stops is written, too. */
export function keepRequests(runtime: Runtime): Stop {
  return nowAndThen({
    log: runtime.log,
    everyMs: WRITE_EVERY_MS,
    what: 'write the log of requests to vendors',
    atEnd: true,
    round: () => writeRequests(runtime),
  });
}

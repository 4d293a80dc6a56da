import { createReadStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { withdrawConsent } from '../consent.ts';
import { erasePerson } from './erase.ts';

const Line = z.object({
  id: z.uuid(),
  company: z.uuid(),
  kind: z.enum(['out', 'in', 'erased']),
  hash: z.string().nullable(),
  reason: z.string().nullable(),
  person: z.uuid().nullable(),
  /** ISO 8601 with microseconds. */
  at: z.string(),
});
type Line = z.output<typeof Line>;

const BATCH = 1_000;

const SINCE: Statement = {
  name: 'people.replay.since',
  text: `select id, company_id as company, kind, address_hash as hash, reason, person_id as person, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
           from opt_out_journal where ($1::timestamptz is null or at > $1::timestamptz - interval '10 minutes') order by at, id`,
};
const KNOWN: Statement = { name: 'people.replay.known', text: 'select id from opt_out_journal where id = any($1::uuid[])' };
const TAKE: Statement = {
  name: 'people.replay.take',
  text: `insert into opt_out_journal (id, company_id, kind, address_hash, reason, person_id, at)
         select e.id, e.company, e.kind, e.hash, e.reason, e.person, e.at
           from jsonb_to_recordset($1::jsonb) as e(id uuid, company uuid, kind text, hash text, reason text, person uuid, at timestamptz) join companies c on c.id = e.company
         on conflict (id) do nothing returning id`,
};
/** The last word of the journal on each address: listed again where it was a no. A lift is not replayed: its evidence is gone. */
const LIST: Statement = {
  name: 'people.replay.list',
  text: `insert into suppressions as s (id, company_id, channel, address, address_hash, reason, source, created_at, opted_out_at)
         select gen_random_uuid(), last.company_id, 'email', null, last.address_hash, coalesce(last.reason, 'opt_out'), 'restored', date_trunc('milliseconds', last.at), case when last.reason = 'opt_out' then last.at end
           from (select distinct on (j.company_id, j.address_hash) j.* from opt_out_journal j
                  join jsonb_to_recordset($1::jsonb) as e(company uuid, hash text) on e.company = j.company_id and e.hash = j.address_hash
                  order by j.company_id, j.address_hash, j.at desc, j.id desc) last
          where last.kind = 'out'
         on conflict (company_id, channel, address_hash) do update set opted_out_at = coalesce(s.opted_out_at, excluded.opted_out_at)
          where s.opted_out_at is null and excluded.opted_out_at is not null`,
};
const OUT: Statement = {
  name: 'people.replay.out',
  text: `select distinct p.company_id as "companyId", p.id as "personId"
           from (select distinct on (j.company_id, j.address_hash) j.* from opt_out_journal j
                  join jsonb_to_recordset($1::jsonb) as e(company uuid, hash text) on e.company = j.company_id and e.hash = j.address_hash
                  where j.person_id is not null or j.kind = 'in' order by j.company_id, j.address_hash, j.at desc, j.id desc) last
           join people p on p.id = last.person_id and p.company_id = last.company_id
          where last.kind = 'out' and last.reason = 'opt_out' and p.opted_out_at is null`,
};
const HERE: Statement = { name: 'people.replay.here', text: 'select id, company_id as company from people where id = any($1::uuid[])' };

/**
 * Appends to the file what the journal has and it has not, each time it is called; reads the file once. It may be behind by seconds, never by a
 * restart: each start begins with what is missing. Answers how many lines were added.
 */
export function replayWriter(runtime: Runtime, file: string): () => Promise<number> {
  let last: string | null = null;
  let written: Set<string> | null = null;
  return async () => {
    if (written === null) {
      written = new Set();
      for await (const line of readLines(file)) {
        if (last === null || line.at > last) last = line.at;
        written.add(line.id);
      }
    }
    const known = written;
    // Ten minutes back: a long transaction commits what it wrote down earlier.
    const rows = await runtime.system.read((tx) => tx.query<Line>(SINCE, [last]));
    const fresh = rows.filter((row) => !known.has(row.id));
    if (fresh.length > 0) await append(file, fresh);
    last = rows.at(-1)?.at ?? last;
    written = new Set(rows.map((row) => row.id));
    return fresh.length;
  };
}

async function append(file: string, lines: readonly Line[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a', 0o600);
  try {
    // begins on a line of its own, whatever broke off before
    await handle.writeFile(`\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Tells a restored database what it has forgotten: every line that its journal lacks is taken in, addresses are listed again, people who
 * had been erased are erased again. Nothing to do in a database that was not restored. Answers how many lines were news.
 */
export async function applyReplay(runtime: Runtime, file: string): Promise<number> {
  let news = 0;
  let batch: Line[] = [];
  const take = async () => {
    const lines = batch;
    batch = [];
    if (lines.length === 0) return;
    news += await runtime.system.write((tx) => takeLines(tx, runtime, lines));
  };
  for await (const line of readLines(file)) {
    batch.push(line);
    if (batch.length === BATCH) await take();
  }
  await take();
  await eraseAgain(runtime, file);
  return news;
}

async function takeLines(tx: Transaction, runtime: Runtime, lines: readonly Line[]): Promise<number> {
  const known = new Set((await tx.query<{ id: string }>(KNOWN, [lines.map((line) => line.id)])).map((row) => row.id));
  const fresh = lines.filter((line) => !known.has(line.id));
  if (fresh.length === 0) return 0;
  const taken = await tx.query(TAKE, [JSON.stringify(fresh)]);
  const listed = JSON.stringify(fresh.filter((line) => line.hash !== null));
  await tx.query(LIST, [listed]);
  const out = await tx.query<{ companyId: string; personId: string }>(OUT, [listed]);
  // The person, too: a further address of hers is not on the list.
  await withdrawConsent(
    tx,
    runtime,
    out.map((person) => ({ ...person, source: 'restored', evidence: { note: 'opted out after the moment of the backup' } })),
  );
  return taken.length;
}

/** Few: one transaction each, as a user's own erasure. */
async function eraseAgain(runtime: Runtime, file: string): Promise<void> {
  const erased: string[] = [];
  for await (const line of readLines(file)) if (line.kind === 'erased' && line.person !== null) erased.push(line.person);
  for (let from = 0; from < erased.length; from += BATCH) {
    const here = await runtime.system.read((tx) => tx.query<{ id: string; company: string }>(HERE, [erased.slice(from, from + BATCH)]));
    for (const { id, company } of here) await runtime.database.write(company, (tx) => erasePerson(tx, runtime, company, id, { by: null }));
  }
}

async function* readLines(file: string): AsyncGenerator<Line> {
  try {
    await stat(file);
  } catch {
    return; // not written yet
  }
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const line = Line.safeParse(parsed(text));
    if (line.success) yield line.data; // a line that broke off with the machine is written anew
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

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

/** Lines of the journal that are read at once. */
const PAGE = 10_000;

const AFTER: Statement = {
  name: 'people.replay.after',
  text: `select id, company_id as company, kind, address_hash as hash, reason, person_id as person, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, place::text
           from opt_out_journal where place > $1::bigint order by place limit ${PAGE}`,
};
const UNDER_WAY: Statement = { name: 'people.replay.under_way', text: 'select pg_snapshot_xmin(pg_current_snapshot())::text as oldest' };
const NUMBER: Statement = { name: 'people.replay.number', text: 'select pg_current_xact_id()::text as number' };
const KNOWN: Statement = { name: 'people.replay.known', text: 'select id from opt_out_journal where id = any($1::uuid[])' };
const TAKE: Statement = {
  name: 'people.replay.take',
  text: `insert into opt_out_journal (id, company_id, kind, address_hash, reason, person_id, at)
         select e.id, e.company, e.kind, e.hash, e.reason, e.person, e.at
           from rows from (jsonb_to_recordset($1::jsonb) as (id uuid, company uuid, kind text, hash text, reason text, person uuid, at timestamptz))
                with ordinality e(id, company, kind, hash, reason, person, at, line) join companies c on c.id = e.company order by e.line
         on conflict (id) do nothing returning id`,
};
/** The last word of the journal on each address: listed again where it was a no. A lift is not replayed: its evidence is gone. */
const LIST: Statement = {
  name: 'people.replay.list',
  text: `insert into suppressions as s (id, company_id, channel, address, address_hash, reason, source, created_at, opted_out_at)
         select gen_random_uuid(), last.company_id, 'email', null, last.address_hash, coalesce(last.reason, 'opt_out'), 'restored', date_trunc('milliseconds', last.at), case when last.reason = 'opt_out' then last.at end
           from (select distinct on (j.company_id, j.address_hash) j.* from opt_out_journal j
                  join jsonb_to_recordset($1::jsonb) as e(company uuid, hash text) on e.company = j.company_id and e.hash = j.address_hash
                  order by j.company_id, j.address_hash, j.place desc) last
          where last.kind = 'out'
         on conflict (company_id, channel, address_hash) do update set opted_out_at = coalesce(s.opted_out_at, excluded.opted_out_at)
          where s.opted_out_at is null and excluded.opted_out_at is not null`,
};
const OUT: Statement = {
  name: 'people.replay.out',
  text: `select distinct p.company_id as "companyId", p.id as "personId"
           from (select distinct on (j.company_id, j.address_hash) j.* from opt_out_journal j
                  join jsonb_to_recordset($1::jsonb) as e(company uuid, hash text) on e.company = j.company_id and e.hash = j.address_hash
                  where j.person_id is not null or j.kind = 'in' order by j.company_id, j.address_hash, j.place desc) last
           join people p on p.id = last.person_id and p.company_id = last.company_id
          where last.kind = 'out' and last.reason = 'opt_out' and p.opted_out_at is null`,
};
const HERE: Statement = { name: 'people.replay.here', text: 'select id, company_id as company from people where id = any($1::uuid[])' };

/** A line of the journal, and where it stands there. */
type Placed = Line & { readonly place: string };

/**
 * Appends to the file what the journal has and it has not, each time it is called; reads the file once. It may be behind by seconds, never by a
 * restart: each start begins with what is missing. Answers how many lines were added.
 */
export function replayWriter(runtime: Runtime, file: string): () => Promise<number> {
  /** Ids of lines above `passed` that the file has. */
  let written: Set<string> | null = null;
  /** All lines up to this place are in the file, and none will come below it. */
  let passed = '0';
  /** What is passed once all transactions before this number have ended: one that is under way may hold a place below. */
  let seen: { readonly place: string; readonly number: bigint } | null = null;
  return async () => {
    written ??= await idsIn(file);
    const [under] = await runtime.system.read((tx) => tx.query<{ oldest: string }>(UNDER_WAY, []));
    const over = seen !== null && under !== undefined && BigInt(under.oldest) >= seen.number;
    const here = new Set<string>();
    let added = 0;
    let last = passed;
    for (let page = PAGE; page === PAGE;) {
      const rows: Placed[] = await runtime.system.read((tx) => tx.query<Placed>(AFTER, [last]));
      const known: Set<string> = written;
      const fresh = rows.filter((row) => !known.has(row.id));
      if (fresh.length > 0) await append(file, fresh.map(({ place: _, ...line }) => line)); // prettier-ignore
      for (const { id } of rows) here.add(id);
      added += fresh.length;
      last = rows.at(-1)?.place ?? last;
      page = rows.length;
    }
    written = here;
    // What those had written who ended meanwhile is among the lines that were read since.
    if (seen !== null && over) {
      passed = seen.place;
      seen = null;
    }
    if (seen === null && last !== passed) {
      // Taken after the lines were read, so it is above that of whoever had a place by then.
      const [own] = await runtime.system.write((tx) => tx.query<{ number: string }>(NUMBER, []));
      if (own !== undefined) seen = { place: last, number: BigInt(own.number) };
    }
    return added;
  };
}

async function idsIn(file: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const line of readLines(file)) ids.add(line.id);
  return ids;
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

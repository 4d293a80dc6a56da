import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Firestore, Write } from '#core/stores/firestore-rest.ts';
import { COLLECTIONS, documentsOf, shapesOf } from './rows.ts';

/** One commit. */
const AT_ONCE = 300;
const PAGE = 1_000;
const FILL_AT_ONCE = 20_000;
/** Longer than a call may take (`CALL_MS`), so that a document is written by one process at a time, and a dead one's turn passes. Seconds. */
const HELD_S = 90;

export interface Mirror {
  readonly store: Firestore;
  /** The document that all collections hang on. */
  readonly root: string;
  /** Names project, database and root: what is filled. */
  readonly place: string;
}

interface Pending {
  readonly collection: string;
  readonly id: string;
  readonly version: string;
}

const SET_UP: Statement = { name: 'mirror.set_up', text: 'select steward_mirror($1::text[]) as done' };
const STATE: Statement = {
  name: 'mirror.state',
  text: `select s.filled_at as "filledAt", s.swept_at as "sweptAt", s.place = $1 and s.instance = i.id::text as current from steward_instance i left join mirror_state s on true`,
};
const BEGIN: Statement = {
  name: 'mirror.begin',
  text: `insert into mirror_state (place, instance) select $1, id::text from steward_instance
         on conflict (sole) do update set place = excluded.place, instance = excluded.instance, filled_at = null, swept_at = null, error = null, failed_at = null`,
};
const FILLED: Statement = { name: 'mirror.filled', text: 'update mirror_state set filled_at = $1' };
const SWEPT: Statement = { name: 'mirror.swept', text: 'update mirror_state set swept_at = $1' };
const NOTE: Statement = {
  name: 'mirror.note',
  text: `insert into mirror_pending (collection, document_id) select $1, id from unnest($2::uuid[]) as x (id) order by id
         on conflict (collection, document_id) do update set version = mirror_pending.version + 1`,
};
const CLAIM: Statement = {
  name: 'mirror.claim',
  text: `update mirror_pending p set held_until = clock_timestamp() + interval '${HELD_S} seconds'
           from (select collection, document_id from mirror_pending where held_until is null or held_until < clock_timestamp()
                  order by changed_at limit ${AT_ONCE} for update skip locked) c
          where p.collection = c.collection and p.document_id = c.document_id returning p.collection, p.document_id as id, p.version::text as version`,
};
/** Changed meanwhile, it is due again; else it is done. */
const DONE: Statement = {
  name: 'mirror.done',
  text: `with written as (select * from unnest($1::text[], $2::uuid[], $3::bigint[]) as w (collection, id, version)),
         again as (update mirror_pending p set held_until = null from written w where p.collection = w.collection and p.document_id = w.id and p.version <> w.version),
         gone as (delete from mirror_pending p using written w where p.collection = w.collection and p.document_id = w.id and p.version = w.version)
         update mirror_state set written = written + $4, written_at = $5, error = null, failed_at = null`,
};
const FREE: Statement = {
  name: 'mirror.free',
  text: `update mirror_pending p set held_until = null from unnest($1::text[], $2::uuid[]) as w (collection, id) where p.collection = w.collection and p.document_id = w.id`,
};
const FAILED: Statement = { name: 'mirror.failed', text: 'update mirror_state set error = $1, failed_at = $2' };

/** Notes changes from now on. A mirror that is new, or of another installation, gets every row once. Safe to call again, also after a crash. */
export async function setUp({ system, clock }: Runtime, { place }: Mirror): Promise<void> {
  await system.write((tx) => tx.query(SET_UP, [COLLECTIONS]));
  const [state] = await system.read((tx) => tx.query<{ filledAt: Date | null; current: boolean | null }>(STATE, [place]));
  if (state?.current !== true) await system.write((tx) => tx.query(BEGIN, [place]));
  else if (state.filledAt !== null) return;
  // After the triggers are there: what changes from now on is noted by them.
  for (const table of COLLECTIONS) await noteAll(system, table);
  await system.write((tx) => tx.query(FILLED, [clock.now()]));
}

/** A statement may last for so long only. */
async function noteAll(system: Runtime['system'], table: string): Promise<void> {
  const text = `with page as (select id from "${table}" where id > $1 order by id limit ${FILL_AT_ONCE}),
                     noted as (insert into mirror_pending (collection, document_id) select '${table}', id from page on conflict do nothing)
                select id from page order by id desc limit 1`;
  let last: string | undefined = '00000000-0000-0000-0000-000000000000';
  while (last !== undefined) {
    const after: string = last;
    const [row] = await system.write((tx) => tx.query<{ id: string }>({ name: '', text }, [after]));
    last = row?.id;
  }
}

/** Nothing is mirrored any more. */
export async function takeDown({ system }: Runtime): Promise<void> {
  await system.write((tx) => tx.query(SET_UP, [[]]));
}

/**
 * Writes what is due, each document whole and as its row is now: written twice it is the same, and a later change is never overtaken by an earlier one.
 * Answers how many. @throws VendorUnavailable and its kin; what was not written stays due
 */
export async function writeDue(runtime: Runtime, { store, root }: Mirror): Promise<number> {
  const { system, clock } = runtime;
  const due = await system.write((tx) => tx.query<Pending>(CLAIM, []));
  if (due.length === 0) return 0;
  const [collections, ids] = [due.map(({ collection }) => collection), due.map(({ id }) => id)];
  try {
    await store.commit(await writesOf(runtime, store, root, due));
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    await system.write(async (tx) => {
      await tx.query(FREE, [collections, ids]);
      await tx.query(FAILED, [says, clock.now()]);
    });
    throw error;
  }
  await system.write((tx) => tx.query(DONE, [collections, ids, due.map(({ version }) => version), due.length, clock.now()]));
  return due.length;
}

/** Read after they were claimed: they are no older than what is marked as written. */
async function writesOf({ system }: Runtime, store: Firestore, root: string, due: readonly Pending[]): Promise<Write[]> {
  return system.read(async (tx) => {
    const shapes = await shapesOf(tx);
    const writes: Write[] = [];
    for (const [collection, pending] of Map.groupBy(due, (one) => one.collection)) {
      const shape = shapes.get(collection);
      const documents =
        shape === undefined
          ? new Map()
          : await documentsOf(
              tx,
              shape,
              pending.map(({ id }) => id),
            );
      for (const { id } of pending) {
        const name = store.nameOf(`${root}/${collection}/${id}`);
        const fields = documents.get(id);
        writes.push(fields === undefined ? { delete: name } : { update: { name, fields } });
      }
    }
    return writes;
  });
}

/** Once after each filling: documents of rows that are gone are noted, so that they go, too. Goes through Firestore page by page. */
export async function sweep(runtime: Runtime, { store, root, place }: Mirror): Promise<void> {
  const { system, clock } = runtime;
  const [state] = await system.read((tx) =>
    tx.query<{ filledAt: Date | null; sweptAt: Date | null; current: boolean | null }>(STATE, [place]),
  );
  if (state?.current !== true || state.filledAt === null || state.sweptAt !== null) return;
  for (const collection of COLLECTIONS) {
    let after: string | null = null;
    for (;;) {
      const page = await store.list(root, collection, { after, limit: PAGE, only: 'company_id' });
      const ids = page.map(({ id }) => id);
      const gone = await system.read((tx) =>
        tx.query<{ id: string }>(
          {
            name: '',
            text: `select w.id from unnest($1::uuid[]) as w (id) where not exists (select from "${collection}" x where x.id = w.id)`,
          },
          [ids],
        ),
      );
      if (gone.length > 0) await system.write((tx) => tx.query(NOTE, [collection, gone.map(({ id }) => id)]));
      after = ids.at(-1) ?? null;
      if (page.length < PAGE) break;
    }
  }
  await system.write((tx) => tx.query(SWEPT, [clock.now()]));
}

import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { personsWhere, zoneOf } from './fields/registry.ts';
import type { Segment } from './segment.ts';

/**
 * Who came and who went, first into a table of this transaction, then all at once: members, the day's counts and one event a change commit
 * together or not at all. The caller holds the segment's lock, so that no change is seen twice.
 */
const DIFF: Statement = {
  name: 'segments.diff',
  text: `create temporary table if not exists segment_diff (person_id uuid primary key, entered boolean not null) on commit drop`,
};
const CLEAR: Statement = { name: '', text: 'truncate segment_diff' };
const PATIENCE: Statement = { name: '', text: `set local statement_timeout = '15min'` };
const LEFT_BY_IDS: Statement = {
  name: '',
  text: `insert into segment_diff select m.person_id, false from segment_members m where m.segment_id = $2 and m.company_id = $1 and m.person_id = any ($3::uuid[])`,
};
const ENTERED_BY_IDS: Statement = {
  name: '',
  text: `insert into segment_diff select p.id, true from people p where p.company_id = $1 and p.id = any ($3::uuid[])
            and not exists (select 1 from segment_members m where m.segment_id = $2 and m.company_id = $1 and m.person_id = p.id)`,
};
const ENTER: Statement = {
  name: '',
  text: `insert into segment_members (company_id, segment_id, person_id, entered_at) select $1::uuid, $2::uuid, person_id, $3::timestamptz from segment_diff where entered`,
};
const LEAVE: Statement = {
  name: '',
  text: `delete from segment_members m using segment_diff d where m.segment_id = $2 and m.company_id = $1 and m.person_id = d.person_id and not d.entered`,
};
const TALLY: Statement = {
  name: '',
  text: `select count(*) filter (where entered)::int as entered, count(*) filter (where not entered)::int as departed from segment_diff`,
};
const DAY: Statement = {
  name: 'segments.day',
  text: `insert into segment_days as d (company_id, segment_id, day, entered, departed) values ($1, $2, ($3::timestamptz at time zone $4)::date, $5, $6)
         on conflict (segment_id, day) do update set entered = d.entered + excluded.entered, departed = d.departed + excluded.departed`,
};
/** The lead that the person is comes along: a sequence is about leads. */
const CHANGED: Statement = {
  name: '',
  text: `select d.person_id as "personId", d.entered, l.id as "leadId" from segment_diff d
           left join lateral (select id from leads l where l.person_id = d.person_id and l.company_id = $1
                               order by l.status not in ('converted', 'lost') desc, l.created_at desc limit 1) l on true
          where d.person_id > $2 order by d.person_id limit $3`,
};
const SAVE: Statement = {
  name: 'segments.evaluated',
  text: `update segments set member_count = (select count(*) from segment_members m where m.segment_id = $2 and m.company_id = $1),
           evaluated_at = $3, took_ms = $4, error = null, due_at = $5 where id = $2 and company_id = $1`,
};

const EVENTS_AT_ONCE = 2_000;
const NOBODY = '00000000-0000-0000-0000-000000000000';

export interface Changed {
  readonly entered: number;
  readonly departed: number;
}

/** Between two looks at a segment: a minute, or twenty times what one took. */
export function nextLook(now: Date, tookMs: number): Date {
  return new Date(now.getTime() + Math.max(60_000, 20 * tookMs));
}

/** Brings a dynamic segment up to date. The segment is locked. @throws InvalidInput when its condition names a field that is gone */
export async function evaluate(tx: Transaction, runtime: Runtime, segment: Segment): Promise<Changed> {
  const { companyId, id, condition } = segment;
  if (condition === null) return { entered: 0, departed: 0 };
  const began = performance.now();
  const { sql, values } = await personsWhere(tx, runtime, companyId, condition, [companyId, id]);
  await begin(tx);
  await tx.query(
    {
      name: '',
      text: `with fit as materialized (select p.id from people p where p.company_id = $1 and ${sql})
             insert into segment_diff
             select coalesce(fit.id, m.person_id), fit.id is not null
               from fit full join (select person_id from segment_members where segment_id = $2 and company_id = $1) m on m.person_id = fit.id
              where fit.id is null or m.person_id is null`,
    },
    values,
  );
  return apply(tx, runtime, segment, () => performance.now() - began);
}

/** People put on a list or taken off it, by id; others than this company's are nobody. The segment is locked. */
export async function changeByIds(
  tx: Transaction,
  runtime: Runtime,
  segment: Segment,
  personIds: readonly string[],
  enter: boolean,
): Promise<Changed> {
  await begin(tx);
  await tx.query(enter ? ENTERED_BY_IDS : LEFT_BY_IDS, [segment.companyId, segment.id, [...new Set(personIds)]]);
  return apply(tx, runtime, segment, null);
}

/** The same for all who fit a condition now. @throws InvalidInput */
export async function changeByCondition(
  tx: Transaction,
  runtime: Runtime,
  segment: Segment,
  condition: NonNullable<Segment['condition']>,
  enter: boolean,
): Promise<Changed> {
  const { companyId, id } = segment;
  const { sql, values } = await personsWhere(tx, runtime, companyId, condition, [companyId, id]);
  await begin(tx);
  const member = 'exists (select 1 from segment_members m where m.segment_id = $2 and m.company_id = $1 and m.person_id = p.id)';
  await tx.query(
    {
      name: '',
      text: `insert into segment_diff select p.id, ${enter ? 'true' : 'false'} from people p where p.company_id = $1 and ${sql} and ${enter ? 'not ' : ''}${member}`,
    },
    values,
  );
  return apply(tx, runtime, segment, null);
}

async function begin(tx: Transaction): Promise<void> {
  await tx.query(PATIENCE, []);
  await tx.query(DIFF, []);
  await tx.query(CLEAR, []);
}

async function apply(tx: Transaction, runtime: Runtime, segment: Segment, took: (() => number) | null): Promise<Changed> {
  const { companyId, id } = segment;
  const now = runtime.clock.now();
  const [tally] = await tx.query<Changed>(TALLY, []);
  const changed = tally ?? { entered: 0, departed: 0 };
  if (changed.entered + changed.departed > 0) {
    await tx.query(ENTER, [companyId, id, now]);
    await tx.query(LEAVE, [companyId, id]);
    await tx.query(DAY, [companyId, id, now, await zoneOf(tx, companyId), changed.entered, changed.departed]);
    await tell(tx, runtime, segment);
  }
  const tookMs = took === null ? null : Math.round(took());
  await tx.query(SAVE, [companyId, id, now, tookMs, tookMs === null ? null : nextLook(now, tookMs)]);
  return changed;
}

/** One event a change, about the person's lead where there is one: workflows about leads and about people can both start from it. */
async function tell(tx: Transaction, runtime: Runtime, { companyId, id, name }: Segment): Promise<void> {
  let after = NOBODY;
  for (;;) {
    const rows = await tx.query<{ personId: string; entered: boolean; leadId: string | null }>(CHANGED, [companyId, after, EVENTS_AT_ONCE]);
    await runtime.engine.emit(
      tx,
      rows.map(({ personId, entered, leadId }) => ({
        name: entered ? 'segment.entered' : 'segment.left',
        companyId,
        subject: leadId === null ? { type: 'person', id: personId } : { type: 'lead', id: leadId },
        personId,
        payload: { segment_id: id, segment: name },
      })),
    );
    const last = rows.at(-1);
    if (last === undefined || rows.length < EVENTS_AT_ONCE) return;
    after = last.personId;
  }
}

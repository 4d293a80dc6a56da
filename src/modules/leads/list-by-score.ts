import type { Clock } from '#core/clock.ts';
import type { Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { decodeCursor, toPage } from '#core/operation/page.ts';
import { columnsOf } from './fields.ts';
import { partsOf, whereOf } from './filter.ts';
import { LEAD_COLUMNS, type Lead } from './lead.ts';
import type { LeadQuery } from './list.ts';
import { named } from './named.ts';

type Row = Lead & { readonly sortKey: number | null };

/** Where a page begins: behind a row with a score, behind one without, or so many rows in. */
type Start =
  | { readonly part: 'scored'; readonly after: readonly [number, string] | null; readonly skip: number }
  | { readonly part: 'unscored'; readonly after: readonly [Date, string] | null; readonly skip: number };

/**
 * Leads by score; those without one come last, newest first, whichever way the scores go. Two reads, since an index serves each:
 * lead_scores_best (company_id, score desc, lead_id desc), then leads_recent. @throws InvalidInput for a foreign cursor
 */
export async function listByScore(tx: Transaction, companyId: string, query: LeadQuery, clock: Clock) {
  const where = whereOf(partsOf(query, clock), 1);
  const also = where.text === '' ? '' : `and ${where.text}`;
  const columns = columnsOf(query.fields ?? []);
  const values = [companyId, ...where.values];
  const next = values.length + 1;
  const [direction, beyond] = query.sort === 'score' ? ['asc', '>'] : ['desc', '<'];
  const scored = `from lead_scores s join leads l on l.id = s.lead_id join people p on p.id = l.person_id
    where s.company_id = $1 and l.company_id = $1 ${also}`;
  const unscored = `from leads l join people p on p.id = l.person_id
    where l.company_id = $1 and not exists (select from lead_scores s where s.lead_id = l.id and s.company_id = l.company_id) ${also}`;

  const read = (text: string, after: readonly unknown[] | null, most: number, skip: number) =>
    tx.query<Row>(named('leads.by_score', `${text} limit $${next} offset $${next + 1}`), [...values, most, skip, ...(after ?? [])]);
  const start = await startOf();
  const most = query.limit + 1;
  const rows: Row[] = [];
  if (start.part === 'scored') {
    const place = start.after === null ? '' : `and (s.score, s.lead_id) ${beyond} ($${next + 2}::smallint, $${next + 3}::uuid)`;
    const text = `select ${LEAD_COLUMNS}, s.score as "sortKey"${columns} ${scored} ${place} order by s.score ${direction}, s.lead_id ${direction}`;
    rows.push(...(await read(text, start.after, most, start.skip)));
  }
  if (rows.length < most) {
    const { after, skip } = start.part === 'unscored' ? start : { after: null, skip: 0 };
    const place = after === null ? '' : `and (l.created_at, l.id) < ($${next + 2}::timestamptz, $${next + 3}::uuid)`;
    const text = `select ${LEAD_COLUMNS}, null::smallint as "sortKey"${columns} ${unscored} ${place} order by l.created_at desc, l.id desc`;
    rows.push(...(await read(text, after, most - rows.length, skip)));
  }
  return toPage(rows, query.limit, (row) => (row.sortKey === null ? ['u', row.createdAt.getTime(), row.id] : ['s', row.sortKey, row.id]));

  async function startOf(): Promise<Start> {
    if (query.cursor !== undefined) return readCursor(query.cursor);
    const skip = query.skip ?? 0;
    if (skip === 0) return { part: 'scored', after: null, skip };
    const [row] = await tx.query<{ n: number }>(named('leads.by_score.count', `select count(*)::int as n ${scored}`), values);
    const n = row?.n ?? 0;
    return skip < n ? { part: 'scored', after: null, skip } : { part: 'unscored', after: null, skip: skip - n };
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LATEST_MS = 253_402_300_799_999;

/** @throws InvalidInput */
function readCursor(cursor: string): Start {
  const [part, key, id] = decodeCursor(cursor, 3);
  if (typeof key === 'number' && Number.isInteger(key) && key >= 0 && typeof id === 'string' && UUID.test(id)) {
    if (part === 's' && key <= 100) return { part: 'scored', after: [key, id], skip: 0 };
    if (part === 'u' && key <= LATEST_MS) return { part: 'unscored', after: [new Date(key), id], skip: 0 };
  }
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}

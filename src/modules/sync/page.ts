import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { SourceRecord } from '#core/ports/source.ts';
import type { Runtime } from '#core/runtime.ts';
import { keepConflicts } from './conflicts.ts';
import { keepLinks, knownLinks, markGone, type Link, type NewLink } from './links.ts';
import { textOf } from './mapping/transform.ts';
import { hashOf, rawOf } from './read-people.ts';
import type { ReadRow, Row } from './reader.ts';
import { clearRefusals, keepRefusals } from './refusals.ts';
import type { Refusal } from './row.ts';
import type { SourceRow } from './source.ts';
import { writeDeals } from './write/deals.ts';
import { writeInteractions } from './write/interactions.ts';
import { writeOrganisations } from './write/organisations.ts';
import { writePeople } from './write/people.ts';
import type { WriteContext, Written } from './write/written.ts';

export interface PageCounts {
  readonly read: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly optOutsKept: number;
  readonly conflicts: number;
  readonly gone: number;
}

interface PageOf {
  readonly source: SourceRow;
  readonly connector: string;
  readonly read: ReadRow;
  readonly records: readonly SourceRecord[];
  readonly gone: readonly string[];
  readonly at: Date;
  readonly tell: boolean;
  /** Also what came before and is the same. */
  readonly again?: boolean;
}

const FIXES: Statement = {
  name: 'sync.fixes',
  text: `select external_id as "externalId", field, came, value from sync_fixes where company_id = $1 and source_id = $2 and external_id = any($3::text[])`,
};

/** In the caller's transaction: what the records of a page become. What came before and is the same is neither read nor written. */
export async function applyPage(tx: Transaction, runtime: Runtime, page: PageOf): Promise<PageCounts> {
  const { source, at } = page;
  const { companyId, id: sourceId } = source;
  const gone = await markGone(tx, companyId, sourceId, page.gone, at);
  // A vendor may serve a record twice in a page: the later one counts.
  const came = new Map(page.records.map((record) => [record.externalId, record]));
  const records = new Map(came);
  const ids = [...records.keys()];
  const links = await knownLinks(tx, companyId, sourceId, ids);
  for (const fix of ids.length === 0
    ? []
    : await tx.query<{ externalId: string; field: string; came: string | null; value: string }>(FIXES, [
        companyId,
        sourceId,
        arrayOf(ids),
      ])) {
    const record = records.get(fix.externalId);
    if (record !== undefined && textOf(record.values[fix.field]) === (fix.came ?? ''))
      records.set(fix.externalId, { ...record, values: { ...record.values, [fix.field]: fix.value } });
  }
  const rows: Row[] = [];
  const refusals: Refusal[] = [];
  let unchanged = page.records.length - records.size;
  for (const record of records.values()) {
    if (page.again !== true && isSame(links.get(record.externalId), source, record)) {
      unchanged += 1;
      continue;
    }
    const row = page.read(record);
    if ('kind' in row) rows.push(row);
    else refusals.push(row);
  }
  const written = rows.length === 0 ? NOTHING : await write(tx, runtime, page, rows, links);
  refusals.push(...written.refusals);
  // As it came, whatever was put in its place meanwhile.
  const kept = refusals.map((one) => ({ ...one, raw: rawOf(source.mapping, came.get(one.externalId)?.values ?? {}) }));
  const refused = kept.map((one): NewLink => ({ ...one, base: {}, note: 'refused', inStepAt: null }));
  await keepLinks(tx, companyId, sourceId, [...written.links, ...refused], at);
  await keepRefusals(tx, companyId, sourceId, kept, at);
  await clearRefusals(tx, companyId, sourceId, written.links.filter(({ externalId }) => links.get(externalId)?.note === 'refused').map((link) => link.externalId)); // prettier-ignore
  await keepConflicts(tx, companyId, sourceId, written.conflicts, at);
  if (written.events.length > 0) await runtime.engine.emit(tx, written.events);
  return {
    read: page.records.length,
    created: written.created,
    changed: written.changed,
    unchanged: unchanged + Math.max(0, rows.length - written.created - written.changed - written.refusals.length),
    refused: refusals.length,
    optOutsKept: written.optOutsKept,
    conflicts: written.conflicts.length,
    gone,
  };
}

const NOTHING: Written = { links: [], refusals: [], conflicts: [], events: [], created: 0, changed: 0, optOutsKept: 0 };

function write(tx: Transaction, runtime: Runtime, page: PageOf, rows: readonly Row[], links: ReadonlyMap<string, Link>): Promise<Written> {
  const { source, connector, at, tell } = page;
  const context: WriteContext = {
    companyId: source.companyId,
    sourceId: source.id,
    connector,
    at,
    bothWays: source.direction === 'both',
    tell,
  };
  if (source.kind === 'deals')
    return writeDeals(tx, context, rows.flatMap((row) => (row.kind === 'deals' ? [row] : [])), links); // prettier-ignore
  if (source.kind === 'interactions')
    return writeInteractions(tx, context, rows.flatMap((row) => (row.kind === 'interactions' ? [row] : [])), links); // prettier-ignore
  if (source.kind === 'organisations')
    return writeOrganisations(tx, context, rows.flatMap((row) => (row.kind === 'organisations' ? [row] : [])), links); // prettier-ignore
  return writePeople(tx, runtime, context, rows.flatMap((row) => (row.kind === 'people' ? [row] : [])), links); // prettier-ignore
}

/** Whoever was erased stays away, whatever comes. */
function isSame(link: Link | undefined, source: SourceRow, record: SourceRecord): boolean {
  if (link === undefined) return false;
  if (link.note === 'erased') return true;
  if (link.note === 'gone') return false;
  if (link.note === null && link.personId === null && link.organisationId === null && link.dealId === null) return false;
  return link.hash === hashOf(source.mapping, record);
}

import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { findPersonsByEmail, recordInteractions, type NewInteraction } from '#modules/people/public.ts';
import type { Link, NewLink } from '../links.ts';
import type { InteractionRow, Refusal } from '../row.ts';
import type { WriteContext, Written } from './written.ts';

/** Who these are that the same connection brought. */
const THERE: Statement = {
  name: 'sync.interactions.people',
  text: `select l.external_id as "externalId", l.person_id as "personId" from sync_links l
           join sync_sources s on s.id = l.source_id and s.company_id = $1 and s.kind = 'people'
           join sync_sources own on own.id = $2 and own.company_id = $1 and own.connection_id = s.connection_id
          where l.company_id = $1 and l.external_id = any($3::text[]) and l.person_id is not null`,
};
/** What was edited here stays as it is. */
const UPDATE: Statement = {
  name: 'sync.interactions.update',
  text: `update interactions i set type = e.type, direction = e.direction, content = e.content, created_at = e.at
           from jsonb_to_recordset($2::jsonb) as e(id uuid, type text, direction text, content text, at timestamptz)
          where i.id = e.id and i.company_id = $1 and i.edited_at is null
            and (i.type, i.direction, i.content, i.created_at) is distinct from (e.type, e.direction, e.content, e.at) returning i.id`,
};

/** Writes the touches of a page onto the timelines of those they were with. Who is not known here yet has the row refused, to be tried again. */
export async function writeInteractions(
  tx: Transaction,
  context: WriteContext,
  rows: readonly InteractionRow[],
  links: ReadonlyMap<string, Link>,
): Promise<Written> {
  const { companyId, at, connector } = context;
  const personOf = await peopleOf(tx, context, rows);
  const refusals: Refusal[] = [];
  const made: NewLink[] = [];
  const fresh: NewInteraction[] = [];
  const moved: { id: string; type: string; direction: string; content: string; at: Date }[] = [];
  for (const row of rows) {
    const { externalId, hash, changedAt, flags, type, direction, content } = row;
    const known = links.get(externalId);
    const own = known?.interactionId ?? null;
    const personId = own === null ? personOf(row) : known?.personId;
    if (personId === null || personId === undefined) {
      const value = [...row.personIds, ...row.emails].join('; ').slice(0, 500);
      refusals.push({ externalId, changedAt, hash, field: null, reason: 'is of nobody who is known here; read the people of the same connection first, then try again', value, raw: row.raw(), flags }); // prettier-ignore
      continue;
    }
    const id = own ?? newId();
    if (own === null)
      fresh.push({
        id,
        companyId,
        personId,
        type,
        direction,
        content,
        channel: connector,
        at: row.at,
        metadata: { source: connector, external_id: externalId },
      });
    else moved.push({ id, type, direction, content, at: row.at });
    made.push({ externalId, hash, changedAt, flags, base: {}, note: null, personId, interactionId: id, inStepAt: at });
  }
  const written = new Set((await recordInteractions(tx, fresh)).map(({ id }) => id));
  // Whoever went in this very moment has no timeline: without a link the record comes again.
  const lost = new Set(fresh.flatMap(({ id }) => (id === undefined || written.has(id) ? [] : [id])));
  const changed = moved.length === 0 ? [] : await tx.query(UPDATE, [companyId, JSON.stringify(moved)]);
  const kept = made.filter(({ interactionId }) => !lost.has(interactionId ?? ''));
  return { links: kept, refusals, conflicts: [], events: [], created: written.size, changed: changed.length, optOutsKept: 0 };
}

async function peopleOf(
  tx: Transaction,
  { companyId, sourceId }: WriteContext,
  rows: readonly InteractionRow[],
): Promise<(row: InteractionRow) => string | null> {
  const ids = [...new Set(rows.flatMap(({ personIds }) => personIds))];
  const there =
    ids.length === 0 ? [] : await tx.query<{ externalId: string; personId: string }>(THERE, [companyId, sourceId, arrayOf(ids)]);
  const byId = new Map(there.map(({ externalId, personId }) => [externalId, personId]));
  const byEmail = await findPersonsByEmail(tx, companyId, [...new Set(rows.flatMap(({ emails }) => emails))]);
  return (row) => {
    for (const id of row.personIds) if (byId.has(id)) return byId.get(id) ?? null;
    for (const email of row.emails) if (byEmail.has(email)) return byEmail.get(email)?.personId ?? null;
    return null;
  };
}

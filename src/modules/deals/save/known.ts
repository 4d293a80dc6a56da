import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { STOOD, type Stood } from '../history/standing.ts';
import type { ChangeRow, DealDraft } from './types.ts';

const BY_EXTERNAL: Statement = {
  name: 'deals.save.external',
  text: `select x.source, x.external_id as "externalId", x.deal_id as "dealId" from unnest($2::text[], $3::text[]) as w (source, external_id)
           join deal_external_ids x on x.company_id = $1 and x.source = w.source and x.external_id = w.external_id`,
};
/** In the order of ids, so that two who save the same deals wait for each other. */
const LOCK: Statement = {
  name: 'deals.save.lock',
  text: `select id, ${STOOD} from deals where company_id = $1 and id = any($2::uuid[]) order by id for update`,
};
const CHANGES: Statement = {
  name: 'deals.save.changes',
  text: `select id, deal_id as "dealId", at, field, value_from as "from", value_to as "to", base_cents::float8 as "baseCents"
           from deal_changes where company_id = $1 and deal_id = any($2::uuid[]) order by deal_id, at nulls first, id`,
};
const PEOPLE: Statement = {
  name: 'deals.save.people',
  text: 'select deal_id as "dealId", person_id as "personId" from deal_people where company_id = $1 and deal_id = any($2::uuid[])',
};

export interface Known {
  readonly changes: readonly ChangeRow[];
  readonly personIds: readonly string[];
  /** As its row is. */
  readonly stood: Stood;
}

/** `source` and id in one text. */
export const externalKey = (source: string, id: string): string => `${source}\u0000${id}`;

/** Deals by the ids that other systems know them by. */
export async function dealsByExternal(
  tx: Transaction,
  companyId: string,
  wanted: readonly { readonly source: string; readonly id: string }[],
): Promise<Map<string, string>> {
  if (wanted.length === 0) return new Map();
  const rows = await tx.query<{ source: string; externalId: string; dealId: string }>(BY_EXTERNAL, [
    companyId,
    arrayOf(wanted.map((one) => one.source)),
    arrayOf(wanted.map((one) => one.id)),
  ]);
  return new Map(rows.map((row) => [externalKey(row.source, row.externalId), row.dealId]));
}

/** Locks the deals that the drafts are about, and reads what became of them so far. */
export async function loadKnown(
  tx: Transaction,
  companyId: string,
  drafts: readonly DealDraft[],
): Promise<{
  readonly external: ReadonlyMap<string, string>;
  readonly deals: ReadonlyMap<string, Known>;
}> {
  const external = await dealsByExternal(
    tx,
    companyId,
    drafts.flatMap((draft) => draft.external ?? []),
  );
  const ids = [...new Set([...external.values(), ...drafts.flatMap((draft) => draft.id ?? [])])];
  return { external, deals: ids.length === 0 ? new Map() : await loadDeals(tx, companyId, ids) };
}

export async function loadDeals(tx: Transaction, companyId: string, ids: readonly string[]): Promise<Map<string, Known>> {
  const wanted = arrayOf(ids);
  const found = await tx.query<Stood & { id: string }>(LOCK, [companyId, wanted]);
  if (found.length === 0) return new Map();
  const rows = await tx.query<Omit<ChangeRow, 'at'> & { dealId: string; at: Date | null }>(CHANGES, [companyId, wanted]);
  const changes = Map.groupBy(rows, (row) => row.dealId);
  const people = Map.groupBy(await tx.query<{ dealId: string; personId: string }>(PEOPLE, [companyId, wanted]), (row) => row.dealId);
  return new Map(
    found.map(({ id, ...stood }) => [
      id,
      {
        stood,
        changes: (changes.get(id) ?? []).map((row) => ({ ...row, at: row.at?.getTime() ?? null })),
        personIds: (people.get(id) ?? []).map((row) => row.personId),
      },
    ]),
  );
}

/** How many of these ids of another system are deals here. */
export async function knownDeals(tx: Transaction, companyId: string, source: string, ids: readonly string[]): Promise<number> {
  return (
    await dealsByExternal(
      tx,
      companyId,
      [...new Set(ids)].map((id) => ({ source, id })),
    )
  ).size;
}

import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';

export type Base = Readonly<Record<string, string | null>>;
type LinkNote = 'refused' | 'opted_out' | 'erased' | 'gone';

export interface Link {
  readonly externalId: string;
  readonly personId: string | null;
  readonly organisationId: string | null;
  readonly dealId: string | null;
  readonly interactionId: string | null;
  readonly hash: string;
  readonly base: Base;
  readonly note: LinkNote | null;
  readonly inStepAt: Date | null;
}

const KNOWN: Statement = {
  name: 'sync.links.known',
  text: `select external_id as "externalId", person_id as "personId", organisation_id as "organisationId", deal_id as "dealId", interaction_id as "interactionId", hash, base, note, in_step_at as "inStepAt"
           from sync_links where company_id = $1 and source_id = $2 and external_id = any($3::text[])`,
};

/** Which of these records were seen before. */
export async function knownLinks(
  tx: Transaction,
  companyId: string,
  sourceId: string,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, Link>> {
  if (externalIds.length === 0) return new Map();
  const rows = await tx.query<Link>(KNOWN, [companyId, sourceId, arrayOf(externalIds)]);
  return new Map(rows.map((row) => [row.externalId, row]));
}

const ERASED: Statement = {
  name: 'sync.links.erased',
  text: `select external_id as id from sync_links where company_id = $1 and source_id = $2 and external_id = any($3::text[]) and note = 'erased'`,
};

/** Whose people were erased. */
export async function erasedAmong(
  tx: Transaction,
  companyId: string,
  sourceId: string,
  externalIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (externalIds.length === 0) return new Set();
  return new Set((await tx.query<{ id: string }>(ERASED, [companyId, sourceId, arrayOf(externalIds)])).map(({ id }) => id));
}

export interface NewLink {
  readonly externalId: string;
  readonly personId?: string | null;
  readonly organisationId?: string | null;
  readonly dealId?: string | null;
  readonly interactionId?: string | null;
  readonly hash: string;
  readonly base: Base;
  readonly note: LinkNote | null;
  readonly flags: number;
  readonly changedAt: Date | null;
  readonly inStepAt: Date | null;
}

/** What was known of a record stays where the new row says nothing: whose it is, and what both sides had. */
const KEEP: Statement = {
  name: 'sync.links.keep',
  text: `insert into sync_links as l (company_id, source_id, external_id, person_id, organisation_id, deal_id, interaction_id, hash, base, note, flags, changed_at, in_step_at, seen_at)
    select $1, $2, e.external_id, e.person_id, e.organisation_id, e.deal_id, e.interaction_id, e.hash, coalesce(e.base, '{}'), e.note, e.flags, e.changed_at, e.in_step_at, $4
      from jsonb_to_recordset($3::jsonb) as e(external_id text, person_id uuid, organisation_id uuid, deal_id uuid, interaction_id uuid, hash text, base jsonb, note text, flags smallint, changed_at timestamptz, in_step_at timestamptz)
    on conflict (source_id, external_id) do update set person_id = coalesce(excluded.person_id, l.person_id), organisation_id = coalesce(excluded.organisation_id, l.organisation_id),
      deal_id = coalesce(excluded.deal_id, l.deal_id), interaction_id = coalesce(excluded.interaction_id, l.interaction_id), hash = excluded.hash, base = case when excluded.note = 'refused' then l.base else excluded.base end, note = excluded.note,
      flags = excluded.flags, changed_at = excluded.changed_at, in_step_at = coalesce(excluded.in_step_at, l.in_step_at), seen_at = excluded.seen_at`,
};

export async function keepLinks(tx: Transaction, companyId: string, sourceId: string, links: readonly NewLink[], at: Date): Promise<void> {
  if (links.length === 0) return;
  const rows = links.map((link) => ({
    external_id: link.externalId,
    person_id: link.personId ?? null,
    organisation_id: link.organisationId ?? null,
    deal_id: link.dealId ?? null,
    interaction_id: link.interactionId ?? null,
    hash: link.hash,
    base: link.base,
    note: link.note,
    flags: link.flags,
    changed_at: link.changedAt,
    in_step_at: link.inStepAt,
  }));
  await tx.query(KEEP, [companyId, sourceId, JSON.stringify(rows), at]);
}

const GONE: Statement = {
  name: 'sync.links.gone',
  text: `update sync_links set note = 'gone', seen_at = $4 where company_id = $1 and source_id = $2 and external_id = any($3::text[]) and note is distinct from 'gone' and note is distinct from 'erased' returning 1 as one`,
};

/** They are no longer there. The rows here stay: whoever was mailed or sold to does not vanish because somebody tidied up elsewhere. */
export async function markGone(
  tx: Transaction,
  companyId: string,
  sourceId: string,
  externalIds: readonly string[],
  at: Date,
): Promise<number> {
  if (externalIds.length === 0) return 0;
  return (await tx.query(GONE, [companyId, sourceId, arrayOf(externalIds), at])).length;
}

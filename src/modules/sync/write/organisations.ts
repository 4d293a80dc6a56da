import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { organisationKey } from '#modules/people/public.ts';
import type { FoundConflict } from '../conflicts.ts';
import { decide } from '../decide.ts';
import type { Link, NewLink } from '../links.ts';
import type { OrganisationRow, Refusal } from '../row.ts';
import type { WriteContext, Written } from './written.ts';

interface Ours {
  readonly id: string;
  name: string;
  nameKey: string;
  domain: string | null;
  readonly updatedAt: Date;
}

const LOCK: Statement = {
  name: 'sync.organisations.lock',
  text: `select id, name, name_key as "nameKey", domain, updated_at as "updatedAt" from organisations where company_id = $1 and (id = any($2::uuid[]) or name_key = any($3::text[])) order by id for update`,
};
const INSERT: Statement = {
  name: 'sync.organisations.insert',
  text: `insert into organisations (id, company_id, name, name_key, domain, created_at, updated_at)
    select e.id, $1, e.name, e.key, e.domain, $3, $3 from jsonb_to_recordset($2::jsonb) as e(id uuid, name text, key text, domain text)`,
};
const UPDATE: Statement = {
  name: 'sync.organisations.update',
  text: `update organisations o set name = e.name, name_key = e.key, domain = e.domain, updated_at = $3
    from jsonb_to_recordset($2::jsonb) as e(id uuid, name text, key text, domain text) where o.id = e.id and o.company_id = $1`,
};

/** Writes the organisations of a page: by link, else by name, else new. */
export async function writeOrganisations(
  tx: Transaction,
  context: WriteContext,
  rows: readonly OrganisationRow[],
  links: ReadonlyMap<string, Link>,
): Promise<Written> {
  const { companyId, at } = context;
  const ids = rows.flatMap((row) => links.get(row.externalId)?.organisationId ?? []);
  const keys = rows.map((row) => organisationKey(row.fields['name'] ?? ''));
  const found = await tx.query<Ours>(LOCK, [companyId, ids, arrayOf(keys)]);
  const byId = new Map(found.map((row) => [row.id, row]));
  const byKey = new Map(found.map((row) => [row.nameKey, row]));
  const made: { readonly link: Omit<NewLink, 'inStepAt'>; readonly ours: Ours }[] = [];
  const refusals: Refusal[] = [];
  const conflicts: FoundConflict[] = [];
  const fresh = new Set<Ours>();
  const touched = new Set<Ours>();
  for (const row of rows) {
    const known = links.get(row.externalId);
    const linked = byId.get(known?.organisationId ?? '');
    const key = organisationKey(row.fields['name'] ?? '');
    let ours = linked ?? byKey.get(key);
    if (ours === undefined) {
      ours = { id: newId(), name: row.fields['name'] ?? '', nameKey: key, domain: row.fields['domain'] ?? null, updatedAt: at };
      fresh.add(ours);
      byId.set(ours.id, ours);
      byKey.set(key, ours);
    } else {
      for (const [field, theirs] of Object.entries(row.fields)) {
        const was = field === 'name' ? ours.name : ours.domain;
        const later = row.changedAt === null ? null : row.changedAt > ours.updatedAt;
        const verdict = decide({ base: linked === undefined ? undefined : known?.base[field], ours: was, theirs, theirsIsLater: later });
        if (verdict.conflict)
          conflicts.push({
            externalId: row.externalId,
            personId: null,
            organisationId: ours.id,
            field,
            ours: was,
            theirs,
            kept: verdict.take,
          });
        if (verdict.take === 'ours' || (field === 'name' && theirs === null)) continue;
        if (field === 'name') {
          const other = byKey.get(key);
          // The name of another one here: both stay as they are.
          if (other !== undefined && other !== ours) continue;
          byKey.delete(ours.nameKey);
          [ours.name, ours.nameKey] = [theirs ?? '', key];
          byKey.set(key, ours);
        } else ours.domain = theirs;
        if (!fresh.has(ours)) touched.add(ours);
      }
    }
    const { externalId, hash, changedAt, flags } = row;
    made.push({ link: { externalId, hash, changedAt, flags, base: row.fields, note: null, organisationId: ours.id }, ours });
  }
  const json = (set: ReadonlySet<Ours>) =>
    JSON.stringify([...set].map(({ id, name, nameKey, domain }) => ({ id, name, key: nameKey, domain })));
  if (fresh.size > 0) await tx.query(INSERT, [companyId, json(fresh), at]);
  if (touched.size > 0) await tx.query(UPDATE, [companyId, json(touched), at]);
  return {
    links: made.map(({ link, ours }) => ({ ...link, inStepAt: fresh.has(ours) || touched.has(ours) ? at : ours.updatedAt })),
    refusals,
    conflicts,
    events: [],
    created: fresh.size,
    changed: touched.size,
    optOutsKept: 0,
  };
}

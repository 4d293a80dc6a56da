import type { Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { AppError } from '#core/errors.ts';
import {
  dealKey,
  ensureOwners,
  ensurePipeline,
  ensureProducts,
  saveDeals,
  type DealDraft,
  type DealFields,
} from '#modules/deals/public.ts';
import { findPersonsByEmail, organisationKey, upsertOrganisations } from '#modules/people/public.ts';
import type { Link, NewLink } from '../links.ts';
import { kindOf } from '../read-deals.ts';
import type { DealRow, Refusal } from '../row.ts';
import type { WriteContext, Written } from './written.ts';

/** Where the source names none. */
const PIPELINE = 'Sales';
const STAGE = 'New';

interface Known {
  readonly stage: (row: DealRow) => string | undefined;
  readonly owners: ReadonlyMap<string, string>;
  readonly products: ReadonlyMap<string, string>;
  readonly organisations: ReadonlyMap<string, string>;
  readonly people: ReadonlyMap<string, { readonly personId: string }>;
}

/** Writes the deals of a page: what the source changed since it was read last, and no more. Pipelines, stages, owners and products that are new are made. */
export async function writeDeals(
  tx: Transaction,
  context: WriteContext,
  rows: readonly DealRow[],
  links: ReadonlyMap<string, Link>,
): Promise<Written> {
  const known = await prepared(tx, context, rows);
  const refusals: Refusal[] = [];
  const made: NewLink[] = [];
  const events: DomainEvent[] = [];
  let [created, changed] = [0, 0];
  // A currency without a rate refuses its deals, not those of the others.
  for (const group of Map.groupBy(rows, (row) => row.fields['currency'] ?? '').values()) {
    try {
      const drafts = group.map((row) => draftOf(context, row, links.get(row.externalId), known));
      const saved = await saveDeals(
        tx,
        { companyId: context.companyId, at: context.at, by: { kind: 'sync', id: context.sourceId } },
        drafts,
      );
      events.push(...saved.events);
      saved.deals.forEach(({ id, outcome }, index) => {
        const row = group[index];
        if (row === undefined) return;
        if (outcome === 'created') created += 1;
        if (outcome === 'changed') changed += 1;
        const { externalId, hash, flags, changedAt } = row;
        // Whose deal it is stands with the deal: an address in a second place would outlive its person.
        const { person_email: _, ...base } = row.fields;
        made.push({ externalId, hash, flags, changedAt, base, note: null, dealId: id, inStepAt: context.at });
      });
    } catch (error) {
      // Thrown before anything is written (saveDeals plans first); a fault of the database is none of these.
      if (!(error instanceof AppError)) throw error;
      refusals.push(...group.map(({ externalId, changedAt, hash, flags, raw, fields }) => ({ externalId, changedAt, hash, flags, field: null, reason: error.message, value: fields['currency'] ?? null, raw: raw() }))); // prettier-ignore
    }
  }
  return { links: made, refusals, conflicts: [], events: context.tell ? events : [], created, changed, optOutsKept: 0 };
}

async function prepared(tx: Transaction, { companyId, at }: WriteContext, rows: readonly DealRow[]): Promise<Known> {
  const text = (row: DealRow, field: string) => row.fields[field] ?? null;
  const stages = new Map<string, ReadonlyMap<string, string>>();
  // Few in any company: one statement for each pipeline.
  for (const [pipeline, own] of Map.groupBy(rows, (row) => text(row, 'pipeline') ?? PIPELINE)) {
    const wanted = new Map(own.map((row) => [dealKey(text(row, 'stage') ?? STAGE), row]));
    const list = [...wanted.values()].map((row) => {
      const name = text(row, 'stage') ?? STAGE;
      const probability = text(row, 'probability');
      return { name, kind: kindOf(text(row, 'stage_kind') ?? name), ...(probability === null ? {} : { probability: Number(probability) }) };
    });
    stages.set(pipeline, (await ensurePipeline(tx, companyId, { name: pipeline, stages: list }, at)).stages);
  }
  const named = rows.flatMap((row) => {
    const name = text(row, 'owner') ?? text(row, 'owner_email');
    return name === null ? [] : [{ name, email: text(row, 'owner_email') }];
  });
  return {
    stage: (row) => stages.get(text(row, 'pipeline') ?? PIPELINE)?.get(dealKey(text(row, 'stage') ?? STAGE)),
    owners: await ensureOwners(tx, companyId, named, at),
    products: await ensureProducts(tx, companyId, rows.flatMap((row) => text(row, 'product') ?? []), at),
    organisations: await upsertOrganisations(tx, companyId, rows.flatMap((row) => text(row, 'organisation') ?? []), at),
    people: await findPersonsByEmail(tx, companyId, rows.flatMap((row) => text(row, 'person_email') ?? [])),
  }; // prettier-ignore
}

function draftOf(context: WriteContext, row: DealRow, link: Link | undefined, known: Known): DealDraft {
  const base = link?.dealId == null ? null : link.base;
  const { fields } = row;
  const moved = (...names: string[]) =>
    names.some((name) => name in fields && (base === null || (base[name] ?? null) !== (fields[name] ?? null)));
  const set: { -readonly [Field in keyof DealFields]?: DealFields[Field] } = {};
  const stageId = known.stage(row);
  if (moved('name')) set.name = (fields['name'] ?? '').slice(0, 200);
  if (stageId !== undefined && (base === null || moved('stage', 'pipeline'))) set.stageId = stageId;
  if (moved('amount')) set.amountCents = Number(fields['amount'] ?? 0);
  if (moved('currency') && fields['currency'] != null) set.currency = fields['currency'];
  if (moved('owner', 'owner_email')) set.ownerId = known.owners.get(dealKey(fields['owner'] ?? fields['owner_email'] ?? '')) ?? null;
  if (moved('close_date')) set.closeDate = fields['close_date'] ?? null;
  if (moved('product')) set.productId = known.products.get(dealKey(fields['product'] ?? '')) ?? null;
  if (moved('organisation')) set.organisationId = known.organisations.get(organisationKey(fields['organisation'] ?? '')) ?? null;
  const person = known.people.get(fields['person_email'] ?? '');
  if (moved('person_email') && person !== undefined) set.personIds = [person.personId];
  if (moved('source')) set.source = fields['source'] ?? null;
  if (moved('next_step')) set.nextStep = fields['next_step'] ?? null;
  const opened = fields['opened'] == null ? row.changedAt : new Date(`${fields['opened']}T00:00:00Z`);
  return { external: { source: context.sourceId, id: row.externalId }, set, ...(base === null ? { setAt: opened } : {}) };
}

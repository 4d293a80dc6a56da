import { recounted } from '#core/money.ts';
import { dealKey, type DealDraft, type DealFields } from '#modules/deals/public.ts';
import { organisationKey } from '#modules/people/public.ts';
import type { DealRow } from './row.ts';

export interface StageOfFile {
  readonly id: string;
  readonly kind: 'open' | 'won' | 'lost';
}

/** Ids of all that a chunk names, by key. */
export interface Found {
  readonly stages: ReadonlyMap<string, StageOfFile>;
  /** Where deals that are closed by now stood while they were open. */
  readonly openStageId: string;
  readonly products: ReadonlyMap<string, string>;
  /** List prices by product id. */
  readonly prices: ReadonlyMap<string, { readonly cents: number; readonly currency: string }>;
  readonly owners: ReadonlyMap<string, string>;
  readonly organisations: ReadonlyMap<string, string>;
  /** By address. */
  readonly people: ReadonlyMap<string, string>;
  readonly source: string | null;
}

const midnight = (day: string) => new Date(`${day}T00:00:00.000Z`);

/**
 * A deal with its past: from the day it was opened it stood in an open stage at the list price of its product, on the day of its close it came where it
 * is, at what the file says. Without a day nobody knows when it began. The same row again is the same deal, by its id in the file.
 */
export function draftOf(row: DealRow, found: Found): DealDraft {
  const stage = found.stages.get(dealKey(row.stage));
  const productId = row.product === '' ? null : (found.products.get(dealKey(row.product)) ?? null);
  const organisationId = row.organisation === '' ? null : (found.organisations.get(organisationKey(row.organisation)) ?? null);
  const ownerId = row.owner === '' ? null : (found.owners.get(dealKey(row.owner)) ?? null);
  const personId = row.personEmail === '' ? undefined : found.people.get(row.personEmail);
  const price = productId === null ? undefined : found.prices.get(productId);
  const closed = stage !== undefined && stage.kind !== 'open';
  const listed = price === undefined ? null : recounted(price.cents, price.currency, row.currency ?? price.currency);
  const amountCents = row.amountCents ?? (closed ? 0 : (listed ?? 0));
  const currency = row.currency ?? (row.amountCents === null ? price?.currency : undefined);
  const always: Partial<DealFields> = {
    name: nameOf(row),
    productId, organisationId, ownerId,
    ...(personId === undefined ? {} : { personIds: [personId] }),
    ...(currency === undefined ? {} : { currency }),
    ...(row.closedAt === null ? {} : { closeDate: row.closedAt }),
    source: row.source ?? found.source,
    nextStep: row.nextStep,
  }; // prettier-ignore
  const now = { stageId: stage?.id ?? '', amountCents };
  const set = { ...always, ...now };
  const external = {
    source: 'file',
    id: row.externalId ?? `row:${[row.name, row.organisation, row.product, row.openedAt, row.owner].join('|').slice(0, 400)}`,
  };
  const { openedAt, closedAt } = row;
  if (!closed || closedAt === null)
    return { external, set, setAt: openedAt === null ? (closed && closedAt !== null ? midnight(closedAt) : null) : midnight(openedAt) };
  const closing = { at: midnight(closedAt), set: now };
  if (openedAt === null || openedAt > closedAt) return { external, set, history: [closing], setAt: closing.at };
  const opening = { at: midnight(openedAt), set: { stageId: found.openStageId, amountCents: listed ?? amountCents } };
  return { external, set, history: [opening, closing], setAt: closing.at };
}

/** What the file calls it, else what is sold to whom. */
function nameOf({ name, product, organisation, externalId }: DealRow): string {
  if (name !== '') return name.slice(0, 300);
  const parts = [product, organisation === '' ? (externalId ?? '') : organisation].filter((part) => part !== '');
  return parts.join(' · ').slice(0, 300) || 'Deal';
}

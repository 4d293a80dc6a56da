import type { DomainEvent } from '#core/engine/types.ts';
import type { ACTORS, Forecast, StageKind } from '../tables.ts';

/** Who changed it; `id` of the user, import or source. */
export interface DealActor {
  readonly kind: (typeof ACTORS)[number];
  readonly id: string | null;
}

export interface DealFields {
  readonly name: string;
  readonly stageId: string;
  readonly amountCents: number;
  readonly currency: string;
  /** deal_owners.id */
  readonly ownerId: string | null;
  readonly productId: string | null;
  readonly organisationId: string | null;
  readonly personIds: readonly string[];
  /** `YYYY-MM-DD` */
  readonly closeDate: string | null;
  readonly forecast: Forecast;
  readonly source: string | null;
  /** Per cent; null: the stage's. */
  readonly probability: number | null;
  readonly nextStep: string | null;
}

/** One deal as somebody wants it to be. Found by `id` or by `external`, else made. */
export interface DealDraft {
  readonly id?: string;
  readonly external?: { readonly source: string; readonly id: string };
  /** Only what is named changes. */
  readonly set: Partial<DealFields>;
  /** Dated states of the past, oldest first. What is known already is not written again. */
  readonly history?: readonly { readonly at: Date; readonly set: Partial<DealFields> }[];
  /** When `set` became so; default: now. Null, of a new deal without history: nobody knows, it is listed apart. */
  readonly setAt?: Date | null;
}

export interface SavedDeal {
  readonly id: string;
  readonly outcome: 'created' | 'changed' | 'unchanged';
}

export interface SavedDeals {
  /** In the order of the drafts. */
  readonly deals: readonly SavedDeal[];
  /** What came of it, for the outbox. */
  readonly events: readonly DomainEvent[];
}

export interface SaveContext {
  readonly companyId: string;
  readonly at: Date;
  readonly by: DealActor;
  /** Kept with deals that are new, so that an import can be taken back. */
  readonly importId?: string;
}

/** A row of deal_changes, dates in ms. */
export interface ChangeRow {
  readonly id: string;
  readonly at: number | null;
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly baseCents: number | null;
}

export interface StageRow {
  readonly id: string;
  readonly pipelineId: string;
  readonly name: string;
  readonly kind: StageKind;
  readonly probability: number;
  readonly position: number;
}

import type { DomainEvent } from '#core/engine/types.ts';
import type { FoundConflict } from '../conflicts.ts';
import type { NewLink } from '../links.ts';
import type { Refusal } from '../row.ts';

/** What one page became. */
export interface Written {
  readonly links: readonly NewLink[];
  readonly refusals: readonly Refusal[];
  readonly conflicts: readonly FoundConflict[];
  readonly events: readonly DomainEvent[];
  readonly created: number;
  readonly changed: number;
  readonly optOutsKept: number;
}

export interface WriteContext {
  readonly companyId: string;
  readonly sourceId: string;
  readonly connector: string;
  readonly at: Date;
  /** What changes here is written there, too. */
  readonly bothWays: boolean;
  /** Others hear of each person. Not at the first load: a hundred thousand people are no news. */
  readonly tell: boolean;
}

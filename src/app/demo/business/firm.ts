import type { Principal } from '#core/operation/principal.ts';
import type { Prospect } from '../cast.ts';
import type { Post } from '../post.ts';
import type { Dice } from '../random.ts';
import type { Stage } from '../stage.ts';

/** Somebody the firm knows. */
export interface Someone {
  readonly leadId: string;
  readonly personId: string;
  readonly who: Prospect;
}

/** What the firm's business goes on by. */
export interface Firm {
  readonly stage: Stage;
  readonly dice: Dice;
  /** Nora, who owns it, first. */
  readonly team: readonly Principal[];
  readonly post: Post;
  readonly companyId: string;
  later(hours: number, act: () => Promise<void>): void;
}

export const DAY_H = 24;
/** So long is the story. */
export const DAYS = 120;

/** The day that is `days` from now, as `2026-11-22`. */
export function day(firm: Firm, days = 0): string {
  return new Date(firm.stage.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

export function owner(firm: Firm): Principal {
  const [nora] = firm.team;
  if (nora === undefined) throw new Error('the firm has nobody');
  return nora;
}

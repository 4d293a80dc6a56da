/** One field on both sides. Null: none. */
export interface Field {
  /** As both had it last; undefined: they never met. */
  readonly base: string | null | undefined;
  readonly ours: string | null;
  readonly theirs: string | null;
  /** They wrote after us; null: nobody knows, the source counts. */
  readonly theirsIsLater: boolean | null;
}

/** `theirs` is to be written here. `conflict`: both sides changed it since, and one of them loses. */
export interface Verdict {
  readonly take: 'ours' | 'theirs';
  readonly conflict: boolean;
}

const OURS: Verdict = { take: 'ours', conflict: false };
const THEIRS: Verdict = { take: 'theirs', conflict: false };

/**
 * Who has the last word about a field. What the source did not touch since both sides agreed stays as it is here; what only the source touched is taken;
 * what both touched goes to who wrote last. At a first meeting gaps are filled and nothing is overwritten.
 */
export function decide({ base, ours, theirs, theirsIsLater }: Field): Verdict {
  if (theirs === ours) return OURS;
  if (base === undefined) return ours === null ? THEIRS : OURS;
  if (theirs === base) return OURS;
  if (ours === base) return THEIRS;
  return { take: theirsIsLater === false ? 'ours' : 'theirs', conflict: true };
}

/** What a look at one part of the installation showed, in words. */
export interface Finding {
  /** Stable, for programs. */
  readonly check: string;
  readonly title: string;
  readonly state: 'ok' | 'warn' | 'bad';
  readonly says: string;
  /** What to do about it. */
  readonly next: string | null;
}

type Said = Omit<Finding, 'check' | 'title'>;

export const ok = (says: string): Said => ({ state: 'ok', says, next: null });
export const warn = (says: string, next: string): Said => ({ state: 'warn', says, next });
export const bad = (says: string, next: string): Said => ({ state: 'bad', says, next });
export type { Said };

/** `1 run`, `2 runs`. */
export const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

import type { Rule } from './rule.ts';

/** Somebody who is there, and their open leads. */
export interface Candidate {
  readonly id: string;
  readonly open: number;
}

export interface Chooser {
  /** Is anybody of this rule there? */
  hasSomebody(rule: Rule): boolean;
  /** @throws when nobody is there */
  next(rule: Rule): string;
  /** Whose turn it was last, by rule, where it moved. */
  turns(): ReadonlyMap<string, string>;
}

/**
 * Picks for a whole batch in memory. In turn: the next one in the rule's order after who had the last lead, whoever is away is passed
 * over. By load: the fewest open leads, those of this batch counted; equals in the rule's order.
 */
export function chooser(rules: readonly Rule[], candidates: readonly Candidate[], lastUsers: ReadonlyMap<string, string | null>): Chooser {
  const open = new Map(candidates.map((user) => [user.id, user.open]));
  const present = new Map(rules.map((rule) => [rule.id, rule.userIds.filter((id) => open.has(id))]));
  const last = new Map(lastUsers);
  const moved = new Map<string, string>();
  const pick = (rule: Rule): string | undefined => {
    const there = present.get(rule.id) ?? [];
    if (rule.pick === 'load')
      return there.reduce<string | undefined>(
        (best, id) => (best === undefined || (open.get(id) ?? 0) < (open.get(best) ?? 0) ? id : best),
        undefined,
      );
    if (rule.pick === 'fixed') return there[0];
    const at = rule.userIds.indexOf(last.get(rule.id) ?? '');
    const order = [...rule.userIds.slice(at + 1), ...rule.userIds.slice(0, at + 1)];
    return order.find((id) => open.has(id));
  };
  return {
    hasSomebody: (rule) => (present.get(rule.id) ?? []).length > 0,
    next(rule) {
      const chosen = pick(rule);
      if (chosen === undefined) throw new Error('nobody of this rule is there');
      open.set(chosen, (open.get(chosen) ?? 0) + 1);
      if (rule.pick === 'round_robin') {
        last.set(rule.id, chosen);
        moved.set(rule.id, chosen);
      }
      return chosen;
    },
    turns: () => moved,
  };
}

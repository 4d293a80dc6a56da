import { holds } from '#core/engine/conditions.ts';
import type { Condition, Facts } from '#core/engine/types.ts';
import { HIGHEST, MARGIN, REACHABLE, type Grade, type Grades, type Rule } from './rules.ts';

/** One touch of the timeline, as rules see it. */
export interface Touch {
  readonly type: string;
  readonly direction: string;
  readonly status: string | null;
  readonly channel: string | null;
  /** What a reply means. */
  readonly class: string | null;
  readonly at: Date;
}

/** Why a lead has its score: one rule's share. */
export interface Reason {
  readonly ruleId: string;
  readonly title: string;
  /** With decay, to a tenth. */
  readonly points: number;
  /** Touches that count; 1 for a rule of fit. */
  readonly count: number;
  /** The latest touch that counts. */
  readonly at: string | null;
}

export interface Scored {
  /** 0 to 100. */
  readonly score: number;
  readonly grade: Grade;
  /** Strongest first. */
  readonly reasons: readonly Reason[];
  /** When time alone will change it next; null: never. */
  readonly nextAt: Date | null;
}

const DAY_MS = 86_400_000;
/** Less than this of a rule's points is not worth looking at again. */
const FADED = 0.5;

/** Pure: the same rules, facts and moment give the same score. */
export function scoreOf(
  model: { readonly rules: readonly Rule[]; readonly grades: Grades },
  facts: Facts,
  touches: readonly Touch[],
  now: Date,
): Scored {
  const active = model.rules.filter((rule) => rule.active);
  const seen: Facts = { ...facts, activity: activityOf(touches, now) };
  const shares = active.map((rule) => (rule.kind === 'fit' ? fitShare(rule, seen, now) : engagementShare(rule, seen, touches, now)));
  const found = shares.filter((share) => share !== null);
  const total = found.reduce((sum, { exact }) => sum + exact, 0);
  const score = Math.round(Math.min(HIGHEST, Math.max(0, total)));
  const reasons = found
    .map(({ reason }) => reason)
    .filter((reason) => reason.points !== 0)
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const fades = found.some(({ fading }) => fading);
  const flip = nextFlip(active, touches, now);
  const tomorrow = new Date(now.getTime() + DAY_MS);
  const nextAt = fades && (flip === null || tomorrow < flip) ? tomorrow : flip;
  return { score, grade: gradeOf(model.grades, score), reasons, nextAt };
}

export function gradeOf({ a, b, c }: Grades, score: number): Grade {
  return score >= a ? 'A' : score >= b ? 'B' : score >= c ? 'C' : 'D';
}

interface Share {
  readonly exact: number;
  readonly reason: Reason;
  readonly fading: boolean;
}

function fitShare(rule: Rule, facts: Facts, now: Date): Share | null {
  if (!holds(rule.when, facts, now)) return null;
  return { exact: rule.points, reason: { ruleId: rule.id, title: rule.title, points: rule.points, count: 1, at: null }, fading: false };
}

function engagementShare(rule: Rule, facts: Facts, touches: readonly Touch[], now: Date): Share | null {
  const counting = touches.filter((touch) => holds(rule.when, { ...facts, touch: { ...touch, at: touch.at.toISOString() } }, now));
  const [first] = counting;
  if (first === undefined) return null;
  const sum = counting.reduce((points, touch) => points + rule.points * weightOf(rule, touch, now), 0);
  const exact = rule.most === null ? sum : Math.sign(sum) * Math.min(Math.abs(sum), rule.most);
  const latest = counting.reduce((newest, touch) => (touch.at > newest ? touch.at : newest), first.at);
  return {
    exact,
    reason: { ruleId: rule.id, title: rule.title, points: Math.round(exact * 10) / 10, count: counting.length, at: latest.toISOString() },
    fading: rule.halfLifeDays !== null && Math.abs(sum) >= FADED,
  };
}

function weightOf({ halfLifeDays }: Rule, touch: Touch, now: Date): number {
  const days = Math.max(0, now.getTime() - touch.at.getTime()) / DAY_MS;
  return halfLifeDays === null ? 1 : 0.5 ** (days / halfLifeDays);
}

/** What rules of fit may ask about the timeline. Null where there was none. */
function activityOf(touches: readonly Touch[], now: Date): Facts {
  const outer = touches.filter((touch) => touch.direction !== 'internal');
  const replies = touches.filter((touch) => touch.direction === 'inbound' && touch.type !== 'visit');
  return {
    touches: outer.length,
    replies: replies.length,
    days_since_touch: daysSince(outer, now),
    days_since_reply: daysSince(replies, now),
  };
}

function daysSince(touches: readonly Touch[], now: Date): number | null {
  const last = latestOf(touches);
  return last === null ? null : Math.max(0, now.getTime() - last) / DAY_MS;
}

function latestOf(touches: readonly Touch[]): number | null {
  return touches.length === 0 ? null : touches.reduce((last, touch) => Math.max(last, touch.at.getTime()), 0);
}

/** When the next rule on `activity.days_since_…` turns over, a second later so that it has. */
function nextFlip(rules: readonly Rule[], touches: readonly Touch[], now: Date): Date | null {
  const since: Record<string, number | null> = {
    'activity.days_since_touch': latestOf(touches.filter((touch) => touch.direction !== 'internal')),
    'activity.days_since_reply': latestOf(touches.filter((touch) => touch.direction === 'inbound' && touch.type !== 'visit')),
  };
  const moments = rules
    .flatMap((rule) => boundsOf(rule.when))
    .flatMap(({ field, days }) => {
      const from = since[field] ?? null;
      return from === null ? [] : [from + days * DAY_MS + 1_000];
    })
    .filter((at) => at > now.getTime());
  return moments.length === 0 ? null : new Date(Math.min(...moments));
}

function boundsOf(condition: Condition): { field: string; days: number }[] {
  if ('all' in condition) return condition.all.flatMap(boundsOf);
  if ('any' in condition) return condition.any.flatMap(boundsOf);
  if ('not' in condition) return boundsOf(condition.not);
  const days = 'above' in condition ? Number(condition.above) : 'below' in condition ? Number(condition.below) : Number.NaN;
  return condition.field.startsWith('activity.days_since_') && Number.isFinite(days) ? [{ field: condition.field, days }] : [];
}

/** How many grades a lead counts as having reached (3: A), and which it has just come up to, lowest first. */
export function crossed(grades: Grades, score: number, before: number): { reached: number; up: { grade: Grade; threshold: number }[] } {
  const steps = REACHABLE.toReversed().map((grade) => ({ grade, threshold: thresholdOf(grades, grade) }));
  const now = steps.filter(({ threshold }) => score >= threshold).length;
  if (now >= before) return { reached: now, up: steps.slice(before, now) };
  const held = steps.slice(0, before).filter(({ threshold }) => score >= threshold - MARGIN).length;
  return { reached: held, up: [] };
}

export function thresholdOf({ a, b, c }: Grades, grade: (typeof REACHABLE)[number]): number {
  return { A: a, B: b, C: c }[grade];
}

const MOST_DAYS = 90;

/** One entry a day on which the score changed. */
export function withToday(history: readonly [number, number][], score: number, now: Date): [number, number][] {
  const today = Math.floor(now.getTime() / DAY_MS);
  const before = history.filter(([day]) => day < today);
  if (before.at(-1)?.[1] === score) return [...before];
  return [...before, [today, score] satisfies [number, number]].slice(-MOST_DAYS);
}

/** Does a condition speak of something that a score could not know, such as the score itself? */
export function speaksOf(condition: Condition, field: string): boolean {
  if ('all' in condition) return condition.all.some((part) => speaksOf(part, field));
  if ('any' in condition) return condition.any.some((part) => speaksOf(part, field));
  if ('not' in condition) return speaksOf(condition.not, field);
  return condition.field === field;
}

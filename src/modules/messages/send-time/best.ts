import { DateTime } from 'luxon';

/** What was sent and answered in each hour of the recipient's week: 0 is Monday from 0 to 1, 167 Sunday from 23 to 24. */
export type Hours = ReadonlyMap<number, { readonly sent: number; readonly replied: number }>;

/** One mail that left, and whether it was answered. */
export interface Past {
  readonly sentAt: Date;
  readonly zone: string;
  readonly replied: boolean;
}

/** A moment that people answer at, and why this one. */
export interface Best {
  readonly at: Date;
  readonly slot: number;
  /** Expected share of answers then, and now. */
  readonly expected: number;
  readonly now: number;
}

/** The company's rate over all hours counts for so many mails in each hour of the company … */
const COMPANY_WEIGHT = 50;
/** … and the company's rate of an hour for so many mails to one person: ten of their own outweigh what others do. */
const PERSON_WEIGHT = 10;
/** What nobody has answered yet is taken for one answer in a hundred mails. */
const UNKNOWN_RATE = 0.01;
/** A mail waits no longer than this for a better hour, … */
const LONGEST_HOURS = 96;
/** … and only for one that is better by a tenth. */
const WORTH = 1.1;

export function slotOf(at: Date, zone: string): number {
  const local = DateTime.fromJSDate(at, { zone });
  const known = local.isValid ? local : DateTime.fromJSDate(at, { zone: 'utc' });
  return (known.weekday - 1) * 24 + known.hour;
}

export function hoursOf(past: readonly Past[]): Hours {
  const hours = new Map<number, { sent: number; replied: number }>();
  for (const { sentAt, zone, replied } of past) {
    const slot = slotOf(sentAt, zone);
    const one = hours.get(slot) ?? { sent: 0, replied: 0 };
    one.sent += 1;
    one.replied += replied ? 1 : 0;
    hours.set(slot, one);
  }
  return hours;
}

/**
 * The share of mails that this person answers in an hour of the week: beta-binomial twice over. The company's rate of that hour is drawn towards its rate over
 * all hours; the person's towards the company's of that hour (posterior means of Beta(w·p + replied, w·(1 − p) + sent − replied)).
 */
export function expectedAt(slot: number, company: Hours, person: Hours): number {
  let sent = 0;
  let replied = 0;
  for (const one of company.values()) {
    sent += one.sent;
    replied += one.replied;
  }
  const overall = (replied + UNKNOWN_RATE * COMPANY_WEIGHT) / (sent + COMPANY_WEIGHT);
  const theirs = company.get(slot) ?? { sent: 0, replied: 0 };
  const prior = (theirs.replied + overall * COMPANY_WEIGHT) / (theirs.sent + COMPANY_WEIGHT);
  const own = person.get(slot) ?? { sent: 0, replied: 0 };
  return (own.replied + prior * PERSON_WEIGHT) / (own.sent + PERSON_WEIGHT);
}

/**
 * The best hour within reach at which mail may leave: `opening` answers null where it may, else when it may next. Null: now is as good as any, or nothing is open within
 * reach.
 */
export function bestMoment(now: Date, zone: string, company: Hours, person: Hours, opening: (at: Date) => Date | null): Best | null {
  const begin = opening(now) ?? now;
  const here = { at: begin, slot: slotOf(begin, zone), expected: expectedAt(slotOf(begin, zone), company, person) };
  const hour = DateTime.fromJSDate(now, { zone: DateTime.fromJSDate(now, { zone }).isValid ? zone : 'utc' }).startOf('hour');
  let best = here;
  for (let i = 1; i <= LONGEST_HOURS; i++) {
    const at = hour.plus({ hours: i }).toJSDate();
    if (at <= begin || opening(at) !== null) continue;
    const slot = slotOf(at, zone);
    const expected = expectedAt(slot, company, person);
    if (expected > best.expected) best = { at, slot, expected };
  }
  if (best === here || best.expected < here.expected * WORTH) return null;
  return { ...best, now: here.expected };
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** `Tuesday 10–11`. */
export function slotName(slot: number): string {
  return `${DAYS[Math.floor(slot / 24)] ?? ''} ${slot % 24}–${(slot % 24) + 1}`;
}

/** `Tuesday 10–11: 3 of 9 mails to them were answered, 41 of 300 to everybody`. */
export function explain(slot: number, company: Hours, person: Hours): string {
  const all = company.get(slot) ?? { sent: 0, replied: 0 };
  const own = person.get(slot);
  const others = `${all.replied} of ${all.sent}`;
  return own === undefined
    ? `${slotName(slot)}: ${others} mails were answered then`
    : `${slotName(slot)}: ${own.replied} of ${own.sent} mails to them were answered then, ${others} to everybody`;
}

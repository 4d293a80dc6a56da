import type { BusinessCalendar } from './calendar.ts';
import type { Priority, TicketState } from '../tables.ts';

const MINUTE_MS = 60_000;
/** In the place of "never" where rows are sorted by it. */
export const NEVER = new Date('9999-12-31T00:00:00Z');

/** By what the moments of a company's tickets are worked out. */
export interface ClockRules {
  readonly calendar: BusinessCalendar;
  /** Business minutes; null: no target. */
  readonly targets: Readonly<
    Record<Priority, { readonly firstResponse: number | null; readonly nextResponse: number | null; readonly resolution: number | null }>
  >;
  readonly warnMinutes: number;
  readonly restOnHold: boolean;
  /** Tells these rules from others. */
  readonly key: string;
}

/** The part of a ticket that its clocks are made of; see tables.ts. A clock that rests has no `since`. */
export interface Clocks {
  state: TicketState;
  priority: Priority;
  waitingSince: Date | null;
  firstRespondedAt: Date | null;
  responseUsedMs: number;
  responseSince: Date | null;
  responseDueAt: Date | null;
  responseTold: number;
  resolutionUsedMs: number;
  resolutionSince: Date | null;
  resolutionDueAt: Date | null;
  resolutionTold: number;
  responseBroken: boolean;
  resolutionBroken: boolean;
  sortDueAt: Date;
  alarmAt: Date | null;
  clockKey: string;
}

type Target = 'first_response' | 'next_response' | 'resolution';

/** Clocks run while it is our turn: they rest while the ticket waits for the customer, and once it is solved. */
function runs(state: TicketState, { restOnHold }: ClockRules): boolean {
  return state === 'open' || (state === 'on_hold' && !restOnHold);
}

/** They wrote, on whatever way, and wait for an answer since then. Who waits already goes on waiting since the first of it. */
export function beginWaiting(clocks: Clocks, at: Date): void {
  if (clocks.waitingSince !== null) return;
  clocks.waitingSince = at;
  clocks.responseUsedMs = 0;
  clocks.responseTold = 0;
  clocks.responseSince = null;
}

/** Somebody of ours answered. */
export function endWaiting(clocks: Clocks, at: Date): void {
  if (clocks.waitingSince !== null && clocks.responseDueAt !== null && at > clocks.responseDueAt) clocks.responseBroken = true;
  clocks.firstRespondedAt ??= at;
  clocks.waitingSince = null;
  clocks.responseSince = null;
  clocks.responseUsedMs = 0;
  clocks.responseTold = 0;
}

/**
 * Brings both clocks in line with state, priority and rules at this moment: stops or starts them and works out when each target is broken and when
 * there is something to tell. The same twice is once. Time that a clock has run since it started is counted by today's hours.
 */
export function windClocks(clocks: Clocks, rules: ClockRules, at: Date): void {
  const { calendar } = rules;
  if (clocks.responseDueAt !== null && at > clocks.responseDueAt) clocks.responseBroken = true;
  if (clocks.resolutionDueAt !== null && at > clocks.resolutionDueAt) clocks.resolutionBroken = true;
  const running = runs(clocks.state, rules);
  const turn = (usedMs: number, since: Date | null, on: boolean) => {
    if (on) return { usedMs, since: since ?? at };
    return { usedMs: since === null ? usedMs : usedMs + calendar.between(since, at), since: null };
  };
  const response = turn(clocks.responseUsedMs, clocks.responseSince, running && clocks.waitingSince !== null);
  const resolution = turn(clocks.resolutionUsedMs, clocks.resolutionSince, running);
  const targets = rules.targets[clocks.priority];
  const responseTarget = clocks.firstRespondedAt === null ? targets.firstResponse : targets.nextResponse;
  const responseAlarm = alarmOf(rules, response, responseTarget, clocks.responseTold, at);
  const resolutionAlarm = alarmOf(rules, resolution, targets.resolution, clocks.resolutionTold, at);
  Object.assign(clocks, {
    responseUsedMs: response.usedMs,
    responseSince: response.since,
    responseDueAt: responseAlarm.dueAt,
    responseTold: responseAlarm.told,
    resolutionUsedMs: resolution.usedMs,
    resolutionSince: resolution.since,
    resolutionDueAt: resolutionAlarm.dueAt,
    resolutionTold: resolutionAlarm.told,
    sortDueAt: earliest(responseAlarm.dueAt, resolutionAlarm.dueAt) ?? NEVER,
    alarmAt: earliest(responseAlarm.nextAt, resolutionAlarm.nextAt),
    clockKey: rules.key,
  });
}

function alarmOf(
  { calendar, warnMinutes }: ClockRules,
  { usedMs, since }: { readonly usedMs: number; readonly since: Date | null },
  minutes: number | null,
  before: number,
  at: Date,
): { dueAt: Date | null; nextAt: Date | null; told: number } {
  if (since === null || minutes === null) return { dueAt: null, nextAt: null, told: before };
  const target = minutes * MINUTE_MS;
  const dueAt = calendar.after(since, target - usedMs);
  // Kinder targets or hours since it was told that this one is broken: it may break anew.
  const told = before === 2 && (dueAt === null || dueAt > at) ? 0 : before;
  if (told === 2 || dueAt === null) return { dueAt, nextAt: null, told };
  if (told === 1) return { dueAt, nextAt: dueAt, told };
  const soon = target - Math.min(warnMinutes * MINUTE_MS, target / 2);
  return { dueAt, nextAt: calendar.after(since, soon - usedMs), told };
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** What is to be told now; it is told once. Wind the clocks afterwards. */
export function takeAlarms(clocks: Clocks, rules: ClockRules, at: Date): { what: 'soon' | 'broken'; target: Target; dueAt: Date }[] {
  const told: { what: 'soon' | 'broken'; target: Target; dueAt: Date }[] = [];
  const look = (dueAt: Date | null, before: number, target: Target): number => {
    if (dueAt === null || before >= 2) return before;
    if (dueAt <= at) told.push({ what: 'broken', target, dueAt });
    else if (before === 0 && soonBegan(clocks, rules, target, at)) told.push({ what: 'soon', target, dueAt });
    else return before;
    return dueAt <= at ? 2 : 1;
  };
  const response = clocks.firstRespondedAt === null ? 'first_response' : 'next_response';
  clocks.responseTold = look(clocks.responseDueAt, clocks.responseTold, response);
  if (clocks.responseTold === 2) clocks.responseBroken = true;
  clocks.resolutionTold = look(clocks.resolutionDueAt, clocks.resolutionTold, 'resolution');
  if (clocks.resolutionTold === 2) clocks.resolutionBroken = true;
  return told;
}

function soonBegan(clocks: Clocks, rules: ClockRules, target: Target, at: Date): boolean {
  const targets = rules.targets[clocks.priority];
  const [minutes, usedMs, since] =
    target === 'resolution'
      ? [targets.resolution, clocks.resolutionUsedMs, clocks.resolutionSince]
      : [target === 'first_response' ? targets.firstResponse : targets.nextResponse, clocks.responseUsedMs, clocks.responseSince];
  const { nextAt } = alarmOf(rules, { usedMs, since }, minutes, 0, at);
  return nextAt !== null && nextAt <= at;
}

import type { Item, Output } from '#web/kit/api.ts';
import type { Tone } from '#web/kit/badge.tsx';

export type Line = Item<'tickets.list'>;
export type Whole = Output<'tickets.get'>;
export type Entry = Whole['entries'][number];
export type State = Line['state'];
export type Priority = Line['priority'];

export const views = [
  { value: 'active', label: 'Active' },
  { value: 'waiting', label: 'To answer' },
  { value: 'mine', label: 'Mine' },
  { value: 'unassigned', label: 'Nobody’s' },
  { value: 'solved', label: 'Solved' },
  { value: 'all', label: 'All' },
] as const;
export type View = (typeof views)[number]['value'];

export const states: Record<State, readonly [string, Tone]> = {
  open: ['Open', 'accent'],
  pending: ['Waits for them', 'warn'],
  on_hold: ['On hold', 'neutral'],
  solved: ['Solved', 'ok'],
  closed: ['Closed', 'neutral'],
};
export const STATES = ['open', 'pending', 'on_hold', 'solved', 'closed'] as const satisfies readonly State[];

export const priorities: Record<Priority, readonly [string, Tone]> = {
  low: ['Low', 'neutral'],
  normal: ['Normal', 'neutral'],
  high: ['High', 'warn'],
  urgent: ['Urgent', 'bad'],
};
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const satisfies readonly Priority[];

const SOON_MS = 3_600_000;

/** The nearer of the two clocks, in words; null: none runs. */
export function dueOf(ticket: Line, now = Date.now()): { readonly at: string; readonly what: string; readonly tone: Tone } | null {
  const { response_due_at: response, resolution_due_at: resolution } = ticket;
  const [at, what] = response !== null && (resolution === null || response <= resolution) ? [response, 'Answer'] : [resolution, 'Solution'];
  if (at === null) return null;
  const left = new Date(at).getTime() - now;
  return { at, what, tone: left <= 0 ? 'bad' : left < SOON_MS ? 'warn' : 'neutral' };
}

/** `in 25 min`, `2 h late`: as the wall clock has it. */
export function untilOf(iso: string, now = Date.now()): string {
  const left = new Date(iso).getTime() - now;
  const minutes = Math.max(1, Math.round(Math.abs(left) / 60_000));
  const length =
    minutes < 90 ? `${minutes} min` : minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} days`;
  return left <= 0 ? `${length} late` : `in ${length}`;
}

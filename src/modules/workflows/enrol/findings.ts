import { z } from 'zod';
import type { Candidate } from './candidates.ts';

/** What keeps a person out whatever one says. */
export const BARRIERS = ['opted_out', 'suppressed', 'no_address', 'no_lead', 'no_subject', 'closed', 'in_it_already'] as const;
/** What one should know before; a person goes in all the same unless the caller leaves them out. */
export const WARNINGS = ['other_sequence', 'replied', 'colleague_replied', 'mailed_lately', 'been_before', 'other_owner'] as const;

type Kind = (typeof BARRIERS)[number] | (typeof WARNINGS)[number];

export const Finding = z.object({
  kind: z.enum([...BARRIERS, ...WARNINGS]),
  barrier: z.boolean().describe('True: they can not enter. False: a warning; name its kind in leave_out to leave them out'),
  says: z.string().describe('How many, and what: 3 are in another sequence'),
  count: z.int(),
  people: z.array(z.object({ personId: z.uuid(), name: z.string(), detail: z.string() })).describe('The first fifty of them'),
});
export type Finding = z.output<typeof Finding>;

/** The names that a list shows; the count beside it is always whole. */
const NAMED = 50;

const WORDS: Readonly<Record<Kind, readonly [one: string, many: string]>> = {
  opted_out: ['1 has opted out', '# have opted out'],
  suppressed: ['1 address gets no mail', '# addresses get no mail'],
  no_address: ['1 has no email address', '# have no email address'],
  no_lead: ['1 is no open lead', '# are no open leads'],
  no_subject: ['1 has none that it could be about', '# have none that it could be about'],
  closed: ['1 is converted or lost', '# are converted or lost'],
  in_it_already: ['1 is in this sequence already', '# are in this sequence already'],
  other_sequence: ['1 is in another sequence', '# are in another sequence'],
  replied: ['1 replied within 30 days', '# replied within 30 days'],
  colleague_replied: ['1 has a colleague who replied', '# have a colleague who replied'],
  mailed_lately: ['1 got mail within 7 days', '# got mail within 7 days'],
  been_before: ['1 went through it before', '# went through it before'],
  other_owner: ['1 belongs to a colleague of yours', '# belong to colleagues of yours'],
};

const day = (at: Date) => at.toISOString().slice(0, 10);

/** Why this person can not enter, if so: the first that holds. */
export function barrierOf(one: Candidate, subject: string): { readonly kind: Kind; readonly detail: string } | null {
  if (one.optedOut || one.status === 'unsubscribed') return { kind: 'opted_out', detail: 'asked for no more mail' };
  if (one.suppressed !== null)
    return { kind: 'suppressed', detail: `${one.email ?? 'The address'}: ${one.suppressed.replaceAll('_', ' ')}` };
  if (subject === 'lead' && one.leadId === null) return { kind: 'no_lead', detail: 'make them a lead first' };
  if (one.status === 'converted' || one.status === 'lost') return { kind: 'closed', detail: `the lead is ${one.status}` };
  if (one.email === null) return { kind: 'no_address', detail: 'add an address first' };
  return one.live ? { kind: 'in_it_already', detail: 'has a run under way' } : null;
}

/** What one should know before this person enters; `me` is the user who asks, null for a key or a job. */
export function warningsOf(one: Candidate, me: string | null): { readonly kind: (typeof WARNINGS)[number]; readonly detail: string }[] {
  const found: { kind: (typeof WARNINGS)[number]; detail: string }[] = [];
  if (one.others !== null) found.push({ kind: 'other_sequence', detail: one.others.join(', ') });
  if (one.repliedAt !== null) found.push({ kind: 'replied', detail: `on ${day(one.repliedAt)}` });
  if (one.colleagueAt !== null)
    found.push({ kind: 'colleague_replied', detail: `${one.colleague || 'a colleague'} on ${day(one.colleagueAt)}` });
  if (one.mailed > 0) found.push({ kind: 'mailed_lately', detail: one.mailed === 1 ? '1 message' : `${one.mailed} messages` });
  if (one.endedAt !== null) found.push({ kind: 'been_before', detail: `ended on ${day(one.endedAt)}` });
  if (me !== null && one.ownerId !== null && one.ownerId !== me) found.push({ kind: 'other_owner', detail: one.owner ?? 'another user' });
  return found;
}

export interface Verdict {
  readonly enter: readonly Candidate[];
  readonly leftOut: number;
  /** Barriers first, each kind once. */
  readonly findings: Finding[];
}

/** Who goes in, who stays out, and what to know; `leaveOut` names the warnings that keep a person out. */
export function judge(all: readonly Candidate[], subject: string, me: string | null, leaveOut: readonly string[]): Verdict {
  const found = new Map<Kind, { count: number; people: Finding['people'] }>();
  const note = (one: Candidate, kind: Kind, detail: string) => {
    const entry = found.get(kind) ?? { count: 0, people: [] };
    entry.count += 1;
    if (entry.people.length < NAMED) entry.people.push({ personId: one.personId, name: one.name || (one.email ?? ''), detail });
    found.set(kind, entry);
  };
  const enter = all.filter((one) => {
    const barrier = barrierOf(one, subject);
    if (barrier !== null) {
      note(one, barrier.kind, barrier.detail);
      return false;
    }
    const warnings = warningsOf(one, me);
    for (const { kind, detail } of warnings) note(one, kind, detail);
    return !warnings.some(({ kind }) => leaveOut.includes(kind));
  });
  const findings = [...BARRIERS, ...WARNINGS].flatMap((kind): Finding[] => {
    const entry = found.get(kind);
    if (entry === undefined) return [];
    const [one, many] = WORDS[kind];
    const barrier = BARRIERS.some((known) => known === kind);
    return [{ kind, barrier, says: entry.count === 1 ? one : many.replace('#', String(entry.count)), ...entry }];
  });
  return { enter, leftOut: all.length - enter.length, findings };
}

/** Those of whom there is none of what the workflow is about. */
export function noSubject(without: readonly Candidate[]): Finding[] {
  if (without.length === 0) return [];
  const [one, many] = WORDS.no_subject;
  return [
    {
      kind: 'no_subject',
      barrier: true,
      says: without.length === 1 ? one : many.replace('#', String(without.length)),
      count: without.length,
      people: without.slice(0, NAMED).map(({ personId, name, email }) => ({ personId, name: name || (email ?? ''), detail: 'has none' })),
    },
  ];
}

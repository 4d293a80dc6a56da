import { z } from 'zod';
import { ConditionSchema } from '#core/engine/conditions.ts';

export const GRADES = ['A', 'B', 'C', 'D'] as const;
export type Grade = (typeof GRADES)[number];
/** Grades that a lead can come up to. */
export const REACHABLE = ['A', 'B', 'C'] as const;
/** A score is between 0 and this. */
export const HIGHEST = 100;

/**
 * One rule. `fit`: its condition on lead, person, organisation and activity holds, or not. `engagement`: each touch on the timeline
 * that fits `touch.type`, `touch.direction`, `touch.status`, `touch.channel`, `touch.class` counts, the less the older it is.
 */
export const Rule = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/, { error: 'An id is small letters, digits, - and _' })
    .describe('Stays when the title changes'),
  title: z.string().trim().min(1).max(120).describe('What a colleague reads as the reason'),
  kind: z.enum(['fit', 'engagement']),
  when: ConditionSchema,
  points: z.int().min(-HIGHEST).max(HIGHEST),
  halfLifeDays: z
    .number()
    .positive()
    .max(3_650)
    .nullable()
    .default(null)
    .describe('Engagement: after so many days half of the points are left; null: they stay'),
  most: z.int().min(1).max(1_000).nullable().default(null).describe('Engagement: all touches together give no more points than this'),
  active: z.boolean().default(true),
});
export type Rule = z.output<typeof Rule>;

/** From which score on; D is below C. */
export const Grades = z
  .object({ a: z.int().min(1).max(HIGHEST), b: z.int().min(1).max(HIGHEST), c: z.int().min(1).max(HIGHEST) })
  .refine(({ a, b, c }) => a > b && b > c, { error: 'A must begin above B, and B above C' });
export type Grades = z.output<typeof Grades>;

/** What happens once when a lead comes up to a grade. */
export const Route = z.object({
  grade: z.enum(REACHABLE),
  notify: z.boolean().default(false).describe('Tell the owner, or the admins where there is none'),
  status: z.enum(['contacted', 'engaged', 'qualified']).nullable().default(null).describe('Move the lead on to this status; never back'),
  ownerId: z.uuid().nullable().default(null).describe('Give a lead without an owner to this user'),
});
export type Route = z.output<typeof Route>;

/** A lead that fell by no more than this below a grade still counts as having reached it: it does not cross again. */
export const MARGIN = 5;

const touch = (type: string, direction: 'inbound' | 'outbound') => [
  { field: 'touch.type', is: type },
  { field: 'touch.direction', is: direction },
];
/** Replies that promise nothing. */
const UNWILLING = ['stop', 'not_now', 'out_of_office', 'wrong_person'];
const FREE_MAIL = [
  'gmail.',
  'googlemail.',
  'yahoo.',
  'hotmail.',
  'outlook.',
  'live.',
  'icloud.',
  'aol.',
  'gmx.',
  'web.de',
  'proton',
  't-online.',
];

const engagement = (id: string, title: string, points: number, halfLifeDays: number | null, most: number | null, when: Rule['when']): Rule => ({
  id, title, kind: 'engagement', when, points, halfLifeDays, most, active: true,
}); // prettier-ignore
const fit = (id: string, title: string, points: number, when: Rule['when']): Rule => ({
  id, title, kind: 'fit', when, points, halfLifeDays: null, most: null, active: true,
}); // prettier-ignore

/** Sober beginnings for any small business; each can be changed or switched off. */
export const BUILT_IN: readonly Rule[] = [
  engagement('replied', 'Replied', 30, 30, 60, {
    all: [...touch('email', 'inbound'), { not: { any: UNWILLING.map((meaning) => ({ field: 'touch.class', is: meaning })) } }],
  }),
  engagement('interested', 'Said they are interested', 20, 30, 40, {
    all: [...touch('email', 'inbound'), { field: 'touch.class', is: 'interested' }],
  }),
  engagement('form', 'Filled in a form', 25, 30, 50, { field: 'touch.type', is: 'form' }),
  engagement('meeting', 'Met us', 30, 45, 60, { field: 'touch.type', is: 'meeting' }),
  engagement('call', 'Talked on the phone', 15, 30, 30, { field: 'touch.type', is: 'call' }),
  engagement('visit', 'Visited our pages', 3, 14, 15, { field: 'touch.type', is: 'visit' }),
  engagement('not_now', 'Said not now', -20, 60, 40, { field: 'touch.class', in: ['not_now', 'wrong_person'] }),
  engagement('bounced', 'A mail bounced', -30, null, 60, { field: 'touch.status', is: 'bounced' }),
  fit('organisation', 'Works at a known organisation', 10, { field: 'organisation.name', exists: true }),
  fit('business_address', 'Writes from a business address', 10, {
    all: [
      { field: 'person.email', exists: true },
      { not: { any: FREE_MAIL.map((host) => ({ field: 'person.email', contains: `@${host}` })) } },
    ],
  }),
  fit('phone', 'Phone number known', 5, { field: 'person.phone', exists: true }),
  fit('silent', 'No touch for two months', -10, { field: 'activity.days_since_touch', above: 60 }),
  fit('opted_out', 'Wants no messages', -HIGHEST, { field: 'person.opted_out', is: true }),
];
export const BUILT_IN_GRADES: Grades = { a: 70, b: 40, c: 20 };
export const BUILT_IN_ROUTES: readonly Route[] = [{ grade: 'A', notify: true, status: null, ownerId: null }];

import { INTERACTION_TYPES } from '#modules/people/public.ts';

/** Events that the feed keeps, and what it calls them. */
export const KEPT = {
  'lead.created': 'lead_created',
  'lead.status_changed': 'status_changed',
  'lead.assigned': 'assigned',
  'lead.deleted': 'lead_deleted',
  'lead.score_reached': 'score_reached',
  'person.merged': 'merged',
  'person.unmerged': 'unmerged',
  'person.opted_out': 'opted_out',
  'person.opted_in': 'opted_in',
} as const;

// The values of a literal object, which its keys' types do not give as a list.
export const ACTIVITY_KINDS = Object.values(KEPT) as [(typeof KEPT)[keyof typeof KEPT], ...(typeof KEPT)[keyof typeof KEPT][]];

/** Everything the feed can show: touches, facts, imports. */
export const FEED_KINDS = [...INTERACTION_TYPES, ...ACTIVITY_KINDS, 'import'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/**
 * SQL: does this effect wait to be done, and is it not held? In the words of the index `effects_waiting`, which no other index answers to: the planner must not
 * choose another one by statistics of a time when nothing waited (docs/adr/0077-campaigns.md).
 */
export const waits = (effect: string): string => `(case when ${effect}.held then 'held' else ${effect}.state end) = 'reserved'`;

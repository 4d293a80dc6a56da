/**
 * What the four gauges count.
 *
 * - **Daily success**: of the runs that ended in the last 24 hours as done or failed, the share that is done. Runs that were ended on purpose (a reply, a person) count on
 *   neither side. Branches of parallel steps belong to their run and do not count by themselves.
 * - **Run time**: mean of the working time of those runs: the sum of their attempts from start to end, without steps that stand still by intent (`STANDING`), without
 *   what an attempt waited before it could be worked on, and without the pauses between attempts.
 * - **Interventions**: calls this calendar month, in the company's zone, by which a person settled what went wrong (`INTERVENTIONS`): a run taken up again, an effect in doubt decided, an event
 *   tried again. Approving and doing tasks is work that was planned: it does not count. Many runs taken up by one call are one intervention.
 * - **Recovery**: mean time, over the last 30 days, from an attempt that failed for good, or whose worker was lost, to the next success of the same run; one that still stands
 *   failed counts with its age so far. A run that was given up (ended by a person) does not count.
 */
export const STANDING = ['wait', 'message', 'approve', 'task', 'start_workflow', 'parallel'] as const;

/** Operations by which a person settles what went wrong. */
export const INTERVENTIONS = ['runs.retry', 'runs.bulk', 'effects.decide', 'events.retry'] as const;
export const DAY_MS = 86_400_000;

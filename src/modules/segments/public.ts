/** What other modules may use of segments. */
export { SegmentNotFound } from './errors.ts';
export { personsWhere } from './fields/registry.ts';
export { getSegment, memberOf } from './segment.ts';
export type { Segment } from './segment.ts';

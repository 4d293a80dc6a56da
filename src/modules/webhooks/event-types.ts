import type { DomainEvent } from '#core/engine/types.ts';
import { WORKFLOW_EVENTS } from '#modules/workflows/public.ts';

export interface EventType {
  readonly type: string;
  readonly title: string;
  readonly group: string;
}

/** What an endpoint may ask for: the events that people know from workflows. */
export const EVENT_TYPES: readonly EventType[] = WORKFLOW_EVENTS.map(({ name, title, group }) => ({ type: name, title, group }));

const KNOWN = new Set(EVENT_TYPES.map(({ type }) => type));

/** Events between the engine's own parts stay inside. */
export const isOutgoing = (event: Pick<DomainEvent, 'name' | 'subject'>): boolean => KNOWN.has(event.name) && event.subject.type !== 'run';
export const isEventType = (type: string): boolean => KNOWN.has(type);

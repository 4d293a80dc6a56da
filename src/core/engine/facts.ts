import type { Facts, RunView } from './types.ts';

/** What conditions of a step see: the subject's facts, `trigger`, `steps.<id>` outputs, `settings`. */
export function factsFor(run: Pick<RunView, 'facts' | 'outputs' | 'settings'>): Facts {
  return { ...run.facts, trigger: run.outputs['trigger'] ?? {}, steps: run.outputs, settings: run.settings };
}

/** What conditions of triggers and stop rules see: `event`, `payload`, and the subject's facts. */
export function factsOfEvent(event: { readonly name: string; readonly payload?: Facts }, facts: Facts): Facts {
  return { ...facts, event: event.name, payload: event.payload ?? {} };
}

import type { Facts, LoopView, RunView } from './types.ts';

/** What conditions and templates of a step see: the subject's facts, `trigger`, `steps.<id>` outputs, `settings`, and `loop` in a loop. */
export function factsFor(run: Pick<RunView, 'facts' | 'outputs' | 'settings' | 'loop'>): Facts {
  const facts: Facts = { ...run.facts, trigger: run.outputs['trigger'] ?? {}, steps: run.outputs, settings: run.settings };
  if (run.loop !== null) facts['loop'] = factsOfLoop(run.loop);
  return facts;
}

export function factsOfLoop({ item, index, count, outer }: LoopView): Facts {
  return { item, index, count, ...(outer === null ? {} : { outer: factsOfLoop(outer) }) };
}

/** What conditions of triggers and stop rules see: `event`, `payload`, and the subject's facts. */
export function factsOfEvent(event: { readonly name: string; readonly payload?: Facts }, facts: Facts): Facts {
  return { ...facts, event: event.name, payload: event.payload ?? {} };
}

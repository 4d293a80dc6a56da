import type { Condition, StepNode, StopRule } from '#core/engine/types.ts';
import { nearest } from '#core/nearest.ts';
import { knownEvents } from '../../vocabulary/events.ts';
import { armsOf } from '../steps.ts';
import type { Asked, Finding } from './finding.ts';
import { whyUnknown } from './names.ts';

/** A path on which nothing ends the run by name, and a workflow that nothing starts. */
export function endings({ definition }: Asked): Finding[] {
  const findings: Finding[] = [];
  const last = definition.steps.at(-1);
  if (last !== undefined && !ends(last))
    findings.push({
      severity: 'warning',
      code: 'no_end',
      path: `steps.${definition.steps.length - 1}`,
      stepId: last.id,
      message: `After “${last.title}” nothing ends the run by name: it ends as completed. Add an end step to say what came of it`,
    });
  if (definition.triggers.length === 0)
    findings.push({
      severity: 'warning',
      code: 'no_trigger',
      path: 'triggers',
      stepId: null,
      message: 'Nothing starts it yet: add a trigger, or start it by hand',
    });
  return findings;
}

function ends(node: StepNode): boolean {
  if (node.type === 'end') return true;
  const arms = armsOf(node);
  const whole = node.type === 'switch' || (node.type === 'branch' && node.then !== undefined);
  return whole && node.otherwise !== undefined && arms.every((arm) => arm.steps.some(ends));
}

/** Events that start, stop or wake it and that nothing says. */
export function events(asked: Asked): Finding[] {
  const { definition, placed } = asked;
  const unknown = (event: string, path: string, stepId: string | null, effect: string): Finding[] => {
    if (knownEvents.has(event)) return [];
    const near = nearest(event, [...knownEvents]);
    const message = `Nothing in Steward says ${event}: ${effect}${near === null ? '' : `. Did you mean ${near}?`}`;
    return [{ severity: 'warning', code: 'unknown_event', path, stepId, message }];
  };
  return [
    ...definition.triggers.flatMap((trigger, i) =>
      trigger.on === 'event' ? unknown(trigger.event, `triggers.${i}.event`, null, 'it never starts') : [],
    ),
    ...definition.stopOn.flatMap((rule, i) => unknown(eventOf(rule), `stopOn.${i}`, null, 'it never stops for that')),
    ...placed.flatMap(({ node, path }) => {
      const waits = node.input['events'];
      if (node.type !== 'wait' || !Array.isArray(waits)) return [];
      return waits.flatMap((event, i) => unknown(String(event), `${path}.input.events.${i}`, node.id, 'it waits until its time is up'));
    }),
  ];
}

function eventOf(rule: StopRule): string {
  return typeof rule === 'string' ? rule : rule.event;
}

/** Fields that conditions and waits look at and nobody knows: such a condition never holds, such a wait is over at once. */
export function fields(asked: Asked): Finding[] {
  const { definition, placed } = asked;
  const findings: Finding[] = [];
  const look = (condition: Condition, path: string, place: (typeof placed)[number] | null) => {
    for (const field of fieldsOf(condition)) {
      const why = whyUnknown(asked, field.split('.'), place);
      if (why !== null)
        findings.push({
          severity: 'warning',
          code: 'unknown_field',
          path,
          stepId: place?.node.id ?? null,
          message: `${why}: it counts as empty`,
        });
    }
  };
  for (const [i, trigger] of definition.triggers.entries())
    if (trigger.on === 'event' && trigger.where !== undefined) look(trigger.where, `triggers.${i}.where`, null);
  for (const [i, rule] of definition.stopOn.entries()) if (typeof rule !== 'string') look(rule.where, `stopOn.${i}.where`, null);
  for (const place of placed) {
    const { condition, untilField } = place.node.input;
    if (place.node.type === 'branch' && typeof condition === 'object' && condition !== null)
      look(JSON.parse(JSON.stringify(condition)), `${place.path}.input.condition`, place);
    if (place.node.type === 'switch') {
      for (const [i, one] of (place.node.cases ?? []).entries())
        if (one.when !== undefined) look(one.when, `${place.path}.cases.${i}.when`, place);
      const { field } = place.node.input;
      if (typeof field === 'string') look({ field, exists: true }, `${place.path}.input.field`, place);
    }
    if (place.node.type !== 'wait' || typeof untilField !== 'string') continue;
    const why = whyUnknown(asked, untilField.split('.'), place);
    if (why !== null)
      findings.push({
        severity: 'warning',
        code: 'unknown_field',
        path: `${place.path}.input.untilField`,
        stepId: place.node.id,
        message: `${why}: it does not wait`,
      });
  }
  return findings;
}

function fieldsOf(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(fieldsOf);
  if ('any' in condition) return condition.any.flatMap(fieldsOf);
  if ('not' in condition) return fieldsOf(condition.not);
  return [condition.field];
}

/** A fixed moment that has passed. */
export function moments({ placed, runtime }: Asked): Finding[] {
  const now = runtime.clock.now().getTime();
  return placed.flatMap(({ node, path }): Finding[] => {
    const { until } = node.input;
    if (node.type !== 'wait' || typeof until !== 'string' || !(Date.parse(until) <= now)) return [];
    return [
      {
        severity: 'warning',
        code: 'moment_passed',
        path: `${path}.input.until`,
        stepId: node.id,
        message: 'This moment has passed: nobody waits here',
      },
    ];
  });
}

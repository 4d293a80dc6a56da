import { words } from '#web/kit/format.ts';

/** One step of a definition, as the API gives it. */
export interface Step {
  id: string;
  title: string;
  type: string;
  input: Record<string, unknown>;
  then?: readonly Step[] | undefined;
  otherwise?: readonly Step[] | undefined;
  cases?: readonly { title: string; steps: readonly Step[] }[] | undefined;
}

function amount(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const parts = Object.entries(value)
    .filter(([unit, n]) => typeof n === 'number' && /^(weeks|days|hours|minutes|seconds)$/.test(unit))
    .map(([unit, n]) => `${String(n)} ${n === 1 ? unit.slice(0, -1) : unit}`);
  return parts.length === 0 ? null : parts.join(' ');
}

/** What a step does, in words: `waits 3 days, or until a reply`. Null when its title says it all. */
export function stepDetail(step: Step): string | null {
  const { input } = step;
  if (step.type === 'wait') {
    const time = amount(input['for']) ?? amount(input['within']);
    const until =
      typeof input['untilField'] === 'string'
        ? `until ${words(input['untilField']).toLowerCase()}`
        : typeof input['until'] === 'string'
          ? `until ${input['until']}`
          : null;
    const events = Array.isArray(input['events']) ? input['events'] : typeof input['signal'] === 'string' ? [input['signal']] : [];
    return (
      [
        time === null ? until : `waits ${time}`,
        events.length === 0 ? null : `or until ${events.map((one) => words(String(one)).toLowerCase()).join(', ')}`,
      ]
        .filter((part) => part !== null)
        .join(', ') || null
    );
  }
  if (step.type === 'branch')
    return 'field' in input
      ? conditionWords(input)
      : 'if' in input
        ? conditionWords(input['if'])
        : 'condition' in input
          ? conditionWords(input['condition'])
          : null;
  if (step.type === 'switch') return typeof input['field'] === 'string' ? `by ${fieldWords(input['field'])}` : 'the first way that fits';
  if (step.type === 'message') {
    return (
      [
        typeof input['class'] === 'string' ? input['class'] : null,
        typeof input['channel'] === 'string' ? input['channel'] : null,
        typeof input['template'] === 'string' ? `template “${input['template']}”` : null,
      ]
        .filter((part) => part !== null)
        .join(' · ') || null
    );
  }
  if (step.type === 'update') return typeof input['set'] === 'object' && input['set'] !== null ? updateWords({ ...input['set'] }) : null;
  if (step.type === 'loop')
    return typeof input['list'] === 'string' ? `for each of ${fieldWords(input['list'])}` : 'for each entry of a list';
  if (step.type === 'parallel')
    return input['join'] === 'first'
      ? 'goes on with the first'
      : typeof input['join'] === 'number'
        ? `goes on with ${input['join']}`
        : 'goes on when all are done';
  if (step.type === 'http' && typeof input['url'] === 'string') return `${String(input['method'] ?? 'GET')} ${input['url']}`;
  if (step.type === 'connector' && typeof input['action'] === 'string')
    return words(input['action'].replace('.', ': ').replaceAll('_', ' '));
  if (step.type === 'start_workflow' && typeof input['workflow'] === 'string') return `starts ${input['workflow']}`;
  if (step.type === 'end') return typeof input['outcome'] === 'string' ? `as “${words(input['outcome']).toLowerCase()}”` : null;
  return typeof input['title'] === 'string' ? input['title'] : null;
}

/** `status becomes qualified, gives the tag “Hot”, 2 fields of your own`. An owner is an id here: their name stands in the form. */
function updateWords(set: Readonly<Record<string, unknown>>): string | null {
  const told = Object.entries(set).flatMap(([field, value]) => {
    if (field === 'ownerId') return 'gets an owner';
    if (field === 'custom') {
      const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
      return keys.length === 0 ? [] : `sets ${keys.map((key) => words(key).toLowerCase()).join(', ')}`;
    }
    if (field === 'addTags' || field === 'removeTags') {
      const tags = Array.isArray(value) ? value.map((tag) => `“${String(tag)}”`) : [];
      return tags.length === 0 ? [] : `${field === 'addTags' ? 'tags' : 'takes away'} ${tags.join(', ')}`;
    }
    return `${words(field.replaceAll(/([A-Z])/g, ' $1')).toLowerCase()} becomes ${words(String(value)).toLowerCase()}`;
  });
  return told.join(', ') || null;
}

/** A condition as a person would say it. */
export function conditionWords(condition: unknown): string {
  if (typeof condition !== 'object' || condition === null) return '';
  const found: Record<string, unknown> = { ...condition };
  if (Array.isArray(found['all'])) return found['all'].map(conditionWords).join(' and ');
  if (Array.isArray(found['any'])) return found['any'].map(conditionWords).join(' or ');
  if ('not' in found) return `not (${conditionWords(found['not'])})`;
  const field = fieldWords(String(found['field'] ?? ''));
  if ('is' in found) return `${field} is ${String(found['is'])}`;
  if ('is_not' in found) return `${field} is not ${String(found['is_not'])}`;
  if ('isNot' in found) return `${field} is not ${String(found['isNot'])}`;
  if (Array.isArray(found['in'])) return `${field} is one of ${found['in'].map(String).join(', ')}`;
  if ('contains' in found) return `${field} contains ${String(found['contains'])}`;
  if ('above' in found) return `${field} is above ${String(found['above'])}`;
  if ('below' in found) return `${field} is below ${String(found['below'])}`;
  if ('exists' in found) return found['exists'] === true ? `${field} is known` : `${field} is not known`;
  return '';
}

/** `lead.status` → lead status; `steps.send_first.state` → the outcome of “send first”. */
function fieldWords(field: string): string {
  const step = /^steps\.(\w+)\.state$/.exec(field)?.[1];
  return step === undefined ? words(field).toLowerCase() : `the outcome of “${words(step).toLowerCase()}”`;
}

/** The ways of a branch or a switch, with their names. */
export function waysOf(step: Step): { title: string; steps: readonly Step[] }[] {
  if (step.then === undefined && step.otherwise === undefined && step.cases === undefined) return [];
  const first = step.cases ?? [{ title: 'If so', steps: step.then ?? [] }];
  return [...first, { title: 'Otherwise', steps: step.otherwise ?? [] }];
}

/** Every step, branches included, in the order they are drawn. */
export function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...waysOf(step).flatMap((way) => allSteps(way.steps))]);
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The steps of a stored definition: JSON that was checked when it was saved. */
export function stepsOf(list: unknown): Step[] {
  if (!Array.isArray(list)) return [];
  return list.map(recordOf).map((step) => ({
    id: String(step['id']),
    title: String(step['title']),
    type: String(step['type']),
    input: recordOf(step['input']),
    ...('then' in step ? { then: stepsOf(step['then']) } : {}),
    ...('otherwise' in step ? { otherwise: stepsOf(step['otherwise']) } : {}),
    ...(Array.isArray(step['cases'])
      ? { cases: step['cases'].map(recordOf).map((one) => ({ title: String(one['title']), steps: stepsOf(one['steps']) })) }
      : {}),
  }));
}

/** What starts a run, in words. */
export function triggerWords(value: unknown): string {
  const trigger = recordOf(value);
  if (trigger['on'] === 'event') return words(String(trigger['event'])).toLowerCase();
  if (trigger['on'] === 'webhook') return `webhook ${String(trigger['key'] ?? '')}`.trim();
  if (trigger['on'] !== 'schedule') return 'by hand';
  const schedule = recordOf(trigger['schedule']);
  return typeof schedule['cron'] === 'string'
    ? `cron ${schedule['cron']} (${String(schedule['timeZone'] ?? 'UTC')})`
    : `every ${String(schedule['everyS'])} s`;
}

/** The event that ends a run. */
export function stopWords(value: unknown): string {
  return words(typeof value === 'string' ? value : String(recordOf(value)['event'])).toLowerCase();
}

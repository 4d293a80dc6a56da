import type { Case, Definition, Step } from './definition.ts';

type Rec = Record<string, unknown>;

export function recordOf(value: unknown): Rec {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);

export function readSteps(list: unknown): Step[] {
  return listOf(list).map(recordOf).map(readStep);
}

function readCase(found: Rec): Case {
  return {
    title: textOf(found['title']),
    ...('is' in found ? { is: listOf(found['is']) } : {}),
    ...('when' in found ? { when: found['when'] } : {}),
    steps: readSteps(found['steps']),
  };
}

function readStep(step: Rec): Step {
  return {
    id: textOf(step['id'], 'step'),
    title: textOf(step['title']),
    type: textOf(step['type']),
    input: recordOf(step['input']),
    ...('then' in step ? { then: readSteps(step['then']) } : {}),
    ...('otherwise' in step ? { otherwise: readSteps(step['otherwise']) } : {}),
    ...('cases' in step ? { cases: listOf(step['cases']).map(recordOf).map(readCase) } : {}),
    ...('body' in step ? { body: readSteps(step['body']) } : {}),
    ...('branches' in step
      ? {
          branches: listOf(step['branches'])
            .map(recordOf)
            .map((branch) => ({ title: textOf(branch['title']), steps: readSteps(branch['steps']) })),
        }
      : {}),
  };
}

/** Whatever JSON says of a workflow, as far as it can be drawn. What is wrong with it the check says. */
export function readDefinition(value: unknown): Definition {
  const found = recordOf(value);
  return {
    name: textOf(found['name']),
    title: textOf(found['title']),
    subject: textOf(found['subject'], 'lead'),
    triggers: listOf(found['triggers']).map(recordOf),
    stop_on: listOf(found['stop_on'] ?? found['stopOn']),
    ...(typeof found['reentry'] === 'string' ? { reentry: found['reentry'] } : {}),
    settings: recordOf(found['settings']),
    steps: readSteps(found['steps']),
  };
}

/** The definition that a file or a text holds, or a sentence about why it holds none. */
export function parseDefinition(text: string): Definition | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
  if (!Array.isArray(recordOf(value)['steps'])) return 'This is no workflow: it has no list of steps.';
  return readDefinition(value);
}

const MARK = 'steward/steps';

/** Steps on their way through the clipboard. */
export function toClipboard(steps: readonly Step[]): string {
  return JSON.stringify({ kind: MARK, steps }, null, 2);
}

/** Null when the clipboard holds something else. A whole definition gives its steps. */
export function fromClipboard(text: string): Step[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const found = recordOf(value);
  if (found['kind'] !== MARK && !(Array.isArray(found['steps']) && 'subject' in found)) return null;
  const steps = readSteps(found['steps']).filter((step) => step.type !== '');
  return steps.length === 0 ? null : steps;
}

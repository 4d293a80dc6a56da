import type { z } from 'zod';
import type { StepType } from '#core/engine/types.ts';
import { nearest } from '#core/nearest.ts';
import type { Asked } from './finding.ts';
import type { PlacedStep } from '../steps.ts';

const SENDER: ReadonlySet<string> = new Set(['name', 'email']);

/**
 * Why a name such as `person.first_name` means nothing at this step, in words; null: it does, or nobody can tell.
 * `placed` null: a condition of a trigger, which sees the event and the subject.
 */
export function whyUnknown(asked: Asked, segments: readonly string[], placed: PlacedStep | null): string | null {
  const [root = '', ...rest] = segments;
  const name = segments.join('.');
  if (placed === null && (root === 'payload' || root === 'event')) return null;
  if (root === 'steps') return placed === null ? `${name} is of a step, and no step has run yet` : stepFault(asked, rest, placed, name);
  if (root === 'settings') return settingFault(asked, rest, name);
  if (root === 'sender')
    return rest.length === 0 || SENDER.has(rest[0] ?? '') ? null : `${name} is not known; there are sender.name and sender.email`;
  const more = asked.runtime.variables.find((one) => one.root === root);
  if (more !== undefined) {
    const paths = more.names.map(({ path }) => path);
    return rest.length === 0 || paths.includes(name) ? null : `${name} is not known; there is ${paths.join(', ')}`;
  }
  // What started it, and the items of a list, nobody knows beforehand.
  if (root === 'trigger') return null;
  if (root === 'loop') return placed?.inLoop === true ? null : `${name} is only known inside a loop`;
  return subjectFault(asked, name);
}

function stepFault(asked: Asked, [id = '', ...rest]: readonly string[], placed: PlacedStep, name: string): string | null {
  if (id === '') return null;
  const other = asked.placed.find((one) => one.node.id === id);
  if (other === undefined) return `${name} is of a step ${id}, which is not in this workflow`;
  if (!placed.earlier.has(id)) return `${name} is of “${other.node.title}”, which does not come before this step`;
  const [field] = rest;
  const known = outputFields(asked.runtime.engine.vocabulary.steps.get(other.node.type));
  if (field === undefined || known === null || known.includes(field)) return null;
  return `“${other.node.title}” gives no ${field}; it gives ${known.join(', ')}`;
}

/** Names in the output of a step type, where it declares them. */
function outputFields(type: StepType | undefined): readonly string[] | null {
  const output: unknown = type === undefined ? undefined : Reflect.get(type, 'output');
  if (typeof output !== 'object' || output === null || !('shape' in output)) return null;
  const schema = output as z.ZodObject; // what has a shape is an object schema
  return schema.def.catchall === undefined ? Object.keys(schema.shape) : null;
}

function settingFault(asked: Asked, [key]: readonly string[], name: string): string | null {
  if (key === undefined || key in asked.definition.settings || key in asked.settings) return null;
  return `${name} is no setting of this workflow; add it under settings`;
}

function subjectFault(asked: Asked, name: string): string | null {
  if (asked.fields === null) return null;
  const fits = asked.fields.some(
    ({ path, type }) =>
      path === name || path.startsWith(`${name}.`) || ((type === 'object' || type === 'list') && name.startsWith(`${path}.`)),
  );
  if (fits) return null;
  const near = nearest(
    name,
    asked.fields.map((field) => field.path),
  );
  return `${name} is not known of a ${asked.definition.subject}${near === null ? '' : `; did you mean ${near}?`}`;
}

import { compile, DefinitionSchema } from '#core/engine/definition.ts';
import type { WorkflowDefinition } from '#core/engine/types.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { fromWire } from '../../definitions.ts';
import type { Finding } from './finding.ts';

/** The definition when it has a good shape, and everything that keeps the engine from running it. */
export function shapeOf(value: unknown, runtime: Runtime): { definition: WorkflowDefinition | null; faults: Finding[] } {
  const given = fromWire(value);
  const parsed = DefinitionSchema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) =>
      fault(given, issue.path.join('.'), sentence(issue.path.join('.'), issue.message), 'shape'),
    );
    return { definition: null, faults };
  }
  // JSON knows no undefined, which zod writes into optional fields.
  const definition: WorkflowDefinition = JSON.parse(JSON.stringify(parsed.data));
  try {
    compile(definition, runtime.engine.vocabulary);
    return { definition, faults: [] };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const faults = error.fields.map(({ path, message }) => fault(definition, path, message, codeOf(message)));
    return { definition, faults };
  }
}

function fault(definition: unknown, path: string, message: string, code: string): Finding {
  return { severity: 'fault', code, path, stepId: stepAt(definition, path), message: capital(message) };
}

function codeOf(message: string): string {
  if (message.includes('is never reached')) return 'unreachable';
  if (message.startsWith('no such step type')) return 'unknown_step_type';
  if (message.includes('is the id of another step')) return 'duplicate_id';
  return 'invalid';
}

function sentence(path: string, message: string): string {
  if (path === 'steps') return 'Add a first step';
  if (path.endsWith('.title')) return 'Give it a title';
  return message;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The innermost step on the way to a path. */
export function stepAt(definition: unknown, path: string): string | null {
  let value: unknown = definition;
  let found: string | null = null;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) break;
    const holder = name;
    value = Reflect.get(value, holder);
    if (/^\d+$/.test(holder) && typeof value === 'object' && value !== null) {
      const id: unknown = Reflect.get(value, 'id');
      if (typeof id === 'string' && 'type' in value) found = id;
    }
    if (holder === 'input') break;
  }
  return found;
}

import { factsFor } from '#core/engine/facts.ts';
import type { Facts } from '#core/engine/types.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { fill } from '../fill.ts';
import { asJson } from '../json.ts';
import { findAction, type FoundAction } from './find.ts';
import type { ConnectorItem } from './input.ts';

/** An action with its values drawn. */
export interface DrawnAction extends FoundAction {
  /** As the action's schema has it, defaults included. */
  readonly input: Facts;
}

/** @throws UnresolvedVariable, BrokenTemplate, InvalidInput no such action, or values that do not fit it */
export async function drawAction({ run, input }: ConnectorItem, runtime: Runtime): Promise<DrawnAction> {
  const found = await findAction(runtime, input.action);
  if (found === null) throw new InvalidInput(`No connector of this Steward does ${input.action}: choose another action in the step`);
  const parsed = found.action.input.safeParse(fill(input.input, factsFor(run)));
  if (parsed.success) return { ...found, input: asJson(parsed.data) };
  const fields = parsed.error.issues.map((issue) => ({ path: ['input', ...issue.path].join('.'), message: issue.message }));
  const says = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new InvalidInput(`${found.connector.title} can't “${found.action.title}” with these values: ${says}`, { fields });
}

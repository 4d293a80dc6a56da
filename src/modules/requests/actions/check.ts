import type { StepFinding, StepType } from '#core/engine/types.ts';
import { connectionsOfAll } from '#modules/connections/public.ts';
import { hasLiquid } from '../fill.ts';
import { findAction, type FoundAction } from './find.ts';
import { connectorOf, type ConnectorInput } from './input.ts';

/** Texts of the input that are drawn, by path: `input.text`, `input.fields.0.value`. */
export function liquidOf(input: ConnectorInput): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') {
      if (hasLiquid(value)) found[path] = value;
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value)) walk(one, `${path}.${name}`);
    }
  };
  walk(input.input, 'input');
  return found;
}

type Check = NonNullable<StepType['check']>;

/** Is there such an action, a connection for it, and does it take these values? */
export const checkActions: Check = async (tx, asked, runtime) => {
  const connections = await connectionsOfAll(tx, asked.companyId);
  const findings: StepFinding[] = [];
  // The steps of this very type: `input` has passed its schema.
  const steps = asked.steps as readonly { id: string; input: ConnectorInput }[];
  for (const { id: stepId, input } of steps) {
    const say = (severity: StepFinding['severity'], path: string, code: string, message: string) =>
      findings.push({ stepId, severity, path, code, message });
    const found = await findAction(runtime, input.action);
    if (found === null) {
      say('fault', 'input.action', 'unknown_action', `No connector of this Steward does ${input.action}: choose another action`);
      continue;
    }
    const { title } = found.connector;
    const those = connections.filter((one) => one.connector === connectorOf(input.action));
    const chosen = input.connectionId === undefined ? those[0] : those.find((one) => one.id === input.connectionId);
    if (chosen === undefined)
      say(
        'fault',
        'input.connectionId',
        'missing_connection',
        those.length === 0
          ? `You are not connected to ${title} yet: connect it under Connections`
          : `This connection is gone, or is not one to ${title}: choose another one`,
      );
    else if (chosen.state === 'rejected')
      say(
        'warning',
        'input.connectionId',
        'broken_connection',
        `${title} no longer takes the credentials of “${chosen.title}”: renew them under Connections`,
      );
    for (const { path, message } of faultsOf(found, input)) say('fault', `input.input.${path}`, 'invalid', message);
  }
  return findings;
};

/** What the action does not take. A value with Liquid in it is not known yet. */
function faultsOf({ action }: FoundAction, { input }: ConnectorInput): { path: string; message: string }[] {
  const parsed = action.input.safeParse(input);
  const valueAt = (path: readonly PropertyKey[]) =>
    path.reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined), input);
  return (parsed.error?.issues ?? [])
    .map(({ path, message }) => ({ path: path.join('.'), value: valueAt(path), message }))
    .filter(({ value }) => !(typeof value === 'string' && hasLiquid(value)))
    .map(({ path, value, message }) => ({ path, message: value === undefined || value === '' ? 'Fill this in' : message }));
}

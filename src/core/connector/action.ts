import type { z } from 'zod';
import type { ConnectorOptions } from './types.ts';

/**
 * One thing that a vendor does when a workflow's `connector` step asks for it (docs/adr/0035-connector-actions.md). A message to a person is none: that is the
 * message step, behind the gate.
 */
export interface ConnectorAction<Credentials = never, Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** `Post a message` */
  readonly title: string;
  /** One sentence for people: what it does. */
  readonly description: string;
  /** Makes the form: `.meta({ title })` and `.describe()` on each field, `format: 'liquid'` for long texts. Any text may hold Liquid. Names in camelCase. */
  readonly input: Input;
  /** What `steps.<id>` holds afterwards. Names in snake_case. */
  readonly output: Output;
  /**
   * May the same call be made twice? `safe`: it changes nothing, and is asked again freely. `keyed`: the vendor knows `key` again, a lost answer is asked for
   * again. `unsafe`: a lost answer is looked up with `find`, else a person decides.
   */
  readonly repeat: 'safe' | 'keyed' | 'unsafe';
  /** What a rehearsal puts in the answer's place. */
  readonly sample: z.output<Output>;
  /** Throws the errors of `errors.ts` alone: the class is the retry policy. */
  run(call: ActionCall<Credentials, z.output<Input>>): Promise<z.output<Output>>;
  /** After a lost answer: did it happen? */
  find?(call: ActionCall<Credentials, z.output<Input>>): Promise<z.output<Output> | 'not_done' | 'unknown'>;
}

export interface ActionCall<Credentials, Input> {
  readonly credentials: Credentials;
  readonly options: ConnectorOptions;
  /** Liquid drawn, checked by the action's schema. */
  readonly input: Input;
  /** The same whenever this act is tried: for `keyed` vendors, and as a mark to look for. */
  readonly key: string;
  /** When it was decided: `find` need not look further back. */
  readonly since: Date;
}

/** Declares an action. Identity at run time; it takes the types of the call from the schemas. */
export function connectorAction<Credentials extends z.ZodObject, Input extends z.ZodObject, Output extends z.ZodObject>(
  _credentials: Credentials,
  action: ConnectorAction<z.output<Credentials>, Input, Output>,
): ConnectorAction<z.output<Credentials>, Input, Output> {
  return action;
}

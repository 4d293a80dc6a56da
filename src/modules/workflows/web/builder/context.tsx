import { createContext, use } from 'react';
import type { Definition, Place, Step } from './definition.ts';
import type { Spot } from './walk.ts';
import type { StepType, Vocabulary } from './words.ts';

/** Something wrong, or worth a look, at a step or at the workflow itself. */
export interface Fault {
  readonly path: string;
  readonly message: string;
  readonly step_id: string | null;
  readonly weight: 'fault' | 'warning';
}

/** What the side panel shows. */
export type Panel = 'step' | 'triggers' | 'workflow' | null;

/** What every part of the builder works with. */
export interface Builder {
  readonly definition: Definition;
  readonly vocabulary: Vocabulary;
  readonly faults: readonly Fault[];
  /** What has the focus. */
  readonly spot: Spot;
  readonly panel: Panel;
  /** Whose form the panel shows; it stays when the focus goes to something without a form. */
  readonly formOf: Spot;
  /** Runs that stand at a step now, by its id. */
  readonly live: ReadonlyMap<string, number>;
  /** May this person change it? */
  readonly may: boolean;
  /** `merge`: changes that are one step back together, as letters typed into one field are. */
  change(definition: Definition, merge?: string): void;
  focus(spot: Spot, panel?: Panel): void;
  show(panel: Panel): void;
  /** Asks for the type of a new step at this place. */
  ask(place: Place): void;
  remove(id: string): void;
  duplicate(id: string): void;
  typeOf(step: Step): StepType | undefined;
}

const Context = createContext<Builder | null>(null);
export const BuilderProvider = Context.Provider;

export function useBuilder(): Builder {
  const builder = use(Context);
  if (builder === null) throw new Error('useBuilder outside of the builder');
  return builder;
}

import type { FastifyInstance } from 'fastify';
import type { EffectKind } from './effects/types.ts';
import type { EventHandler, StepType, SubjectType, BuiltInWorkflow } from './engine/types.ts';
import type { ModuleFields } from './fields/types.ts';
import type { Stop } from './now-and-then.ts';
import type { AnyOperation } from './operation/operation.ts';
import type { PortalPart } from './portal/types.ts';
import type { Runtime } from './runtime.ts';
import type { ReadSigns } from './signs/types.ts';
import type { TemplateText } from './template-text.ts';
import type { Variables } from './variables.ts';

/** Why a person is kept although nothing else speaks for it: the reason in words, and a condition on `p` (people); `:since` is the moment before which silence counts. */
export type Keeps = Readonly<Record<string, string>>;

/** A capability: what one folder under `modules/` brings. Read it as a table of contents. */
export interface Module<Operations extends readonly AnyOperation[] = readonly AnyOperation[]> {
  readonly name: string;
  readonly operations: Operations;
  /** Definitions every company gets, off until switched on unless they say otherwise. */
  readonly workflows?: readonly BuiltInWorkflow[];
  readonly steps?: readonly StepType[];
  readonly subjects?: readonly SubjectType[];
  /** Reactions to domain events, in the dispatcher's transaction. */
  readonly events?: readonly EventHandler[];
  readonly effects?: readonly EffectKind[];
  /**
   * Which rows of its tables a rehearsal needs to know, a condition on `t` by table; `rehearsal_cohort (person_id)` holds the people, `:now` is the moment.
   * A table that tells of people, leads or runs needs none: its rows of these people are known. Others can't be written in a rehearsal unless they stand here.
   */
  readonly slices?: Readonly<Record<string, string>>;
  /** What of its own speaks for keeping a person, where a company erases those of whom nothing is heard (modules/retention). */
  readonly keeps?: Keeps;
  /** What people may be chosen by in segments: fields of its own, or sources of them that depend on the company. */
  readonly fields?: ModuleFields;
  /** What clients see of it on their page, and may do there (modules/portal). */
  readonly portal?: readonly PortalPart[];
  /** What it has to say of clients: for their health, and for the agenda of their check-ins (modules/clients). */
  readonly signs?: ReadSigns;
  /** What mails may name besides the facts of what they are about. */
  readonly variables?: readonly Variables[];
  /** Mails that it brings: companies see and change them among their templates. */
  readonly templates?: readonly TemplateText[];
  /** Raw routes: webhooks, files, server-sent events, public pages; nothing else. */
  routes?(http: FastifyInstance, runtime: Runtime): void | Promise<void>;
  /** What must be so before any work is taken up; workers wait for it. */
  ready?(runtime: Runtime): Promise<void>;
  /** Long-lived work of worker processes (an IMAP connection, rounds of `nowAndThen`). Returns its stop. */
  start?(runtime: Runtime): Stop | Promise<Stop>;
  /** What `start` keeps running touches our own tables only, so that it goes on in a held installation, too. Default: it waits for the release. */
  readonly whileHeld?: true;
}

export function module<const Operations extends readonly AnyOperation[]>(declaration: Module<Operations>): Module<Operations> {
  return declaration;
}

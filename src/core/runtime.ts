import type { Backups } from './backups.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database, SystemDatabase } from './database/database.ts';
import type { Effects } from './effects/types.ts';
import type { Engine } from './engine/types.ts';
import type { ModuleFields } from './fields/types.ts';
import type { Standing } from './instance/standing.ts';
import type { Log } from './log.ts';
import type { Keeps } from './module.ts';
import type { Ask } from './net/dns.ts';
import type { Secrets } from './secrets.ts';
import type { TemplateText } from './template-text.ts';
import type { Variables } from './variables.ts';
import type { Connectors } from './connector/types.ts';
import type { Authenticate } from './operation/rest.ts';
import type { PortalPart } from './portal/types.ts';
import type { ReadSigns } from './signs/types.ts';

/** What one process is made of. Built once in `app/compose.ts`, handed down; nobody looks anything up globally. */
export interface Runtime {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly database: Database;
  readonly system: SystemDatabase;
  readonly secrets: Secrets;
  /** Whether this installation may act, or is held. */
  readonly standing: Standing;
  readonly engine: Engine;
  readonly effects: Effects;
  readonly connectors: Connectors;
  /** What the DNS says in a world of its own (the demo). Null: the real one is asked. */
  readonly names: Ask | null;
  /** What people may be chosen by: the fields that the installed modules declare. */
  readonly fields: ModuleFields;
  /** What speaks for keeping a person, from the installed modules. */
  readonly keeps: Keeps;
  /** What clients see on their page, from the installed modules, in the order of the page. */
  readonly portal: readonly PortalPart[];
  /** What modules have to say of clients. */
  readonly signs: readonly ReadSigns[];
  /** What mails may name besides facts, from the installed modules. */
  readonly variables: readonly Variables[];
  /** The mails that the installed modules bring. */
  readonly templates: readonly TemplateText[];
  /** What each operation is for, in the sentence it is declared with; by its name. */
  readonly summaries: ReadonlyMap<string, string>;
  /** Who sends this request; for raw routes, operations are told. `public` when nobody is signed in. @throws Unauthenticated for a bad credential */
  readonly authenticate: Authenticate;
  /** As in package.json. */
  readonly version: string;
  /** Null where no data directory is at hand (tests). */
  readonly backups: Backups | null;
}

import type { Transaction } from './database/database.ts';
import type { Facts } from './engine/types.ts';
import type { Runtime } from './runtime.ts';

/** What mails may name besides the facts of what they are about: `{{ portal.link }}`. */
export interface Variables {
  /** The first word: `portal`. */
  readonly root: string;
  readonly names: readonly { readonly path: string; readonly title: string }[];
  /** For a batch, by person's id; who has none is absent, and a mail that names it is held back. Asked only when a text names the root. Reads only. */
  load(
    tx: Transaction,
    people: readonly { readonly companyId: string; readonly personId: string }[],
    runtime: Runtime,
  ): Promise<ReadonlyMap<string, Facts>>;
  /** Of somebody who does not exist, to look at a template with. */
  sample(runtime: Runtime): Facts;
}

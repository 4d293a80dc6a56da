import type { Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';

interface Reader {
  readonly companyId: string;
  readonly personId: string;
}

/** What modules add to the facts of a person, where these texts name it; nothing is asked where none does. Answers the facts of one person. */
export async function variablesFor(
  tx: Transaction,
  runtime: Runtime,
  people: readonly Reader[],
  texts: readonly object[],
): Promise<(personId: string | null | undefined) => Facts> {
  const said = runtime.variables.length === 0 || people.length === 0 ? '' : texts.map((text) => JSON.stringify(text)).join('\n');
  const named = runtime.variables.filter(({ root }) => said.includes(`${root}.`));
  const loaded = new Map<string, ReadonlyMap<string, Facts>>();
  for (const one of named) loaded.set(one.root, await one.load(tx, people, runtime));
  return (personId) => {
    const facts: Facts = {};
    for (const [root, byPerson] of loaded) {
      const own = personId == null ? undefined : byPerson.get(personId);
      if (own !== undefined) facts[root] = own;
    }
    return facts;
  };
}

/** The same for a person who does not exist. */
export function sampleVariables(runtime: Runtime): Facts {
  return Object.fromEntries(runtime.variables.map((one) => [one.root, one.sample(runtime)]));
}

import type { Transaction } from '#core/database/database.ts';
import type { Vocabulary } from './definition.ts';
import type { Moving } from './moving.ts';
import type { Facts } from './types.ts';

export interface Loaded {
  readonly personId: string | null;
  readonly facts: Facts;
}

/** Facts of many subjects with one query a type. Key: `type id`. */
export async function loadSubjects(
  vocabulary: Vocabulary,
  tx: Transaction,
  subjects: readonly { readonly companyId: string; readonly type: string; readonly id: string }[],
): Promise<ReadonlyMap<string, Loaded>> {
  const loaded = new Map<string, Loaded>();
  for (const [type, group] of Map.groupBy(subjects, (subject) => subject.type)) {
    const found = await vocabulary.subjects.get(type)?.load(tx, group, vocabulary.runtime?.());
    for (const [id, one] of found ?? []) loaded.set(`${type} ${id}`, one);
  }
  return loaded;
}

/** Gives runs the facts they lack; a run whose subject is gone ends. */
export async function loadFacts(vocabulary: Vocabulary, tx: Transaction, moving: Moving[]): Promise<void> {
  const without = moving.filter((one) => one.facts === null);
  if (without.length === 0) return;
  const loaded = await loadSubjects(
    vocabulary,
    tx,
    without.map(({ row }) => ({ companyId: row.company_id, type: row.subject_type, id: row.subject_id })),
  );
  for (const one of without) {
    const found = loaded.get(`${one.row.subject_type} ${one.row.subject_id}`);
    if (found === undefined) one.orphaned();
    else {
      one.facts = found.facts;
      one.personId = found.personId ?? one.row.person_id;
    }
  }
  for (let i = moving.length - 1; i >= 0; i--) if (moving[i]?.moves === false) moving.splice(i, 1);
}

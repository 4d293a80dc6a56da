import type { Statement, Transaction } from '#core/database/database.ts';
import { dealKey, looksLike } from '#modules/deals/public.ts';
import type { Target } from '../mapping.ts';
import { rowsOf, type Layout, type Source } from '../read/table.ts';
import { kindOfStage } from './resolve.ts';

/** Distinct values that are kept for a person to look at; a column with more is no list of choices. */
const MOST_VALUES = 500;
export type Choice = 'stage' | 'product' | 'owner';
const CHOICES: ReadonlyMap<Target, Choice> = new Map([
  ['deal.stage', 'stage'],
  ['deal.product', 'product'],
  ['deal.owner', 'owner'],
]);

export interface FoundValue {
  readonly field: Choice;
  readonly value: string;
  readonly rows: number;
  /** What is called so here, or looks like it; null: it would be made. */
  readonly known: string | null;
  /** True: the same name, case and spacing apart. */
  readonly exact: boolean;
  /** Of a stage that would be made. */
  readonly kind: 'open' | 'won' | 'lost' | null;
}

const KNOWN: Statement = {
  name: 'imports.deals.known_names',
  text: `select 'product' as field, name from products where company_id = $1 union all select 'owner', name from deal_owners where company_id = $1
         union all select 'stage', name from deal_stages where company_id = $1 and pipeline_id = (
           select id from deal_pipelines where company_id = $1 and ($2::text is null or name_key = $2) order by position, created_at, id limit 1)`,
};

/** What the columns of stage, product and owner hold, and what of it is known here. Reads the file to its end. */
export async function valuesIn(
  read: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>,
  companyId: string,
  file: { readonly source: Source; readonly layout: Layout; readonly mapping: readonly Target[]; readonly pipeline: string | null },
): Promise<FoundValue[]> {
  const columns = file.mapping.flatMap((target, column) => {
    const field = CHOICES.get(target);
    return field === undefined ? [] : [{ column, field }];
  });
  const counts = new Map<Choice, Map<string, number>>(columns.map(({ field }) => [field, new Map()]));
  for await (const batch of rowsOf(file.source, file.layout)) {
    for (const { cells } of batch) {
      for (const { column, field } of columns) {
        const value = cells[column]?.trim() ?? '';
        const seen = counts.get(field);
        if (value === '' || seen === undefined || (seen.size >= MOST_VALUES && !seen.has(value))) continue;
        seen.set(value, (seen.get(value) ?? 0) + 1);
      }
    }
  }
  const names = await read((tx) =>
    tx.query<{ field: Choice; name: string }>(KNOWN, [companyId, file.pipeline === null ? null : dealKey(file.pipeline)]),
  );
  return [...counts].flatMap(([field, seen]) => {
    const own = names.filter((one) => one.field === field);
    const exact = new Map(own.map(({ name }) => [dealKey(name), name]));
    const alike = new Map(own.map(({ name }) => [looksLike(name), name]));
    // Two spellings in one file are one thing, too.
    return [...seen]
      .map(([value, rows]): FoundValue => {
        const same = exact.get(dealKey(value));
        const known = same ?? alike.get(looksLike(value)) ?? null;
        return {
          field,
          value,
          rows,
          known,
          exact: same !== undefined,
          kind: field === 'stage' && known === null ? kindOfStage(value) : null,
        };
      })
      .toSorted((a, b) => b.rows - a.rows);
  });
}

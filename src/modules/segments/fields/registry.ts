import type { Statement, Transaction } from '#core/database/database.ts';
import type { Condition } from '#core/engine/types.ts';
import { compileCondition, fieldsIn, type CompiledCondition } from '#core/fields/compile.ts';
import type { PersonField } from '#core/fields/types.ts';
import type { Runtime } from '#core/runtime.ts';

/** Every field that people of this company may be chosen by, those of the company's own making, too. */
export async function fieldsOf(tx: Transaction, runtime: Runtime, companyId: string): Promise<readonly PersonField[]> {
  const declared = await Promise.all(runtime.fields.map(async (one) => (typeof one === 'function' ? one(tx, companyId) : [one])));
  return declared.flat();
}

/** The same, without a look at the company's own where the condition names none of them. */
async function fieldsFor(tx: Transaction, runtime: Runtime, companyId: string, condition: Condition): Promise<readonly PersonField[]> {
  const fixed = runtime.fields.filter((one) => typeof one !== 'function');
  const enough = fieldsIn(condition).every((name) =>
    fixed.some((field) => (field.params === undefined ? field.name === name : name.startsWith(`${field.name}.`))),
  );
  return enough ? fixed : fieldsOf(tx, runtime, companyId);
}

const ZONE: Statement = {
  name: 'segments.zone',
  text: `select coalesce(settings ->> 'time_zone', 'UTC') as zone from companies where id = $1`,
};

export async function zoneOf(tx: Transaction, companyId: string): Promise<string> {
  const [row] = await tx.query<{ zone: string }>(ZONE, [companyId]);
  return row?.zone ?? 'UTC';
}

/**
 * SQL on `people p` for those who fit. `values` are the parameters that stand before, the company first (`$1`).
 * Run it with an empty statement name: it is planned for its values, and nothing is kept of it.
 * @throws InvalidInput a field, operator or value that does not fit
 */
export async function personsWhere(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  condition: Condition,
  values: readonly unknown[] = [companyId],
): Promise<CompiledCondition> {
  const [fields, zone] = await Promise.all([fieldsFor(tx, runtime, companyId, condition), zoneOf(tx, companyId)]);
  return compileCondition({ condition, fields, companyId, now: runtime.clock.now(), zone, values });
}

import { InvalidInput } from '#core/errors.ts';
import type { Transaction } from '#core/database/database.ts';
import { customFields, type CustomField, type CustomValue } from './field.ts';
import { parseCustom } from './parse.ts';

/** What an update does to people.custom: values to set, keys to clear. */
export interface CustomChanges {
  readonly set: Readonly<Record<string, CustomValue>>;
  readonly clear: readonly string[];
}

/**
 * Reads the named fields of one person as the API sends them; null clears. Fields that are not named stay.
 * @throws InvalidInput naming `custom.<key>`: no such field, or a value that is none of its type
 */
export async function readCustom(
  tx: Transaction,
  companyId: string,
  input: Readonly<Record<string, unknown>> | undefined,
): Promise<CustomChanges | undefined> {
  if (input === undefined || Object.keys(input).length === 0) return undefined;
  return customChanges(await customFields(tx, companyId), input);
}

export function customChanges(fields: readonly CustomField[], input: Readonly<Record<string, unknown>>): CustomChanges {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const set: Record<string, CustomValue> = {};
  const clear: string[] = [];
  const faults: { path: string; message: string }[] = [];
  for (const [key, raw] of Object.entries(input)) {
    const field = byKey.get(key);
    const parsed = field === undefined ? { reason: 'is no custom field; list them with GET /api/custom-fields' } : parseCustom(field, raw);
    if ('reason' in parsed) faults.push({ path: `custom.${key}`, message: parsed.reason });
    else if (parsed.value === null) clear.push(key);
    else set[key] = parsed.value;
  }
  const [first] = faults;
  if (first !== undefined)
    throw new InvalidInput(`${byKey.get(first.path.slice(7))?.label ?? first.path} ${first.message}`, { fields: faults });
  return { set, clear };
}

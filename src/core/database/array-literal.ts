/**
 * A PostgreSQL array as text. A column a parameter and `unnest` takes a chunk in one statement; the driver's own encoding of arrays
 * costs four times as much, jsonb_to_recordset ten times.
 */
export function arrayOf(values: readonly (string | null)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    if (index > 0) text += ',';
    if (value === null) text += 'NULL';
    else text += `"${value.includes('\\') || value.includes('"') ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : value}"`;
  }
  return `${text}}`;
}

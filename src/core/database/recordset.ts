/**
 * Rows for `json_to_recordset`: a column that is not there is null, so nulls are left out. PostgreSQL pays for each name it reads, asked for or not.
 * @param columns those that the statement reads; default: all
 * @param without left out as if it were null: the statement keeps what is there
 */
export function recordset<Row extends object>(
  rows: readonly Row[],
  columns?: readonly (keyof Row & string)[],
  without?: (row: Row, column: keyof Row & string) => boolean,
): string {
  return JSON.stringify(
    rows.map((row) => {
      const kept: Record<string, unknown> = {};
      // The names of a row are its own.
      for (const column of columns ?? (Object.keys(row) as (keyof Row & string)[])) {
        const value = row[column];
        if (value !== null && value !== undefined && without?.(row, column) !== true) kept[column] = value;
      }
      return kept;
    }),
  );
}

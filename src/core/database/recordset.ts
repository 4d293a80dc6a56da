/**
 * Rows for `json_to_recordset`: a column that is not there is null, so nulls are left out. PostgreSQL pays for each name it reads, asked for or not.
 * @param columns those that the statement reads; default: all
 */
export function recordset<Row extends object>(rows: readonly Row[], columns?: readonly (keyof Row & string)[]): string {
  return JSON.stringify(
    rows.map((row) => {
      const kept: Record<string, unknown> = {};
      // The names of a row are its own.
      for (const column of columns ?? (Object.keys(row) as (keyof Row & string)[])) {
        const value = row[column];
        if (value !== null && value !== undefined) kept[column] = value;
      }
      return kept;
    }),
  );
}

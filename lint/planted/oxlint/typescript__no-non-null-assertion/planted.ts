export const first = (rows: readonly string[]) => rows[0]!;

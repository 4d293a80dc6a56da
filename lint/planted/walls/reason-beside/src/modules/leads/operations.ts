export const first = (rows: unknown) => (rows as string[])[0];

/** What a column may be. `ignore` columns are read past. */
export const IMPORT_FIELDS = ['name', 'first_name', 'last_name', 'email', 'phone', 'organisation', 'source', 'notes', 'status', 'opted_out', 'ignore'] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** Field by column, in the file's order. */
export type Mapping = readonly ImportField[];

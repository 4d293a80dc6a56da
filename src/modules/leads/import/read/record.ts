/** One row of a table as it was read, whatever the format. */
export interface TableRecord {
  readonly cells: readonly string[];
  /** Where it stands in the file, from 1: a line of text; in a workbook the row of the sheet. */
  readonly line: number;
  /** Why this row cannot be taken, whatever is in its cells. */
  readonly fault?: string;
  /** Why single cells cannot be taken, by column. */
  readonly faults?: ReadonlyMap<number, string>;
}

/** More cells than a person would map; the rest of a row is passed over. */
export const MOST_COLUMNS = 200;
/** UTF-16 units of one cell. */
export const LONGEST_CELL = 100_000;

export function hasText(cells: readonly string[]): boolean {
  for (const cell of cells) if (cell !== '' && cell.trim() !== '') return true;
  return false;
}

import type { SourceField } from '#core/ports/source.ts';

/** One statement with values for its parameters; rows by the name of the column. */
export type Ask = (text: string, values: readonly unknown[]) => Promise<Record<string, unknown>[]>;
/** Names and types of what a statement answers, as the dialect knows types; nothing is read. */
export type ColumnsOf = (text: string) => Promise<readonly { readonly name: string; readonly type: string }[]>;
/** One connection, one transaction that changes nothing. @throws CredentialsRejected, VendorRefused, VendorUnavailable */
export type InSession = <T>(work: (ask: Ask, columnsOf: ColumnsOf) => Promise<T>) => Promise<T>;

/** What a database writes in its own way. Types are its own names of them. */
export interface SqlDialect {
  quoted(name: string): string;
  /** Parameter n, from 1, as a value of this type. */
  value(n: number, type: string): string;
  /** A column as the text that `value` makes the same of again. */
  text(expression: string, type: string): string;
  /** A column as it is read: the beginning of what is very long. */
  read(expression: string, type: string): string;
  /** A value so much earlier that what was committed late is seen again; the value itself where nothing tells how much. */
  earlier(value: string, type: string): string;
  /** Behind this row, in the order of both columns. */
  behind(first: string, second: string, at: () => string, id: () => string): string;
  page(columns: string, from: string, where: string, order: string, rows: number): string;
  fieldType(type: string): SourceField['type'];
  /** What `text` made of a moment; null where it is none. */
  moment(text: string, type: string): Date | null;
  /** Why a column of this type tells no rows apart; null: it does. */
  unfit(type: string): string | null;
  /** @throws VendorRefused a query that would not stay inside its parentheses */
  check?(query: string): void;
}

/** For databases that compare no rows, or have no index for that. */
export const behindByTwo: SqlDialect['behind'] = (first, second, at, id) =>
  `(${first} > ${at()} or (${first} = ${at()} and ${second} > ${id()}))`;

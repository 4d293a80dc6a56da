import type { ColumnType } from './format/parquet.ts';

export interface ExportColumn {
  readonly key: string;
  readonly label: string;
  /** Where a format has types. */
  readonly type?: ColumnType;
  /** SQL of the cell: text, number, boolean or null. Custom fields read their key from a parameter. */
  readonly sql: (bind: (value: unknown) => string) => string;
}

export interface Kind {
  readonly title: string;
  /** Joins with the company as `$1`; `p` is the person where rows have one. */
  readonly from: string;
  /** Alias of the table whose rows these are. */
  readonly alias: string;
  readonly hasPerson: boolean;
  /** Key of the column that moves with every change of a row; null: none does. */
  readonly changed: string | null;
  /** Key of the moment that stays: what warehouses are partitioned by. */
  readonly day: string;
  readonly columns: readonly ExportColumn[];
}

export const column = (key: string, label: string, sql: string, type: ColumnType = 'text'): ExportColumn => ({
  key,
  label,
  type,
  sql: () => sql,
});
export const moment = (key: string, label: string, expression: string): ExportColumn =>
  column(key, label, `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, 'time');

/** Headings are words that an import understands, so that a file that went out comes in again. */
export const PERSON: readonly ExportColumn[] = [
  column('name', 'Name', 'p.full_name'),
  column('email', 'Email', 'p.email'),
  column('phone', 'Phone', 'coalesce(p.phone, p.phone_raw)'),
];
export const OWNER = (alias: string) =>
  column('owner', 'Owner', `(select u.email from users u where u.id = ${alias}.owner_id and u.company_id = $1)`);
export const ORGANISATION = column(
  'organisation',
  'Organisation',
  `(select o.name from organisations o where o.id = p.organisation_id and o.company_id = $1)`,
);
export const ID = (alias: string) => column('id', 'Id', `${alias}.id`);

/** Minor units of a currency as a number of it. */
export const amount = (key: string, label: string, cents: string, currency: string): ExportColumn =>
  column(key, label, `((${cents}) / 10.0 ^ steward_minor_digits(${currency}))::float8`, 'number');

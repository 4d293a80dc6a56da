import type { Transaction } from '#core/database/database.ts';

/**
 * What a person may be chosen by. A field has a name as conditions say it (`person.email`, `timeline.email.inbound.30d`), a type that settles
 * which operators fit, and how it is read in SQL. Values never stand in SQL text: `bind` makes a parameter of them.
 */
export interface PersonField {
  /** Dotted path; with `params` the beginning of one. */
  readonly name: string;
  readonly label: string;
  /** Fields stand together under this word. */
  readonly group: string;
  readonly type: FieldType;
  /** Type of the value in SQL where the field's own does not say it: an id is a choice of uuids. */
  readonly cast?: 'uuid';
  /** What a value of conditions is in SQL (a tag's name → its id), so that the planner knows how many have it; null: nothing is it. Only of a `list`. */
  readonly translate?: (value: string) => string | null;
  /** Further parts of the path, one each, in order: `timeline.<type>.<direction>.<within>`. */
  readonly params?: readonly FieldParam[];
  /** What a choice or list may hold; for people who choose, not a check. */
  readonly options?: readonly FieldOption[] | ((tx: Transaction, companyId: string) => Promise<readonly FieldOption[]>);
  readonly sql: (parts: readonly string[], bind: Bind, now: Date) => FieldSql;
}

/**
 * - `text`: is, isNot, in, contains, exists. - `choice`: the same without contains. - `number`: is, isNot, in, above, below, exists.
 * - `boolean`: is, isNot, in, exists. - `date`: a day, `YYYY-MM-DD`: is, isNot, above, below, within, anniversary, exists.
 * - `moment`: above, below, within, exists. - `list`: contains. - `count`: a number that is never missing: is, isNot, in, above, below.
 */
export type FieldType = 'text' | 'choice' | 'number' | 'boolean' | 'date' | 'moment' | 'list' | 'count';

export interface FieldOption {
  readonly value: string;
  readonly label: string;
}

export interface FieldParam {
  readonly name: string;
  readonly label: string;
  /** `days`: `ever` or a number of days such as `30d`. */
  readonly kind: 'choice' | 'days';
  readonly options?: readonly FieldOption[] | ((tx: Transaction, companyId: string) => Promise<readonly FieldOption[]>);
}

/** Answers the parameter's place: `$3`. */
export type Bind = (value: unknown) => string;

/** Reads the field for the person `p` (`people p`); the company is `$1`. */
export type FieldSql =
  /** An expression over `p`. */
  | { readonly of: 'person'; readonly value: string }
  /** `from x where …` with the join to `p` inside; at most one row, or of a `list` one for each value. */
  | { readonly of: 'rows'; readonly from: string; readonly where: string; readonly value: string }
  /** How many rows there are. */
  | { readonly of: 'count'; readonly from: string; readonly where: string };

/** Fields that depend on the company: its custom fields, its topics. */
export type FieldSource = (tx: Transaction, companyId: string) => Promise<readonly PersonField[]>;

/** What a module declares under `fields`. */
export type ModuleFields = readonly (PersonField | FieldSource)[];

/** What rows of a source become here. */
export const SOURCE_KINDS = ['people', 'organisations', 'deals', 'interactions'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** A kind of thing that the vendor holds: contacts, companies, a table. */
interface SourceObject {
  /** The vendor's own name. */
  readonly name: string;
  readonly title: string;
  readonly kind: SourceKind;
  /** `write` is there for it. */
  readonly writable: boolean;
}

export interface SourceField {
  readonly name: string;
  readonly title: string;
  readonly type: 'text' | 'number' | 'moment' | 'boolean' | 'list';
  readonly writable: boolean;
}

/** As the vendor says it; a moment is ISO 8601, a list is joined by `; `. */
export type SourceValue = string | number | boolean | null;

export interface SourceRecord {
  /** Stable, and the vendor's own. */
  readonly externalId: string;
  /** When it was changed there last; null where nobody knows. */
  readonly changedAt: Date | null;
  /** By field; a field that was not asked for may be absent. */
  readonly values: Readonly<Record<string, SourceValue>>;
}

/** Settings of one source at its vendor: a query, a sheet, an address. Checked by the connector's `sourceSettings`. */
export type SourceSettings = Readonly<Record<string, unknown>>;

export interface PageWanted {
  readonly object: string;
  readonly fields: readonly string[];
  /** Null: everything. Else what has changed since the pass that gave this mark; some overlap is right, repeated rows cost nothing. */
  readonly mark: string | null;
  /** Where this pass stands; null at its beginning. */
  readonly cursor: string | null;
  /** Only a look at the first rows: nothing lengthy is begun there. */
  readonly look?: true;
}

export interface SourcePage {
  readonly records: readonly SourceRecord[];
  /** External ids that are no longer there. */
  readonly gone?: readonly string[];
  /** Null: the pass is over. */
  readonly cursor: string | null;
  /** With the last page: where the next pass begins. Every change after it is in a later pass. Null: nothing tells what changed, the next pass reads all. */
  readonly mark: string | null;
  /** How many rows this pass brings, where the vendor says. */
  readonly total?: number;
}

interface SourceWrite {
  readonly object: string;
  /** Null: a new record. */
  readonly externalId: string | null;
  readonly values: Readonly<Record<string, SourceValue>>;
  /** The same whenever this write is tried. */
  readonly key: string;
}

/** A place that people, organisations, deals or interactions come from, and where some can be written back to. Reading is safe to repeat; `write` sets absolute values. */
export interface SourcePort {
  objects(): Promise<readonly SourceObject[]>;
  /** @throws VendorRefused where there is no such object */
  fields(object: string): Promise<readonly SourceField[]>;
  page(wanted: PageWanted): Promise<SourcePage>;
  /** Records by id, for hints; those that are gone are absent. */
  some?(object: string, ids: readonly string[], fields: readonly string[]): Promise<readonly SourceRecord[]>;
  write?(write: SourceWrite): Promise<{ readonly externalId: string }>;
  /** After a lost answer to the making of a record: one with this address. */
  findByEmail?(object: string, email: string): Promise<string | null>;
  /** Ends what was opened (a database session). */
  close?(): Promise<void>;
}

import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Statement, Transaction } from '#core/database/database.ts';
import { cut, type CustomField } from '#modules/people/public.ts';
import { looksLikeTable, suggestTable } from './deals/fields.ts';
import { byContent, isTarget, letters, mappingWithoutHeading, suggestMapping, type Mapping, type Target } from './mapping.ts';
import { layoutOf, REASON_COLUMN, rowsOf, type Layout, type Source } from './read/table.ts';
import type { Look } from './store.ts';
import { DateEvidence, NumberEvidence, type DateOrder, type DecimalMark } from './values.ts';

/** What a column was seen to hold, for the page that maps it. */
export interface Finding {
  readonly column: number;
  readonly kind: 'date' | 'number';
  readonly format: DateOrder | DecimalMark;
  /** False: both readings fit every cell; a person should look. */
  readonly proven: boolean;
}

const SAMPLE_ROWS = 5;
const CONTENT_ROWS = 50;
/** Rows that tell how days and numbers are written. */
const EVIDENCE_ROWS = 20_000;

/** Reads a file to its end: what it is, what its columns may be, how many rows there are. @throws NotImportable */
export async function lookAt(source: Source, own: readonly CustomField[], country: string | null): Promise<Look> {
  const layout = await layoutOf(source);
  const sample: (readonly string[])[] = [];
  const dates = layout.columns.map(() => new DateEvidence());
  const numbers = layout.columns.map(() => new NumberEvidence());
  let rows = 0;
  for await (const batch of rowsOf(source, layout)) {
    for (const { cells } of batch) {
      rows += 1;
      if (rows <= CONTENT_ROWS) sample.push(cells);
      if (rows <= EVIDENCE_ROWS) {
        for (let column = 0; column < layout.columns.length; column += 1) {
          const cell = cells[column];
          if (cell === undefined || cell === '') continue;
          dates[column]?.see(cell);
          numbers[column]?.see(cell);
        }
      }
    }
    await breathe();
  }
  const findings = layout.columns.flatMap((_name, column): Finding[] => {
    const [date, number] = [dates[column], numbers[column]];
    if (date?.isDate === true) {
      const { order, proven } = date.order(country);
      return [{ column, kind: 'date', format: order, proven }];
    }
    if (number?.isNumber !== true) return [];
    const { mark, proven } = number.mark(country);
    return [{ column, kind: 'number', format: layout.format === 'xlsx' ? 'point' : mark, proven: proven || layout.format === 'xlsx' }];
  });
  return {
    layout,
    mapping: suggested(layout, own, sample),
    formats: Object.fromEntries(findings.map(({ column, format }) => [String(column), format])),
    sample: sample.slice(0, SAMPLE_ROWS).map((cells) => cells.map((cell) => cut(cell, 200).replaceAll('\u0000', ''))),
    findings,
    totalRows: rows,
  };
}

function suggested(layout: Layout, own: readonly CustomField[], sample: readonly (readonly string[])[]): Target[] {
  if (!layout.heading) return mappingWithoutHeading(sample[0] ?? []);
  const table = looksLikeTable(layout.columns);
  if (table !== null) return suggestTable(layout.columns, table);
  const found = byContent(suggestMapping(layout.columns, own), sample);
  return found.map((target, index) => (layout.columns[index] === REASON_COLUMN ? 'ignore' : target));
}

/** What makes two files have the same headings: letters and digits, in their order. Without a heading: how many columns. */
export function fingerprintOf({ columns, heading, format }: Pick<Layout, 'columns' | 'heading' | 'format'>): string {
  const named = columns.filter((column) => column !== REASON_COLUMN).map((column) => (heading ? letters(column) : ''));
  return createHash('sha256')
    .update(JSON.stringify([format === 'vcard', heading, named]))
    .digest('hex');
}

const REMEMBERED: Statement = {
  name: 'imports.mappings.get',
  text: 'select mapping, formats from import_mappings where company_id = $1 and fingerprint = $2',
};
const REMEMBER: Statement = {
  name: 'imports.mappings.put',
  text: `insert into import_mappings (company_id, fingerprint, mapping, formats, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (company_id, fingerprint) do update set mapping = excluded.mapping, formats = excluded.formats, updated_at = excluded.updated_at`,
};

/** The mapping that was used last for these headings, in place of a guess. Own fields that are gone are left out. */
export async function remembered(tx: Transaction, companyId: string, look: Look, own: readonly CustomField[]): Promise<Look> {
  const [row] = await tx.query<{ mapping: readonly string[]; formats: Look['formats'] }>(REMEMBERED, [
    companyId,
    fingerprintOf(look.layout),
  ]);
  if (row === undefined) return look;
  const keys = new Set(own.map((field) => `custom.${field.key}`));
  const queue = row.mapping.map((target): Target =>
    isTarget(target) && (!target.startsWith('custom.') || keys.has(target)) ? target : 'ignore',
  );
  const mapping = look.layout.columns.map((column): Target => (column === REASON_COLUMN ? 'ignore' : (queue.shift() ?? 'ignore')));
  // What this file proves weighs more than what another one did.
  const proven = new Set(look.findings.filter((finding) => finding.proven).map((finding) => String(finding.column)));
  const formats = Object.fromEntries(
    Object.entries(look.formats).map(([column, format]) => [column, proven.has(column) ? format : (row.formats[column] ?? format)]),
  );
  return { ...look, mapping, formats };
}

export async function remember(
  tx: Transaction,
  companyId: string,
  layout: Parameters<typeof fingerprintOf>[0],
  mapping: Mapping,
  formats: Look['formats'],
  at: Date,
): Promise<void> {
  const kept = mapping.filter((_target, index) => layout.columns[index] !== REASON_COLUMN);
  await tx.query(REMEMBER, [companyId, fingerprintOf(layout), JSON.stringify(kept), JSON.stringify(formats), at]);
}

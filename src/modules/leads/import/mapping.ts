import { normaliseEmail } from '#modules/people/public.ts';
import { HEADINGS } from './headings.ts';
import { DEAL_TARGETS, PRODUCT_TARGETS, type DealTarget, type ProductTarget } from './deals/targets.ts';

/** What a column may be, beside `custom.<key>`. `ignore` columns are read past. */
export const IMPORT_FIELDS = [
  'name', 'first_name', 'last_name', 'email', 'other_email', 'phone', 'other_phone', 'organisation', 'tags', 'owner', 'source', 'status', 'notes',
  'language', 'time_zone', 'opted_out', 'consent', 'consent_at', 'consent_evidence', 'ignore',
] as const; // prettier-ignore
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** A field, or `custom.` and the key of a field that the company invented. */
export type Target = ImportField | DealTarget | ProductTarget | `custom.${string}`;

/** Target by column, in the file's order. */
export type Mapping = readonly Target[];

/** Fields that several columns may fill together. */
export const SEVERAL: ReadonlySet<Target> = new Set<Target>(['other_email', 'other_phone', 'tags', 'notes', 'ignore']);

export function isTarget(text: string): text is Target {
  if ([...DEAL_TARGETS, ...PRODUCT_TARGETS].some((field) => field === text)) return true;
  return IMPORT_FIELDS.some((field) => field === text) || /^custom\.[a-z][a-z0-9_]{0,39}$/.test(text);
}

const FIELDS_IN_ORDER = [
  'email', 'first_name', 'last_name', 'name', 'phone', 'organisation', 'source', 'notes', 'status', 'opted_out', 'tags', 'owner', 'language', 'time_zone', 'consent', 'consent_at',
  'consent_evidence', 'other_email', 'other_phone',
] as const; // prettier-ignore

export function letters(heading: string): string {
  return heading
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

interface OwnField {
  readonly key: string;
  readonly label: string;
}

/** Each field takes the column whose heading fits best; further addresses and numbers become further ones; own fields go by label. */
export function suggestMapping(columns: readonly string[], own: readonly OwnField[] = []): Target[] {
  const headings = columns.map(letters);
  const mapping: Target[] = columns.map(() => 'ignore');
  const free = (heading: string) => headings.findIndex((found, index) => found === heading && mapping[index] === 'ignore');
  for (const field of own) {
    const column = [letters(field.label), letters(field.key)].map(free).find((index) => index >= 0);
    if (column !== undefined) mapping[column] = `custom.${field.key}`;
  }
  for (const field of FIELDS_IN_ORDER) {
    for (const heading of HEADINGS[field]) {
      const column = free(heading);
      if (column < 0) continue;
      mapping[column] = field;
      if (!SEVERAL.has(field)) break;
    }
  }
  // A second column of addresses or numbers is one more of the person, not nothing.
  for (const [index, heading] of headings.entries()) {
    if (mapping[index] !== 'ignore') continue;
    if (mapping.includes('email') && (HEADINGS.email.includes(heading) || /^email(adress[e]?)?[3-9]$/.test(heading)))
      mapping[index] = 'other_email';
    if (mapping.includes('phone') && (HEADINGS.phone.includes(heading) || /^(phone|telefon|tel)[3-9]$/.test(heading)))
      mapping[index] = 'other_phone';
  }
  return mapping;
}

/** Where the headings name no address: the first column whose cells nearly all are addresses. Then numbers, the same way. */
export function byContent(mapping: readonly Target[], rows: readonly (readonly string[])[]): Target[] {
  const found = [...mapping];
  const look = (field: Target, fits: (cell: string) => boolean) => {
    if (found.includes(field)) return;
    const column = found.findIndex((target, index) => {
      const cells = rows.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== '');
      return target === 'ignore' && cells.length > 0 && cells.filter(fits).length >= cells.length * 0.8;
    });
    if (column >= 0) found[column] = field;
  };
  look('email', (cell) => normaliseEmail(cell) !== null);
  look('phone', (cell) => /^(\+|00)[\d\s().\-/]{7,}$/.test(cell));
  return found;
}

/** A first record that holds an address is no heading. */
export function isHeading(cells: readonly string[]): boolean {
  return !cells.some((cell) => normaliseEmail(cell) !== null);
}

/** For a file without headings: the address by its look, a name beside it. */
export function mappingWithoutHeading(cells: readonly string[]): Target[] {
  const email = cells.findIndex((cell) => normaliseEmail(cell) !== null);
  const phone = cells.findIndex((cell, index) => index !== email && /^[+(]?\d[\d\s().\-/]{5,}$/.test(cell.trim()));
  const name = cells.findIndex((cell, index) => index !== email && index !== phone && /^[\p{L}][\p{L}\s.'-]+$/u.test(cell.trim()));
  return cells.map((_cell, index) => (index === email ? 'email' : index === phone ? 'phone' : index === name ? 'name' : 'ignore'));
}

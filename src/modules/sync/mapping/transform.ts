import type { SourceValue } from '#core/ports/source.ts';
import type { MappingLine, Transform } from './line.ts';

/** The text that a field becomes by its line: words exchanged, transformed, or the fallback. Empty text is nothing. */
export function transformed(line: MappingLine, value: SourceValue | undefined): string {
  const plain = textOf(value);
  const text = line.values[plain] ?? plain;
  const made = TRANSFORM[line.transform](text).toWellFormed().replaceAll('\u0000', '');
  return made.trim() === '' ? line.fallback : made;
}

export function textOf(value: SourceValue | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

/** What can be written back: the same text comes out of it. */
export function reversed(line: MappingLine, text: string): string | null {
  if (line.transform !== 'none' && line.transform !== 'lower') return null;
  return Object.entries(line.values).find(([, ours]) => ours === text)?.[0] ?? text;
}

const words = (text: string) => text.trim().split(/\s+/);

const TRANSFORM: Readonly<Record<Transform, (text: string) => string>> = {
  none: (text) => text,
  lower: (text) => text.toLowerCase(),
  title: (text) => text.toLowerCase().replace(/(^|[\s'’-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
  first_word: (text) => words(text)[0] ?? '',
  rest: (text) => words(text).slice(1).join(' '),
  first_of_list: (text) => text.split(/[,;|\n]/)[0] ?? '',
  yes_no: (text) => (text.trim() === '' ? '' : /^(1|y|yes|true|t|ja|oui|si|sí|x|on)$/i.test(text.trim()) ? 'yes' : 'no'),
  day_first: (text) => dated(text, false),
  month_first: (text) => dated(text, true),
};

/** `3.4.2026` or `04/03/2026` as 2026-04-03; what is no such date stays as it is, and is refused where a date is wanted. */
function dated(text: string, monthFirst: boolean): string {
  const found = /^\s*(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})\b/.exec(text);
  if (found === null) return text;
  const [, a = '', b = '', year = ''] = found;
  const [month, day] = monthFirst ? [a, b] : [b, a];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

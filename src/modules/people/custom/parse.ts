import { cut, tidy } from '../names.ts';
import type { CustomField, CustomValue } from './field.ts';

const LONGEST_TEXT = 2_000;
const TRUE = new Set(['true', 'yes', 'y', '1', 'on', 'x', 'ja', 'oui', 'si', 'sí', '✓']);
const FALSE = new Set(['false', 'no', 'n', '0', 'off', 'nein', 'non', '-']);

/** The value as it is stored, null for "none", or why it is not one: `is not a number; write it like 1234.5`. */
export type ParsedCustom = { readonly value: CustomValue | null } | { readonly reason: string };

/**
 * Reads what came from a form, a file or the API for one field. Text and JSON alike: `"12"` and `12` are one number. Empty text
 * and null clear the field. What was read once reads the same again.
 */
export function parseCustom(field: Pick<CustomField, 'type' | 'options'>, raw: unknown): ParsedCustom {
  if (raw === null || raw === undefined) return { value: null };
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') return { reason: 'is not a text, number or boolean' };
  if (typeof raw === 'string' && raw.trim() === '') return { value: null };
  switch (field.type) {
    case 'text':
      return textOf(String(raw));
    case 'number':
      return numberOf(raw);
    case 'date':
      return dateOf(String(raw).trim());
    case 'boolean':
      return booleanOf(raw);
    case 'choice':
      return choiceOf(field.options, tidy(String(raw)));
    case 'url':
      return urlOf(String(raw).trim());
  }
}

/** Lines stay lines; other control characters go. */
function textOf(raw: string): ParsedCustom {
  const text = raw
    .replace(/\r\n?/g, '\n')
    // oxlint-disable-next-line no-control-regex -- that is what they are
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .trim();
  if (text.length > LONGEST_TEXT) return { reason: `is longer than ${LONGEST_TEXT} characters` };
  return { value: text === '' ? null : cut(text, LONGEST_TEXT) };
}

/** `1234.5`, `1 234,5`, `1'234.5`, `1,234,567`, `1.234.567,8`. One comma before exactly three digits is thousands, as in `1,234`. */
function numberOf(raw: string | number | boolean): ParsedCustom {
  const no = { reason: 'is not a number; write it like 1234.5' };
  if (typeof raw === 'boolean') return no;
  if (typeof raw === 'number') return Number.isFinite(raw) ? { value: raw } : no;
  const text = raw
    .replace(/[\s'’_\u00a0\u202f]/g, '')
    .replace(/^\+/, '')
    .replace(/^−/, '-');
  const grouped = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  const european = /^-?\d{1,3}(\.\d{3})+,\d+$|^-?\d{1,3}(\.\d{3}){2,}$/.test(grouped) ? grouped.replaceAll('.', '') : grouped;
  const plain = /^-?\d*,\d+$/.test(european) ? european.replace(',', '.') : european;
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return no;
  const value = Number(plain);
  return Number.isFinite(value) ? { value } : no;
}

/** A day of the calendar: ISO 8601, with or without a time behind it. Other ways to write one are ambiguous; an import knows its file's format. */
function dateOf(text: string): ParsedCustom {
  const no = { reason: 'is not a date; write it like 2026-11-30' };
  const found = /^(\d{4})-(\d{2})-(\d{2})($|[T ])/.exec(text);
  if (found === null) return no;
  const day = text.slice(0, 10);
  const date = new Date(`${day}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) && day >= '0001' ? { value: day } : no;
}

function booleanOf(raw: string | number | boolean): ParsedCustom {
  if (typeof raw === 'boolean') return { value: raw };
  const text = String(raw).trim().toLowerCase();
  if (TRUE.has(text)) return { value: true };
  return FALSE.has(text) ? { value: false } : { reason: 'is neither yes nor no' };
}

function choiceOf(options: readonly string[], text: string): ParsedCustom {
  const key = text.toLowerCase();
  const option = options.find((one) => one === text) ?? options.find((one) => one.toLowerCase() === key);
  return option === undefined ? { reason: `is none of ${options.map((one) => `“${one}”`).join(', ')}` } : { value: option };
}

/** http and https only: anything else (javascript:, data:) could run when it is clicked. */
function urlOf(text: string): ParsedCustom {
  const no = { reason: 'is not a web address; write it like https://example.com' };
  if (text.length > LONGEST_TEXT || /\s/.test(text)) return no;
  const written = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/:]+\.[^/:]+:\d/.test(text) ? text : `https://${text}`;
  if (!URL.canParse(written)) return no;
  const url = new URL(written);
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  return web && (url.hostname.includes('.') || url.hostname === 'localhost') && url.href.length <= LONGEST_TEXT ? { value: url.href } : no;
}

import { centsOf } from '#core/money.ts';
import type { SourceRecord } from '#core/ports/source.ts';
import { cut, tidy } from '#modules/people/public.ts';
import { MALFORMED, MISSING } from './flags.ts';
import type { MappingLine } from './mapping/line.ts';
import { transformed } from './mapping/transform.ts';
import { hashOf, rawOf } from './read-people.ts';
import type { DealRow, Refusal } from './row.ts';

/** What a record says of a deal, its amount in cents of its currency, else of `usualCurrency`; what is no amount, currency, day or per cent is refused. */
export function readDeal(
  mapping: readonly MappingLine[],
  record: SourceRecord,
  readEmail: (text: string) => string | null,
  usualCurrency: string,
): DealRow | Refusal {
  const { externalId, changedAt } = record;
  const hash = hashOf(mapping, record);
  const fields: Record<string, string | null> = {};
  const raw = () => rawOf(mapping, record.values);
  for (const line of mapping) {
    const given = cut(tidy(transformed(line, record.values[line.from])), 500);
    const read = given === '' ? null : readField(line.to, given, readEmail);
    if (read !== null && typeof read === 'object')
      return { externalId, changedAt, hash, field: line.from, reason: read.reason, value: given, raw: raw(), flags: MALFORMED };
    fields[line.to] = read;
  }
  const amount = fields['amount'] ?? null;
  if (amount !== null) fields['amount'] = String(centsOf(amount, fields['currency'] ?? usualCurrency));
  if ((fields['name'] ?? null) === null) {
    const field = mapping.find(({ to }) => to === 'name')?.from ?? null;
    return { externalId, changedAt, hash, field, reason: 'is empty; a deal needs a name', value: null, raw: raw(), flags: MISSING };
  }
  return { kind: 'deals', externalId, changedAt, hash, fields, flags: (fields['amount'] ?? null) === null ? MISSING : 0, raw };
}

function readField(to: string, text: string, readEmail: (text: string) => string | null): string | { readonly reason: string } {
  switch (to) {
    case 'amount':
      return plainNumber(text) ?? { reason: 'is no amount; write it like 1234.50' };
    case 'currency':
      return /^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : { reason: 'is no currency; write it with three letters, like EUR' };
    case 'close_date':
    case 'opened':
      return dayOf(text) ?? { reason: 'is not a date; write it like 2026-11-30' };
    case 'probability': {
      const percent = Number(text.replace(/\s*%$/, ''));
      return Number.isFinite(percent) && percent >= 0 && percent <= 100
        ? String(Math.round(percent))
        : { reason: 'is no probability; write it like 40' };
    }
    case 'owner_email':
    case 'person_email':
      return readEmail(text) ?? { reason: 'is not an email address; write it like ann@example.com' };
    case 'stage_kind':
      return kindOf(text);
    default:
      return text;
  }
}

/** Without what groups its digits. */
function plainNumber(text: string): string | null {
  const plain = text.replace(/[\s,'’](?=\d{3}\b)/g, '');
  return /^-?\d{1,13}(\.\d+)?$/.test(plain) ? plain : null;
}

/** ISO 8601, or milliseconds since 1970 as some vendors write days. */
function dayOf(text: string): string | null {
  const at = /^\d{12,14}$/.test(text)
    ? new Date(Number(text))
    : /^\d{4}-\d{2}-\d{2}/.test(text)
      ? new Date(`${text.slice(0, 10)}T00:00:00Z`)
      : null;
  return at === null || Number.isNaN(at.getTime()) ? null : at.toISOString().slice(0, 10);
}

export function kindOf(text: string): 'open' | 'won' | 'lost' {
  if (/\bwon\b|gewonnen|closedwon|gagné/i.test(text)) return 'won';
  return /\blost\b|verloren|closedlost|perdu|deleted/i.test(text) ? 'lost' : 'open';
}

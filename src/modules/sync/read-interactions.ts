import { htmlToText } from '#core/mail/html-to-text.ts';
import type { SourceRecord } from '#core/ports/source.ts';
import { cut, tidy } from '#modules/people/public.ts';
import { MALFORMED, MISSING } from './flags.ts';
import type { MappingLine } from './mapping/line.ts';
import { transformed } from './mapping/transform.ts';
import { hashOf, rawOf } from './read-people.ts';
import type { InteractionRow, Refusal } from './row.ts';

/** Characters of a text that the timeline keeps. */
const LONGEST = 20_000;

/** What a record says of a touch with a person, or why it can't be taken. */
export function readInteraction(
  mapping: readonly MappingLine[],
  record: SourceRecord,
  readEmail: (text: string) => string | null,
  now: Date,
): InteractionRow | Refusal {
  const { externalId, changedAt } = record;
  const hash = hashOf(mapping, record);
  const raw = () => rawOf(mapping, record.values);
  const line = (to: string) => mapping.find((one) => one.to === to);
  const text = (to: string) => {
    const found = line(to);
    return found === undefined ? '' : transformed(found, record.values[found.from]).trim();
  };
  const refuse = (to: string, reason: string, value: string | null, flags: number): Refusal => ({ externalId, changedAt, hash, field: line(to)?.from ?? null, reason, value, raw: raw(), flags }); // prettier-ignore
  const when = text('at');
  const at = when === '' ? (changedAt ?? now) : momentOf(when);
  if (at === null) return refuse('at', 'is no moment; write it like 2026-11-30T09:00:00Z', cut(when, 500), MALFORMED);
  const personIds = listed(text('person'));
  const emails = listed(text('person_email')).flatMap((one) => readEmail(one) ?? []);
  if (personIds.length === 0 && emails.length === 0) return refuse(line('person') === undefined ? 'person_email' : 'person', 'names nobody', null, MISSING); // prettier-ignore
  const content = [tidy(text('subject')), plain(text('content'))].filter((part) => part !== '').join('\n\n');
  const type = typeOf(text('type'));
  const direction = directionOf(text('direction'), type);
  return {
    kind: 'interactions',
    externalId,
    changedAt,
    hash,
    // Whose it is stands with the interaction: an address in a second place would outlive its person.
    fields: { type, at: at.toISOString(), direction, content: cut(content, 200) },
    type,
    direction,
    at,
    content: cut(content, LONGEST).replaceAll('\u0000', ''),
    personIds,
    emails,
    flags: content === '' ? MISSING : 0,
    raw,
  };
}

const listed = (text: string): string[] => [...new Set(text.split(/[;,\s]+/).filter((one) => one !== ''))].slice(0, 50);
/** HubSpot and Pipedrive write HTML. */
const plain = (text: string): string => (/<[a-z!/][^>]*>/i.test(text) ? htmlToText(text) : text);

function typeOf(text: string): InteractionRow['type'] {
  if (/meet|event|termin|demo|visit/i.test(text)) return 'meeting';
  if (/call|phone|anruf/i.test(text)) return 'call';
  if (/sms|text message/i.test(text)) return 'sms';
  return /mail/i.test(text) ? 'email' : 'note';
}

function directionOf(text: string, type: InteractionRow['type']): InteractionRow['direction'] {
  if (/^in|incoming|received/i.test(text)) return /internal/i.test(text) ? 'internal' : 'inbound';
  if (/^out|sent/i.test(text)) return 'outbound';
  return type === 'note' ? 'internal' : 'outbound';
}

/** ISO 8601, milliseconds since 1970, or `2026-05-01 10:00:00` at UTC. */
function momentOf(text: string): Date | null {
  const at = /^\d{12,14}$/.test(text)
    ? new Date(Number(text))
    : /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$/.test(text)
      ? new Date(`${text.replace(' ', 'T')}Z`)
      : new Date(text);
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1900 || at.getUTCFullYear() > 2200 ? null : at;
}

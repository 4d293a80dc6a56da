import { createHash } from 'node:crypto';
import type { SourceRecord, SourceValue } from '#core/ports/source.ts';
import {
  cut,
  joinName,
  parseCustom,
  parseName,
  tidy,
  type CustomField,
  type CustomValue,
  type PhoneFields,
  isTimeZone,
} from '#modules/people/public.ts';
import { MALFORMED, MISSING, OUTLIER } from './flags.ts';
import type { MappingLine } from './mapping/line.ts';
import { transformed } from './mapping/transform.ts';
import type { PersonRow, Refusal } from './row.ts';

interface PeopleReader {
  readonly mapping: readonly MappingLine[];
  readonly custom: readonly CustomField[];
  /** User ids by address. */
  readonly owners: ReadonlyMap<string, string>;
  readonly readEmail: (text: string) => string | null;
  readonly readPhone: (text: string) => PhoneFields;
  readonly now: Date;
}

/** Of a record by its mapping: the same again is the same hash, and nothing is to be done. */
export function hashOf(mapping: readonly MappingLine[], record: SourceRecord): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(mapping));
  hash.update(JSON.stringify(mapping.map(({ from }) => record.values[from] ?? null)));
  return hash.digest('base64url').slice(0, 22);
}

/** A day or more ahead of now is a clock or a typing mistake. */
const AHEAD_MS = 86_400_000;

/** What a record says of a person, or why it can't be taken as it is meant. */
export function readPerson(reader: PeopleReader, record: SourceRecord): PersonRow | Refusal {
  const { externalId, changedAt } = record;
  const hash = hashOf(reader.mapping, record);
  const lines = Map.groupBy(reader.mapping, ({ to }) => to);
  const text = (to: string) => {
    for (const line of lines.get(to) ?? []) {
      const found = tidy(transformed(line, record.values[line.from]));
      if (found !== '') return found;
    }
    return '';
  };
  let flags = changedAt !== null && changedAt.getTime() > reader.now.getTime() + AHEAD_MS ? OUTLIER : 0;
  const refuse = (to: string | null, reason: string, value: string | null, more: number): Refusal => ({
    externalId,
    changedAt,
    hash,
    field: to === null ? null : (lines.get(to)?.[0]?.from ?? null),
    reason,
    value: value === null ? null : cut(value, 500),
    raw: rawOf(reader.mapping, record.values),
    flags: flags | more,
  });
  const fields: Record<string, string | null> = {};

  let email: string | null = null;
  if (lines.has('email')) {
    const given = text('email');
    email = given === '' ? null : reader.readEmail(given);
    if (given !== '' && email === null) return refuse('email', 'is not an email address; write it like ann@example.com', given, MALFORMED);
    fields['email'] = email;
  }
  const otherEmails: string[] = [];
  for (const line of lines.get('other_email') ?? []) {
    for (const part of transformed(line, record.values[line.from]).split(/[,;\s]+(?=\S*@)/)) {
      const found = part.trim() === '' ? null : reader.readEmail(part);
      if (found !== null && found !== email) otherEmails.push(found);
      else if (part.trim() !== '' && found === null) flags |= MALFORMED;
    }
  }

  const [first, last] = [text('first_name'), text('last_name')];
  const name = first === '' && last === '' ? parseName(text('name')) : joinName(first, last);
  if (lines.has('first_name') || lines.has('last_name') || lines.has('name')) fields['name'] = name.fullName === '' ? null : name.fullName;

  let phone: PhoneFields | null = null;
  if (lines.has('phone')) {
    const given = text('phone');
    phone = given === '' ? null : reader.readPhone(given);
    if (phone !== null && phone.phone === null) flags |= MALFORMED;
    fields['phone'] = phone?.phone ?? phone?.phoneRaw ?? null;
  }
  if (email === null && phone === null && name.fullName === '')
    return refuse(lines.has('email') ? 'email' : null, 'has no email address, no number and no name', null, MISSING);
  if ((lines.has('email') && email === null) || name.fullName === '') flags |= MISSING;

  for (const [to, length, right, reason] of TEXTS) {
    if (!lines.has(to)) continue;
    const given = cut(text(to), length);
    if (given !== '' && !right(given)) return refuse(to, reason, given, MALFORMED);
    fields[to] = given === '' ? null : to === 'country' ? given.toUpperCase() : given;
  }
  if (lines.has('owner')) {
    // An owner who is no user here is nobody's fault: the row comes in without one.
    const given = text('owner').toLowerCase();
    fields['owner'] = reader.owners.get(given) ?? null;
  }
  const custom: Record<string, CustomValue> = {};
  for (const field of reader.custom) {
    const to = `custom.${field.key}`;
    if (!lines.has(to)) continue;
    const line = lines.get(to)?.[0];
    const given = line === undefined ? '' : transformed(line, record.values[line.from]);
    const parsed = parseCustom(field, given);
    if ('reason' in parsed) return refuse(to, parsed.reason, given, MALFORMED);
    fields[to] = parsed.value === null ? null : String(parsed.value);
    if (parsed.value !== null) custom[field.key] = parsed.value;
  }
  const tags = (lines.get('tags') ?? [])
    .flatMap((line) => transformed(line, record.values[line.from]).split(/[,;|\n]/))
    .map((tag) => cut(tidy(tag), 60))
    .filter((tag) => tag !== '');
  return {
    kind: 'people',
    externalId,
    changedAt,
    hash,
    fields,
    firstName: name.firstName,
    lastName: name.lastName,
    email,
    otherEmails,
    phone,
    custom,
    tags: [...new Set(tags)].slice(0, 50),
    optedOut: OUT.test(text('opted_out')),
    flags,
    raw: () => rawOf(reader.mapping, record.values),
  };
}

/** Only a yes counts: whatever else a source says about consent changes nothing here. */
const OUT = /^(1|y|yes|true|t|x|ja|oui|si|sí|on|opted.?out|unsubscribed|objected|no_consent)$/i;

const TEXTS: readonly (readonly [to: string, length: number, right: (text: string) => boolean, reason: string])[] = [
  ['organisation', 200, () => true, ''],
  ['language', 35, (text) => /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/.test(text), 'is not a language; write it like de or pt-BR'],
  ['time_zone', 64, isTimeZone, 'is not a time zone; write it like Europe/Berlin'],
  [
    'country',
    60,
    (text) => /^[A-Za-z]{2}$/.test(text),
    'is not a country; write it with two letters, like DE. Exchange longer names in the mapping',
  ],
];

/** What is mapped of a record, as it came. */
export function rawOf(mapping: readonly MappingLine[], values: Readonly<Record<string, SourceValue>>): Record<string, unknown> {
  return Object.fromEntries(
    mapping.map(({ from }) => {
      const value = values[from] ?? null;
      return [from, typeof value === 'string' ? cut(value, 2_000).replaceAll('\u0000', '') : value];
    }),
  );
}

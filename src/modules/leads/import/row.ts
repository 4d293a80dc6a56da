import {
  cut,
  joinName,
  parseCustom,
  parseName,
  tidy,
  type CustomField,
  type CustomValue,
  type Name,
  type PhoneFields,
  isTimeZone,
} from '#modules/people/public.ts';
import { LEAD_STATUSES, type LeadStatus } from '../tables.ts';
import type { Mapping, Target } from './mapping.ts';
import type { TableRecord } from './read/record.ts';
import { readDate, readNumber, type DateOrder, type DecimalMark } from './values.ts';

/** One row, everything normalised. */
export interface ImportRow {
  readonly rowNumber: number;
  readonly line: number;
  /** What tells a person: each address, else number, else name and organisation. */
  readonly keys: readonly string[];
  /** The first is the one to write to; none where a person is told by number or name. */
  readonly emails: readonly string[];
  readonly phones: readonly PhoneFields[];
  readonly name: Name;
  readonly organisation: string | null;
  readonly source: string | null;
  readonly notes: string | null;
  readonly status: LeadStatus;
  readonly ownerId: string | null;
  readonly language: string | null;
  readonly timeZone: string | null;
  readonly tags: readonly string[];
  readonly custom: Readonly<Record<string, CustomValue>> | null;
  /** The file says that this person wants no mail. */
  readonly optedOut: boolean;
  readonly consent: RowConsent | null;
  /** Kept only until it is known that the row is taken. */
  readonly cells: readonly string[];
}

export interface RowConsent {
  /** YYYY-MM-DD, as the file says. */
  readonly at: string | null;
  readonly evidence: string | null;
}

export interface Refusal {
  readonly rowNumber: number;
  readonly line: number;
  readonly field: string | null;
  readonly reason: string;
  readonly value: string | null;
  readonly cells: readonly string[];
}

/** What other programs call our statuses. */
const STATUS_WORDS: Readonly<Record<string, LeadStatus>> = {
  open: 'new', lead: 'new', subscriber: 'new', uncontacted: 'new', attempted: 'contacted', connected: 'contacted', inprogress: 'engaged', replied: 'engaged',
  interested: 'engaged', opportunity: 'qualified', sql: 'qualified', marketingqualifiedlead: 'qualified', salesqualifiedlead: 'qualified', customer: 'converted',
  client: 'converted', won: 'converted', closedwon: 'converted', closedlost: 'lost', unqualified: 'lost', dead: 'lost', notinterested: 'lost', optout: 'unsubscribed',
  optedout: 'unsubscribed', unsubscribe: 'unsubscribed', donotcontact: 'unsubscribed', dnc: 'unsubscribed', neu: 'new', kunde: 'converted', verloren: 'lost',
  gewonnen: 'converted', abgemeldet: 'unsubscribed', client1: 'converted', perdu: 'lost', gagne: 'converted',
}; // prettier-ignore

const YES = new Set([
  '1', 'yes', 'y', 'true', 't', 'x', 'ja', 'oui', 'si', 'sí', 'sim', 'tak', 'on', 'optedin', 'optin', 'subscribed', 'unsubscribed', 'optedout', 'optout', 'wahr',
  'vrai', 'verdadero', 'granted', 'erteilt',
]); // prettier-ignore

export interface RowOptions {
  readonly mapping: Mapping;
  /** By column. */
  readonly formats: Readonly<Record<string, DateOrder | DecimalMark>>;
  readonly fields: readonly CustomField[];
  /** User ids by address. */
  readonly owners: ReadonlyMap<string, string>;
  /** A row without an address is taken, and told by its number or name. */
  readonly withoutEmail: boolean;
  /** Given to everybody in the file. */
  readonly tagAll: readonly string[];
  /** Of now: what two digits of a year mean. */
  readonly year: number;
  readonly readEmail: (text: string) => string | null;
  readonly readPhone: (text: string) => PhoneFields;
}

function keysOf(emails: readonly string[], phones: readonly PhoneFields[], name: Name, organisation: string | null): readonly string[] {
  if (emails.length > 0) return emails.map((email) => `e:${email}`);
  const [phone] = phones;
  if (phone !== undefined) return [`p:${phone.phone ?? phone.phoneRaw ?? ''}`];
  return [`n:${name.fullName.toLowerCase()}|${(organisation ?? '').toLowerCase()}`];
}

const NO_NAME: Name = { fullName: '', firstName: null, lastName: null };

/**
 * Reads records by the mapping; a short record lacks its last cells, a long one has some too many: both are read as far as
 * they go. Answers a refusal, when the row cannot be taken as it is meant.
 */
export class RowReader {
  readonly #options: RowOptions;
  readonly #columns: ReadonlyMap<Target, readonly number[]>;
  readonly #custom: readonly { readonly column: number; readonly field: CustomField }[];
  /** Names and organisations come again and again. */
  readonly #statuses = new Map<string, LeadStatus>();

  constructor(options: RowOptions) {
    this.#options = options;
    this.#columns = Map.groupBy(options.mapping.keys(), (column) => options.mapping[column] ?? 'ignore');
    this.#custom = options.mapping.flatMap((target, column) => {
      const field = options.fields.find((one) => target === `custom.${one.key}`);
      return field === undefined ? [] : [{ column, field }];
    });
  }

  read(record: TableRecord, rowNumber: number): ImportRow | Refusal {
    const { cells, line } = record;
    const refuse = (field: string | null, reason: string, value: string | null): Refusal => ({
      rowNumber, line, field, reason, value: value === null ? null : cut(value, 200), cells,
    }); // prettier-ignore
    if (record.fault !== undefined) return refuse(null, record.fault, null);
    if (record.faults !== undefined) {
      for (const [column, reason] of record.faults) {
        const target = this.#options.mapping[column] ?? 'ignore';
        if (target !== 'ignore') return refuse(target, reason, cells[column]?.slice(0, 200) ?? null);
      }
    }
    const emails = this.#emails(cells);
    if (typeof emails === 'string') return refuse('email', 'is not an email address', emails);
    const phones = this.#phones(cells);
    const name = this.#name(cells);
    if (emails.length === 0) {
      if (!this.#options.withoutEmail) return refuse('email', 'has no email address', null);
      if (phones.length === 0 && name.fullName === '') return refuse('name', 'has no email address, no number and no name', null);
    }
    const ownerWord = this.#text(cells, 'owner', 254);
    const ownerId = ownerWord === null ? null : (this.#options.owners.get(ownerWord.toLowerCase()) ?? null);
    if (ownerWord !== null && ownerId === null) return refuse('owner', 'is the address of no user here', ownerWord);
    const timeZone = this.#text(cells, 'time_zone', 64);
    if (timeZone !== null && !isTimeZone(timeZone)) return refuse('time_zone', 'is not a time zone; write it like Europe/Berlin', timeZone);
    const language = this.#text(cells, 'language', 35);
    if (language !== null && !/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/.test(language))
      return refuse('language', 'is not a language; write it like de or pt-BR', language);
    const custom = this.#values(cells);
    if (custom !== null && 'reason' in custom) return refuse(custom.field, custom.reason, custom.given);
    const consent = this.#consent(cells);
    if (consent !== null && 'reason' in consent) return refuse('consent_at', consent.reason, consent.given);
    const status = this.#status(cells);
    const optedOut = status === 'unsubscribed' || isYes(this.#cell(cells, 'opted_out'));
    const organisation = this.#text(cells, 'organisation', 200);
    return {
      rowNumber, line, keys: keysOf(emails, phones, name, organisation), emails, phones, name, organisation, source: this.#text(cells, 'source', 100),
      notes: this.#notes(cells), status: optedOut ? 'unsubscribed' : status, ownerId, language: language?.replaceAll('_', '-') ?? null, timeZone,
      tags: this.#tags(cells), custom: custom?.values ?? null, optedOut, consent: optedOut ? null : (consent?.given ?? null), cells,
    }; // prettier-ignore
  }

  #cell(cells: readonly string[], target: Target): string {
    const column = this.#columns.get(target)?.[0];
    const cell = column === undefined ? undefined : cells[column];
    return cell === undefined || cell === '' ? '' : cell.toWellFormed();
  }

  #text(cells: readonly string[], target: Target, length: number): string | null {
    const cell = this.#cell(cells, target);
    if (cell === '') return null;
    const text = cut(tidy(cell), length);
    return text === '' ? null : text;
  }

  #each(cells: readonly string[], target: Target): string[] {
    const columns = this.#columns.get(target);
    return columns === undefined ? [] : columns.map((column) => (cells[column] ?? '').toWellFormed()).filter((cell) => cell.trim() !== '');
  }

  /** The text that is no address, or the addresses. Further ones may stand in one cell, by comma. */
  #emails(cells: readonly string[]): readonly string[] | string {
    const { readEmail } = this.#options;
    const given = this.#cell(cells, 'email').trim();
    const found: string[] = [];
    if (given !== '') {
      const email = readEmail(given);
      if (email === null) return tidy(given);
      found.push(email);
    }
    if (!this.#columns.has('other_email')) return found;
    for (const cell of this.#each(cells, 'other_email')) {
      for (const part of cell.split(/[,;\s]+(?=\S*@)/)) {
        const email = readEmail(part.trim());
        if (email === null) return tidy(part);
        if (!found.includes(email)) found.push(email);
      }
    }
    return found;
  }

  #phones(cells: readonly string[]): readonly PhoneFields[] {
    const texts = [this.#cell(cells, 'phone'), ...this.#each(cells, 'other_phone')];
    const found: PhoneFields[] = [];
    for (const text of texts) {
      if (text === '') continue;
      const phone = this.#options.readPhone(text);
      if (phone.phoneRaw !== null && !found.some((one) => (one.phone ?? one.phoneRaw) === (phone.phone ?? phone.phoneRaw)))
        found.push(phone);
    }
    return found;
  }

  #name(cells: readonly string[]): Name {
    const first = this.#cell(cells, 'first_name');
    const last = this.#cell(cells, 'last_name');
    const parts = first === '' && last === '' ? NO_NAME : joinName(first, last);
    if (parts.fullName !== '') return parts;
    const whole = this.#cell(cells, 'name');
    return whole === '' ? NO_NAME : parseName(whole);
  }

  #notes(cells: readonly string[]): string | null {
    const texts = this.#each(cells, 'notes');
    return texts.length === 0 ? null : cut(texts.map((text) => text.trim()).join('\n'), 20_000).replaceAll('\u0000', '');
  }

  #tags(cells: readonly string[]): readonly string[] {
    const texts = this.#each(cells, 'tags');
    const { tagAll } = this.#options;
    return texts.length === 0
      ? tagAll
      : [
          ...new Set([
            ...tagAll,
            ...texts
              .flatMap((text) => text.split(/[,;|\n]| ::: /))
              .map(tidy)
              .filter((tag) => tag !== ''),
          ]),
        ].slice(0, 50);
  }

  #values(cells: readonly string[]): { values: Record<string, CustomValue> } | { field: string; reason: string; given: string } | null {
    if (this.#custom.length === 0) return null;
    const values: Record<string, CustomValue> = {};
    for (const { column, field } of this.#custom) {
      const given = (cells[column] ?? '').toWellFormed();
      if (given.trim() === '') continue;
      const read = this.#formatted(given, column, field);
      const parsed = 'reason' in read ? read : parseCustom(field, read.value);
      if ('reason' in parsed) return { field: `custom.${field.key}`, reason: parsed.reason, given };
      if (parsed.value !== null) values[field.key] = parsed.value;
    }
    return Object.keys(values).length === 0 ? null : { values };
  }

  #formatted(given: string, column: number, field: CustomField): { value: string } | { reason: string } {
    const format = this.#options.formats[column];
    if (field.type === 'date') return readDate(given, orderOf(format), this.#options.year);
    if (field.type === 'number' && (format === 'point' || format === 'comma')) return readNumber(given, format);
    return { value: given };
  }

  #consent(cells: readonly string[]): { given: RowConsent | null } | { reason: string; given: string } | null {
    if (!this.#columns.has('consent') && !this.#columns.has('consent_at')) return null;
    const word = this.#cell(cells, 'consent');
    const day = this.#cell(cells, 'consent_at').trim();
    // A date alone says that consent was given; a word that is not yes says that it was not.
    if (this.#columns.has('consent') ? !isYes(word) : day === '') return null;
    const column = this.#columns.get('consent_at')?.[0];
    const read = day === '' || column === undefined ? null : readDate(day, orderOf(this.#options.formats[column]), this.#options.year);
    if (read !== null && 'reason' in read) return { reason: read.reason, given: day };
    return { given: { at: read?.value ?? null, evidence: this.#text(cells, 'consent_evidence', 500) } };
  }

  /** A word that we do not know means new: nothing is decided about a lead by a word of somebody else's. */
  #status(cells: readonly string[]): LeadStatus {
    const word = this.#cell(cells, 'status');
    if (word === '') return 'new';
    const known = this.#statuses.get(word);
    if (known !== undefined) return known;
    const plain = bare(word);
    const status = LEAD_STATUSES.find((one) => one === plain) ?? STATUS_WORDS[plain] ?? 'new';
    if (this.#statuses.size < 1_000) this.#statuses.set(word, status);
    return status;
  }
}

const orderOf = (format: string | undefined): DateOrder => (format === 'mdy' || format === 'ymd' ? format : 'dmy');
const bare = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const isYes = (word: string): boolean => word !== '' && YES.has(bare(word));

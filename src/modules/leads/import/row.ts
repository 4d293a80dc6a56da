import { cut, joinName, normaliseEmail, parseName, tidy, type Name, type PhoneFields } from '#modules/people/public.ts';
import { LEAD_STATUSES, type LeadStatus } from '../tables.ts';
import type { ImportField, Mapping } from './mapping.ts';

/** One row, everything normalised. */
export interface ImportRow extends PhoneFields {
  readonly email: string;
  readonly name: Name;
  readonly organisation: string | null;
  readonly source: string | null;
  readonly notes: string | null;
  readonly status: LeadStatus;
  /** The file says that this person wants no mail. */
  readonly optedOut: boolean;
}

export interface Refusal {
  readonly rowNumber: number;
  readonly line: number;
  readonly field: string | null;
  readonly reason: string;
  readonly value: string | null;
}

/** What other programs call our statuses. */
const STATUS_WORDS: Readonly<Record<string, LeadStatus>> = {
  open: 'new', lead: 'new', subscriber: 'new', uncontacted: 'new', attempted: 'contacted', connected: 'contacted', inprogress: 'engaged', replied: 'engaged',
  interested: 'engaged', opportunity: 'qualified', sql: 'qualified', marketingqualifiedlead: 'qualified', salesqualifiedlead: 'qualified', customer: 'converted',
  client: 'converted', won: 'converted', closedwon: 'converted', closedlost: 'lost', unqualified: 'lost', dead: 'lost', notinterested: 'lost', optout: 'unsubscribed',
  optedout: 'unsubscribed', unsubscribe: 'unsubscribed', donotcontact: 'unsubscribed', dnc: 'unsubscribed',
}; // prettier-ignore

const YES = new Set(['1', 'yes', 'y', 'true', 't', 'x', 'ja', 'oui', 'si', 'sí', 'unsubscribed', 'optedout', 'optout', 'wahr', 'vrai']);

/**
 * Reads a record by the mapping; a short record lacks its last cells, a long one has some too many: both are read as far as
 * they go. Answers why, when the row cannot be taken: without a good address nobody can be told apart.
 */
export function readRow(
  cells: readonly string[],
  mapping: Mapping,
  readPhone: (text: string) => PhoneFields,
): ImportRow | Pick<Refusal, 'field' | 'reason' | 'value'> {
  const cell = (field: ImportField): string => {
    const index = mapping.indexOf(field);
    return index < 0 ? '' : (cells[index] ?? '').toWellFormed();
  };
  const given = tidy(cell('email'));
  if (given === '') return { field: 'email', reason: 'has no email address', value: null };
  const email = normaliseEmail(given);
  if (email === null) return { field: 'email', reason: 'is not an email address', value: cut(given, 200) };
  const parts = joinName(cell('first_name'), cell('last_name'));
  const status = statusOf(cell('status'));
  const optedOut = status === 'unsubscribed' || YES.has(letters(cell('opted_out')));
  return {
    email,
    name: parts.fullName === '' ? parseName(cell('name')) : parts,
    ...readPhone(cell('phone')),
    organisation: text(cell('organisation'), 200),
    source: text(cell('source'), 100),
    notes: cell('notes').trim() === '' ? null : cut(cell('notes').trim(), 20_000),
    status: optedOut ? 'unsubscribed' : status,
    optedOut,
  };
}

const letters = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** A word that we do not know means new: nothing is decided about a lead by a word of somebody else's. */
function statusOf(word: string): LeadStatus {
  const plain = letters(word);
  return LEAD_STATUSES.find((status) => status === plain) ?? STATUS_WORDS[plain] ?? 'new';
}

function text(value: string, length: number): string | null {
  const tidied = cut(tidy(value), length);
  return tidied === '' ? null : tidied;
}

import type { BlockReason, CustomValue, PhoneFields } from '#modules/people/public.ts';
import type { ImportRow, Refusal } from './row.ts';
import type { LeadStatus } from '../tables.ts';

/** Somebody whom rows are about, as known before and while an import runs. One object a person, however many rows. */
export interface Subject {
  readonly personId: string;
  /** Made by this import in a chunk that is not committed yet. */
  fresh: boolean;
  hasLead: boolean;
  optedOut: boolean;
  named: boolean;
  hasPhone: boolean;
  hasOrganisation: boolean;
  hasNotes: boolean;
  hasOwner: boolean;
  hasLanguage: boolean;
  hasTimeZone: boolean;
  hasConsent: boolean;
  /** A few texts at the most: arrays, since four sets a person are most of what an import holds in memory. */
  readonly emails: string[];
  readonly phones: string[];
  /** Lower case. */
  readonly tags: string[];
  /** Keys that have a value. */
  readonly custom: string[];
}

export interface Counts {
  /** New leads. */
  readonly created: number;
  /** Rows whose person was a lead already, here or further up in the file. */
  readonly merged: number;
  /** Of the merged: rows that told us something new. */
  readonly changed: number;
  /** Rows of people who opted out: left as they are. */
  readonly optOutsKept: number;
  readonly refused: number;
}

/** What is written about one person: all of it for a new one, the gaps that rows fill for a known one. */
export interface Draft {
  readonly subject: Subject;
  readonly first: ImportRow;
  /** How a row without an address is told again. */
  readonly key: string | null;
  readonly kind: 'person' | 'lead' | 'fill';
  name: ImportRow['name'] | null;
  phone: PhoneFields | null;
  organisation: string | null;
  notes: string | null;
  ownerId: string | null;
  language: string | null;
  timeZone: string | null;
  source: string | null;
  status: LeadStatus;
  custom: Record<string, CustomValue> | null;
  tags: string[] | null;
  /** Further addresses and numbers. */
  emails: string[] | null;
  phones: PhoneFields[] | null;
  /** The row that says so. */
  optOut: ImportRow | null;
  consent: ImportRow | null;
}

export interface Plan {
  readonly drafts: readonly Draft[];
  readonly refusals: readonly Refusal[];
  /** Rows that say no of somebody who is out already; `null`: of nobody here. */
  readonly named: readonly { readonly personId: string | null; readonly row: ImportRow }[];
  readonly counts: Counts;
}

/** Who is known by which key, and which addresses may not come back. */
export interface Register {
  find(key: string): Subject | undefined;
  add(key: string, subject: Subject): void;
  blocked(email: string): BlockReason | undefined;
  newId(): string;
  /** Rows without an address are told by number: whoever gets a number can be found by it at once. */
  readonly byNumber: boolean;
}

/**
 * Decides, writes nothing: a dry run and a real one differ only in what happens next. What is there stays, gaps are filled
 * (not the source: that says where somebody came from first), the strictest consent wins, an opt-out is never touched.
 */
export function planBatch(rows: readonly ImportRow[], register: Register): Plan {
  const drafts = new Map<Subject, Draft>();
  const refusals: Refusal[] = [];
  const named: { personId: string | null; row: ImportRow }[] = [];
  let [created, merged, changed, optOutsKept] = [0, 0, 0, 0];
  for (const row of rows) {
    const { keys } = row;
    const subject = subjectOf(keys, register);
    if (subject === 'several') {
      refusals.push(refusal(row, 'belong to two people here; put them together first', row.emails.join(', ')));
      continue;
    }
    if (subject === undefined) {
      const reason = row.emails
        .map((email) => register.blocked(email))
        .find((found) => found !== undefined && found !== 'bounce' && found !== 'manual');
      if (reason === 'erased') {
        refusals.push(refusal(row, 'belongs to somebody who was erased on their wish; only they can come back, by a form', null));
        continue;
      }
      if (reason !== undefined) {
        if (row.optedOut) named.push({ personId: null, row });
        optOutsKept += 1;
        continue;
      }
      const made = newSubject(register.newId());
      keys.forEach((key) => register.add(key, made));
      const draft = newDraft(made, row, 'person', row.emails.length === 0 ? (keys[0] ?? null) : null);
      absorb(draft, row);
      addNumbers(register, made);
      drafts.set(made, draft);
      created += 1;
      continue;
    }
    if (subject.optedOut) {
      if (row.optedOut) named.push({ personId: subject.personId, row });
      optOutsKept += 1;
      continue;
    }
    const before = drafts.get(subject);
    const draft = before ?? newDraft(subject, row, subject.hasLead ? 'fill' : 'lead', null);
    if (subject.hasLead) merged += 1;
    else created += 1;
    const wasLead = subject.hasLead;
    const news = absorb(draft, row);
    if (row.emails.length > 0) for (const key of keys) register.add(key, subject);
    addNumbers(register, subject);
    if (wasLead && news) changed += 1;
    if (before === undefined && (news || !wasLead)) drafts.set(subject, draft);
  }
  return { drafts: [...drafts.values()], refusals, named, counts: { created, merged, changed, optOutsKept, refused: refusals.length } };
}

/** Who had a number first keeps it. */
function addNumbers(register: Register, subject: Subject): void {
  if (!register.byNumber) return;
  for (const number of subject.phones) if (register.find(`p:${number}`) === undefined) register.add(`p:${number}`, subject);
}

function subjectOf(keys: readonly string[], register: Register): Subject | 'several' | undefined {
  let found: Subject | undefined;
  for (const key of keys) {
    const one = register.find(key);
    if (one !== undefined && found !== undefined && one !== found) return 'several';
    found ??= one;
  }
  return found;
}

function refusal({ rowNumber, line, cells }: ImportRow, reason: string, value: string | null): Refusal {
  return { rowNumber, line, field: 'email', reason, value, cells };
}

function newSubject(personId: string): Subject {
  return {
    personId, fresh: true, hasLead: false, optedOut: false, named: false, hasPhone: false, hasOrganisation: false, hasNotes: false, hasOwner: false,
    hasLanguage: false, hasTimeZone: false, hasConsent: false, emails: [], phones: [], tags: [], custom: [],
  }; // prettier-ignore
}

function newDraft(subject: Subject, first: ImportRow, kind: Draft['kind'], key: string | null): Draft {
  return {
    subject, first, kind, key, name: null, phone: null, organisation: null, notes: null, ownerId: null, language: null, timeZone: null, source: first.source,
    status: first.status, custom: null, tags: null, emails: null, phones: null, optOut: null, consent: null,
  }; // prettier-ignore
}

/** Takes from a row what the person lacks; the first row's word holds. Answers whether it told anything new. */
function absorb(draft: Draft, row: ImportRow): boolean {
  const { subject } = draft;
  let news = false;
  if (!subject.named && row.name.fullName !== '') {
    draft.name = row.name;
    subject.named = news = true;
  }
  if (!subject.hasOrganisation && row.organisation !== null) {
    draft.organisation = row.organisation;
    subject.hasOrganisation = news = true;
  }
  if (!subject.hasNotes && row.notes !== null) {
    draft.notes = row.notes;
    subject.hasNotes = news = true;
  }
  if (!subject.hasOwner && row.ownerId !== null) {
    draft.ownerId = row.ownerId;
    subject.hasOwner = news = true;
  }
  if (!subject.hasLanguage && row.language !== null) {
    draft.language = row.language;
    subject.hasLanguage = news = true;
  }
  news = absorbContacts(draft, row) || news;
  const zone = row.timeZone ?? row.phones[0]?.timeZone ?? null;
  if (!subject.hasTimeZone && zone !== null) {
    draft.timeZone = zone;
    subject.hasTimeZone = true;
    news ||= row.timeZone !== null;
  }
  if (row.custom !== null) {
    for (const [key, value] of Object.entries(row.custom)) {
      if (subject.custom.includes(key)) continue;
      (draft.custom ??= {})[key] = value;
      subject.custom.push(key);
      news = true;
    }
  }
  for (const tag of row.tags) {
    const key = tag.toLowerCase();
    if (subject.tags.includes(key)) continue;
    (draft.tags ??= []).push(tag);
    subject.tags.push(key);
    news = true;
  }
  if (row.optedOut) {
    draft.optOut = row;
    subject.optedOut = news = true;
  } else if (row.consent !== null && !subject.hasConsent) {
    draft.consent = row;
    subject.hasConsent = news = true;
  }
  if (!subject.hasLead) subject.hasLead = news = true;
  return news;
}

function absorbContacts(draft: Draft, row: ImportRow): boolean {
  const { subject } = draft;
  let news = false;
  for (const email of row.emails) {
    if (subject.emails.includes(email)) continue;
    subject.emails.push(email);
    (draft.emails ??= []).push(email);
    news = true;
  }
  for (const phone of row.phones) {
    const text = phone.phone ?? phone.phoneRaw ?? '';
    if (subject.phones.includes(text)) continue;
    if (!subject.hasPhone) {
      draft.phone = phone;
      subject.hasPhone = true;
    } else if (row.phones.length > 1) (draft.phones ??= []).push(phone);
    else continue; // one column of numbers: what is there stays
    subject.phones.push(text);
    news = true;
  }
  return news;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    created: a.created + b.created,
    merged: a.merged + b.merged,
    changed: a.changed + b.changed,
    optOutsKept: a.optOutsKept + b.optOutsKept,
    refused: a.refused + b.refused,
  };
}

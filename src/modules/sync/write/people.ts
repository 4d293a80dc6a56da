import { arrayOf } from '#core/database/array-literal.ts';
import type { Transaction } from '#core/database/database.ts';
import { constraintOf, errorCode } from '#core/database/pg-error.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import {
  blockedHashes,
  keepNamedOptOuts,
  optEvents,
  organisationKey,
  recordConsent,
  refreshContacts,
  tagPersons,
  upsertOrganisations,
  type Blocked,
  type ConsentEntry,
} from '#modules/people/public.ts';
import type { FoundConflict } from '../conflicts.ts';
import type { Link, NewLink } from '../links.ts';
import type { PersonRow, Refusal } from '../row.ts';
import { BY_EMAIL, EMAILS, INSERT, LOCK, UPDATE, type Ours } from './people-statements.ts';
import { blank, draftOf, merged, type Draft } from './people-values.ts';
import type { WriteContext, Written } from './written.ts';

/** Somebody else took one of the addresses since we looked: the page is done anew. */
export class Overtaken extends Error {}

interface Subject {
  readonly draft: Draft;
  readonly fresh: boolean;
  /** Before this page. */
  readonly updatedAt: Date | null;
  organisation: string | null;
  optedOut: boolean;
  readonly emails: Set<string>;
  readonly added: Set<string>;
  touched: boolean;
  second: boolean;
}

/**
 * Writes the people of a page, in the caller's transaction: who is linked is brought up to date, who has the address is linked, others are made. Nobody is
 * opted in, nobody who is on the list of those who must get no mail is made. A handful of statements, however many rows.
 */
export async function writePeople(
  tx: Transaction,
  runtime: Runtime,
  context: WriteContext,
  rows: readonly PersonRow[],
  links: ReadonlyMap<string, Link>,
): Promise<Written> {
  const { companyId, at } = context;
  const emails = [...new Set(rows.flatMap((row) => (row.email === null ? row.otherEmails : [row.email, ...row.otherEmails])))];
  const owners = new Map(
    (await tx.query<{ email: string; personId: string }>(BY_EMAIL, [companyId, arrayOf(emails)])).map((row) => [row.email, row.personId]),
  );
  const blocked = await blockedHashes(tx, runtime.secrets, companyId, emails);
  const organisations = await upsertOrganisations(
    tx,
    companyId,
    rows.flatMap((row) => row.fields['organisation'] ?? []),
    at,
  );
  const organisation = (name: string) => organisations.get(organisationKey(name)) ?? null;

  const wanted = new Set<string>();
  for (const row of rows) {
    const linked = links.get(row.externalId)?.personId;
    const found = linked ?? [row.email, ...row.otherEmails].map((email) => owners.get(email ?? '')).find((id) => id !== undefined);
    if (found !== undefined) wanted.add(found);
  }
  const subjects = new Map<string, Subject>();
  for (const ours of wanted.size === 0 ? [] : await tx.query<Ours>(LOCK, [companyId, [...wanted]]))
    subjects.set(ours.id, {
      draft: draftOf(ours),
      fresh: false,
      updatedAt: ours.updatedAt,
      organisation: ours.organisation,
      optedOut: ours.optedOut,
      emails: new Set(ours.emails),
      added: new Set(),
      touched: false,
      second: false,
    });

  const made: { readonly link: Omit<NewLink, 'inStepAt'>; readonly subject: Subject | null; readonly apart: boolean }[] = [];
  const refusals: Refusal[] = [];
  const conflicts: FoundConflict[] = [];
  const outs: ConsentEntry[] = [];
  const named: { personId: string | null; emails: readonly string[]; evidence: { source_id: string; external_id: string } }[] = [];
  const tags = new Map<string, Set<string>>();
  const changedFields = new Map<string, Set<string>>();
  let optOutsKept = 0;

  for (const row of rows) {
    const { externalId, hash, changedAt, flags } = row;
    const known = links.get(externalId);
    const evidence = { source_id: context.sourceId, external_id: externalId };
    const all = row.email === null ? row.otherEmails : [row.email, ...row.otherEmails];
    const linked = subjects.get(known?.personId ?? '');
    const ids = new Set(all.flatMap((email) => owners.get(email) ?? []));
    const matched = linked ?? (ids.size === 1 ? subjects.get([...ids][0] ?? '') : undefined);
    const refusal = refused(row, linked, ids, blocked);
    if (refusal !== null) {
      refusals.push(refusal);
      continue;
    }
    const base = { externalId, hash, changedAt, flags, base: row.fields };
    if (matched === undefined && all.some((email) => stops(blocked.get(email)))) {
      if (row.optedOut) named.push({ personId: null, emails: all, evidence });
      optOutsKept += 1;
      made.push({ link: { ...base, base: {}, note: 'opted_out' }, subject: null, apart: false });
      continue;
    }
    const subject = matched ?? fresh(subjects);
    const result = merged(
      subject.draft,
      row,
      known === undefined || linked === undefined ? undefined : known.base,
      subject,
      organisation,
      context.bothWays,
    );
    if (result.changed.includes('organisation')) subject.organisation = row.fields['organisation'] ?? null;
    for (const clash of result.clashes) conflicts.push({ externalId, personId: subject.draft.id, organisationId: null, ...clash });
    for (const email of all) {
      if (subject.emails.has(email)) continue;
      subject.emails.add(email);
      subject.added.add(email);
      owners.set(email, subject.draft.id);
    }
    if (subject.emails.size > 1 && subject.added.size > 0) subject.second = true;
    if (result.changed.length > 0) {
      subject.touched = true;
      const seen = changedFields.get(subject.draft.id) ?? new Set<string>();
      result.changed.forEach((field) => seen.add(field));
      changedFields.set(subject.draft.id, seen);
    }
    for (const tag of row.tags) tags.set(tag, (tags.get(tag) ?? new Set()).add(subject.draft.id));
    if (row.optedOut && subject.optedOut) named.push({ personId: subject.draft.id, emails: all, evidence });
    else if (row.optedOut) {
      outs.push({
        companyId,
        personId: subject.draft.id,
        state: 'withdrawn',
        source: 'sync',
        evidence: { ...evidence, connector: context.connector },
        at,
      });
      subject.optedOut = true;
    }
    if (subject.optedOut && !row.optedOut) optOutsKept += 1;
    made.push({ link: { ...base, personId: subject.draft.id, note: null }, subject, apart: result.apart });
  }

  const all = [...subjects.values()];
  const news = all.filter((subject) => subject.fresh);
  const updated = all.filter((subject) => !subject.fresh && subject.touched);
  if (news.length > 0) await tx.query(INSERT, [companyId, JSON.stringify(news.map(({ draft }) => draft)), at]);
  await claim(tx, context, all);
  if (updated.length > 0) await tx.query(UPDATE, [companyId, JSON.stringify(updated.map(({ draft }) => draft)), at]);
  await refreshContacts(
    tx,
    companyId,
    all.flatMap((subject) => (subject.second ? [subject.draft.id] : [])),
  );
  for (const [ids, group] of together(tags)) await tagPersons(tx, companyId, ids, group, at);
  const events: DomainEvent[] = optEvents(await recordConsent(tx, outs));
  await keepNamedOptOuts(tx, { companyId, source: 'sync', at }, named);
  if (context.tell) {
    events.push(...news.map(({ draft }) => about(companyId, draft.id, 'person.created', { source: 'sync' })));
    events.push(
      ...updated.map(({ draft }) => about(companyId, draft.id, 'person.updated', { fields: [...(changedFields.get(draft.id) ?? [])] })),
    );
  }
  return {
    links: made.map(({ link, subject, apart }) => ({ ...link, inStepAt: inStepAt(subject, apart, at) })),
    refusals,
    conflicts,
    events,
    created: news.length,
    changed: updated.length,
    optOutsKept,
  };
}

/** Long ago where something of ours is still to be written there. */
function inStepAt(subject: Subject | null, apart: boolean, at: Date): Date | null {
  if (subject === null) return null;
  if (apart) return new Date(0);
  return subject.fresh || subject.touched ? at : subject.updatedAt;
}

function fresh(subjects: Map<string, Subject>): Subject {
  const id = newId();
  const subject: Subject = {
    draft: blank(id),
    fresh: true,
    updatedAt: null,
    organisation: null,
    optedOut: false,
    emails: new Set(),
    added: new Set(),
    touched: false,
    second: false,
  };
  subjects.set(id, subject);
  return subject;
}

/** An opt-out or a complaint keeps somebody from being made; a bounce says something about a mailbox only. */
const stops = (found: Blocked | undefined): boolean => found !== undefined && found.reason !== 'bounce' && found.reason !== 'manual';

function refused(
  row: PersonRow,
  linked: Subject | undefined,
  ids: ReadonlySet<string>,
  blocked: ReadonlyMap<string, Blocked>,
): Refusal | null {
  const no = (reason: string, value: string | null): Refusal => ({
    externalId: row.externalId,
    changedAt: row.changedAt,
    hash: row.hash,
    field: null,
    reason,
    value,
    raw: row.raw(),
    flags: row.flags,
  });
  const all = row.email === null ? row.otherEmails : [row.email, ...row.otherEmails];
  const erased = all.find((email) => blocked.get(email)?.reason === 'erased' && linked?.emails.has(email) !== true);
  if (erased !== undefined) return no('belongs to somebody who was erased on their wish; only they can come back, by a form', null);
  if (linked === undefined ? ids.size > 1 : [...ids].some((id) => id !== linked.draft.id))
    return no('has an address of another person here; put the two together first', all.join(', '));
  return null;
}

/** New addresses. @throws Overtaken */
async function claim(tx: Transaction, { companyId, at }: WriteContext, subjects: readonly Subject[]): Promise<void> {
  const addresses = subjects.flatMap((subject) => [...subject.added].map((email) => [email, subject.draft.id] as const));
  if (addresses.length === 0) return;
  try {
    const values = [companyId, at, arrayOf(addresses.map(([email]) => email)), arrayOf(addresses.map(([, id]) => id))];
    const [taken] = await tx.query<{ n: number }>(EMAILS, values);
    if (taken?.n !== addresses.length) throw new Overtaken('an address was taken meanwhile');
  } catch (error) {
    if (errorCode(error) === '23505' && constraintOf(error) === 'person_emails_pkey')
      throw new Overtaken('an address was taken meanwhile', { cause: error });
    throw error;
  }
}

/** Tags that the same people get go in one statement; a source has few such groups. */
function together(tags: ReadonlyMap<string, ReadonlySet<string>>): (readonly [ids: string[], tags: string[]])[] {
  const groups = Map.groupBy(tags, ([, ids]) => [...ids].toSorted().join(' '));
  return [...groups.values()].map((group) => [[...(group[0]?.[1] ?? [])], group.map(([tag]) => tag)]);
}

function about(companyId: string, id: string, name: string, payload: DomainEvent['payload']): DomainEvent {
  return { name, companyId, subject: { type: 'person', id }, personId: id, ...(payload === undefined ? {} : { payload }) };
}

import { basisOfPerson, listTopics, MARKETING, optEvents, recordConsent, renewConsent } from '#modules/people/public.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { optOut } from '../opt-out.ts';
import { suppress } from '../suppress.ts';
import type { LinkSubject } from '../tokens.ts';

const READER: Statement = {
  name: 'messages.link_reader',
  text: `select c.name as "companyName", p.id as "personId", coalesce(m.to_email, p.email) as address, p.opted_out_at is not null as out, p.language, c.settings ->> 'language' as "companyLanguage",
           exists (select from person_merges x where x.company_id = c.id and x.survivor_id = p.id and x.undone_at is null) as merged
           from companies c
           -- a link outlives a merge: it then stands for who the person is now
           left join person_merges g on g.company_id = c.id and g.absorbed_id = $2 and g.undone_at is null
           left join people p on p.id = coalesce(g.survivor_id, $2) and p.company_id = c.id left join messages m on m.id = $3 and m.company_id = c.id and m.person_id = p.id
           where c.id = $1`,
};

export interface LinkReader {
  readonly companyName: string;
  /** Null when the person was erased meanwhile. */
  readonly personId: string | null;
  readonly address: string | null;
  readonly out: boolean;
  /** BCP 47, as it stands on the person. */
  readonly language: string | null;
  readonly companyLanguage: string | null;
  /** Two in one: what is said now must be in the log, so that it counts for both if they are parted again. */
  readonly merged: boolean;
}

/** Who holds this link. Undefined when the company is gone. */
export async function readerOf(tx: Transaction, link: LinkSubject): Promise<LinkReader | undefined> {
  const [row] = await tx.query<LinkReader>(READER, [link.companyId, link.personId, link.messageId]);
  return row;
}

/** Opt-out by the link in a mail. Somebody who was erased gets no mail anyway. */
export async function unsubscribe(
  tx: Transaction,
  runtime: Runtime,
  link: LinkSubject,
  reader: LinkReader,
  source: 'one_click' | 'page' | 'preference_page',
  evidence: Facts,
): Promise<void> {
  if (reader.personId === null) return;
  // Asked again: the log has it already. The address may be another one this time.
  if (reader.out && !reader.merged) {
    const again =
      reader.address === null
        ? []
        : [{ companyId: link.companyId, address: reader.address, reason: 'opt_out' as const, source, personId: reader.personId }];
    await suppress(tx, runtime, again);
    return;
  }
  await optOut(tx, runtime, {
    companyId: link.companyId,
    personId: reader.personId,
    address: reader.address,
    source,
    evidence: { ...evidence, message_id: link.messageId },
  });
}

/** A topic as the preference page shows it, word by word. */
export interface TopicChoice {
  readonly key: string;
  readonly title: string;
  readonly wording: string;
  readonly wordingVersion: number;
  readonly on: boolean;
}

/** Every topic, ticked where mail about it may come: a box that waits for a yes is no yes. */
export async function topicsOf(tx: Transaction, link: LinkSubject, reader: LinkReader, now: Date): Promise<TopicChoice[]> {
  const basis = reader.personId === null ? null : await basisOfPerson(tx, link.companyId, reader.personId, now);
  const may = new Map(basis?.topics.map((topic) => [topic.topic, topic.may]));
  return (await listTopics(tx, link.companyId)).map(({ key, title, wording, wordingVersion }) => ({
    key,
    title,
    wording,
    wordingVersion,
    on: may.get(key) === true,
  }));
}

/** What the person chose on the preference page, written down where it changes something. Their own act: it may take back an opt-out. */
export async function choose(
  tx: Transaction,
  runtime: Runtime,
  link: LinkSubject,
  reader: LinkReader,
  wanted: ReadonlySet<string>,
  evidence: Facts,
): Promise<void> {
  const { personId } = reader;
  if (personId === null) return;
  const at = runtime.clock.now();
  const topics = await topicsOf(tx, link, reader, at);
  if (!topics.some((topic) => wanted.has(topic.key))) return unsubscribe(tx, runtime, link, reader, 'preference_page', evidence);
  const entry = {
    companyId: link.companyId,
    personId,
    source: 'preference_page',
    evidence: { ...evidence, message_id: link.messageId },
    at,
  };
  if (reader.out) {
    const changes = await renewConsent(tx, [{ ...entry, topic: MARKETING, state: 'granted', lawfulBasis: 'consent' }]);
    if (changes.length > 0) await runtime.engine.emit(tx, optEvents(changes));
  }
  /** With the words that stood beside the box. */
  const told = ({ key, wording, wordingVersion }: TopicChoice) => ({
    ...entry,
    topic: key,
    evidence: { ...entry.evidence, wording, topic_version: wordingVersion },
  });
  const off = topics.filter((topic) => !wanted.has(topic.key) && (topic.on || reader.out));
  const on = topics.filter((topic) => wanted.has(topic.key) && !topic.on);
  await recordConsent(
    tx,
    off.map((topic) => ({ ...told(topic), state: 'withdrawn' as const })),
  );
  await renewConsent(
    tx,
    on.map((topic) => ({ ...told(topic), state: 'granted' as const, lawfulBasis: 'consent' as const })),
  );
}

import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { TOPIC_BASES, type TopicBasis } from '../basis/find.ts';
import { TOPIC_CHANNELS } from './tables.ts';

/** No such topic in this company. */
export class TopicNotFound extends NotFound {
  override readonly code = 'topic_not_found';
}

export const Topic = z.object({
  key: z.string().describe('Names it in the consent log, in messages and in forms; never changes'),
  title: z.string().describe('What people read on their preference page'),
  description: z.string().describe('For colleagues'),
  channels: z.array(z.enum(TOPIC_CHANNELS)),
  bases: z
    .array(z.enum(TOPIC_BASES))
    .describe('What suffices besides consent, which always does; the country of the person decides whether it counts there'),
  wording: z.string().describe('What people are told, and what a form proposes as consent text'),
  wordingVersion: z.int().describe('Goes up when the wording changes; kept with each consent'),
  warning: z.string().nullable().describe('What to think of before these bases are used'),
  archivedAt: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Topic = z.output<typeof Topic>;
export type StoredTopic = Omit<Topic, 'warning'>;

export const TOPIC_COLUMNS = `t.key, t.title, t.description, t.channels, t.bases, coalesce(w.wording, '') as wording, t.wording_version as "wordingVersion",
  t.archived_at as "archivedAt", t.created_at as "createdAt", t.updated_at as "updatedAt"`;
export const TOPIC_FROM = `topics t left join topic_wordings w on w.company_id = t.company_id and w.topic_key = t.key and w.version = t.wording_version`;

const LIST: Statement = {
  name: 'topics.list',
  text: `select ${TOPIC_COLUMNS} from ${TOPIC_FROM} where t.company_id = $1 and ($2 or t.archived_at is null) order by t.archived_at is not null, t.created_at, t.key`,
};

/** The topics of a company, the oldest first; archived ones behind them, or not at all. */
export function listTopics(tx: Transaction, companyId: string, archived = false): Promise<StoredTopic[]> {
  return tx.query<StoredTopic>(LIST, [companyId, archived]);
}

const WORDING_OF: Statement = {
  name: 'topics.wordings_that_say',
  text: `select w.topic_key as key, max(w.version) as version from topic_wordings w where w.company_id = $1 and w.topic_key = any($2::text[]) and position(w.wording in $3) > 0 group by 1`,
};

/** Which versions of these topics' wordings stand in this text, word by word. */
export async function versionsIn(
  tx: Transaction,
  companyId: string,
  keys: readonly string[],
  text: string,
): Promise<Record<string, number>> {
  if (text === '' || keys.length === 0) return {};
  const rows = await tx.query<{ key: string; version: number }>(WORDING_OF, [companyId, keys, text]);
  return Object.fromEntries(rows.map((row) => [row.key, row.version]));
}

/** What a colleague should know before a topic goes out on these bases. */
export function warningOf(bases: readonly TopicBasis[]): string | null {
  const says: string[] = [];
  if (bases.includes('inquiry')) says.push('An enquiry covers the answer to it and coming back to it, not news and offers.');
  if (bases.includes('soft_opt_in'))
    says.push('Clients may get mail about products like those they bought, where they were told so when they gave their address.');
  if (bases.includes('legitimate_interest')) says.push('A legitimate interest counts only where the law of the person’s country lets it.');
  if (bases.includes('contract')) says.push('A contract covers what the contract needs, not advertising.');
  return says.length === 0 ? null : says.join(' ');
}

/** As the API shows it. */
export const shownTopic = (topic: StoredTopic): Topic => ({ ...topic, warning: warningOf(topic.bases) });

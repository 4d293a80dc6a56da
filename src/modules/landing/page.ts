import { z } from 'zod';
import type { Config } from '#core/config.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { AppError, Conflict, NotFound } from '#core/errors.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { Blocks } from './model/blocks.ts';

export const LANGUAGES = ['en', 'de'] as const;
export const STATES = ['draft', 'scheduled', 'published', 'ended'] as const;

export const LandingRow = z.object({
  id: z.uuid(),
  slug: z.string(),
  url: z.string(),
  title: z.string(),
  state: z.enum(STATES),
  version: z.int().describe('The one that is shown; 0: none was published yet'),
  publishedAt: z.date().nullable(),
  shownFrom: z.date().nullable().describe('null: at once'),
  shownUntil: z.date().nullable().describe('null: for ever'),
  changed: z.boolean().describe('Since it was published'),
  visits: z.int().describe('Of the last 30 days, by people'),
  conversions: z.int().describe('Forms sent in the last 30 days'),
  goal: z.int().nullable().describe('Forms that it is to bring in; null: no goal'),
  goalReachedAt: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type LandingRow = z.output<typeof LandingRow>;

export const Landing = LandingRow.extend({
  description: z.string(),
  language: z.enum(LANGUAGES),
  indexed: z.boolean(),
  blocks: Blocks,
});
export type Landing = z.output<typeof Landing>;

/** No such landing page in this company. */
export class LandingNotFound extends NotFound {
  override readonly code = 'landing_page_not_found';
}

/** Another page has this address. */
export class SlugTaken extends Conflict {
  override readonly code = 'slug_taken';
}

/** Something on the page leads nowhere: each place is named. */
export class LandingUnfinished extends AppError {
  readonly code = 'landing_page_unfinished';
  readonly status = 422;
}

/** As stored, before the clock and the public address are asked. */
export type Stored = Omit<Landing, 'state' | 'url'>;

export const ROW = `p.id, p.slug, p.title, p.version, p.published_at as "publishedAt", p.shown_from as "shownFrom", p.shown_until as "shownUntil",
  p.version > 0 and p.updated_at > p.published_at as changed, coalesce(d.visits, 0)::int as visits, coalesce(d.conversions, 0)::int as conversions, p.goal, p.goal_reached_at as "goalReachedAt", p.created_at as "createdAt", p.updated_at as "updatedAt"`;
/** $2: the first day that is counted. */
export const FROM = `from landing_pages p left join lateral (select sum(visits) as visits, sum(conversions) as conversions from landing_days x where x.page_id = p.id and x.company_id = $1 and x.day >= $2::date) d on true`;

const BY_ID: Statement = {
  name: 'landing.get',
  text: `select ${ROW}, p.description, p.language, p.indexed, p.blocks ${FROM} where p.company_id = $1 and p.id = $3`,
};
const LOCK: Statement = { name: 'landing.lock', text: 'select 1 from landing_pages where company_id = $1 and id = $2 for update' };

export const DAY_MS = 86_400_000;
let last = { day: 0, text: '1970-01-01' };
/** YYYY-MM-DD, UTC. Asked for at each look. */
export function dayOf(at: Date): string {
  const day = Math.floor(at.getTime() / DAY_MS);
  if (day !== last.day) last = { day, text: at.toISOString().slice(0, 10) };
  return last.text;
}
export const monthAgo = (now: Date): string => dayOf(new Date(now.getTime() - 29 * DAY_MS));

export function stateOf({ version, shownFrom, shownUntil }: Pick<Stored, 'version' | 'shownFrom' | 'shownUntil'>, now: Date): (typeof STATES)[number] {
  if (version === 0) return 'draft';
  if (shownUntil !== null && shownUntil <= now) return 'ended';
  return shownFrom !== null && shownFrom > now ? 'scheduled' : 'published';
} // prettier-ignore

/** Where visitors open it. */
export const addressOf = (config: Config, slug: string): string => `${publicUrl(config)}/go/${slug}`;

/** With what follows of the clock and the configuration. */
export const shown = <Row extends Omit<LandingRow, 'state' | 'url'>>(row: Row, config: Config, now: Date) => ({ ...row, state: stateOf(row, now), url: addressOf(config, row.slug) }); // prettier-ignore

/** @throws LandingNotFound */
export async function getStored(tx: Pick<Transaction, 'query'>, companyId: string, pageId: string, now: Date): Promise<Stored> {
  const [row] = await tx.query<Stored>(BY_ID, [companyId, monthAgo(now), pageId]);
  if (row === undefined) throw new LandingNotFound('There is no such landing page; list them with: steward landing list');
  return row;
}

/** So that two who change or publish it at once do it one after the other. */
export async function lockPage(tx: Pick<Transaction, 'query'>, companyId: string, pageId: string): Promise<void> {
  await tx.query(LOCK, [companyId, pageId]);
}

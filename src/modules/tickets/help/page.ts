import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';

/** The public page of a company's articles. */
export interface HelpPage {
  readonly companyId: string;
  readonly slug: string;
  /** The company's (BCP 47); null: it has not said. */
  readonly language: string | null;
}

const BY_SLUG: Statement = {
  name: 'tickets.help_by_slug',
  text: `select h.company_id as "companyId", h.slug, c.settings ->> 'language' as language from help_pages h join companies c on c.id = h.company_id where h.slug = $1 and h.open`,
};
const OF_COMPANY: Statement = {
  name: 'tickets.help_open',
  text: `select h.company_id as "companyId", h.slug, c.settings ->> 'language' as language from help_pages h join companies c on c.id = h.company_id where h.company_id = $1 and h.open`,
};

/** Whose page an address is; null: nobody's, or it is closed. For a caller that knows no company yet. */
export async function helpPageAt(tx: Pick<Transaction, 'query'>, slug: string): Promise<HelpPage | null> {
  return (await tx.query<HelpPage>(BY_SLUG, [slug]))[0] ?? null;
}

/** Null: the company has none that is open. */
export async function openHelpPage(tx: Pick<Transaction, 'query'>, companyId: string): Promise<HelpPage | null> {
  return (await tx.query<HelpPage>(OF_COMPANY, [companyId]))[0] ?? null;
}

export const helpUrl = (runtime: Pick<Runtime, 'config'>, slug: string, articleId?: string): string =>
  `${publicUrl(runtime.config)}/help/${slug}${articleId === undefined ? '' : `/${articleId}`}`;

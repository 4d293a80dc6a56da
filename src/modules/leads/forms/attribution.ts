import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { cut } from '#modules/people/public.ts';
import { UTM_NAMES, type FormField } from './fields.ts';

const part = () => z.string().max(2_000).optional();

/** Where a visitor came from, as the page or the caller says. */
export const Attribution = z.object({
  utmSource: part(),
  utmMedium: part(),
  utmCampaign: part(),
  utmTerm: part(),
  utmContent: part(),
  referrer: part().describe('Page that led here'),
  landingPage: part().describe('Page that the form stood on'),
});
export type Attribution = z.output<typeof Attribution>;

export const ATTRIBUTION_NAMES = [...UTM_NAMES, 'referrer', 'landing_page'] as const;

/** With the names that people know, what is empty left out. */
export function touchOf(given: Attribution | undefined): Record<string, string> {
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['utm_source', given?.utmSource],
    ['utm_medium', given?.utmMedium],
    ['utm_campaign', given?.utmCampaign],
    ['utm_term', given?.utmTerm],
    ['utm_content', given?.utmContent],
    ['referrer', given?.referrer],
    ['landing_page', given?.landingPage],
  ];
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (value === undefined || value.trim() === '' ? [] : [[name, cut(value.trim(), 1_000)]])),
  );
}

/** Fields of type utm take their answer from there. */
export function utmAnswers(fields: readonly FormField[], touch: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = touch[field.value];
      return field.type === 'utm' && value !== undefined ? [[field.name, cut(value, 500)]] : [];
    }),
  );
}

const TOUCH: Statement = {
  name: 'leads.sources.touch',
  text: `insert into lead_sources as s (lead_id, company_id, person_id, first_touch, first_at, last_touch, last_at) values ($1, $2, $3, $4, $5, $4, $5)
         on conflict (lead_id) do update set last_touch = excluded.last_touch, last_at = excluded.last_at`,
};

/** The first touch of a lead stays, the last one follows. */
export async function recordTouch(
  tx: Transaction,
  row: {
    readonly leadId: string;
    readonly companyId: string;
    readonly personId: string;
    readonly touch: Readonly<Record<string, string>>;
    readonly at: Date;
  },
): Promise<void> {
  await tx.query(TOUCH, [row.leadId, row.companyId, row.personId, JSON.stringify(row.touch), row.at]);
}

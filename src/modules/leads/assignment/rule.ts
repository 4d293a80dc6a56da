import { DateTime } from 'luxon';
import { z } from 'zod';
import { ConditionSchema, holds } from '#core/engine/conditions.ts';
import type { Facts } from '#core/engine/types.ts';

export const PICKS = ['round_robin', 'load', 'fixed'] as const;

const words = (most: number, longest: number) => z.array(z.string().trim().min(1).max(longest)).max(most).default([]);

/** Which leads a rule is for. An empty list asks nothing; of several lists all must fit. */
export const Fits = z.object({
  countries: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z]{2}$/, { error: 'is a country of two letters such as DE' })
        .toUpperCase(),
    )
    .max(250)
    .default([])
    .describe('ISO 3166: of the custom field country, else of the phone number'),
  postcodes: words(500, 12).describe('Beginnings of the custom field postcode: 10, 802'),
  languages: words(100, 35).describe('Of the person: de also fits de-AT'),
  sources: words(100, 100).describe('Of the lead'),
  where: ConditionSchema.nullable().default(null).describe('On lead and person: {"field": "person.custom.size", "above": 10}'),
});
export type Fits = z.output<typeof Fits>;

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'is a time such as 09:00' });
/** When a rule holds, in the company's time zone. */
export const Hours = z
  .object({ from: clock, to: clock, days: z.array(z.int().min(1).max(7)).min(1).max(7).describe('1 is Monday') })
  .refine(({ from, to }) => from < to, { error: 'must end after they begin' });
export type Hours = z.output<typeof Hours>;

export const Rule = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  name: z.string(),
  position: z.int(),
  active: z.boolean(),
  fits: Fits,
  pick: z.enum(PICKS).describe('round_robin: in turn; load: who has the fewest open leads; fixed: the first who is there'),
  userIds: z.array(z.uuid()),
  hours: Hours.nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Rule = z.output<typeof Rule>;

/** What rules look at. */
export interface LeadFacts {
  readonly country: string | null;
  readonly postcode: string | null;
  readonly language: string | null;
  readonly source: string | null;
  /** `{lead, person}` for `where`. */
  readonly facts: Facts;
}

const compact = (text: string) => text.replace(/[\s-]/g, '').toUpperCase();

export function fitsLead(fits: Fits, lead: LeadFacts, now: Date): boolean {
  const { country, postcode, language, source } = lead;
  if (fits.countries.length > 0 && (country === null || !fits.countries.includes(country.toUpperCase()))) return false;
  if (fits.postcodes.length > 0 && (postcode === null || !fits.postcodes.some((prefix) => compact(postcode).startsWith(compact(prefix)))))
    return false;
  if (fits.languages.length > 0 && (language === null || !fits.languages.some((one) => speaks(language, one)))) return false;
  if (fits.sources.length > 0 && (source === null || !fits.sources.some((one) => one.toLowerCase() === source.toLowerCase()))) return false;
  return fits.where === null || holds(fits.where, lead.facts, now);
}

function speaks(language: string, wanted: string): boolean {
  const [is, want] = [language.toLowerCase(), wanted.toLowerCase()];
  return is === want || is.startsWith(`${want}-`);
}

export function isOpen(hours: Hours | null, at: Date, timeZone: string): boolean {
  if (hours === null) return true;
  const local = DateTime.fromJSDate(at, { zone: timeZone });
  const time = local.toFormat('HH:mm');
  return hours.days.includes(local.weekday) && hours.from <= time && time < hours.to;
}

const HOW = { round_robin: 'in turn', load: 'fewest open leads', fixed: 'always the first who is there' } as const;

/** A sentence for the lead's page. */
export function reasonOf(rule: Pick<Rule, 'name' | 'fits' | 'pick' | 'userIds'>, lead: LeadFacts): string {
  const why = [
    rule.fits.countries.length > 0 && lead.country !== null ? `country ${lead.country.toUpperCase()}` : null,
    rule.fits.postcodes.length > 0 ? `postcode ${lead.postcode}` : null,
    rule.fits.languages.length > 0 ? `language ${lead.language}` : null,
    rule.fits.sources.length > 0 ? `source ${lead.source}` : null,
    rule.fits.where === null ? null : 'the rule’s condition holds',
  ].filter((part) => part !== null);
  const how = rule.userIds.length === 1 ? 'only one is asked' : HOW[rule.pick];
  return `Rule “${rule.name}”: ${[...why, how].join(', ')}`;
}

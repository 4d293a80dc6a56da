import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { currencyOfZone } from '#core/currency-of.ts';
import type { Facts } from '#core/engine/types.ts';

export function timeZone() {
  return z
    .string()
    .max(60)
    .refine((zone) => IANAZone.isValidZone(zone), 'is not a time zone; write it as Europe/Berlin');
}

export function currency() {
  return z.string().regex(/^[A-Z]{3}$/, 'is no currency; write it as EUR');
}

/** `always`, or hours of the person's day. Nights that pass midnight are not working hours. */
export function sendingHours() {
  return z
    .string()
    .regex(/^(always|([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00))$/, 'is not always, nor hours such as 09:00-17:00')
    .refine((hours) => hours === 'always' || hours.slice(0, 5) < hours.slice(6), 'must end after they begin');
}

const MOST_BYTES = 20_000;

/**
 * How a company wants to appear and to send. Stored as shown (snake_case), so that SQL, templates and prompts use the names that people
 * see. Further keys are kept: modules may have their own.
 */
export const CompanySettings = z
  .object({
    time_zone: timeZone().describe('IANA zone of the business; for people whose own is not known, too'),
    sending_hours: sendingHours().describe("Hours for commercial mail in the person's zone, or always"),
    currency: currency().describe(
      'ISO 4217: what deals, invoices, documents and reports begin with; it is changed with the currency rates',
    ),
    postal_address: z.string().trim().max(500).nullable().describe('Under every commercial mail; the law asks for it'),
    business_description: z
      .string()
      .trim()
      .max(4_000)
      .nullable()
      .describe('What the business does and for whom; texts are written from it'),
    tone: z.string().trim().max(500).nullable().describe('How texts should sound'),
    call_to_action: z.string().trim().max(500).nullable().describe('What a reader should do next, with the link'),
    signature: z.string().trim().max(1_000).nullable().describe('Under every mail, above the address'),
    language: z.string().trim().max(35).nullable().describe('Language of texts, e.g. en'),
    keep_runs_days: z
      .int()
      .min(7)
      .max(36_500)
      .nullable()
      .describe('Days that ended runs stay with their journal; null: as KEEP_RUNS_DAYS of the installation says'),
  })
  .partial()
  .catchall(z.json())
  .refine((settings) => Buffer.byteLength(JSON.stringify(settings)) <= MOST_BYTES, 'are larger than 20 kB');

export type Settings = z.output<typeof CompanySettings>;

/** The few settings that a set-up page asks for. */
export function settingsFrom(given: {
  readonly timeZone?: string | undefined;
  readonly sendingHours?: string | undefined;
  readonly postalAddress?: string | undefined;
  readonly currency?: string | undefined;
}): Settings {
  return {
    ...(given.timeZone === undefined ? {} : { time_zone: given.timeZone }),
    ...(given.currency === undefined ? {} : { currency: given.currency }),
    ...(given.sendingHours === undefined ? {} : { sending_hours: given.sendingHours }),
    ...(given.postalAddress === undefined || given.postalAddress === '' ? {} : { postal_address: given.postalAddress }),
  };
}

/** What a new company starts with: the environment's words, then sober defaults. */
export function firstSettings(config: Config, given: Settings): Facts {
  const defaults = { time_zone: 'UTC', sending_hours: config.SENDING_HOURS, postal_address: config.POSTAL_ADDRESS ?? null };
  return { ...defaults, currency: currencyOfZone(given.time_zone ?? defaults.time_zone), ...withoutUndefined(given) };
}

/** New values over old ones; what is not named stays. */
export function changedSettings(old: Facts, given: Settings): Facts {
  return { ...old, ...withoutUndefined(given) };
}

function withoutUndefined(settings: Settings): Facts {
  const result: Facts = {};
  for (const [key, value] of Object.entries(settings)) if (value !== undefined) result[key] = value;
  return result;
}

import { atLeast, COUNTRY_RULES, countryName, ruleOf, type Regime } from './countries.ts';

/** What is known of where somebody is. */
export interface Whereabouts {
  /** people.country, else as somebody wrote it into a custom field of that name. */
  readonly address: string | null;
  /** E.164. */
  readonly phone: string | null;
  /** IANA. */
  readonly timeZone: string | null;
  /** Domain of their organisation, else of their address. */
  readonly domain: string | null;
}

/** Which country somebody counts under, and why. */
export interface CountedUnder {
  /** ISO 3166; null: nobody knows, or it can't be read. */
  readonly country: string | null;
  /** A piece of a sentence: `by their phone number`. */
  readonly because: string;
}

/** Answers the country of a number; see phoneParser. */
export type PhoneCountry = (phone: string) => string | null;

const names = new Map<string, string>();
/** Ways in which people write a country that no dictionary has. */
const ALIASES = {
  usa: 'US',
  'u.s.': 'US',
  'u.s.a.': 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
};
const zones = new Map<string, string | null>();
/** More names than there are: what people type as theirs is not kept without end. */
const MOST_ZONES = 2_000;

const codes = () =>
  Array.from({ length: 26 * 26 }, (_, i) => String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26))).filter((code) =>
    countryName(code),
  );

/** A country as somebody typed it (`de`, `Deutschland`, `USA`) as two letters; null when it can't be read. */
export function readCountry(text: string): string | null {
  const typed = text.trim().toLowerCase();
  if (names.size === 0) {
    for (const language of ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt']) {
      const shown = new Intl.DisplayNames([language], { type: 'region' });
      for (const code of codes()) names.set((shown.of(code) ?? code).toLowerCase(), code);
    }
    for (const [alias, code] of Object.entries(ALIASES)) names.set(alias, code);
  }
  const code = typed.toUpperCase();
  return names.get(typed) ?? (countryName(code) === undefined ? null : code);
}

/** ECMA-402 Intl Locale Info; in Node since 18, not in TypeScript's library yet. */
interface LocaleWithZones extends Intl.Locale {
  getTimeZones?(): string[] | undefined;
}

/** `US/Eastern` → `America/New_York`. A name that this machine does not know stays. */
function canonical(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return zone;
  }
}

function countryOfZone(zone: string): string | null {
  if (zones.size === 0) {
    for (const code of codes()) {
      const locale: LocaleWithZones = new Intl.Locale(`und-${code}`);
      for (const name of locale.getTimeZones?.() ?? []) zones.set(name, code);
    }
  }
  let known = zones.get(zone);
  // Also that it is nobody's, as UTC is: a formatter for each question would be most of what the gate costs.
  if (known === undefined && zones.size < MOST_ZONES) zones.set(zone, (known = zones.get(canonical(zone)) ?? null));
  return known ?? null;
}

/** Only top-level domains of countries with a rule: `.io` and `.co` say nothing. */
function countryOfDomain(domain: string): string | null {
  const last = domain.slice(domain.lastIndexOf('.') + 1).toUpperCase();
  const code = last === 'UK' ? 'GB' : last;
  return COUNTRY_RULES.has(code) ? code : null;
}

/**
 * An address that somebody wrote down decides. Else the phone number, the time zone and the domain are asked, and where they differ
 * the strictest country counts; one that can be read but has no rule counts as the strictest of all.
 */
export function countryOf(where: Whereabouts, phoneCountry: PhoneCountry, own: Readonly<Record<string, Regime>>): CountedUnder {
  if (where.address !== null && where.address.trim() !== '') {
    const country = readCountry(where.address);
    return country === null
      ? { country: null, because: `their country is written as “${where.address.trim().slice(0, 60)}”, which nobody can read` }
      : { country, because: 'by their address' };
  }
  const hints = [
    { country: where.phone === null ? null : phoneCountry(where.phone), because: 'by their phone number' },
    { country: where.timeZone === null ? null : countryOfZone(where.timeZone), because: 'by their time zone' },
    { country: where.domain === null ? null : countryOfDomain(where.domain), because: 'by their internet domain' },
  ].filter((hint): hint is CountedUnder & { country: string } => hint.country !== null);
  const [first] = hints;
  if (first === undefined) return { country: null, because: 'nobody knows their country, so the strictest rule counts' };
  const strictest = hints.reduce((best, hint) =>
    atLeast(ruleOf(hint.country, own).regime, ruleOf(best.country, own).regime) ? best : hint,
  );
  const others = hints.filter((hint) => hint.country !== strictest.country);
  return others.length === 0
    ? strictest
    : {
        ...strictest,
        because: `${strictest.because}, the stricter of ${hints.length === 2 ? 'two' : 'several'} that speak of different countries`,
      };
}

/** Where somebody most likely is, for holidays: their address, their time zone, their number, their domain, in this order. Null: nobody knows. */
export function whereOf(where: Whereabouts, phoneCountry: PhoneCountry): string | null {
  const written = where.address === null ? null : readCountry(where.address);
  return (
    written ??
    (where.timeZone === null ? null : countryOfZone(where.timeZone)) ??
    (where.phone === null ? null : phoneCountry(where.phone)) ??
    (where.domain === null ? null : countryOfDomain(where.domain))
  );
}

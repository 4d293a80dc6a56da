import { z } from 'zod';

const byCountry = new Map<string, string | null>();

const known = new Map<string, boolean>();
/** An import names few zones, again and again. */
const MOST_KNOWN = 1_000;

/** Is it a zone that this machine knows? */
export function isTimeZone(name: string): boolean {
  const found = known.get(name);
  if (found !== undefined) return found;
  let right = true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    right = false;
  }
  if (known.size < MOST_KNOWN) known.set(name, right);
  return right;
}

/** A zod field for an IANA zone such as Europe/Berlin. */
export function timeZoneName() {
  return z.string().max(64).refine(isTimeZone, { error: 'is not a time zone; write it like Europe/Berlin' });
}

/**
 * The zone of a country (ISO 3166) where all its zones agree at midwinter and midsummer; null for the United States and
 * others with several: a wrong guess would mail people at night.
 */
export function timeZoneOfCountry(country: string): string | null {
  const known = byCountry.get(country);
  if (known !== undefined) return known;
  const zones = zonesOf(country);
  const offsets = new Set(zones.map((zone) => [0, 6].map((month) => offsetOf(zone, month)).join()));
  const zone = offsets.size === 1 ? (zones[0] ?? null) : null;
  byCountry.set(country, zone);
  return zone;
}

/** ECMA-402 Intl Locale Info; in Node since 18, not in TypeScript's library yet. */
interface LocaleWithZones extends Intl.Locale {
  getTimeZones?(): string[] | undefined;
}

function zonesOf(country: string): readonly string[] {
  try {
    const locale: LocaleWithZones = new Intl.Locale(`und-${country}`);
    return locale.getTimeZones?.() ?? [];
  } catch {
    return [];
  }
}

/** `GMT+01:00` and the like, on the 15th of a month of 2026. */
function offsetOf(timeZone: string, month: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(Date.UTC(2026, month, 15));
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

import { DateTime } from 'luxon';
import type { Watched } from './types.ts';

/** `1 Jul 2026` */
export const dayWords = (day: string): string => DateTime.fromISO(day, { zone: 'UTC', locale: 'en' }).toFormat('d LLL yyyy');

/** Whole days from one day to another. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** The first words of a text, in one line. */
export function brief(text: string, most = 100): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most).replace(/\s+\S*$/, '')} …`;
}

/** For `jsonb_to_recordset($1::jsonb) as w(company_id uuid, client_id uuid, person_id uuid, today date)`. */
export const watchedJson = (clients: readonly Watched[]): string =>
  JSON.stringify(clients.map(({ companyId, clientId, personId, today }) => ({ company_id: companyId, client_id: clientId, person_id: personId, today }))); // prettier-ignore

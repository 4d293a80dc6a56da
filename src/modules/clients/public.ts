/** What other modules may use of clients. */
export { nextCheckinStep } from './checkins/next.ts';
export { Billing, countryCode, currencyCode, vatNumber } from './billing.ts';
export { CLIENT_COLUMNS, ClientNotFound, FROM_CLIENTS, getClient, lockClient } from './client.ts';
export type { Client } from './client.ts';
export { CLIENT_FACTS, CLIENT_FIELDS, PERSON_FACTS, WITH_CLIENT } from './subject.ts';

import { unlock } from '#modules/connections/public.ts';
import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { loadSettings, type SenderSettings } from '../gate/settings.ts';
import { domainOf } from './dns/names.ts';
import type { Patient } from './patient.ts';

/** An address that mail leaves from now. */
export interface SendingAddress {
  readonly address: string;
  /** Null: the connection in use, of a company without senders. */
  readonly senderId: string | null;
  readonly settings: SenderSettings;
}

/** Every address that the company sends from: its senders, or else the one of the connection in use. */
export async function sendingAddresses(tx: Transaction, runtime: Runtime, companyId: string): Promise<readonly SendingAddress[]> {
  const settings = (await loadSettings(tx, runtime, [companyId])).get(companyId);
  if (settings === undefined) return [];
  const own = settings.senders.filter(({ state }) => state !== 'retired');
  if (own.length > 0) return own.map(({ id, address }) => ({ address: address.toLowerCase(), senderId: id, settings: settings.as(id) }));
  if (settings.from === null) return [];
  return [{ address: settings.from.address.toLowerCase(), senderId: null, settings }];
}

/** What was learnt of an address before. */
export interface Learnt {
  readonly namedSelectors: readonly string[];
  readonly seenSelectors: readonly string[];
}

/** Decrypts the credentials of its connection, to know which server it is; asks nobody. */
export async function patientOf(runtime: Runtime, { address, settings }: SendingAddress, known: Learnt): Promise<Patient> {
  const { connection, replyTo, mailbox, publicUrl, loopback } = settings;
  const opened = connection === null ? null : await unlock(runtime, connection);
  return {
    address,
    domain: domainOf(address),
    replyDomain: domainOf(replyTo ?? mailbox?.address ?? address),
    route: opened?.connector.route?.(opened.credentials) ?? null,
    connectionTitle: opened?.connector.title ?? null,
    selectors: { named: known.namedSelectors, seen: known.seenSelectors },
    publicUrl,
    loopback,
  };
}

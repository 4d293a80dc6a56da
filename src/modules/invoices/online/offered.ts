import type { Transaction } from '#core/database/database.ts';
import type { PaymentsPort } from '#core/ports/payments.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionsInUse, paymentsPort, type ConnectionRow } from '#modules/connections/public.ts';
import { balanceOf, isOpen, type StoredInvoice } from '../invoice.ts';

export interface Offer {
  readonly connection: ConnectionRow;
  readonly port: PaymentsPort;
}

/** The payment services in use, by company; who has none that works is absent. */
export async function offersOf(tx: Transaction, runtime: Runtime, companyIds: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
  const rows = await connectionsInUse(tx, runtime, [...new Set(companyIds)], 'payments');
  const offers = new Map<string, Offer>();
  for (const [companyId, connection] of rows) {
    if (connection.state === 'rejected') continue;
    try {
      offers.set(companyId, { connection, port: await paymentsPort(runtime, connection) });
    } catch (error) {
      // Credentials that can't be read any more: as none. Invoices go out all the same, without the button.
      runtime.log.warn({ err: error, connectionId: connection.id }, 'a payment service could not be opened');
    }
  }
  return offers;
}

type Payable = Pick<
  StoredInvoice,
  'kind' | 'state' | 'totalCents' | 'paidCents' | 'creditedCents' | 'writtenOffCents' | 'currency' | 'clientId'
>;

/** Why this invoice can't be paid online, in a sentence; null: it can. */
export function obstacleTo(offer: Offer | undefined, row: Payable): string | null {
  if (row.kind !== 'invoice') return 'Only invoices are paid online';
  if (!isOpen(row)) return row.state === 'draft' ? 'A draft is not paid; issue it first' : 'Nothing is owed on it';
  if (row.clientId === null) return 'Its client was erased';
  if (offer === undefined) return 'No payment service is connected; connect one under Settings, Connections';
  return offer.port.obstacle(balanceOf(row), row.currency);
} // prettier-ignore

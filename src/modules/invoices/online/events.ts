import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';

const Hints = z.object({ hints: z.array(z.object({ object: z.string(), external_id: z.string() })) });

/** Only brought forward: a hint says that something changed, never what. */
const HINTED: Statement = {
  name: 'checkouts.hinted',
  text: `update invoice_checkouts k set look_at = $2 from jsonb_to_recordset($1::jsonb) as h (company_id uuid, connection_id uuid, name text)
          where k.company_id = h.company_id and k.connection_id = h.connection_id and (k.external_id = h.name or k.payment_ref = h.name)`,
};

/** A service told that something changed: what is so is asked for within seconds. */
export const onHinted: EventHandler = {
  event: 'connection.hinted',
  name: 'invoices.hinted',
  async handle(tx, events, runtime) {
    const rows = events.flatMap(({ companyId, subject, payload }) =>
      (Hints.safeParse(payload).data?.hints ?? []).map((hint) => ({
        company_id: companyId,
        connection_id: subject.id,
        name: hint.external_id,
      })),
    );
    if (rows.length > 0) await tx.query(HINTED, [JSON.stringify(rows), runtime.clock.now()]);
  },
};

/** Those that ask for another sum than is owed now. */
const CLOSE: Statement = {
  name: 'checkouts.close_stale',
  text: `update invoice_checkouts k set closing = true, look_at = $2 from jsonb_to_recordset($1::jsonb) as e (company_id uuid, id uuid)
           join invoices i on i.id = e.id and i.company_id = e.company_id
          where k.company_id = e.company_id and k.invoice_id = e.id and k.state in ('making', 'open') and not k.closing
            and (i.state not in ('issued', 'partly_paid') or k.amount_cents <> i.total_cents - i.paid_cents - i.credited_cents - i.written_off_cents)`,
};

/** What is owed has changed: pages that ask for something else are closed, so that nobody pays too much there. */
export const onChanged: readonly EventHandler[] = [
  'invoice.paid',
  'invoice.partly_paid',
  'invoice.reopened',
  'invoice.voided',
  'invoice.written_off',
].map((event) => ({
  event,
  name: `invoices.close_checkouts.${event}`,
  async handle(tx, events, runtime) {
    const rows = events.map(({ companyId, subject }) => ({ company_id: companyId, id: subject.id }));
    await tx.query(CLOSE, [JSON.stringify(rows), runtime.clock.now()]);
  },
}));

import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Checkout } from '#core/ports/payments.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionById, markRejected, paymentsPort } from '#modules/connections/public.ts';
import { applySeen } from './apply.ts';
import type { StoredCheckout } from './checkout.ts';
import { getCheckout } from './checkout.ts';

/** In real time: a payer waits for the word that it arrived. */
const EVERY_MS = 2_500;
const MOST = 50;
const TIMEOUT_MS = 30_000;
/** Whoever looks has so long to write down what it saw; then another may look. */
const LEASE_MS = 60_000;

const DUE: Statement = {
  name: 'checkouts.due',
  text: `select id, company_id as "companyId" from invoice_checkouts where look_at <= $1 and ($2::uuid is null or company_id = $2) order by look_at limit ${MOST}`,
};
const TAKE: Statement = {
  name: 'checkouts.take',
  text: `update invoice_checkouts set look_at = $4 where company_id = $1 and id = $2 and look_at <= $3 returning id`,
};
const LATER: Statement = {
  name: 'checkouts.later',
  text: `update invoice_checkouts set look_at = $3, problem = $4, looks = looks + 1, looked_at = $5 where company_id = $1 and id = $2`,
};
/** It was told to nobody: where it is, nobody can pay. */
const NEVER_MADE: Statement = {
  name: 'checkouts.never_made',
  text: `update invoice_checkouts set state = 'expired', look_at = null, updated_at = $3 where company_id = $1 and id = $2 and state = 'making'`,
};

/** Asks for every checkout that is due, of one company or of all: after a hint, and now and then because a hint may never come. Answers how many were looked at. */
export async function lookDue(runtime: Runtime, companyId: string | null = null, going: () => boolean = () => true): Promise<number> {
  let looked = 0;
  for (;;) {
    const at = runtime.clock.now();
    const due = await runtime.system.read((tx) => tx.query<{ id: string; companyId: string }>(DUE, [at, companyId]));
    for (const one of due) {
      if (!going()) return looked;
      await lookAt(runtime, one.companyId, one.id);
      looked += 1;
    }
    if (due.length < MOST) break;
  }
  if (looked > 0) runtime.engine.nudge();
  return looked;
}

/** One look, if it is due. @throws nothing of the vendor's: what went wrong is kept, and it is looked at again */
async function lookAt(runtime: Runtime, companyId: string, id: string): Promise<void> {
  const at = runtime.clock.now();
  const { checkout, connection } = await runtime.database.write(companyId, async (tx) => {
    const taken = await tx.query(TAKE, [companyId, id, at, new Date(at.getTime() + LEASE_MS)]);
    const found = taken.length === 0 ? undefined : await getCheckout(tx, companyId, id);
    const by = found?.connectionId == null ? undefined : await connectionById(tx, companyId, found.connectionId);
    return { checkout: found, connection: by };
  });
  if (checkout === undefined) return;
  if (checkout.externalId === null) return void (await runtime.database.write(companyId, (tx) => tx.query(NEVER_MADE, [companyId, id, at])));
  const later = (hours: number | null, problem: string) =>
    runtime.database.write(companyId, (tx) =>
      tx.query(LATER, [companyId, id, hours === null ? null : new Date(at.getTime() + hours * 3_600_000), problem.slice(0, 500), at]),
    );
  if (connection === undefined) return void (await later(null, 'Its connection was removed; nobody can be asked any more'));
  try {
    const port = await paymentsPort(runtime, connection, AbortSignal.timeout(TIMEOUT_MS));
    const seen = await ask(port, checkout);
    await runtime.database.write(companyId, (tx) => applySeen(tx, runtime, companyId, id, seen));
  } catch (error) {
    if (error instanceof CredentialsRejected) {
      await runtime.database.write(companyId, (tx) => markRejected(tx, companyId, connection.id, error.message));
      await later(1, error.message);
    } else if (error instanceof VendorUnavailable || error instanceof MaybeDone) await later(Math.max(error.retryAfterS ?? 0, 120) / 3_600, error.message);
    else if (error instanceof VendorRefused) await later(24, error.message);
    else throw error;
  }
} // prettier-ignore

function ask(
  port: { look(externalId: string): Promise<Checkout>; close(externalId: string): Promise<Checkout> },
  { externalId, closing }: StoredCheckout,
): Promise<Checkout> {
  const name = externalId ?? ''; // there is one: those without are never asked for
  return closing ? port.close(name) : port.look(name);
}

/** The worker's share. */
export function startLooking(runtime: Runtime): Stop {
  return nowAndThen({
    log: runtime.log,
    everyMs: EVERY_MS,
    what: 'look after online payments',
    round: (going) => lookDue(runtime, null, going),
  });
}

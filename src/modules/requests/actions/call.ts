import { z } from 'zod';
import type { ActionCall } from '#core/connector/action.ts';
import { CredentialsRejected, VendorRefused } from '#core/connector/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionById, markRejected, unlock } from '#modules/connections/public.ts';
import { findAction, type FoundAction } from './find.ts';

/** What the ledger keeps of an act. `sample`: in a rehearsal, what stands in the answer's place. */
export const ActPayload = z.object({
  action: z.string(),
  connectionId: z.string(),
  input: z.record(z.string(), z.json()),
  since: z.string(),
  sample: z.json().optional(),
});
export type ActPayload = z.output<typeof ActPayload>;

type Call = ActionCall<never, never>;

/**
 * Opens the connection for the call that `make` makes. Credentials that the vendor no longer takes are marked, so that a person is told.
 * @throws VendorRefused the action or the connection is gone; whatever the vendor answers
 */
export async function callAction<Answer>(
  companyId: string,
  payload: ActPayload,
  key: string,
  runtime: Runtime,
  signal: AbortSignal,
  make: (found: FoundAction, call: Call) => Promise<Answer>,
): Promise<Answer> {
  const { connectionId } = payload;
  const found = await findAction(runtime, payload.action);
  if (found === null) throw new VendorRefused(`No connector of this Steward does ${payload.action} any more`);
  const row = await runtime.database.read(companyId, (tx) => connectionById(tx, companyId, connectionId));
  if (row === undefined || row.connector !== found.connector.id)
    throw new VendorRefused(`The connection to ${found.connector.title} is gone; choose another one in the step`);
  const { credentials, options } = await unlock(runtime, row);
  try {
    return await make(found, {
      credentials: credentials as never, // parsed by the connector's own schema; which type it is only it knows
      input: found.action.input.parse(payload.input) as never, // likewise
      options: { ...options, signal },
      key,
      since: new Date(payload.since),
    });
  } catch (error) {
    if (error instanceof CredentialsRejected) await runtime.system.write((tx) => markRejected(tx, companyId, connectionId, error.message));
    throw error;
  }
}

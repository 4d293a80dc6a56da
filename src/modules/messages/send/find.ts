import { connectionById, emailPort } from '#modules/connections/public.ts';
import type { Statement } from '#core/database/database.ts';
import type { Effect, Receipt } from '#core/effects/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { composeEmail } from '../compose.ts';
import { openGate } from '../gate/ask.ts';
import { answered, stopped, type OnItsWay } from './hand.ts';

const HANDED: Statement = {
  name: 'messages.handed_at',
  text: 'select handed_at as "handedAt" from effects where id = $1 and company_id = $2',
};

/** A key is believed for so much of its life: clocks differ, and the call takes its time. */
const BELIEVED = 0.9;

/**
 * Did this mail go out? Asked at the vendor by its Message-ID, or sent again under its idempotency key while that lives and the gate still lets
 * it pass: a person may have said no meanwhile. What remains is in doubt, with what was seen.
 */
export async function findMail(
  effect: Effect,
  runtime: Runtime,
  load: () => Promise<OnItsWay>,
): Promise<Receipt | 'repeat' | 'unknown' | { evidence: string }> {
  const { message, frame, connection: inUse } = await load();
  const known = effect.connectionId;
  // Written to be kept, and nothing is connected: it never left the house.
  if (inUse === null && known === null) return 'repeat';
  const connection =
    known === null || known === inUse?.id
      ? inUse
      : await runtime.database.read(effect.companyId, (tx) => connectionById(tx, effect.companyId, known));
  if (connection == null) return { evidence: 'the connection that it went by is gone, so nobody can be asked' };
  const port = await emailPort(runtime, connection);
  if (port.find !== undefined) {
    const found = await port.find(message.messageId);
    if (found === null) return { evidence: `the vendor shows no mail with the Message-ID ${message.messageId}` };
    return { externalId: found.externalId, detail: { response: `found at the vendor by its Message-ID: ${found.externalId}` } };
  }
  if (port.keyMs === undefined) return 'unknown';
  const [row] = await runtime.system.read((tx) => tx.query<{ handedAt: Date | null }>(HANDED, [effect.id, effect.companyId]));
  const age = runtime.clock.now().getTime() - (row?.handedAt?.getTime() ?? 0);
  if (age > port.keyMs * BELIEVED) return { evidence: 'its idempotency key has run out, so it can’t be asked for again' };
  const verdict = await runtime.system.read(async (tx) => {
    const asked = { ...message, messageId: message.id, to: message.toEmail, address: message.toEmail };
    const gate = await openGate(tx, runtime, [asked], 'hand');
    const rest = {
      unresolved: [],
      draftedAt: message.createdAt,
      runStopped: stopped(message),
      runPaused: message.runState === 'paused',
      answers: answered(message),
    };
    const { senderId } = message;
    // It has its room of the day on which it was handed over: asked for again, it is the same mail.
    return gate.ask({ ...asked, ...rest, sending: { bound: senderId, planned: senderId, signed: true, holds: true } });
  });
  if (verdict.decision !== 'send')
    return { evidence: `it is not asked for again, because it may not leave any more: ${verdict.reasons[0]?.says ?? ''}` };
  const sent = await port.send(composeEmail(runtime.secrets, message, frame, runtime.clock.now()));
  return { externalId: sent.externalId, detail: { response: `${sent.response}, asked for again under its key` } };
}

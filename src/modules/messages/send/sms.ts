import { connectionById, markRejected, smsPort, type ConnectionRow } from '#modules/connections/public.ts';
import { CredentialsRejected } from '#core/connector/errors.ts';
import type { Statement } from '#core/database/database.ts';
import type { Effect, EffectKind, Receipt } from '#core/effects/types.ts';
import { OptedOutAtVendor } from '#core/ports/sms.ts';
import type { Runtime } from '#core/runtime.ts';
import { composeSms } from '../compose-sms.ts';
import { suppress } from '../suppress.ts';
import { replyToken } from '../tokens.ts';
import { reloadMessage, SETTLED } from './effect.ts';
import { checkHand, QUEUED_MESSAGE, wayOf, type QueuedRow } from './hand.ts';

/** Requests to the vendor at once in this process. */
const CONCURRENCY = 5;

const HANDED: Statement = {
  name: 'messages.sms.handed_at',
  text: 'select handed_at as "handedAt" from effects where id = $1 and company_id = $2',
};
/** Vendor's ids of other messages to this number. */
const KNOWN: Statement = {
  name: 'messages.sms.known',
  text: `select e.external_id as id from messages m join effects e on e.id = m.effect_id
          where m.company_id = $1 and m.person_id is not distinct from $2 and m.channel = 'sms' and m.direction = 'outbound' and m.created_at >= $3 and e.external_id is not null`,
};

/** One SMS, through the same gate and ledger as a mail. */
export const smsEffect: EffectKind = {
  kind: 'sms',
  ownTime: true,
  concurrency: CONCURRENCY,
  claimed: QUEUED_MESSAGE,
  check: (tx, effects, runtime) => checkHand(tx, effects, runtime, 'sms'),
  async perform(effect, runtime): Promise<Receipt> {
    const { message, connection } = wayOf(runtime).get(effect.id) ?? (await reloadMessage(effect, runtime, 'sms'));
    if (connection === null || message.toPhone === null) return { externalId: null, detail: { captured: true } };
    try {
      const port = await smsPort(runtime, connection);
      const sent = await port.send({ to: message.toPhone, text: composeSms(message), statusUrl: statusUrl(runtime, connection, message) });
      return { externalId: sent.externalId, detail: { response: sent.response } };
    } catch (error) {
      if (error instanceof CredentialsRejected)
        await runtime.system.write((tx) => markRejected(tx, connection.companyId, connection.id, error.message));
      if (error instanceof OptedOutAtVendor) await stopped(runtime, message, connection.connector);
      throw error;
    }
  },
  find: findSms,
  rehearse(effect, runtime) {
    const captured = wayOf(runtime).get(effect.id)?.connection === null;
    return { externalId: null, detail: captured ? { captured } : { rehearsed: true } };
  },
  ...SETTLED,
};

/** The number wrote STOP to the vendor itself: it gets no more from us either. */
async function stopped(runtime: Runtime, { companyId, personId, toPhone }: QueuedRow, source: string): Promise<void> {
  if (toPhone === null) return;
  const entry = { companyId, address: toPhone, channel: 'sms', reason: 'opt_out', source, personId } as const;
  await runtime.system.write((tx) => suppress(tx, runtime, [entry]));
}

/** Where the vendor tells what became of it; only where it can be reached from outside. */
function statusUrl(runtime: Runtime, connection: ConnectionRow, message: QueuedRow): string | null {
  const base = runtime.config.STEWARD_PUBLIC_URL?.replace(/\/+$/, '');
  if (base === undefined || !base.startsWith('https://')) return null;
  return `${base}/vendors/${connection.id}/status?m=${replyToken(runtime.secrets, message.id)}`;
}

/** Did it go out? Looked for in the vendor's list by number, text and time; not found proves nothing. */
async function findSms(effect: Effect, runtime: Runtime): Promise<Receipt | 'repeat' | 'unknown' | { evidence: string }> {
  const { message, connection: inUse } = await reloadMessage(effect, runtime, 'sms');
  const id = effect.connectionId;
  if (inUse === null && id === null) return 'repeat';
  const connection =
    id === null || id === inUse?.id
      ? inUse
      : await runtime.database.read(effect.companyId, (tx) => connectionById(tx, effect.companyId, id));
  if (connection == null || message.toPhone === null) return { evidence: 'the connection that it went by is gone, so nobody can be asked' };
  const port = await smsPort(runtime, connection);
  if (port.find === undefined) return 'unknown';
  const { handedAt, known } = await runtime.system.read(async (tx) => {
    const [row] = await tx.query<{ handedAt: Date | null }>(HANDED, [effect.id, effect.companyId]);
    const since = new Date((row?.handedAt ?? message.createdAt).getTime() - 86_400_000);
    const others = await tx.query<{ id: string }>(KNOWN, [effect.companyId, message.personId, since]);
    return { handedAt: row?.handedAt ?? message.createdAt, known: new Set(others.map((one) => one.id)) };
  });
  const found = await port.find({ to: message.toPhone, text: composeSms(message) }, handedAt, known);
  if (found === null) return { evidence: `the vendor lists no such message to ${message.toPhone} since ${handedAt.toISOString()}` };
  return { externalId: found.externalId, detail: { response: `found in the vendor's list: ${found.externalId}` } };
}

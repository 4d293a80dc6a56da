import { emailPort, markRejected } from '#modules/connections/public.ts';
import { CredentialsRejected, VendorRefused } from '#core/connector/errors.ts';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import type { Effect, EffectKind, Receipt } from '#core/effects/types.ts';
import type { OutgoingEmail } from '#core/ports/email.ts';
import type { Runtime } from '#core/runtime.ts';
import { composeEmail } from '../compose.ts';
import { frameFor } from '../frame.ts';
import type { Channel } from '../tables.ts';
import { loadSettings } from '../gate/settings.ts';
import { outgoingFiles } from '../templates/store/files.ts';
import { findMail } from './find.ts';
import { checkHand, languageOfReader, QUEUED_MESSAGE, queuedMessage, wayOf, type OnItsWay, type QueuedRow } from './hand.ts';
import { SETTLE_MESSAGES, settledRows, suppressBounced, type Bounced } from './settle.ts';

/** Conversations with mail servers at once in this process; the SMTP pool of one connection holds as many. */
const CONCURRENCY = 10;

/** Settled on their own: refused by the last check, or decided by a person. */
const ALONE: Statement = {
  name: 'messages.settle',
  text: `with written as (select id from unnest($3::uuid[]) as w (id)), ${SETTLE_MESSAGES}`,
};

/** What becomes of messages is written the same for mail and SMS. */
export const SETTLED = {
  async settled(tx, outcomes, runtime) {
    const ids = outcomes.map(({ effect }) => effect.id);
    const rows = await tx.query<Bounced>(ALONE, [JSON.stringify(settledRows(outcomes, runtime)), runtime.clock.now(), ids]);
    if (rows.length > 0) await suppressBounced(tx, rows, runtime);
  },
  settling: {
    sql: `, ${SETTLE_MESSAGES}`,
    rows: settledRows,
    rest: (tx, rows, runtime) => suppressBounced(tx, rows as unknown as readonly Bounced[], runtime), // what SETTLE_MESSAGES selects
  },
} satisfies Pick<EffectKind, 'settled' | 'settling'>;

/** One mail. */
export const emailEffect: EffectKind = {
  kind: 'email',
  concurrency: CONCURRENCY,
  ownTime: true,
  claimed: QUEUED_MESSAGE,
  check: (tx, effects, runtime) => checkHand(tx, effects, runtime),
  async perform(effect, runtime): Promise<Receipt> {
    const { message, frame, connection } = wayOf(runtime).get(effect.id) ?? (await reloadMessage(effect, runtime, 'email'));
    // No real connection: the outbox keeps it, nothing leaves.
    if (connection === null) return { externalId: null, detail: { captured: true } };
    try {
      const port = await emailPort(runtime, connection);
      const mail = composeEmail(runtime.secrets, message, frame, runtime.clock.now());
      const sent = await port.send(await withFiles(mail, message, runtime));
      return { externalId: sent.externalId, detail: { response: sent.response } };
    } catch (error) {
      if (error instanceof CredentialsRejected)
        await runtime.system.write((tx) => markRejected(tx, connection.companyId, connection.id, error.message));
      throw error;
    }
  },
  find: (effect, runtime) => findMail(effect, runtime, () => reloadMessage(effect, runtime, 'email')),
  rehearse(effect, runtime) {
    const captured = wayOf(runtime).get(effect.id)?.connection === null;
    return { externalId: null, detail: captured ? { captured } : { rehearsed: true } };
  },
  ...SETTLED,
};

/** With its files, read once for many mails. One that is gone keeps the mail from leaving: nothing was handed over yet. */
async function withFiles(mail: OutgoingEmail, { companyId, attachments }: QueuedRow, runtime: Runtime): Promise<OutgoingEmail> {
  if (attachments == null || attachments.length === 0) return mail;
  try {
    return { ...mail, attachments: await runtime.system.read((tx) => outgoingFiles(tx, runtime, companyId, attachments)) };
  } catch (error) {
    throw error instanceof NotFound ? new VendorRefused(error.message) : error;
  }
}

/** After a restart, or when the check was made by another process. */
export async function reloadMessage(effect: Effect, runtime: Runtime, channel: Channel): Promise<OnItsWay> {
  return runtime.system.read(async (tx) => {
    const message = await queuedMessage(tx, effect.subject.id);
    const settings = (await loadSettings(tx, runtime, [effect.companyId], channel)).get(effect.companyId)?.as(message?.senderId);
    if (message === null || settings === undefined) throw new Error('the message of this effect is gone');
    const frame = frameFor(runtime.secrets, settings, message, await languageOfReader(tx, message));
    return {
      message,
      frame,
      connection: settings.connection,
      verdict: { decision: 'send', stage: 'hand', at: runtime.clock.now().toISOString(), until: null, reasons: [], passed: [] },
    };
  });
}

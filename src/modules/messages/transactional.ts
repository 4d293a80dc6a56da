import { normaliseEmail } from '#modules/people/public.ts';
import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { openGate } from './gate/ask.ts';
import { writeDrafts, type Draft } from './send/write.ts';
import type { MessageFile } from './templates/store/row.ts';

/** A mail that its reader asked for or must have: an invitation, a new password, an alert to a colleague. */
export interface Transactional {
  readonly companyId: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  /** Makes it one, however often it is asked for: `invite:<id>`. */
  readonly key: string;
  readonly personId?: string | null;
  /** The mail that it hangs below, in the same thread and by the same sender. */
  readonly follows?: Draft['follows'];
  /** Holds a link that signs somebody in: the outbox shows its text to admins only, the timeline not at all. */
  readonly sensitive?: boolean;
  /** Of the text (BCP 47); absent: unknown. */
  readonly language?: string;
  /** Files that go with it. */
  readonly attachments?: readonly MessageFile[];
}

/**
 * Writes the mails and reserves their sending, in the caller's transaction; the gate is asked like for every message. Answers
 * the new messages' ids by key; a key that was used before, or an address that is none, has no entry.
 */
export async function sendTransactional(
  tx: Transaction,
  runtime: Runtime,
  mails: Transactional | readonly Transactional[],
): Promise<ReadonlyMap<string, string>> {
  const asked = (isList(mails) ? mails : [mails]).flatMap((mail) => {
    const address = normaliseEmail(mail.to.address);
    return address === null ? [] : [{ ...mail, to: { ...mail.to, address } }];
  });
  const known = await keysInUse(tx, asked);
  const fresh = asked.filter((mail) => !known.has(`${mail.companyId} ${mail.key}`));
  if (fresh.length === 0) return new Map();
  const gate = await openGate(
    tx,
    runtime,
    fresh.map((mail) => ({ companyId: mail.companyId, personId: mail.personId ?? null, address: mail.to.address, messageId: null })),
    'draft',
  );
  const written = await writeDrafts(
    tx,
    runtime,
    gate,
    fresh.map((mail) => ({
      companyId: mail.companyId,
      class: 'transactional',
      topic: null,
      personId: mail.personId ?? null,
      leadId: null,
      run: null,
      key: mail.key,
      effectKey: `mail/${mail.key}`,
      template: null,
      to: mail.to,
      subject: mail.subject.replace(/\s+/g, ' ').trim(),
      text: mail.text,
      html: null,
      unresolved: [],
      provenance: null,
      sensitive: mail.sensitive ?? false,
      follows: mail.follows ?? null,
      ...(mail.language === undefined ? {} : { language: mail.language }),
      ...(mail.attachments === undefined ? {} : { attachments: mail.attachments }),
    })),
  );
  return new Map(fresh.map((mail, i) => [mail.key, written[i]?.id ?? '']));
}

function isList(mails: Transactional | readonly Transactional[]): mails is readonly Transactional[] {
  return Array.isArray(mails);
}

async function keysInUse(tx: Transaction, mails: readonly Transactional[]): Promise<ReadonlySet<string>> {
  if (mails.length === 0) return new Set();
  const rows = await tx.query<{ companyId: string; key: string }>(
    {
      name: 'messages.keys_in_use',
      text: `select company_id as "companyId", key from messages where company_id = any($1::uuid[]) and key = any($2::text[])`,
    },
    [[...new Set(mails.map((mail) => mail.companyId))], mails.map((mail) => mail.key)],
  );
  return new Set(rows.map((row) => `${row.companyId} ${row.key}`));
}

const AccountMail = z.object({
  to: z.object({ name: z.string(), address: z.string() }),
  subject: z.string(),
  text: z.string(),
  key: z.string(),
  sensitive: z.boolean().default(true),
});

/** Accounts know no mail: they say what should be written, and here it is. */
export const accountMail: EventHandler = {
  event: 'account.mail',
  async handle(tx, events, runtime) {
    await sendTransactional(
      tx,
      runtime,
      events.map((event) => ({ companyId: event.companyId, ...AccountMail.parse(event.payload) })),
    );
  },
};

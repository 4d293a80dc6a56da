import { recordInteractions } from '#modules/people/public.ts';
import type { Transaction } from '#core/database/database.ts';
import type { DomainEvent, Facts } from '#core/engine/types.ts';
import type { Reservation } from '#core/effects/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { messageIdOf } from '../compose.ts';
import { frameFor } from '../frame.ts';
import type { Channel } from '../tables.ts';
import type { MessageFile } from '../templates/store/row.ts';
import type { Gate } from '../gate/ask.ts';
import { verdictSpans } from '../gate/spans.ts';
import type { Answered, StoredVerdict } from '../gate/types.ts';
import { threadSenders } from '../senders/thread.ts';
import { insertMessages, type NewMessage } from './insert.ts';

/** When nobody can say when: look again after so long. A launch, a resume or a mended connection hastens it. */
export const LOOK_AGAIN_MS = 3_600_000;

/** A message that is written out and wants to leave. */
export interface Draft {
  readonly companyId: string;
  readonly class: 'commercial' | 'transactional';
  /** Default: email. An SMS has no subject, and a number in the place of the address. */
  readonly channel?: Channel;
  readonly topic: string | null;
  readonly personId: string | null;
  readonly leadId: string | null;
  readonly run: { readonly id: string; readonly stepId: string; readonly workflow: string } | null;
  /** Of a message without a run: makes it one, however often it is asked for. */
  readonly key: string | null;
  /** The ledger's key. */
  readonly effectKey: string;
  readonly template: { readonly key: string; readonly version: number } | null;
  readonly to: { readonly name: string; readonly address: string } | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly unresolved: readonly string[];
  /** Of the text (BCP 47); absent: unknown. */
  readonly language?: string;
  readonly provenance: Facts | null;
  readonly sensitive: boolean;
  /** Files that go with a mail. */
  readonly attachments?: readonly MessageFile[];
  /** The message before it in the same conversation. */
  readonly follows: {
    readonly id: string;
    readonly threadId: string;
    readonly messageId: string | null;
    /** Message-IDs of the thread so far, oldest first, the one that it follows last. Default: that one alone. */
    readonly references?: readonly string[];
  } | null;
  /** Its workflow has it wait for the hour at which people answer. */
  readonly sendTime?: boolean;
  /** Whom `gate.plan` named when its text was drawn. Absent: planned now. */
  readonly senderId?: string | null;
  /** No other sender will do. */
  readonly onlyBy?: true;
  /** A person wrote it by hand to this one person. */
  readonly hand?: Hand;
}

/** Who wrote it, and what of theirs it answers. */
export interface Hand {
  readonly authorId: string | null;
  readonly answers: Answered | null;
}

/** What became of a draft. */
export interface Written {
  readonly id: string;
  readonly state: 'queued' | 'blocked';
  readonly verdict: StoredVerdict;
}

/**
 * All drafts are of the gate's channel. Asks the gate about each and writes all of them down, with their reservations in the ledger: what may leave now or later
 * is queued, what may not is blocked and stays readable with its reasons. Five statements for any number, one more where the company has senders.
 */
export async function writeDrafts(tx: Transaction, runtime: Runtime, gate: Gate, drafts: readonly Draft[]): Promise<readonly Written[]> {
  const now = runtime.clock.now();
  const bound = await threadSenders(tx, gate, drafts);
  const judged = drafts.map((draft) => {
    const asked = {
      ...draft,
      messageId: null,
      to: draft.to?.address ?? null,
      draftedAt: now,
      runStopped: null,
      runPaused: false,
      answers: draft.hand?.answers ?? null,
    };
    const sending = {
      bound: draft.onlyBy === true ? (draft.senderId ?? null) : (bound.get(draft.follows?.threadId ?? '') ?? null),
      planned: draft.senderId ?? null,
      signed: draft.senderId != null,
      holds: false,
    };
    return { draft, id: newId(), verdict: gate.ask({ ...asked, sending }) };
  });
  const reservations = judged.flatMap(({ draft, id, verdict }): Reservation[] => {
    if (verdict.decision === 'block') return [];
    const dueAt = dueOf(verdict, now);
    const connectionId = gate.as(draft.companyId, verdict)?.connectionId ?? null;
    return [
      {
        companyId: draft.companyId,
        kind: draft.channel ?? 'email',
        key: draft.effectKey,
        subject: { type: 'message', id },
        connectionId,
        ...(dueAt === null ? {} : { dueAt }),
      },
    ];
  });
  await runtime.engine.note(tx, verdictSpans(judged.map(({ draft, verdict }) => ({ runId: draft.run?.id ?? null, verdict }))), now);
  const effects = await runtime.effects.reserve(tx, reservations);
  const rows = judged.map(({ draft, id, verdict }): NewMessage => {
    const settings = gate.as(draft.companyId, verdict);
    if (settings === undefined) throw new Error('the gate was opened without this company');
    const { from } = frameFor(runtime.secrets, settings, { id, class: draft.class });
    const blocked = verdict.decision === 'block';
    const channel = draft.channel ?? 'email';
    return {
      id,
      companyId: draft.companyId,
      class: draft.class,
      channel,
      state: blocked ? 'blocked' : 'queued',
      stateReason: verdict.reasons[0]?.says ?? null,
      personId: draft.personId,
      leadId: draft.leadId,
      runId: draft.run?.id ?? null,
      stepId: draft.run?.stepId ?? null,
      workflow: draft.run?.workflow ?? null,
      key: draft.key,
      topic: draft.topic,
      template: draft.template?.key ?? null,
      templateVersion: draft.template?.version ?? null,
      fromName: from.name,
      fromEmail: channel === 'email' ? from.address : '',
      toName: draft.to?.name ?? '',
      toEmail: channel === 'email' ? (draft.to?.address ?? '') : '',
      toPhone: channel === 'sms' ? (draft.to?.address ?? null) : null,
      subject: channel === 'email' ? draft.subject : '',
      text: draft.text,
      html: channel === 'email' ? draft.html : null,
      messageId: messageIdOf(runtime.secrets, id, channel === 'email' ? from.address : 'x@sms'),
      inReplyTo: draft.follows?.messageId ?? null,
      threadId: draft.follows?.threadId ?? id,
      replyToId: draft.hand?.answers?.id ?? null,
      personal: draft.hand !== undefined,
      authorId: draft.hand?.authorId ?? null,
      headers: {
        ...(draft.language === undefined ? {} : { language: draft.language }),
        ...(draft.follows?.references === undefined || draft.follows.references.length === 0
          ? {}
          : { references: draft.follows.references.join(' ') }),
      },
      verdict,
      provenance: draft.provenance,
      connectionId: settings.connectionId,
      effectId: blocked ? null : (effects.get(draft.effectKey) ?? null),
      senderId: channel === 'email' ? (verdict.sender?.id ?? null) : null,
      dueAt: blocked ? null : (dueOf(verdict, now) ?? now),
      sensitive: draft.sensitive,
      attachments: channel === 'email' && (draft.attachments?.length ?? 0) > 0 ? (draft.attachments ?? null) : null,
      createdAt: now,
    };
  });
  const written = await insertMessages(tx, rows);
  await tellBlocked(
    tx,
    runtime,
    rows.filter((row) => row.state === 'blocked' && written.has(row.id)),
  );
  return judged.map(({ id, verdict }) => ({ id, verdict, state: verdict.decision === 'block' ? 'blocked' : 'queued' }));
}

/** When the ledger should ask again; null for now. */
export function dueOf(verdict: StoredVerdict, now: Date): Date | null {
  if (verdict.decision !== 'later') return null;
  return verdict.until === null ? new Date(now.getTime() + LOOK_AGAIN_MS) : new Date(verdict.until);
}

/** What a blocked message leaves on the timeline, and the event that lets its run go on. */
export async function tellBlocked(
  tx: Transaction,
  runtime: Runtime,
  rows: readonly Pick<
    NewMessage,
    'id' | 'companyId' | 'channel' | 'personId' | 'leadId' | 'subject' | 'text' | 'runId' | 'workflow' | 'verdict'
  >[],
): Promise<void> {
  if (rows.length === 0) return;
  const at = runtime.clock.now();
  await recordInteractions(
    tx,
    rows.flatMap((row) =>
      row.personId === null
        ? []
        : [
            {
              companyId: row.companyId,
              personId: row.personId,
              leadId: row.leadId,
              type: row.channel,
              direction: 'outbound' as const,
              content: row.channel === 'sms' ? row.text : row.subject,
              channel: row.channel,
              status: 'blocked',
              metadata: { reasons: row.verdict?.reasons.map((reason) => reason.says) ?? [] },
              messageId: row.id,
              at,
            },
          ],
    ),
  );
  const events = rows.map((row): DomainEvent => ({
    name: 'message.blocked',
    companyId: row.companyId,
    subject: { type: 'message', id: row.id },
    ...(row.personId === null ? {} : { personId: row.personId }),
    payload: {
      message_id: row.id,
      run_id: row.runId,
      workflow: row.workflow,
      rules: row.verdict?.reasons.map((reason) => reason.rule) ?? [],
    },
  }));
  await runtime.engine.emit(tx, events);
}

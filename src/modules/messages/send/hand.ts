import type { ConnectionRow } from '#modules/connections/public.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { ClaimedEffect, HandVerdict } from '#core/effects/types.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Composable } from '../compose.ts';
import { frameFor, type Frame } from '../frame.ts';
import { openGate } from '../gate/ask.ts';
import type { Channel } from '../tables.ts';
import { verdictSpans } from '../gate/spans.ts';
import type { Answered, StoredVerdict } from '../gate/types.ts';
import { sendingOf, takeFor } from './room.ts';
import { dueOf, LOOK_AGAIN_MS, tellBlocked } from './write.ts';

/** A queued message with the run that wrote it. */
export interface QueuedRow extends Composable {
  readonly state: string;
  readonly channel: Channel;
  readonly toPhone: string | null;
  readonly topic: string | null;
  readonly leadId: string | null;
  readonly runId: string | null;
  readonly workflow: string | null;
  readonly createdAt: Date;
  readonly template: string | null;
  /** What its writing rested on, as the gate said then. */
  readonly basis: string | null;
  readonly runState: string | null;
  readonly runOutcome: string | null;
  /** Of an answer by hand; `at` as JSON has it. */
  readonly answers: (Omit<Answered, 'at'> & { readonly at: string }) | null;
  /** Planned for, or handed over by, this one. */
  readonly senderId: string | null;
  /** The last sender of its conversation; null for the first mail of one. */
  readonly threadSenderId: string | null;
  readonly threadId: string;
  readonly fromName: string;
  readonly fromEmail: string;
  /** When it was last handed over, if ever. */
  readonly handedAt?: Date | null;
}

/** What `Answered` says of the message `i`. */
export const ANSWERED = `jsonb_build_object('id', i.id, 'at', i.created_at, 'stop', case when i.reply_class = 'stop' then true when i.classified_by = 'person' then false end)`;

const FROM = `select m.id as "messageRow", m.company_id as "companyId", m.class, m.channel, m.to_phone as "toPhone", m.state as "messageState", m.topic, m.person_id as "personId", m.lead_id as "leadId",
    m.run_id as "runId", m.workflow, m.to_name as "toName", m.to_email as "toEmail", m.subject, m.text, m.html, m.message_id as "messageId", m.in_reply_to as "inReplyTo", m.attachments,
    m.created_at as "createdAt", m.personal, m.template, m.verdict #>> '{basis,basis}' as basis, m.headers ->> 'references' as "references", m.headers ->> 'language' as language, m.sender_id as "senderId", m.thread_id as "threadId", m.from_name as "fromName", m.from_email as "fromEmail",
    case when m.sender_id is not null and m.thread_id <> m.id then (select t.sender_id from messages t where t.thread_id = m.thread_id and t.id <> m.id and t.direction = 'outbound'
      and t.sender_id is not null and t.state in ('sent', 'captured', 'in_doubt') order by t.created_at desc limit 1) end as "threadSenderId",
    case when m.reply_to_id is not null then (select ${ANSWERED} from messages i where i.id = m.reply_to_id) end as answers, r.state as "runState", r.outcome as "runOutcome"
  from messages m left join runs r on r.id = m.run_id`;
const QUEUED: Statement = { name: 'messages.queued', text: `${FROM} where m.id = $1` };
const READER: Statement = { name: 'messages.reader_language', text: 'select language from people where id = $1 and company_id = $2' };

/** The message of an effect `e`, read by the statement that claims it: a look-up each (`offset 0`), whatever the planner thinks of their number. */
export const QUEUED_MESSAGE = {
  columns: 'queued.*, e.handed_at as "handedAt"',
  join: `left join lateral (${FROM} where m.id = e.subject_id offset 0) queued on true`,
};

const PUT_OFF: Statement = {
  name: 'messages.put_off',
  text: `update messages m set due_at = x.due_at, verdict = x.verdict, state_reason = x.reason, state = 'queued', updated_at = $2
           from json_to_recordset($1::json) as x (id uuid, due_at timestamptz, verdict jsonb, reason text) where m.id = x.id`,
};
/** It leaves by another sender than it was planned for. */
const MOVE: Statement = {
  name: 'messages.other_sender',
  text: `update messages m set sender_id = x.sender_id from json_to_recordset($1::json) as x (id uuid, sender_id uuid) where m.id = x.id`,
};
const BLOCK: Statement = {
  name: 'messages.block',
  text: `update messages m set state = 'blocked', verdict = x.verdict, state_reason = x.reason, due_at = null, updated_at = $2
           from json_to_recordset($1::json) as x (id uuid, verdict jsonb, reason text) where m.id = x.id`,
};

/** Null when there is none: its columns are all null then. */
function queuedOf(row: Readonly<Record<string, unknown>> | undefined): QueuedRow | null {
  if (row === undefined || row['messageRow'] === null) return null;
  // the columns are those of FROM
  return { ...row, id: row['messageRow'], state: row['messageState'] } as unknown as QueuedRow;
}

export async function queuedMessage(tx: Transaction, id: string): Promise<QueuedRow | null> {
  const [row] = await tx.query<Record<string, unknown>>(QUEUED, [id]);
  return queuedOf(row);
}

/** The language that is known of whoever a message goes to. */
export async function languageOfReader(
  tx: Transaction,
  { personId, companyId }: Pick<QueuedRow, 'personId' | 'companyId'>,
): Promise<string | null> {
  if (personId === null) return null;
  const [row] = await tx.query<{ language: string | null }>(READER, [personId, companyId]);
  return row?.language ?? null;
}

/** A message on its way: loaded by the last check, needed again by the call and when it is settled. */
export interface OnItsWay {
  readonly message: QueuedRow;
  readonly frame: Frame;
  readonly connection: ConnectionRow | null;
  readonly verdict: StoredVerdict;
}

/** What the last check loaded, by effect, for the call that follows it in the same process. Lost in a crash, loaded again then. */
const onTheirWay = new WeakMap<Runtime, Map<string, OnItsWay>>();
/** A check whose transaction failed leaves entries behind; this many are kept at most. */
const MOST = 2_000;

export function wayOf(runtime: Runtime): Map<string, OnItsWay> {
  const way = onTheirWay.get(runtime) ?? new Map<string, OnItsWay>();
  onTheirWay.set(runtime, way);
  return way;
}

/** Where it goes: an address or a number; null when there is none. */
export function destinationOf({ channel, toEmail, toPhone }: Pick<QueuedRow, 'channel' | 'toEmail' | 'toPhone'>): string | null {
  return channel === 'sms' ? toPhone : toEmail === '' ? null : toEmail;
}

/** The gate once more, in the last moment, with everything that has happened since. One verdict for each effect. */
export async function checkHand(
  tx: Transaction,
  effects: readonly ClaimedEffect[],
  runtime: Runtime,
  channel: Channel = 'email',
): Promise<readonly HandVerdict[]> {
  const rows = effects.map((effect) => queuedOf(effect.beside));
  const asked = rows.flatMap((row) =>
    row === null ? [] : [{ companyId: row.companyId, personId: row.personId, address: destinationOf(row), messageId: row.id }],
  );
  const gate = await openGate(tx, runtime, asked, 'hand', undefined, undefined, channel);
  const now = runtime.clock.now();
  const way = wayOf(runtime);
  if (way.size > MOST) way.clear();
  const sending = (row: QueuedRow) => sendingOf(row, gate.settings.get(row.companyId)?.senders ?? []);
  const asking = (row: QueuedRow) => ({
    ...row,
    messageId: row.id,
    to: destinationOf(row),
    unresolved: [],
    draftedAt: row.createdAt,
    runStopped: stopped(row),
    runPaused: row.runState === 'paused',
    answers: answered(row),
    sending: sending(row),
  });
  const standing = rows.map((row) => (row === null || (row.state !== 'queued' && row.state !== 'in_doubt') ? null : row));
  const settled = await takeFor(
    tx,
    gate,
    standing.flatMap((row) => {
      if (row === null) return [];
      const one = asking(row);
      return [{ row, asking: one, verdict: gate.ask(one) }];
    }),
    now,
  );
  await runtime.engine.note(
    tx,
    verdictSpans(
      standing.flatMap((row) => {
        const verdict = row === null ? undefined : settled.get(row.id);
        return row === null || verdict === undefined ? [] : [{ runId: row.runId, verdict }];
      }),
    ),
    now,
  );
  const moved: { id: string; sender_id: string | null }[] = [];
  const later: { id: string; due_at: Date; verdict: StoredVerdict; reason: string }[] = [];
  const blocked: (QueuedRow & { verdict: StoredVerdict })[] = [];
  const verdicts = effects.map((effect, i): HandVerdict => {
    const row = rows[i] ?? null;
    if (row === null) return { go: false, refuse: 'The message is gone' };
    if (row.state !== 'queued' && row.state !== 'in_doubt') return { go: false, refuse: `The message is ${row.state} already` };
    const verdict = settled.get(row.id);
    if (verdict === undefined) return { go: false, refuse: 'The gate gave no verdict' };
    const reason = verdict.reasons[0]?.says ?? '';
    if (verdict.decision === 'block') {
      blocked.push({ ...row, verdict });
      return { go: false, refuse: reason };
    }
    if (verdict.decision === 'later') {
      const until = dueOf(verdict, now) ?? now;
      later.push({ id: row.id, due_at: until, verdict, reason });
      return { go: false, until, reason, guess: verdict.until === null };
    }
    const settings = gate.as(row.companyId, verdict);
    if (settings === undefined) return { go: false, refuse: 'The company is gone' };
    // Written to leave by a real mail server: it waits for another one, it is not quietly kept.
    if (effect.connectionId !== null && settings.connection === null) {
      const reason = 'The service that this was written for is no longer connected';
      const until = new Date(now.getTime() + LOOK_AGAIN_MS);
      later.push({ id: row.id, due_at: until, verdict, reason });
      return { go: false, until, reason, guess: true };
    }
    const senderId = verdict.sender?.id ?? null;
    if (senderId !== row.senderId) moved.push({ id: row.id, sender_id: senderId });
    way.set(effect.id, {
      message: row,
      frame: frameFor(runtime.secrets, settings, row, gate.facts.language(row.personId)),
      connection: settings.connection,
      verdict,
    });
    return senderId === null || settings.connectionId === effect.connectionId
      ? { go: true }
      : { go: true, connectionId: settings.connectionId };
  });
  if (moved.length > 0) await tx.query(MOVE, [JSON.stringify(moved)]);
  if (later.length > 0) await tx.query(PUT_OFF, [JSON.stringify(later), now]);
  if (blocked.length > 0) {
    await tx.query(BLOCK, [
      JSON.stringify(blocked.map((row) => ({ id: row.id, verdict: row.verdict, reason: row.verdict.reasons[0]?.says ?? '' }))),
      now,
    ]);
    await tellBlocked(tx, runtime, blocked);
  }
  return verdicts;
}

/** Why the run was ended before its message left, in words. */
export function stopped({ runState, runOutcome }: QueuedRow): string | null {
  if (runState !== 'cancelled') return null;
  const words: Record<string, string> = {
    'message.replied': 'they answered',
    'person.opted_out': 'they opted out',
    'lead.converted': 'they became a client',
    'message.bounced': 'a mail to them bounced',
    subject_gone: 'the lead was deleted',
  };
  return words[runOutcome ?? ''] ?? `it was cancelled${runOutcome === null || runOutcome === 'cancelled' ? '' : ` (${runOutcome})`}`;
}

export function answered({ answers }: Pick<QueuedRow, 'answers'>): Answered | null {
  return answers === null ? null : { ...answers, at: new Date(answers.at) };
}

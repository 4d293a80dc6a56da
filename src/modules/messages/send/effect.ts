import { emailPort, markRejected } from '#modules/connections/public.ts';
import { recordInteractions } from '#modules/people/public.ts';
import { CredentialsRejected } from '#core/connector/errors.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Effect, EffectKind, Outcome, Receipt } from '#core/effects/types.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { composeEmail } from '../compose.ts';
import { frameFor } from '../frame.ts';
import { loadSettings } from '../gate/settings.ts';
import { suppress } from '../suppress.ts';
import { isHardBounce } from './bounce.ts';
import { checkHand, queuedMessages, wayOf, type OnItsWay } from './hand.ts';

/** Conversations with mail servers at once in this process; the SMTP pool of one connection holds as many. */
const CONCURRENCY = 10;

const SETTLE: Statement = {
  name: 'messages.settle',
  text: `update messages m set state = x.state, state_reason = x.reason, sent_at = case when x.state in ('sent', 'captured', 'in_doubt') then $2::timestamptz end, response = x.response,
                frame = coalesce(x.frame, m.frame), verdict = coalesce(x.verdict, m.verdict), from_name = coalesce(x.from_name, m.from_name), from_email = coalesce(x.from_email, m.from_email), due_at = null, updated_at = $2
           from json_to_recordset($1::json) as x (id uuid, state text, reason text, response text, frame jsonb, verdict jsonb, from_name text, from_email text)
          where m.id = x.id and m.state in ('queued', 'in_doubt')
         returning m.id, m.company_id as "companyId", m.person_id as "personId", m.lead_id as "leadId", m.run_id as "runId", m.workflow, m.template, m.class, m.to_email as "toEmail", m.subject, m.text, m.state, m.sensitive`,
};

interface SettledRow {
  readonly id: string;
  readonly companyId: string;
  readonly personId: string | null;
  readonly leadId: string | null;
  readonly runId: string | null;
  readonly workflow: string | null;
  readonly template: string | null;
  readonly class: string;
  readonly toEmail: string;
  readonly subject: string;
  readonly text: string;
  readonly state: 'sent' | 'captured' | 'refused' | 'in_doubt';
  readonly sensitive: boolean;
}

/** One mail. SMTP knows no way to ask whether it went out, so a lost answer is in doubt (no `find`). */
export const emailEffect: EffectKind = {
  kind: 'email',
  concurrency: CONCURRENCY,
  check: checkHand,
  async perform(effect, runtime): Promise<Receipt> {
    const { message, frame, connection } = wayOf(runtime).get(effect.id) ?? (await reload(effect, runtime));
    // No real connection: the outbox keeps it, nothing leaves.
    if (connection === null) return { externalId: null, detail: { captured: true } };
    try {
      const port = await emailPort(runtime, connection);
      const sent = await port.send(composeEmail(runtime.secrets, message, frame, runtime.clock.now()));
      return { externalId: sent.externalId, detail: { response: sent.response } };
    } catch (error) {
      if (error instanceof CredentialsRejected)
        await runtime.system.write((tx) => markRejected(tx, connection.companyId, connection.id, error.message));
      throw error;
    }
  },
  settled,
};

/** After a restart, or when the check was made by another process. */
async function reload(effect: Effect, runtime: Runtime): Promise<OnItsWay> {
  return runtime.system.read(async (tx) => {
    const [message] = await queuedMessages(tx, [effect.subject.id]);
    const settings = (await loadSettings(tx, runtime, [effect.companyId])).get(effect.companyId);
    if (message === undefined || settings === undefined) throw new Error('the message of this effect is gone');
    const frame = frameFor(runtime.secrets, settings, message);
    return {
      message,
      frame,
      connection: settings.connection,
      verdict: { decision: 'send', stage: 'hand', at: runtime.clock.now().toISOString(), until: null, reasons: [], passed: [] },
    };
  });
}

type Settled = readonly { readonly effect: Effect; readonly outcome: Outcome }[];

/** The message, the timeline and the events of a batch: four statements. */
async function settled(tx: Transaction, outcomes: Settled, runtime: Runtime): Promise<void> {
  const now = runtime.clock.now();
  const way = wayOf(runtime);
  const byMessage = new Map(outcomes.map((one) => [one.effect.subject.id, one.outcome]));
  const rows = outcomes.map(({ effect, outcome }) => {
    const known = way.get(effect.id);
    way.delete(effect.id);
    const captured = outcome.state === 'confirmed' && outcome.receipt.detail['captured'] === true;
    return {
      id: effect.subject.id,
      state: outcome.state === 'confirmed' ? (captured ? 'captured' : 'sent') : outcome.state,
      reason: outcome.state === 'confirmed' ? null : outcome.reason,
      response: outcome.state === 'confirmed' ? textOf(outcome.receipt.detail['response']) : null,
      frame: known?.frame ?? null,
      verdict: known?.verdict ?? null,
      from_name: known?.frame.from.name ?? null,
      from_email: known?.frame.from.address ?? null,
    };
  });
  const written = await tx.query<SettledRow>(SETTLE, [JSON.stringify(rows), now]);
  const ended = written.filter((row) => row.state !== 'in_doubt');
  const bounced = new Set(
    ended.filter((row) => row.state === 'refused' && isHardBounce(reasonOf(byMessage.get(row.id)))).map((row) => row.id),
  );
  const timeline = recordInteractions(
    tx,
    ended.flatMap((row) =>
      row.personId === null || row.sensitive
        ? []
        : [
            {
              companyId: row.companyId,
              personId: row.personId,
              leadId: row.leadId,
              type: 'email' as const,
              direction: 'outbound' as const,
              content: `${row.subject}\n\n${row.text}`,
              channel: 'email',
              status: bounced.has(row.id) ? 'bounced' : row.state,
              metadata: { subject: row.subject, ...(row.state === 'refused' ? { reason: reasonOf(byMessage.get(row.id)) } : {}) },
              messageId: row.id,
              at: now,
            },
          ],
    ),
  );
  const gone = ended.filter((row) => bounced.has(row.id));
  const suppressed = suppress(
    tx,
    runtime,
    gone.map((row) => ({
      companyId: row.companyId,
      address: row.toEmail,
      reason: 'bounce',
      source: 'smtp',
      note: reasonOf(byMessage.get(row.id)).slice(0, 500),
      personId: row.personId,
    })),
  );
  const events = ended.map((row) => eventOf(row, bounced.has(row.id), reasonOf(byMessage.get(row.id))));
  await Promise.all([timeline, suppressed, events.length > 0 ? runtime.engine.emit(tx, events) : undefined]);
}

function eventOf(row: SettledRow, bounced: boolean, reason: string): DomainEvent {
  return {
    name: row.state !== 'refused' ? 'message.sent' : bounced ? 'message.bounced' : 'message.refused',
    companyId: row.companyId,
    subject: { type: 'message', id: row.id },
    ...(row.personId === null ? {} : { personId: row.personId }),
    payload: {
      message_id: row.id,
      lead_id: row.leadId,
      run_id: row.runId,
      workflow: row.workflow,
      template: row.template,
      class: row.class,
      captured: row.state === 'captured',
      ...(row.state === 'refused' ? { reason } : {}),
    },
  };
}

function reasonOf(outcome: Outcome | undefined): string {
  return outcome !== undefined && outcome.state !== 'confirmed' ? outcome.reason : '';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 1_000) : null;
}

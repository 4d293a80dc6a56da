import type { Transaction } from '#core/database/database.ts';
import type { Outcome, Settled } from '#core/effects/types.ts';
import { emitFrom } from '#core/engine/outbox.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { suppress } from '../suppress.ts';
import { isHardBounce } from './bounce.ts';
import { wayOf } from './hand.ts';

/**
 * What became of mails: their rows, the timeline and the events, in one statement with the ledger's. Reads `written (id)`, the effects
 * that are settled; $1 is the JSON of `settledRows`, $2 the moment. Answers those that bounced. It names the tables of the
 * timeline and the leads, below the modules that own them: a trip a table would be four a batch on the hottest path. Messages are found by their ids alone (a CASE is no
 * condition for an index): all that wait, by state, are a whole campaign.
 */
export const SETTLE_MESSAGES = `entry as (
    select x.* from json_to_recordset($1::json) as x (effect_id uuid, id uuid, state text, reason text, response text, frame jsonb, verdict jsonb, from_name text,
      from_email text, touch_id uuid, event_id uuid, bounced boolean) join written w on w.id = x.effect_id
  ), settled as (
    update messages m set state = x.state, state_reason = x.reason, sent_at = case when x.state in ('sent', 'captured', 'in_doubt') then $2::timestamptz end, response = x.response,
           frame = coalesce(x.frame, m.frame), verdict = coalesce(x.verdict, m.verdict), from_name = coalesce(x.from_name, m.from_name),
           from_email = coalesce(x.from_email, m.from_email), due_at = null,
           delivery = case when x.bounced then 'bounced' else m.delivery end, delivery_at = case when x.bounced then $2::timestamptz else m.delivery_at end, updated_at = $2::timestamptz
      from entry x where m.id = x.id and case m.state when 'queued' then true when 'in_doubt' then true end
    returning m.id, m.company_id, m.person_id, m.lead_id, m.run_id, m.workflow, m.template, m.class, m.to_email, m.channel, m.subject, m.text, m.state, m.sensitive, m.author_id,
      x.touch_id, x.event_id, x.bounced, x.reason
  ), touched as (
    insert into interactions (id, company_id, person_id, lead_id, type, direction, content, channel, status, metadata, message_id, created_by, created_at)
    select s.touch_id, s.company_id, s.person_id, coalesce(given.id, latest.id), s.channel, 'outbound', case when s.channel = 'sms' then s.text else s.subject || E'\\n\\n' || s.text end, s.channel,
           case when s.bounced then 'bounced' else s.state end,
           case when s.state = 'refused' then jsonb_build_object('subject', s.subject, 'reason', s.reason) else jsonb_build_object('subject', s.subject) end, s.id, s.author_id, $2::timestamptz
      from settled s
      left join leads given on given.id = s.lead_id and given.company_id = s.company_id and given.person_id = s.person_id
      left join lateral (
        select l.id from leads l where l.person_id = s.person_id and l.company_id = s.company_id and s.lead_id is null
         order by l.status not in ('converted', 'lost') desc, l.created_at desc limit 1
      ) latest on true
     where s.state <> 'in_doubt' and s.person_id is not null and not s.sensitive
  ), told as (
    select s.event_id, s.company_id, case when s.bounced then 'message.bounced' when s.state = 'refused' then 'message.refused' else 'message.sent' end as event_name,
           'message' as subject_type, s.id as subject_id, s.person_id,
           jsonb_build_object('message_id', s.id, 'lead_id', s.lead_id, 'run_id', s.run_id, 'workflow', s.workflow, 'template', s.template, 'class', s.class,
             'captured', s.state = 'captured') || case when s.state = 'refused' then jsonb_build_object('reason', s.reason) else '{}' end as payload
      from settled s where s.state <> 'in_doubt'
  ), emitted as (${emitFrom('told')})
  select company_id as "companyId", person_id as "personId", to_email as "toEmail", reason from settled where bounced`;

/** Rows for `SETTLE_MESSAGES`; what the last check had loaded is let go of. */
export function settledRows(settled: readonly Settled[], runtime: Runtime): readonly object[] {
  const way = wayOf(runtime);
  return settled.map(({ effect, outcome }) => {
    const known = way.get(effect.id);
    way.delete(effect.id);
    const reason = reasonOf(outcome);
    return {
      effect_id: effect.id,
      id: effect.subject.id,
      state: outcome.state === 'confirmed' ? (outcome.receipt.detail['captured'] === true ? 'captured' : 'sent') : outcome.state,
      reason,
      response: outcome.state === 'confirmed' ? textOf(outcome.receipt.detail['response']) : null,
      frame: known?.frame ?? null,
      verdict: known?.verdict ?? null,
      from_name: known?.frame.from.name ?? null,
      from_email: known?.frame.from.address ?? null,
      touch_id: newId(),
      event_id: newId(),
      bounced: outcome.state === 'refused' && isHardBounce(outcome.reason),
    };
  });
}

/** A mail that came back. */
export interface Bounced {
  readonly companyId: string;
  readonly personId: string | null;
  readonly toEmail: string;
  readonly reason: string | null;
}

/** An address that does not exist gets no more mail. */
export async function suppressBounced(tx: Transaction, rows: readonly Bounced[], runtime: Runtime): Promise<void> {
  await suppress(
    tx,
    runtime,
    rows.map(({ companyId, personId, toEmail, reason }) => ({
      companyId,
      address: toEmail,
      reason: 'bounce',
      source: 'smtp',
      note: (reason ?? '').slice(0, 500),
      personId,
    })),
  );
}

function reasonOf(outcome: Outcome): string | null {
  return outcome.state === 'confirmed' ? null : outcome.reason;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 1_000) : null;
}

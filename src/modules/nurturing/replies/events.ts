import { newId } from '#core/ids.ts';
import type { DomainEvent, EventHandler } from '#core/engine/types.ts';
import { changeLeadStatus, leadsOfPersons } from '#modules/leads/public.ts';
import { inboundTexts, type InboundText } from '#modules/messages/public.ts';
import type { Transaction } from '#core/database/database.ts';
import { setAway } from '../away.ts';
import { LEAD_NURTURING, READ_REPLY } from '../names.ts';
import { resumeAfterAbsence } from './resume.ts';
import { routeReplies, withLeads } from './route.ts';
import { SURE } from './second-opinion.ts';

/** A person answered: the lead moves, a task is made, the owner is told, all in the transaction that takes the event off the outbox. */
export const onReplied: EventHandler = {
  event: 'message.replied',
  async handle(tx, events, runtime) {
    const replies = await withLeads(tx, await textsOf(tx, events));
    await routeReplies(tx, runtime, replies, { alert: true });
    const unsure = replies.filter(({ reply }) => reply.class === 'other' || reply.class === null || (reply.confidence ?? 0) < SURE);
    for (const [companyId, ofCompany] of Map.groupBy(
      unsure.flatMap((one) => (one.lead === null ? [] : [{ ...one, lead: one.lead }])),
      (one) => one.companyId,
    )) {
      await runtime.engine.start(tx, {
        companyId,
        workflow: READ_REPLY,
        subjects: ofCompany.map(({ lead, personId, reply }) => ({
          type: 'lead',
          id: lead.id,
          personId,
          triggerId: reply.id,
          payload: { message_id: reply.id },
        })),
        trigger: { type: 'event', id: newId() },
      });
    }
  },
};

/** An absence note: nothing is written to them before they are back, and no run ends. */
export const onReceived: EventHandler = {
  event: 'message.received',
  async handle(tx, events, runtime) {
    const absences = events.flatMap(({ companyId, personId, payload }) => {
      const { class: cls, message_id: messageId, return_at: returnAt } = payload ?? {};
      if (cls !== 'out_of_office' || personId === undefined || typeof messageId !== 'string') return [];
      return [{ companyId, personId, messageId, returnAt: typeof returnAt === 'string' ? new Date(returnAt) : null }];
    });
    await setAway(tx, absences, runtime.clock.now());
  },
};

/** The first commercial message is out: a new lead is a contacted one. */
export const onSent: EventHandler = {
  event: 'message.sent',
  async handle(tx, events, runtime) {
    const commercial = events.filter(({ personId, payload }) => personId !== undefined && payload?.['class'] !== 'transactional');
    for (const [companyId, ofCompany] of Map.groupBy(commercial, (event) => event.companyId)) {
      const leads = await leadsOfPersons(tx, companyId, [...new Set(ofCompany.flatMap(({ personId }) => personId ?? []))]);
      await changeLeadStatus(
        tx,
        runtime,
        leads
          .filter((lead) => lead.status === 'new')
          .map((lead) => ({ companyId, leadId: lead.id, to: 'contacted', onlyFrom: ['new'], reason: 'message.sent' })),
      );
    }
  },
};

/** A person says what a reply means: what would have followed then follows now. The owner was told when it came. */
export const onClassified: EventHandler = {
  event: 'message.classified',
  name: 'nurturing.classified',
  async handle(tx, events, runtime) {
    const replies = await withLeads(tx, await textsOf(tx, events));
    for (const { companyId, personId, reply } of replies.filter((one) => one.reply.class === 'out_of_office')) {
      await setAway(tx, [{ companyId, personId, messageId: reply.id, returnAt: reply.returnAt }], runtime.clock.now());
      await resumeAfterAbsence(tx, runtime, { companyId, personId, receivedAt: reply.receivedAt, workflow: LEAD_NURTURING });
    }
    await routeReplies(tx, runtime, replies, { alert: false });
  },
};

async function textsOf(
  tx: Transaction,
  events: readonly DomainEvent[],
): Promise<{ companyId: string; personId: string; reply: InboundText }[]> {
  const found: { companyId: string; personId: string; reply: InboundText }[] = [];
  for (const [companyId, ofCompany] of Map.groupBy(events, (event) => event.companyId)) {
    const ids = ofCompany.flatMap(({ payload }) => (typeof payload?.['message_id'] === 'string' ? [payload['message_id']] : []));
    for (const reply of await inboundTexts(tx, companyId, ids)) {
      if (reply.personId !== null) found.push({ companyId, personId: reply.personId, reply });
    }
  }
  return found;
}

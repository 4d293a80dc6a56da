import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { changeLeadStatus, leadsOfPersons, type LeadOfPerson, type StatusChange } from '#modules/leads/public.ts';
import type { InboundText } from '#modules/messages/public.ts';
import { createTasks } from '#modules/workflows/public.ts';
import { settingsOf } from '../settings.ts';
import { tellOwners } from './tell-owners.ts';

export interface RoutedReply {
  readonly companyId: string;
  readonly personId: string;
  readonly reply: InboundText;
  readonly lead: LeadOfPerson | null;
}

/** Replies with their people's leads: one query a company. */
export async function withLeads(tx: Transaction, replies: readonly Omit<RoutedReply, 'lead'>[]): Promise<RoutedReply[]> {
  const routed: RoutedReply[] = [];
  for (const [companyId, ofCompany] of Map.groupBy(replies, (one) => one.companyId)) {
    const leads = new Map(
      (
        await leadsOfPersons(
          tx,
          companyId,
          ofCompany.map((one) => one.personId),
        )
      ).map((lead) => [lead.personId, lead]),
    );
    for (const one of ofCompany) routed.push({ ...one, lead: leads.get(one.personId) ?? null });
  }
  return routed;
}

/**
 * What a person's reply leads to, by its class: the lead's status, a task, and a mail to the owner at once. The opt-out of a stop was made when
 * the mail came in, for any company and any sequence; the run ended by `message.replied`.
 */
export async function routeReplies(
  tx: Transaction,
  runtime: Runtime,
  replies: readonly RoutedReply[],
  options: { readonly alert: boolean },
): Promise<void> {
  if (replies.length === 0) return;
  const settings = await settingsOf(
    tx,
    replies.map((one) => one.companyId),
  );
  await changeLeadStatus(
    tx,
    runtime,
    replies.flatMap(({ companyId, lead, reply }): StatusChange[] => {
      if (lead === null) return [];
      const change = { companyId, leadId: lead.id, reason: `reply: ${reply.class}` };
      if (reply.class === 'wrong_person') return [{ ...change, to: 'lost', onlyFrom: ['new', 'contacted', 'engaged'] }];
      if (reply.class === 'interested' || reply.class === 'other') return [{ ...change, to: 'engaged', onlyFrom: ['new', 'contacted'] }];
      // A "not now" answered our message, so the lead was contacted, even where the status lags behind.
      if (reply.class === 'not_now') return [{ ...change, to: 'contacted', onlyFrom: ['new'] }];
      return [];
    }),
  );
  await createTasks(
    tx,
    replies.flatMap(({ companyId, personId, reply, lead }) => {
      const task = taskFor(reply, lead?.name || reply.fromName || reply.from, settings(companyId).revisitDays);
      if (task === null) return [];
      const dueAt = new Date(runtime.clock.now().getTime() + task.inDays * 86_400_000);
      const about =
        lead === null ? {} : { subject: { type: 'lead', id: lead.id }, ...(lead.ownerId === null ? {} : { assigneeId: lead.ownerId }) };
      return [
        {
          companyId,
          personId,
          title: task.title,
          body: excerpt(reply.text),
          kind: task.kind,
          link: `/people/${personId}`,
          dueAt,
          key: `reply:${reply.id}:${reply.class}`,
          ...about,
        },
      ];
    }),
  );
  if (options.alert)
    await tellOwners(
      tx,
      runtime,
      replies.filter((one) => settings(one.companyId).alertOwner),
    );
}

function taskFor(reply: InboundText, who: string, revisitDays: number): { title: string; kind: string; inDays: number } | null {
  switch (reply.class) {
    case 'interested':
      return { title: `Answer ${who}: interested`, kind: 'reply', inDays: 0 };
    case 'not_now':
      return { title: `Ask ${who} again: not now`, kind: 'revisit', inDays: revisitDays };
    case 'wrong_person':
      return { title: `${who} is the wrong person: suppress the address, or find the right one`, kind: 'reply', inDays: 0 };
    case 'stop':
    case 'out_of_office':
      return null;
    case 'other':
    case null:
      return { title: `Read the reply of ${who}`, kind: 'reply', inDays: 0 };
  }
}

const excerpt = (text: string) => (text.length > 2_000 ? `${text.slice(0, 2_000)} …` : text);

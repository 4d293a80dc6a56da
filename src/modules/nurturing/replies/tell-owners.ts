import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { activeUsers, publicUrl, type Colleague } from '#modules/accounts/public.ts';
import { sendTransactional, type ReplyClass, type Transactional } from '#modules/messages/public.ts';
import type { RoutedReply } from './route.ts';

const MEANS: Record<ReplyClass, string> = {
  interested: 'is interested',
  not_now: 'says not now',
  out_of_office: 'is out of office',
  wrong_person: 'is the wrong person',
  stop: 'wants no more messages',
  other: 'replied',
};

const WHAT_HAPPENED: Record<ReplyClass, string> = {
  interested: 'The sequence has ended for this person, and a task to answer is on your list.',
  not_now: 'The sequence has ended for this person, and a task reminds you later.',
  out_of_office: 'The sequence goes on when they are back.',
  wrong_person: 'The sequence has ended for this person, and the lead is marked lost.',
  stop: 'The address is suppressed; no more commercial mail goes to it.',
  other: 'The sequence has ended for this person. Please read the reply.',
};

/** One mail for each reply to the lead's owner, or to every admin where nobody owns the lead. Once, however often it is asked for. */
export async function tellOwners(tx: Transaction, runtime: Runtime, replies: readonly RoutedReply[]): Promise<void> {
  const mails: Transactional[] = [];
  for (const [companyId, ofCompany] of Map.groupBy(replies, (one) => one.companyId)) {
    const users = await activeUsers(tx, companyId);
    const admins = users.filter((user) => user.role === 'admin');
    for (const one of ofCompany) {
      const owner = users.find((user) => user.id === one.lead?.ownerId);
      mails.push(...(owner === undefined ? admins : [owner]).map((colleague) => alert(runtime, companyId, one, colleague)));
    }
  }
  await sendTransactional(tx, runtime, mails);
}

function alert(runtime: Runtime, companyId: string, { personId, reply, lead }: RoutedReply, to: Colleague): Transactional {
  const who = oneLine(lead?.name || reply.fromName || reply.from);
  const meaning = reply.class ?? 'other';
  const quoted = reply.text
    .slice(0, 4_000)
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  return {
    companyId,
    to: { name: to.fullName, address: to.email },
    subject: `${who} ${MEANS[meaning]}`,
    text: [
      `${who} <${reply.from}> wrote:`,
      quoted,
      `We read this as: ${meaning.replaceAll('_', ' ')}. ${WHAT_HAPPENED[meaning]}`,
      `${publicUrl(runtime.config)}/people/${personId}`,
    ].join('\n\n'),
    key: `alert:reply:${reply.id}:${to.id}`,
  };
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').slice(0, 80);

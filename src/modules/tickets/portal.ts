import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { html } from '#core/portal/html.ts';
import type { PortalPart, PortalSent, PortalVisit } from '#core/portal/types.ts';
import { notify } from '#modules/notifications/public.ts';
import { badge, card, form, inside, rows, timeIn } from '#modules/portal/public.ts';
import { changeTickets } from './change.ts';
import { createTickets } from './create.ts';
import { addEntries } from './entries.ts';
import { theyWrote } from './state.ts';
import type { TicketState } from './tables.ts';

const MOST = 20;
const LONGEST = 20_000;

/** Tickets of the client's person, newest first; merged ones stand in the one that they became part of. tickets_person serves it. */
const LIST: Statement = {
  name: 'tickets.portal.list',
  text: `select t.id, t.number::float8 as number, t.subject, t.state, t.last_at as "lastAt" from clients c join tickets t on t.person_id = c.person_id and t.company_id = c.company_id
          where c.company_id = $1 and c.id = $2 and t.merged_into_id is null order by t.last_at desc, t.id desc limit ${MOST}`,
};
const ONE: Statement = {
  name: 'tickets.portal.one',
  text: `select t.id, t.number::float8 as number, t.subject, t.state, t.last_at as "lastAt", t.assignee_id as "assigneeId" from clients c join tickets t on t.person_id = c.person_id and t.company_id = c.company_id
          where c.company_id = $1 and c.id = $2 and t.id = $3 and t.merged_into_id is null`,
};
/** What was said to each other; notes and changes stay in the house. */
const SAID: Statement = {
  name: 'tickets.portal.said',
  text: `select e.inbound, e.created_at as at, coalesce(nullif(e.text, ''), case when m.direction = 'inbound' then coalesce(m.new_text, m.text) else m.text end, '') as text
           from ticket_entries e left join messages m on m.id = e.message_id
          where e.company_id = $1 and e.ticket_id = $2 and e.kind in ('message', 'web') and not coalesce(m.sensitive, false)
            and coalesce(m.state, 'sent') in ('sent', 'captured', 'in_doubt', 'received', 'queued') order by e.created_at, e.id limit 500`,
};

interface Line {
  readonly id: string;
  readonly number: number;
  readonly subject: string;
  readonly state: TicketState;
  readonly lastAt: Date;
}

const STATES: Readonly<Record<TicketState, readonly [string, 'ok' | 'warn' | 'accent' | undefined]>> = {
  open: ['With us', 'accent'],
  pending: ['Waits for you', 'warn'],
  on_hold: ['With us', 'accent'],
  solved: ['Solved', 'ok'],
  closed: ['Closed', undefined],
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

async function oneOf(tx: Transaction, visit: PortalVisit, path: string): Promise<(Line & { assigneeId: string | null }) | undefined> {
  if (!UUID.test(path)) return undefined;
  const [row] = await tx.query<Line & { assigneeId: string | null }>(ONE, [visit.companyId, visit.clientId, path]);
  return row;
}

/** @throws InvalidInput beside the field */
function wordsOf(sent: PortalSent, field: string, most: number, label: string): string {
  const text = (sent.fields[field] ?? '').replaceAll('\u0000', '').toWellFormed().trim();
  if (text === '') throw new InvalidInput(`${label} is empty`, { fields: [{ path: field, message: 'Write a few words' }] });
  if (text.length > most)
    throw new InvalidInput(`${label} is too long`, { fields: [{ path: field, message: `At most ${most} characters` }] });
  return text;
}

/** What a client asked, and where it stands. A word of theirs here counts like a mail: it opens the ticket and starts its clock. */
export const ticketsPart: PortalPart = {
  name: 'tickets',
  title: 'Questions and requests',
  place: 40,
  async front(tx, visit) {
    const own = await tx.query<Line>(LIST, [visit.companyId, visit.clientId]);
    return html`${
      own.length === 0
        ? null
        : rows(
            own.map(({ id, number, subject, state, lastAt }) => ({
              title: subject,
              detail: `#${number} · ${timeIn(visit, lastAt)}`,
              badge: badge(...STATES[state]),
              href: `${visit.at}/${id}`,
            })),
          )
    }${inside(
      form(visit, {
        act: 'ask',
        label: 'Send',
        second: true,
        fields: [
          { name: 'subject', label: 'What is it about?', required: true },
          { name: 'text', label: 'Your question or request', type: 'area', required: true },
        ],
      }),
    )}`;
  },
  async open(tx, visit, path) {
    const ticket = await oneOf(tx, visit, path);
    if (ticket === undefined) return null;
    const said = await tx.query<{ inbound: boolean | null; at: Date; text: string }>(SAID, [visit.companyId, ticket.id]);
    const talk = said.map(({ inbound, at, text }) =>
      card(
        inbound === true ? 'You' : visit.company.name,
        inside(
          text
            .split(/\n{2,}/)
            .map((part) => html`<p>${part.split('\n').map((line, i) => html`${i === 0 ? null : html`<br />`}${line}`)}</p>`),
        ),
        html`<small>${timeIn(visit, at)}</small>`,
      ),
    );
    const again =
      ticket.state === 'closed'
        ? inside(html`<p>This is closed. Send a new question from the overview.</p>`)
        : card(
            'Answer',
            inside(
              form(visit, {
                act: 'reply',
                label: 'Send',
                path: ticket.id,
                fields: [{ name: 'text', label: 'Your answer', type: 'area', required: true }],
              }),
            ),
          );
    return {
      title: ticket.subject,
      body: html`<p class="lead">#${ticket.number} ${badge(...STATES[ticket.state])}</p>
        ${talk}${again}`,
    };
  },
  says: { asked: 'Thank you. We have it and will answer you.', replied: 'Thank you. It is with us.' },
  acts: {
    async ask(tx, visit, sent) {
      const subject = wordsOf(sent, 'subject', 300, 'The subject');
      const text = wordsOf(sent, 'text', LONGEST, 'The question');
      const [id = ''] = await createTickets(tx, visit.runtime, visit.companyId, [
        { personId: visit.personId, subject, source: 'portal', priority: 'normal', waits: true },
      ]);
      await addEntries(tx, visit.companyId, [{ ticketId: id, kind: 'web', inbound: true, text }], visit.now);
      return { says: 'asked', path: id };
    },
    async reply(tx, visit, sent) {
      const ticket = await oneOf(tx, visit, sent.path);
      if (ticket === undefined || ticket.state === 'closed')
        throw new InvalidInput('This is closed. Send a new question from the overview');
      const text = wordsOf(sent, 'text', LONGEST, 'The answer');
      await addEntries(tx, visit.companyId, [{ ticketId: ticket.id, kind: 'web', inbound: true, text }], visit.now);
      await changeTickets(tx, visit.runtime, {
        companyId: visit.companyId,
        ids: [ticket.id],
        by: null,
        change: theyWrote,
      });
      if (ticket.assigneeId !== null)
        await notify(tx, visit.runtime, [
          {
            companyId: visit.companyId,
            userId: ticket.assigneeId,
            personId: visit.personId,
            kind: 'ticket_reply',
            title: `${visit.name === '' ? 'The client' : visit.name} wrote on “${ticket.subject}”`,
            body: text.replace(/\s+/g, ' ').slice(0, 200),
            link: `/tickets/${ticket.id}`,
            key: `ticket_reply:${ticket.id}:${visit.now.getTime()}`,
          },
        ]);
      return { says: 'replied', path: ticket.id };
    },
  },
};

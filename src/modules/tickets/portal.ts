import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { html, type Html } from '#core/portal/html.ts';
import type { PortalFile, PortalPart, PortalSent, PortalVisit } from '#core/portal/types.ts';
import { keepFile, wholeFile } from '#modules/people/public.ts';
import { notify } from '#modules/notifications/public.ts';
import { badge, card, folded, form, inside, paragraphs, rows, sizeOf, timeIn, type FormField } from '#modules/portal/public.ts';
import { changeTickets } from './change.ts';
import { createTickets } from './create.ts';
import { addEntries, entryFiles } from './entries.ts';
import { openHelpPage } from './help/page.ts';
import { theyWrote } from './state.ts';
import type { TicketState } from './tables.ts';
import { TICKET_WORDS, type TicketWords } from './words.ts';

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
  text: `select e.inbound, e.created_at as at, ${entryFiles('e')} as files, coalesce(nullif(e.text, ''), case when m.direction = 'inbound' then coalesce(m.new_text, m.text) else m.text end, '') as text
           from ticket_entries e left join messages m on m.id = e.message_id
          where e.company_id = $1 and e.ticket_id = $2 and e.kind in ('message', 'web') and not coalesce(m.sensitive, false)
            and coalesce(m.state, 'sent') in ('sent', 'captured', 'in_doubt', 'received', 'queued') order by e.created_at, e.id limit 500`,
};

/** A file of what was said; the same lines as above, so that what is not shown gives nothing away. */
const FILE: Statement = {
  name: 'tickets.portal.file',
  text: `select f.name, f.type from person_files f where f.company_id = $1 and f.id = $3 and f.complete and exists (
           select from ticket_entries e left join messages m on m.id = e.message_id
            where e.company_id = $1 and e.ticket_id = $2 and e.kind in ('message', 'web') and not coalesce(m.sensitive, false)
              and coalesce(m.state, 'sent') in ('sent', 'captured', 'in_doubt', 'received', 'queued')
              and (exists (select from ticket_entry_files x where x.entry_id = e.id and x.file_id = f.id and x.company_id = $1)
                or exists (select from message_files x where x.message_id = e.message_id and x.file_id = f.id and x.company_id = $1)))`,
};

interface SaidFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
}

interface Line {
  readonly id: string;
  readonly number: number;
  readonly subject: string;
  readonly state: TicketState;
  readonly lastAt: Date;
}

const TONES = { open: 'accent', pending: 'warn', on_hold: 'accent', solved: 'ok', closed: undefined } as const;
const stateBadge = ({ language }: PortalVisit, state: TicketState): Html => badge(TICKET_WORDS[language].states[state], TONES[state]);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const filesField = ({ files, filesHelp }: TicketWords): FormField => ({
  name: 'files',
  label: files,
  type: 'file',
  multiple: true,
  help: filesHelp,
});

async function oneOf(tx: Transaction, visit: PortalVisit, path: string): Promise<(Line & { assigneeId: string | null }) | undefined> {
  if (!UUID.test(path)) return undefined;
  const [row] = await tx.query<Line & { assigneeId: string | null }>(ONE, [visit.companyId, visit.clientId, path]);
  return row;
}

const refuse = (path: string, message: string) => new InvalidInput(message, { fields: [{ path, message }] });

/** @throws InvalidInput beside the field */
function textOf(sent: PortalSent, field: string, most: number, { language }: PortalVisit): string {
  const text = (sent.fields[field] ?? '').replaceAll('\u0000', '').replaceAll('\r\n', '\n').toWellFormed().trim();
  const words = TICKET_WORDS[language];
  if (text === '') throw refuse(field, words.empty);
  if (text.length > most) throw refuse(field, words.tooLong(most));
  return text;
}

function ask(visit: PortalVisit): Html {
  const words = TICKET_WORDS[visit.language];
  return form(visit, {
    act: 'ask',
    label: words.send,
    fields: [
      { name: 'subject', label: words.about, required: true },
      { name: 'text', label: words.request, type: 'area', required: true },
      filesField(words),
    ],
  });
}

/** Files of a form, kept on the person and shown to them. @throws InvalidInput beside the field */
async function keepFiles(tx: Transaction, visit: PortalVisit, sent: PortalSent): Promise<string[]> {
  const kept: string[] = [];
  for (const { name, bytes } of sent.files.filter(({ field, bytes: content }) => field === 'files' && content.length > 0)) {
    const id = await keepFile(tx, visit.companyId, { personId: visit.personId, name, content: bytes, at: visit.now, shared: true });
    if (id === null) throw refuse('files', TICKET_WORDS[visit.language].tooManyFiles);
    kept.push(id);
  }
  return kept;
}

async function fileOf(tx: Transaction, visit: PortalVisit, ticketId: string, fileId: string): Promise<PortalFile | null> {
  const { runtime, companyId } = visit;
  const [file] = UUID.test(fileId) ? await tx.query<{ name: string; type: string }>(FILE, [companyId, ticketId, fileId]) : [];
  if (file === undefined) return null;
  return {
    filename: file.name,
    contentType: file.type,
    bytes: async () => (await runtime.database.read(companyId, (own) => wholeFile(own, companyId, fileId))) ?? Buffer.alloc(0),
  };
}

/** What was written, paragraph by paragraph, and what came with it. */
function wordsIn(visit: PortalVisit, at: string, text: string, files: readonly SaidFile[]): Html {
  return html`${paragraphs(text)}${
    files.length === 0
      ? null
      : html`<p>
          ${files.map(({ id, name, sizeBytes }, i) => html`${i === 0 ? null : html`<br />`}<a href="${at}/files/${id}">${name}</a> <small>${sizeOf(visit, sizeBytes)}</small>`)}
        </p>`
  }`;
}

/** What a client asked, and where it stands. A word of theirs here counts like a mail: it opens the ticket and starts its clock. */
export const ticketsPart: PortalPart = {
  name: 'tickets',
  title: (language) => TICKET_WORDS[language].title,
  place: 40,
  async front(tx, visit) {
    const own = await tx.query<Line>(LIST, [visit.companyId, visit.clientId]);
    const help = await openHelpPage(tx, visit.companyId);
    const words = TICKET_WORDS[visit.language];
    const { before, page, after } = words.answered;
    return html`${
      own.length === 0
        ? null
        : rows(
            own.map(({ id, number, subject, state, lastAt }) => ({
              title: subject,
              detail: `#${number} · ${timeIn(visit, lastAt)}`,
              badge: stateBadge(visit, state),
              href: `${visit.at}/${id}`,
            })),
          )
    }${inside(
      help === null ? null : html`<p>${before}<a href="/help/${help.slug}">${page}</a>${after}</p>`,
      own.length === 0 ? ask(visit) : folded(words.askNew, visit.faults.length > 0 || 'text' in visit.typed, ask(visit)),
    )}`;
  },
  async open(tx, visit, path) {
    const [id = '', what, fileId = '', ...more] = path.split('/');
    const ticket = await oneOf(tx, visit, id);
    if (ticket === undefined || more.length > 0 || (what !== undefined && what !== 'files')) return null;
    if (what === 'files') return fileOf(tx, visit, ticket.id, fileId);
    const said = await tx.query<{ inbound: boolean | null; at: Date; text: string; files: readonly SaidFile[] }>(SAID, [
      visit.companyId,
      ticket.id,
    ]);
    const words = TICKET_WORDS[visit.language];
    const talk = said.map(({ inbound, at, text, files }) =>
      card(
        inbound === true ? words.you : visit.company.name,
        inside(wordsIn(visit, `${visit.at}/${ticket.id}`, text, files)),
        html`<small>${timeIn(visit, at)}</small>`,
      ),
    );
    const again =
      ticket.state === 'closed'
        ? inside(html`<p>${words.closed}</p>`)
        : card(
            words.answer,
            inside(
              form(visit, {
                act: 'reply',
                label: words.send,
                path: ticket.id,
                fields: [{ name: 'text', label: words.yourAnswer, type: 'area', required: true }, filesField(words)],
              }),
            ),
          );
    return {
      title: ticket.subject,
      body: html`<p class="lead">#${ticket.number} ${stateBadge(visit, ticket.state)}</p>
        ${talk}${again}`,
    };
  },
  says: (language) => TICKET_WORDS[language].says,
  acts: {
    async ask(tx, visit, sent) {
      const subject = textOf(sent, 'subject', 300, visit);
      const text = textOf(sent, 'text', LONGEST, visit);
      const fileIds = await keepFiles(tx, visit, sent);
      const [id = ''] = await createTickets(tx, visit.runtime, visit.companyId, [
        { personId: visit.personId, subject, source: 'portal', priority: 'normal', waits: true },
      ]);
      await addEntries(tx, visit.companyId, [{ ticketId: id, kind: 'web', inbound: true, text, fileIds }], visit.now);
      return { says: 'asked', path: id };
    },
    async reply(tx, visit, sent) {
      const ticket = await oneOf(tx, visit, sent.path);
      if (ticket === undefined || ticket.state === 'closed') throw new InvalidInput(TICKET_WORDS[visit.language].closed);
      const text = textOf(sent, 'text', LONGEST, visit);
      const fileIds = await keepFiles(tx, visit, sent);
      await addEntries(tx, visit.companyId, [{ ticketId: ticket.id, kind: 'web', inbound: true, text, fileIds }], visit.now);
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

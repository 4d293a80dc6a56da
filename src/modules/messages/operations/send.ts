import { emailPort } from '#modules/connections/public.ts';
import { emailAddress, ensurePerson, findPersonsByEmail, parseName } from '#modules/people/public.ts';
import { z } from 'zod';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { Conflict, HeldInstance, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { composeEmail, messageIdOf } from '../compose.ts';
import { factsOfPerson, senderFacts } from '../facts.ts';
import { variablesFor } from '../variables.ts';
import { frameFor } from '../frame.ts';
import { openGate } from '../gate/ask.ts';
import { loadSettings } from '../gate/settings.ts';
import { SenderNotFound } from './senders.ts';
import { answerSubject, writeByHand } from '../send/by-hand.ts';
import { draw } from '../templates/draw.ts';
import { writeDrafts } from '../send/write.ts';
import { messageId, requireMessage } from './messages.ts';
import { LINE_COLUMNS, MessageLine, MessageNotFound } from './shapes.ts';
import { TemplateNotFound } from './template-shapes.ts';
import { requireTemplate } from './templates.ts';

/** A mail of ours can't be answered by us; only one that came in can. */
export class NotInbound extends Conflict {
  override readonly code = 'not_inbound';
}

const Sent = z.object({
  id: z.uuid(),
  state: z.enum(['queued', 'blocked']).describe('queued: it leaves (or is captured) in a moment, or when reasons say'),
  decision: z.enum(['send', 'later', 'block']),
  until: z.string().nullable(),
  reasons: z.array(z.string()),
  to: z.string(),
  subject: z.string(),
});

export const sendEmail = operation({
  name: 'messages.send',
  summary: 'Write one email to one address, from a template or with its own text; the gate decides when it leaves',
  http: 'POST /api/messages',
  aliases: ['POST /emails/send'],
  cli: 'marketing email send',
  access: 'write',
  status: 201,
  input: z.object({
    to: emailAddress().describe('Address; a person is made for one that is new'),
    name: z.string().trim().max(200).optional().describe('Name of a new person'),
    template: z.string().max(63).optional(),
    subject: z.string().trim().min(1).max(500).optional().describe('Liquid; with text, instead of a template'),
    text: z.string().trim().min(1).max(50_000).optional().describe('Liquid'),
    class: z.enum(['commercial', 'transactional']).optional().describe('Default: that of the template, else commercial'),
    topic: z.string().max(50).default('follow_up'),
  }),
  output: Sent,
  errors: [TemplateNotFound],
  async run(ctx, input) {
    if (input.template === undefined && (input.subject === undefined || input.text === undefined)) {
      throw new InvalidInput('Name a template, or give subject and text', {
        fields: [{ path: 'template', message: 'is missing, and so is subject or text' }],
      });
    }
    const template = input.template === undefined ? null : await requireTemplate(ctx, input.template);
    const known = (await findPersonsByEmail(ctx, ctx.companyId, [input.to])).get(input.to);
    const personId = known?.personId ?? (await ensurePerson(ctx, ctx.companyId, input.to, parseName(input.name ?? ''), ctx.clock.now()));
    const person = await factsOfPerson(ctx, ctx.companyId, personId);
    const gate = await openGate(ctx, ctx.runtime, [{ companyId: ctx.companyId, personId, address: input.to, messageId: null }], 'draft');
    const kind = input.class ?? template?.class ?? 'commercial';
    const senderId = gate.plan({ companyId: ctx.companyId, class: kind, personId, to: input.to }, null);
    const texts = [{ subject: input.subject, text: input.text }, ...(template === null ? [] : [template])];
    const more = await variablesFor(ctx, ctx.runtime, [{ companyId: ctx.companyId, personId }], texts);
    const facts = { ...person?.facts, ...more(personId), ...senderFacts(gate.settings.get(ctx.companyId)?.as(senderId)) };
    const drawn = draw(
      template !== null && input.subject === undefined && input.text === undefined
        ? template
        : {
            subject: input.subject ?? template?.subject ?? '',
            body: input.text ?? template?.body ?? '',
            html: input.text === undefined ? (template?.html ?? null) : null,
          },
      facts,
    );
    const [written] = await writeDrafts(ctx, ctx.runtime, gate, [
      {
        companyId: ctx.companyId,
        class: kind,
        topic: input.topic,
        personId,
        leadId: person?.leadId ?? null,
        run: null,
        key: null,
        effectKey: `mail/${newId()}`,
        template: template === null ? null : { key: template.key, version: template.version },
        to: { name: person?.name ?? '', address: input.to },
        ...drawn,
        provenance: null,
        sensitive: false,
        ...(template === null || input.text !== undefined ? {} : { attachments: template.attachments }),
        follows: null,
        senderId,
      },
    ]);
    if (written === undefined) throw new InvalidInput('The message was not written');
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    const { verdict } = written;
    return {
      id: written.id,
      state: written.state,
      decision: verdict.decision,
      until: verdict.until,
      reasons: verdict.reasons.map((reason) => `${reason.says}. ${reason.fix}`),
      to: input.to,
      subject: drawn.subject,
    };
  },
});

export const replyToMessage = operation({
  name: 'messages.reply',
  summary: 'Answer a mail that came in, in the same conversation',
  http: 'POST /api/messages/{message_id}/reply',
  cli: 'messages reply',
  access: 'write',
  status: 201,
  input: z.object({ messageId, text: z.string().trim().min(1).max(50_000), subject: z.string().trim().min(1).max(500).optional() }),
  output: Sent,
  errors: [MessageNotFound, NotInbound],
  async run(ctx, input) {
    const row = await requireMessage(ctx, input.messageId);
    if (row.direction !== 'inbound') throw new NotInbound('This message is ours; answer one that came in');
    const bySms = row.channel === 'sms';
    const to = bySms ? (row.fromPhone ?? '') : row.fromEmail;
    const subject = bySms ? '' : (input.subject ?? answerSubject(row.subject));
    const written = await writeByHand(ctx, ctx.runtime, {
      companyId: ctx.companyId,
      authorId: 'userId' in ctx.principal ? ctx.principal.userId : null,
      channel: row.channel,
      class: 'transactional', // see docs/adr/0050-answers-by-hand.md
      personId: row.personId,
      leadId: row.leadId,
      to: { name: row.fromName, address: to },
      subject,
      text: input.text,
      key: null,
      follows: row,
      answers: row,
    });
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    const { verdict } = written;
    return {
      id: written.id,
      state: written.state,
      decision: verdict.decision,
      until: verdict.until,
      reasons: verdict.reasons.map((reason) => `${reason.says}. ${reason.fix}`),
      to,
      subject,
    };
  },
});

const QUEUE = {
  name: 'messages.queue',
  text: `select ${LINE_COLUMNS} from messages m where m.company_id = $1 and m.state = 'queued' order by m.created_at desc, m.id desc limit $2`,
};

export const emailQueue = operation({
  name: 'messages.queue',
  summary: 'Messages that wait to leave, with when and why',
  http: 'GET /api/messages/queue',
  cli: 'marketing email queue',
  columns: ['to_email', 'to_name', 'channel', 'subject', 'due_at', 'state_reason', 'workflow', 'id'],
  access: 'read',
  input: z.object({ list: z.boolean().default(true).describe('Show the messages (the default)'), limit: pageInput.limit }),
  output: pageOf(MessageLine),
  async run(ctx, input) {
    const rows = await ctx.query<z.input<typeof MessageLine>>(QUEUE, [ctx.companyId, input.limit + 1]);
    return toPage(rows, input.limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const sendTestMail = operation({
  name: 'sending.test',
  summary: 'Send one test mail through the connected mail server, at once and whether or not sending is launched',
  http: 'POST /api/sending/test',
  cli: 'sending test',
  access: 'outside',
  role: 'manager',
  status: 200,
  ratePerMinute: 10,
  input: z.object({ to: emailAddress(), senderId: z.uuid().optional().describe('As this sender; else as mail leaves without senders') }),
  output: z.object({ ok: z.boolean(), response: z.string().nullable(), error: z.string().nullable() }),
  errors: [SenderNotFound],
  async run(ctx, input) {
    if (ctx.runtime.standing.held)
      throw new HeldInstance('This installation is held, so no mail leaves. Release it first: Settings → Held');
    const all = await ctx.inCompany(ctx.companyId, (inner) => loadSettings(inner, inner.runtime, [inner.companyId]));
    const settings = all.get(ctx.companyId)?.as(input.senderId);
    if (input.senderId !== undefined && settings?.sender?.id !== input.senderId)
      throw new SenderNotFound('There is no such sender; see GET /api/senders');
    if (settings?.connection == null)
      return { ok: false, response: null, error: 'No mail server is connected; connect one under Connections first' };
    if (settings.from === null)
      return { ok: false, response: null, error: 'There is no sender address; set it under Settings → Sending, or FROM_EMAIL' };
    const id = newId();
    const frame = frameFor(ctx.runtime.secrets, settings, { id, class: 'transactional' });
    const mail = composeEmail(
      ctx.runtime.secrets,
      {
        id,
        companyId: ctx.companyId,
        class: 'transactional',
        personId: null,
        toName: '',
        toEmail: input.to,
        subject: `Test from ${settings.companyName}`,
        text: `This mail was sent to see whether ${settings.companyName} can send mail with Steward. It can.`,
        html: null,
        messageId: messageIdOf(ctx.runtime.secrets, id, frame.from.address),
        inReplyTo: null,
      },
      frame,
      ctx.clock.now(),
    );
    try {
      const port = await emailPort(ctx.runtime, settings.connection);
      return { ok: true, response: (await port.send(mail)).response, error: null };
    } catch (error) {
      if (
        error instanceof VendorRefused ||
        error instanceof VendorUnavailable ||
        error instanceof CredentialsRejected ||
        error instanceof MaybeDone
      )
        return { ok: false, response: null, error: error.message };
      throw error;
    }
  },
});

import { emailAddress, findPersonsByEmail, normaliseEmail } from '#modules/people/public.ts';
import { z } from 'zod';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { smsLength } from '#core/ports/sms-segments.ts';
import { composeEmail, messageIdOf } from '../compose.ts';
import { composeSms } from '../compose-sms.ts';
import { factsOfPerson, sampleFacts, senderFacts } from '../facts.ts';
import { sampleVariables, variablesFor } from '../variables.ts';
import { frameFor } from '../frame.ts';
import { openGate } from '../gate/ask.ts';
import { loadSettings } from '../gate/settings.ts';
import { BrokenTemplate } from '../liquid.ts';
import { writeDrafts } from '../send/write.ts';
import type { Finding } from '../templates/checks/liquid.ts';
import { linksIn, mailFindings, writingFindings } from '../templates/checks/mail.ts';
import { templateNames } from '../templates/checks/names.ts';
import { draw, inLanguage, languagesOf } from '../templates/draw.ts';
import { AttachmentNotFound } from '../templates/store/files.ts';
import { changed, compiled, type Content } from '../templates/store/publish.ts';
import { TEST_TOPIC } from '../templates/test-topic.ts';
import { Changes, key, language, TemplateNotFound } from './template-shapes.ts';
import { findTemplate, requireTemplate } from './templates.ts';

const FindingOut = z.object({
  severity: z
    .enum(['fault', 'warning', 'hint'])
    .describe('fault: it would be blocked, or arrive broken. warning: it may harm. hint: it could be better'),
  code: z.string(),
  says: z.string(),
  fix: z.string().describe('What to do about it'),
  part: z.string().describe('subject, preheader, text, html, mjml, files, frame, or the id of a block'),
  line: z.int().nullable(),
});

const whom = {
  to: z.string().max(1_000).optional().describe('Address of a person whom you know; without it an invented one'),
  personId: z.uuid().optional().describe('The same by id'),
  inLanguage: language.optional().describe('Instead of the person’s'),
};
const what = {
  template: key.optional().describe('Key of a template'),
  ...Changes.shape,
};

export const previewTemplate = operation({
  name: 'templates.preview',
  summary: 'A template as it would look, for a person or for an invented one, with what speaks against it. Sends nothing',
  http: 'POST /api/templates/preview',
  cli: 'marketing email preview',
  access: 'read',
  status: 200,
  bodyLimit: 3_000_000,
  input: z.object({ ...what, ...whom }),
  output: z.object({
    subject: z.string(),
    preheader: z.string(),
    text: z.string(),
    words: z.string().describe('The text alone, without what code puts under it'),
    html: z.string(),
    to: z.string(),
    language: z.string().describe('Which of its languages it is'),
    unresolved: z.array(z.string()).describe('Gaps that would block the message'),
    findings: z.array(FindingOut),
    links: z.array(z.string()),
    weight: z.int().describe('Bytes of the HTML; Gmail cuts at 104,448'),
    smsLength: z
      .object({ encoding: z.enum(['gsm', 'unicode']), units: z.int(), segments: z.int(), because: z.string().nullable() })
      .nullable(),
  }),
  errors: [TemplateNotFound, BrokenTemplate, AttachmentNotFound],
  async run(ctx, input) {
    const asked = await askedFor(ctx, withoutReader(input));
    const { settings, facts, to } = await readerOf(ctx, input);
    const names = await templateNames(ctx, ctx.runtime, ctx.companyId);
    const wanted = input.inLanguage === undefined ? languagesOf(facts) : [input.inLanguage];
    const written = [asked.main, ...asked.variants];
    const faults = written.flatMap((one) =>
      writingFindings(one, names).map((found) => (written.length === 1 ? found : { ...found, says: `${one.language}: ${found.says}` })),
    );
    const content = await compiled(ctx, asked).catch((error: unknown) => {
      if (error instanceof BrokenTemplate) return error;
      throw error;
    });
    if (content instanceof BrokenTemplate) return unreadable(asked.main.language, content, faults);
    const chosen = inLanguage(content.row, ...wanted);
    const drawn = draw({ ...chosen, variants: [] }, facts);
    const id = newId();
    const frame = frameFor(ctx.runtime.secrets, settings, { id, class: content.class }, wanted[0]);
    const mail = composeEmail(
      ctx.runtime.secrets,
      {
        id,
        companyId: ctx.companyId,
        class: content.class,
        personId: to.personId ?? id,
        toName: to.name,
        toEmail: to.address,
        subject: drawn.subject,
        text: drawn.text,
        html: drawn.html,
        messageId: messageIdOf(ctx.runtime.secrets, id, frame.from.address),
        inReplyTo: null,
        language: drawn.language ?? null,
      },
      frame,
      ctx.clock.now(),
    );
    const sms = content.kind === 'sms' ? composeSms({ class: content.class, text: drawn.text, language: drawn.language ?? null }) : null;
    const length = sms === null ? null : smsLength(sms);
    const shownMail = {
      subject: mail.subject,
      preheader: chosen.preheader ?? '',
      text: sms ?? mail.text,
      html: sms === null ? mail.html : '',
    };
    const about: Finding[] = mailFindings({
      kind: content.kind,
      class: content.class,
      ...shownMail,
      segments: length?.segments ?? null,
      attachmentBytes: content.attachments.reduce((sum, one) => sum + one.size, 0),
      settings: { postalAddress: settings.postalAddress, publicUrl: settings.publicUrl, loopback: settings.loopback },
    });
    const notes = content.notes.map((note): Finding => ({
      severity: 'warning',
      code: 'mjml',
      says: note,
      fix: 'Correct it, or take it out',
      part: 'mjml',
      line: null,
    }));
    return {
      ...shownMail,
      words: drawn.text,
      to: to.name === '' ? to.address : `${to.name} <${to.address}>`,
      language: chosen.language ?? content.row.language,
      unresolved: [...drawn.unresolved],
      findings: [...faults, ...notes, ...about].map((one) => ({ ...one })),
      links: linksIn(shownMail.html),
      weight: Buffer.byteLength(shownMail.html),
      smsLength: length,
    };
  },
});

type Asked = z.output<z.ZodObject<typeof what>>;
type Reader = z.output<z.ZodObject<typeof whom>>;

function withoutReader<Given extends Reader>({ to, personId, inLanguage: tag, ...rest }: Given) {
  void [to, personId, tag];
  return rest;
}

/** Nothing to see yet: why, and where. */
function unreadable(tag: string, error: BrokenTemplate, faults: readonly Finding[]) {
  const own = faults.filter((one) => one.severity === 'fault' && one.code !== 'unknown_variable');
  const said: Finding = {
    severity: 'fault',
    code: error.code,
    says: error.message,
    fix: 'Correct it; the preview comes back by itself',
    part: 'body',
    line: null,
  };
  const findings = (own.length > 0 ? own : [said]).map((one) => ({ ...one }));
  return {
    subject: '',
    preheader: '',
    text: '',
    words: '',
    html: '',
    to: '',
    language: tag,
    unresolved: [error.message],
    findings,
    links: [],
    weight: 0,
    smsLength: null,
  };
}

/** The stored template with what is being changed on it. */
async function askedFor(ctx: Ctx, { template: name, ...changes }: Asked): Promise<Content> {
  const open = Object.values(changes).some((value) => value !== undefined);
  const stored = name === undefined ? undefined : open ? await findTemplate(ctx, name) : await requireTemplate(ctx, name);
  const empty = stored === undefined && changes.source === undefined && changes.body === undefined && changes.html == null;
  return changed(ctx, name ?? 'preview', stored, empty ? { ...changes, source: { mode: 'text', text: '' } } : changes);
}

async function readerOf(ctx: Ctx, { to, personId }: Reader) {
  const settings = (await loadSettings(ctx, ctx.runtime, [ctx.companyId])).get(ctx.companyId);
  if (settings === undefined) throw new TemplateNotFound('This company is gone');
  const address = to === undefined ? null : normaliseEmail(to);
  const known =
    personId ?? (address === null ? undefined : (await findPersonsByEmail(ctx, ctx.companyId, [address])).get(address)?.personId);
  const person = known === undefined ? undefined : await factsOfPerson(ctx, ctx.companyId, known);
  if (personId !== undefined && person === undefined) throw new NotFound('There is no such person; choose another');
  const more =
    known === undefined
      ? null
      : await variablesFor(
          ctx,
          ctx.runtime,
          [{ companyId: ctx.companyId, personId: known }],
          ctx.runtime.variables.flatMap(({ names }) => names),
        );
  const extra = more === null ? sampleVariables(ctx.runtime) : more(known);
  const facts = { ...(person?.facts ?? sampleFacts(settings.companyName)), ...extra, ...senderFacts(settings) };
  return {
    settings,
    facts,
    to: {
      personId: person === undefined ? null : (known ?? null),
      name: person?.name ?? 'Ann Example',
      address: address ?? person?.email ?? 'ann@example.com',
    },
  };
}

export const testTemplate = operation({
  name: 'templates.test',
  summary: 'Send a template to yourself as it would look for a person: one mail, through the gate and the ledger',
  http: 'POST /api/templates/test',
  cli: 'marketing email test',
  access: 'write',
  role: 'manager',
  status: 200,
  ratePerMinute: 20,
  bodyLimit: 3_000_000,
  input: z.object({
    ...what,
    personId: whom.personId,
    inLanguage: whom.inLanguage,
    sendTo: emailAddress().describe('Where the test goes; yours, as a rule'),
  }),
  output: z.object({
    id: z.uuid(),
    state: z.enum(['queued', 'blocked']),
    reasons: z.array(z.string()),
    to: z.string(),
    subject: z.string(),
  }),
  errors: [TemplateNotFound, BrokenTemplate, AttachmentNotFound],
  async run(ctx, { sendTo, ...input }) {
    const content = await compiled(ctx, await askedFor(ctx, withoutReader(input)));
    if (content.kind === 'sms') throw new BrokenTemplate('A test goes by mail; look at an SMS in the preview');
    const { facts } = await readerOf(ctx, input);
    const drawn = draw(
      { ...inLanguage(content.row, ...(input.inLanguage === undefined ? languagesOf(facts) : [input.inLanguage])), variants: [] },
      facts,
    );
    const gate = await openGate(
      ctx,
      ctx.runtime,
      [{ companyId: ctx.companyId, personId: null, address: sendTo, messageId: null }],
      'draft',
    );
    const [written] = await writeDrafts(ctx, ctx.runtime, gate, [
      {
        companyId: ctx.companyId,
        // a colleague asked for it: no consent is needed, and no cap used up
        class: 'transactional',
        topic: TEST_TOPIC,
        personId: null,
        leadId: null,
        run: null,
        key: null,
        effectKey: `mail/${newId()}`,
        template: null,
        to: { name: '', address: sendTo },
        ...drawn,
        subject: `[Test] ${drawn.subject}`,
        provenance: null,
        sensitive: false,
        attachments: content.attachments,
        follows: null,
      },
    ]);
    if (written === undefined) throw new BrokenTemplate('The test was not written; try again');
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    const reasons = written.verdict.reasons.map((reason) => `${reason.says}. ${reason.fix}`);
    return { id: written.id, state: written.state, reasons, to: sendTo, subject: `[Test] ${drawn.subject}` };
  },
});

export const namesForTemplates = operation({
  name: 'templates.names',
  summary: 'What a template may put out of a person, and the filters and languages there are',
  http: 'GET /api/templates/names',
  cli: 'templates names',
  access: 'read',
  input: z.object({}),
  output: z.object({ names: z.array(z.object({ path: z.string(), title: z.string(), open: z.boolean() })) }),
  async run(ctx) {
    return { names: (await templateNames(ctx, ctx.runtime, ctx.companyId)).filter(({ title }) => title !== '').map((one) => ({ ...one })) };
  },
});

import { z } from 'zod';
import { factsFor } from '#core/engine/facts.ts';
import { batchStep, type Json, type RunView, type StepItem, type StepResult } from '#core/engine/types.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { CHANNELS, type Channel } from '../tables.ts';
import { openGate } from '../gate/ask.ts';
import { loadPeople } from '../gate/facts.ts';
import type { SenderSettings } from '../gate/settings.ts';
import { checkMessages } from './check.ts';
import { threadSenders } from '../senders/thread.ts';
import { currentTemplates } from '../templates/current.ts';
import { draw, type Drawn } from '../templates/draw.ts';
import type { Attachment, SubjectAttachment } from '../templates/store/row.ts';
import { variablesFor } from '../variables.ts';
import { writeDrafts, type Draft } from './write.ts';

export const MessageInput = z
  .object({
    channel: z.enum(CHANNELS).default('email').describe('sms: the text alone, to their number; commercial ones need consent'),
    class: z
      .enum(['commercial', 'transactional'])
      .default('commercial')
      .describe('commercial: anything that sells; the gate then asks for consent, hours and caps'),
    topic: z.string().max(50).default('follow_up').describe('What people can switch off on their preference page'),
    sendTime: z
      .enum(['best'])
      .optional()
      .describe('best: it waits for the hour of the week at which people answer, within the sending hours'),
    template: z.string().max(63).optional().describe('Key of a template'),
    from: z.string().max(100).optional().describe('Step whose output has subject and text'),
    attach: z.boolean().optional().describe('With the file of what the run is about: the PDF of an invoice, a report'),
    subject: z.string().max(1_000).optional().describe('Liquid; with text, instead of a template'),
    text: z.string().max(100_000).optional().describe('Liquid'),
  })
  .refine(
    (input) => input.template !== undefined || input.from !== undefined || input.text !== undefined,
    'Name a template, a step that writes the text, or give the text itself',
  );
type MessageInput = z.output<typeof MessageInput>;

/** Events that tell a waiting step that its message came to an end. */
const ENDINGS = ['message.sent', 'message.blocked', 'message.refused', 'message.bounced'];

const OF_RUNS: Statement = {
  name: 'messages.of_runs',
  text: `select id, channel, run_id as "runId", step_id as "stepId", state, thread_id as "threadId", message_id as "messageId", verdict -> 'reasons' as reasons, updated_at as "updatedAt"
           from messages where run_id = any($1::uuid[]) order by created_at, id`,
};
/** A step that a person repeats writes anew: the old message keeps its row under another name. */
const SUPERSEDE: Statement = {
  name: 'messages.supersede',
  text: `update messages set step_id = step_id || '~' || id::text where id = any($1::uuid[]) and state in ('blocked', 'refused')`,
};

interface Earlier {
  readonly id: string;
  readonly channel: Channel;
  readonly runId: string;
  readonly stepId: string;
  readonly state: string;
  readonly threadId: string;
  readonly messageId: string | null;
  readonly reasons: readonly { readonly says: string }[] | null;
  readonly updatedAt: Date;
}

/**
 * Writes a message to the run's person and reserves its sending. When it may leave now the run goes on at once; when it
 * must wait (hours, caps, a pause, no launch) the run waits with it, so that what follows counts from the real sending. A blocked one lets the run go on.
 * Output: `{message_id, state, reasons}`.
 */
export const messageStep = batchStep({
  type: 'message',
  title: 'Send a message',
  input: MessageInput,
  // Once it has waited its message is written, and only what became of it is asked for.
  facts: (_input, again) => !again,
  changesFacts: false,
  quickAgain: true,
  liquid: ({ subject, text }) => ({ ...(subject === undefined ? {} : { subject }), ...(text === undefined ? {} : { text }) }),
  check: checkMessages,
  async run(tx, items, runtime) {
    const earlier = Map.groupBy(await tx.query<Earlier>(OF_RUNS, [items.map(({ run }) => run.id)]), (message) => message.runId);
    const results = new Map<string, StepResult>();
    const fresh: StepItem<MessageInput>[] = [];
    const superseded: string[] = [];
    for (const item of items) {
      const mine = earlier.get(item.run.id)?.find((message) => message.stepId === stepOf(item.run));
      if (mine !== undefined && !repeated(item, mine)) results.set(item.run.id, resultOf(mine));
      // It waited, and its message is gone: written anew by the next attempt, which knows whom it writes to.
      else if (Object.keys(item.run.facts).length === 0)
        results.set(item.run.id, { kind: 'fail', error: 'Its message is not there any more', retry: 'later' });
      else fresh.push(item);
      if (mine !== undefined && repeated(item, mine)) superseded.push(mine.id);
    }
    if (superseded.length > 0) await tx.query(SUPERSEDE, [superseded]);
    for (const channel of CHANNELS) {
      const own = fresh.filter(({ input }) => input.channel === channel);
      for (const [runId, result] of await writeFor(tx, channel, own, earlier, runtime)) results.set(runId, result);
    }
    return items.map(({ run }) => results.get(run.id) ?? { kind: 'fail', error: 'The message was not written', retry: 'later' });
  },
});

/** One message for each turn of the loops around the step. */
function stepOf(run: RunView): string {
  return run.turn === '' ? run.stepId : `${run.stepId}@${run.turn}`;
}

/** A person had the run take this step again after its message had come to nothing. */
function repeated({ run }: StepItem<MessageInput>, message: Earlier): boolean {
  return (message.state === 'blocked' || message.state === 'refused') && message.updatedAt < run.since;
}

function resultOf(message: Earlier): StepResult {
  const reasons: Json[] = message.reasons?.map((reason) => reason.says) ?? [];
  if (message.state !== 'queued' && message.state !== 'in_doubt')
    return { kind: 'next', output: { message_id: message.id, state: message.state, reasons } };
  return { kind: 'wait', until: null, events: ENDINGS, reason: String(reasons[0] ?? 'The message waits to be sent') };
}

async function writeFor(
  tx: Transaction,
  channel: Channel,
  items: readonly StepItem<MessageInput>[],
  earlier: ReadonlyMap<string, readonly Earlier[]>,
  runtime: Runtime,
): Promise<Map<string, StepResult>> {
  const results = new Map<string, StepResult>();
  if (items.length === 0) return results;
  const people = await loadPeople(
    tx,
    runtime,
    items.flatMap(({ run }) => run.personId ?? []),
    [],
    'draft',
  );
  const template = await currentTemplates(
    tx,
    runtime,
    items.flatMap(({ run, input }) => (input.template === undefined ? [] : [{ companyId: run.companyId, key: input.template }])),
  );
  const asked = items.map(({ run, input }) => ({
    sendTime: input.sendTime === 'best',
    companyId: run.companyId,
    personId: run.personId,
    address: destinationOf(people.rows.get(run.personId ?? ''), channel),
    messageId: null,
  }));
  const gate = await openGate(tx, runtime, asked, 'draft', people, undefined, channel);
  const files = await filesOf(tx, items, runtime);
  const more = await variablesFor(
    tx,
    runtime,
    items.flatMap(({ run: { companyId, personId } }) => (personId === null ? [] : [{ companyId, personId }])),
    [
      ...new Set(
        items.map(({ run, input }) => (input.template === undefined ? input : (template(run.companyId, input.template) ?? input))),
      ),
    ],
  );
  const drafts: Draft[] = [];
  const runIds: string[] = [];
  const follows = new Map(items.map(({ run }) => [run.id, before(earlier.get(run.id) ?? [], run, channel)]));
  const bound = await threadSenders(
    tx,
    gate,
    items.map(({ run }) => ({ companyId: run.companyId, follows: follows.get(run.id) ?? null })),
  );
  for (const { run, input } of items) {
    const person = people.rows.get(run.personId ?? '');
    const address = destinationOf(person, channel);
    const previous = follows.get(run.id) ?? null;
    const senderId = gate.plan(
      { companyId: run.companyId, class: input.class, personId: run.personId, to: address },
      bound.get(previous?.threadId ?? '') ?? null,
    );
    const settings = gate.settings.get(run.companyId)?.as(senderId);
    const facts = {
      ...factsFor(run),
      ...more(run.personId),
      sender: { name: settings?.from?.name ?? null, email: settings?.from?.address ?? null },
    };
    const chosen = input.template === undefined ? undefined : template(run.companyId, input.template);
    const written = input.from === undefined ? null : outputOf(run.outputs[input.from]);
    const drawn =
      written ??
      (input.template !== undefined && chosen === undefined
        ? unknownTemplate(input.template)
        : draw(chosen ?? { subject: input.subject ?? '', body: input.text ?? '', html: null }, facts));
    const own = earlier.get(run.id) ?? [];
    const attempt = own.filter((message) => message.stepId === stepOf(run) || message.stepId.startsWith(`${stepOf(run)}~`)).length;
    const lead: Json | undefined = run.facts['lead'];
    drafts.push({
      companyId: run.companyId,
      class: input.class,
      channel,
      topic: input.topic,
      sendTime: input.sendTime === 'best',
      personId: person === undefined ? null : run.personId,
      leadId:
        run.subject.type === 'lead'
          ? run.subject.id
          : typeof lead === 'object' && lead !== null && !Array.isArray(lead) && typeof lead['id'] === 'string'
            ? lead['id']
            : null,
      run: { id: run.id, stepId: stepOf(run), workflow: run.workflowName },
      key: null,
      effectKey: `${run.id}/${stepOf(run)}/${channel}${attempt === 0 ? '' : `/${attempt + 1}`}`,
      template: written !== null ? written.template : chosen === undefined ? null : { key: chosen.key, version: chosen.version },
      to: person === undefined || address === null ? null : { name: person.name, address },
      subject: drawn.subject,
      text: drawn.text,
      html: drawn.html,
      ...(drawn.language === undefined ? {} : { language: drawn.language }),
      unresolved: [...drawn.unresolved, ...(input.attach === true && !files.has(run.id) ? ['the file that should go with it'] : [])],
      provenance: written?.provenance ?? null,
      sensitive: false,
      attachments: [...((written ?? chosen)?.attachments ?? []), ...(files.get(run.id) ?? [])],
      follows: previous,
      senderId,
    });
    runIds.push(run.id);
  }
  for (const [i, message] of (await writeDrafts(tx, runtime, gate, drafts)).entries()) {
    const reasons = message.verdict.reasons.map((reason) => reason.says);
    // Under a limit of a day it may be put off when it is handed over: the run waits to see.
    const draft = drafts[i];
    const limited = draft !== undefined && mayBePutOff(gate.settings.get(draft.companyId), draft.class);
    const waits = message.verdict.decision === 'later' || (limited && message.state === 'queued');
    const output = { message_id: message.id, state: message.state, reasons };
    results.set(
      runIds[i] ?? '',
      waits
        ? { kind: 'wait', until: null, events: ENDINGS, reason: reasons[0] ?? 'The message waits to be sent' }
        : { kind: 'next', output },
    );
  }
  return results;
}

/** Of runs whose message takes along the file of its subject. */
async function filesOf(
  tx: Transaction,
  items: readonly StepItem<MessageInput>[],
  runtime: Runtime,
): Promise<Map<string, SubjectAttachment[]>> {
  const wanted = items.filter(({ input }) => input.attach === true).map(({ run }) => run);
  const files = new Map<string, SubjectAttachment[]>();
  for (const [type, runs] of Map.groupBy(wanted, (run) => run.subject.type)) {
    const named = await runtime.engine.vocabulary.subjects.get(type)?.file?.named(tx, runs.map((run) => ({ companyId: run.companyId, id: run.subject.id }))); // prettier-ignore
    for (const { id, subject } of runs) {
      const file = named?.get(subject.id);
      if (file !== undefined) files.set(id, [{ subject: { type, id: subject.id }, ...file }]);
    }
  }
  return files;
}

/** The message before this one in the conversation of its run. */
function before(earlier: readonly Earlier[], run: RunView, channel: Channel): Earlier | null {
  return (
    earlier.findLast(
      (message) =>
        message.channel === channel &&
        message.stepId !== stepOf(run) &&
        (message.state === 'sent' || message.state === 'captured' || message.state === 'queued'),
    ) ?? null
  );
}

function destinationOf(
  person: { readonly email: string | null; readonly phone: string | null } | undefined,
  channel: Channel,
): string | null {
  return (channel === 'sms' ? person?.phone : person?.email) ?? null;
}

/** There is a limit of a day, the company's or that of a sender. */
function mayBePutOff(settings: SenderSettings | undefined, kind: Draft['class']): boolean {
  if (settings === undefined) return false;
  if (kind === 'commercial' && settings.dailyLimit !== null) return true;
  return settings.senders.some(({ today }) => today.limit !== null || (kind === 'commercial' && today.allowed !== null));
}

const Output = z.object({
  subject: z.string(),
  text: z.string(),
  html: z.string().nullish(),
  language: z.string().optional().catch(undefined),
  /** What it was drawn from. */
  template: z.object({ key: z.string(), version: z.int() }).nullish(),
  attachments: z.array(z.object({ attachmentId: z.uuid(), filename: z.string(), contentType: z.string(), size: z.int() })).default([]),
  provenance: z.record(z.string(), z.json()).nullish(),
});

type Written = Drawn & Pick<Draft, 'template' | 'provenance'> & { readonly attachments: readonly Attachment[] };

/** What a writing step left. Anything else is a gap: an empty message is blocked, and says why. */
function outputOf(output: Json | undefined): Written {
  const parsed = Output.safeParse(output);
  const empty = { html: null, unresolved: [], template: null, attachments: [], provenance: null };
  if (!parsed.success) return { ...empty, subject: '', text: '', unresolved: ['the text that the step before should have written'] };
  const { subject, text, html = null, language, template = null, attachments, provenance = null } = parsed.data;
  return { ...empty, subject, text, html, template, attachments, provenance, ...(language === undefined ? {} : { language }) };
}

function unknownTemplate(key: string): Drawn {
  return { subject: '', text: '', html: null, unresolved: [`the template ${key}, which does not exist`] };
}

import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { batchStep, type StepItem, type StepResult } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { BrokenTemplate, drawTemplates, renderLiquid, UnresolvedVariable } from '#modules/messages/public.ts';
import { requireUsers } from '#modules/people/public.ts';
import { createTickets } from './create.ts';
import { addEntries } from './entries.ts';
import { mailOnTickets } from './mail/write.ts';
import { Priority, Tags } from './ticket.ts';
import { ratingWord } from './rating/word.ts';

const NO_TICKET: StepResult = { kind: 'fail', error: 'This run is about no ticket; use it where it is about one', retry: 'never' };
const Text = (most: number) => z.string().trim().min(1).max(most);

/** By company: each is served in a few statements. */
async function byCompany<Input>(
  items: readonly StepItem<Input>[],
  work: (companyId: string, own: readonly { readonly item: StepItem<Input>; readonly place: number }[]) => Promise<readonly StepResult[]>,
): Promise<StepResult[]> {
  const results: StepResult[] = items.map(() => ({ kind: 'next' }));
  const placed = items.map((item, place) => ({ item, place }));
  for (const [companyId, own] of Map.groupBy(placed, ({ item }) => item.run.companyId)) {
    const made = await work(companyId, own);
    for (const [i, { place }] of own.entries()) results[place] = made[i] ?? { kind: 'next' };
  }
  return results;
}

/** A text with what the run knows, or why it cannot be drawn. */
function drawn({ run, input }: StepItem<{ readonly text: string }>): { text: string } | StepResult {
  try {
    return { text: renderLiquid(input.text, { ...run.facts, steps: run.outputs, settings: run.settings }) };
  } catch (error) {
    if (error instanceof UnresolvedVariable || error instanceof BrokenTemplate)
      return { kind: 'fail', error: error.message, retry: 'never' };
    throw error;
  }
}

export const ticketNoteStep = batchStep({
  type: 'ticket_note',
  title: 'Note on the ticket',
  description: 'Writes an internal note on the ticket of this run; nobody outside sees it.',
  input: z.strictObject({ text: Text(10_000).describe('Liquid') }),
  changesFacts: false,
  liquid: (input) => ({ text: input.text }),
  async run(tx, items, runtime) {
    return byCompany(items, async (companyId, own) => {
      const texts = own.map(({ item }) => (item.run.subject.type === 'ticket' ? drawn(item) : NO_TICKET));
      const notes = texts.flatMap((text, i) =>
        'text' in text ? [{ ticketId: own[i]?.item.run.subject.id ?? '', kind: 'note' as const, text: text.text }] : [],
      );
      await addEntries(tx, companyId, notes, runtime.clock.now());
      return texts.map((text): StepResult => ('text' in text ? { kind: 'next' } : text));
    });
  },
});

interface Letter {
  readonly template?: string | undefined;
  readonly text?: string | undefined;
}

const letterInput = (most: number, text: string) =>
  z
    .strictObject({ template: z.string().max(63).optional().describe('Key of a template'), text: Text(most).optional().describe(text) })
    .refine(({ template, text: own }) => (template === undefined) !== (own === undefined), 'Name a template, or give the text itself');

const letterLiquid = ({ text }: Letter): Record<string, string> => (text === undefined ? {} : { text });

/** What each says: its own text, or a template in the language of whoever asked. */
async function lettersOf(
  tx: Transaction,
  runtime: Runtime,
  items: readonly StepItem<Letter>[],
): Promise<readonly ({ readonly text: string; readonly language?: string } | StepResult)[]> {
  const templates = await drawTemplates(
    tx,
    runtime,
    items.map(({ run, input }) => ({
      companyId: run.companyId,
      personId: run.personId,
      key: input.template ?? '',
      facts: { ...run.facts, steps: run.outputs, settings: run.settings },
      language: null,
    })),
  );
  return items.map((item, i) => {
    const { run, input } = item;
    if (run.subject.type !== 'ticket') return NO_TICKET;
    if (input.text !== undefined) return drawn({ run, input: { text: input.text } });
    const { text = '', language, unresolved = [] } = templates[i] ?? {};
    if (unresolved.length > 0) return { kind: 'fail', error: `The template needs ${unresolved.join(', ')}`, retry: 'never' };
    return { text, ...(language === undefined ? {} : { language }) };
  });
}

async function mailed(
  tx: Transaction,
  runtime: Runtime,
  items: readonly StepItem<Letter>[],
  more: (ticketId: string, companyId: string) => string,
): Promise<StepResult[]> {
  return byCompany(items, async (companyId, own) => {
    const texts = await lettersOf(
      tx,
      runtime,
      own.map(({ item }) => item),
    );
    const mails = texts.flatMap((text, i) => {
      const item = own[i]?.item;
      return 'text' in text && item !== undefined
        ? [
            {
              ...text,
              ticketId: item.run.subject.id,
              text: text.text + more(item.run.subject.id, companyId),
              key: `ticket-step:${item.run.key}`,
            },
          ]
        : [];
    });
    const ids = await mailOnTickets(tx, runtime, companyId, mails);
    return texts.map((text, i): StepResult =>
      'text' in text ? { kind: 'next', output: { message_id: ids.get(own[i]?.item.run.subject.id ?? '') ?? null } } : text,
    );
  });
}

export const ticketMailStep = batchStep({
  type: 'ticket_mail',
  title: 'Mail on the ticket',
  description:
    'Writes to the customer in the thread of the ticket: that it was received, that you still wait for them. It is no answer: clocks go on.',
  input: letterInput(20_000, 'Liquid'),
  output: z.object({ message_id: z.string().nullable() }),
  changesFacts: false,
  liquid: letterLiquid,
  run: (tx, items, runtime) => mailed(tx, runtime, items, () => ''),
});

export const ticketSurveyStep = batchStep({
  type: 'ticket_survey',
  title: 'Ask how the help was',
  description: 'Asks the customer, in the thread of the ticket, how they found the help: a link to a page with one to five.',
  input: letterInput(5_000, 'Liquid; the link follows it'),
  output: z.object({ message_id: z.string().nullable() }),
  changesFacts: false,
  liquid: letterLiquid,
  run: (tx, items, runtime) =>
    mailed(
      tx,
      runtime,
      items,
      (ticketId, companyId) => `\n\n${publicUrl(runtime.config)}/rate/${ratingWord(runtime.secrets, { companyId, ticketId })}`,
    ),
});

export const ticketCreateStep = batchStep({
  type: 'ticket_create',
  title: 'Open a ticket',
  description: 'Opens a ticket for the person of this run, once for each time the step is reached.',
  input: z.strictObject({
    subject: Text(500).describe('Liquid'),
    text: z.string().max(20_000).default('').describe('Liquid; stands on the ticket as an internal note'),
    priority: Priority.default('normal'),
    assigneeId: z.uuid().optional().meta({ title: 'Who works on it', format: 'user' }),
    tags: Tags.default([]),
  }),
  output: z.object({ ticket_id: z.string() }),
  changesFacts: false,
  liquid: (input) => ({ subject: input.subject, text: input.text }),
  async run(tx, items, runtime) {
    return byCompany(items, async (companyId, own) => {
      await requireUsers(
        tx,
        companyId,
        own.flatMap(({ item }) => item.input.assigneeId ?? []),
      );
      const subjects = own.map(({ item }): { text: string; note: string } | StepResult => {
        if (item.run.personId === null)
          return { kind: 'fail', error: 'This run is about no person, so nobody could be answered', retry: 'never' };
        const subject = drawn({ run: item.run, input: { text: item.input.subject } });
        const note = drawn({ run: item.run, input: { text: item.input.text } });
        if (!('text' in subject)) return subject;
        return 'text' in note ? { text: subject.text, note: note.text } : note;
      });
      const ready = own.flatMap(({ item }, i) => {
        const subject = subjects[i];
        return subject !== undefined && 'text' in subject ? [{ item, subject, i }] : [];
      });
      const ids = await createTickets(
        tx,
        runtime,
        companyId,
        ready.map(({ item: { run, input }, subject }) => ({
          personId: run.personId ?? '',
          subject: subject.text,
          source: 'workflow' as const,
          priority: input.priority,
          assigneeId: input.assigneeId ?? null,
          tags: input.tags,
          key: `run:${run.key}:${run.since.getTime()}`,
          waits: false,
        })),
      );
      await addEntries(
        tx,
        companyId,
        ready.flatMap(({ subject }, i) =>
          subject.note.trim() === '' ? [] : [{ ticketId: ids[i] ?? '', kind: 'note' as const, text: subject.note }],
        ),
        runtime.clock.now(),
      );
      const made = new Map(ready.map(({ i }, place) => [i, ids[place] ?? '']));
      return subjects.map((subject, i): StepResult =>
        'text' in subject ? { kind: 'next', output: { ticket_id: made.get(i) ?? '' } } : subject,
      );
    });
  },
});

import { z } from 'zod';
import { activityStep, type StepResult } from '#core/engine/types.ts';
import { portFor } from '#modules/connections/public.ts';
import { inboundTexts, optOut, setReplyVerdict } from '#modules/messages/public.ts';
import { setAway } from '../away.ts';
import { readReplyPrompt } from '../prompts/read-reply.ts';
import { versionOf } from '../prompts/prompt.ts';
import { settingsOf } from '../settings.ts';
import { recordGeneration, spentThisMonth } from '../spending.ts';
import { LEAD_NURTURING } from '../names.ts';
import { resumeAfterAbsence } from './resume.ts';
import { routeReplies, withLeads } from './route.ts';
import { askModel, settle } from './second-opinion.ts';

const Read = z.object({
  message_id: z.uuid(),
  asked: z.boolean(),
  class: z.enum(['interested', 'not_now', 'out_of_office', 'wrong_person', 'stop', 'other']).nullable(),
  by: z.enum(['rules', 'model']),
  confidence: z.number(),
  reasons: z.array(z.string()),
  return_at: z.string().nullable(),
  bill: z.object({ model: z.string(), input_tokens: z.int(), output_tokens: z.int(), cost_micros: z.number().nullable() }).nullable(),
});

/** Asks the company's model what a reply means that the rules could not place; does what follows from a new answer. */
export const readReplyStep = activityStep({
  type: 'read_reply',
  title: 'Read the reply',
  input: z.object({}),
  timeoutS: 60,
  async run({ run }, runtime, signal): Promise<StepResult> {
    const { companyId } = run;
    const messageId = messageIdOf(run.outputs['trigger']);
    const { reply, allowed } = await runtime.database.read(companyId, async (tx) => {
      const [found] = messageId === null ? [] : await inboundTexts(tx, companyId, [messageId]);
      const { monthlyBudgetMicros } = (await settingsOf(tx, [companyId]))(companyId);
      const spent = monthlyBudgetMicros === null ? 0 : await spentThisMonth(tx, companyId, runtime.clock.now());
      return { reply: found, allowed: monthlyBudgetMicros === null || spent < monthlyBudgetMicros };
    });
    if (reply === undefined) return { kind: 'end', outcome: 'gone' };
    const connection = allowed ? await portFor(runtime, companyId, 'llm') : null;
    if (connection === null) return { kind: 'end', outcome: allowed ? 'no_model' : 'budget' };
    const asked = await askModel(connection.port, reply, signal);
    const rules = {
      class: reply.class ?? 'other',
      confidence: reply.confidence ?? 0,
      reasons: reply.reasons,
      returnDate: reply.returnAt,
    } as const;
    const { verdict, by } = asked.ok ? settle(rules, asked.value, reply.receivedAt) : ({ verdict: rules, by: 'rules' } as const);
    const bill =
      asked.answer === null
        ? null
        : {
            model: asked.answer.model,
            input_tokens: asked.answer.inputTokens,
            output_tokens: asked.answer.outputTokens,
            cost_micros: asked.answer.costMicros,
          };
    return {
      kind: 'next',
      output: {
        message_id: reply.id,
        asked: asked.ok,
        class: verdict.class,
        by,
        confidence: verdict.confidence,
        reasons: [...verdict.reasons],
        return_at: verdict.returnDate?.toISOString() ?? null,
        bill,
      },
    };
  },
  async commit(tx, { run }, result, runtime) {
    if (result.kind !== 'next') return;
    const { companyId } = run;
    const read = Read.parse(result.output);
    const now = runtime.clock.now();
    if (read.bill !== null) {
      const { model, input_tokens: inputTokens, output_tokens: outputTokens, cost_micros: costMicros } = read.bill;
      const provenance = {
        promptVersion: versionOf(readReplyPrompt),
        model,
        inputTokens,
        outputTokens,
        costMicros,
        fallbackReason: read.asked ? null : 'not_the_asked_json',
      };
      await recordGeneration(
        tx,
        { companyId, purpose: 'reply', runId: run.id, stepId: run.stepId, leadId: run.subject.id, provenance },
        now,
      );
    }
    if (read.by !== 'model' || read.class === null) return;
    const returnAt = read.return_at === null ? null : new Date(read.return_at);
    await setReplyVerdict(tx, {
      companyId,
      messageId: read.message_id,
      class: read.class,
      confidence: read.confidence,
      reasons: read.reasons,
      returnAt,
      by: 'model',
    });
    const [reply] = await inboundTexts(tx, companyId, [read.message_id]);
    if (reply?.personId == null) return;
    const { personId } = reply;
    if (read.class === 'stop') {
      await optOut(tx, runtime, {
        companyId,
        personId,
        address: reply.from,
        channel: reply.channel,
        source: 'reply',
        evidence: { message_id: reply.id, by: 'model' },
      });
    }
    if (read.class === 'out_of_office') {
      await setAway(tx, [{ companyId, personId, messageId: reply.id, returnAt }], now);
      await resumeAfterAbsence(tx, runtime, { companyId, personId, receivedAt: reply.receivedAt, workflow: LEAD_NURTURING });
    }
    // The owner was told when the reply came; the new meaning shows as a task.
    await routeReplies(tx, runtime, await withLeads(tx, [{ companyId, personId, reply }]), { alert: false });
  },
});

function messageIdOf(trigger: unknown): string | null {
  const id: unknown = typeof trigger === 'object' && trigger !== null ? Reflect.get(trigger, 'message_id') : null;
  return typeof id === 'string' ? id : null;
}

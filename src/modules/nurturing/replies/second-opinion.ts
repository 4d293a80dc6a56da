import type { LlmPort } from '#core/ports/llm.ts';
import type { ReplyClass } from '#modules/messages/public.ts';
import { ask, type Asked } from '../ask.ts';
import { readReplyPrompt, readReplyRequest } from '../prompts/read-reply.ts';
import type { z } from 'zod';

export interface Verdict {
  readonly class: ReplyClass;
  readonly confidence: number;
  readonly reasons: readonly string[];
  readonly returnDate: Date | null;
}

/** Below this the rules are not sure enough to do without a second opinion, and a model's word does not count. */
export const SURE = 0.6;

export function askModel(
  port: LlmPort,
  reply: { subject: string; text: string; receivedAt: Date },
  signal: AbortSignal,
): Promise<Asked<z.output<typeof readReplyPrompt.answer>>> {
  return ask(port, readReplyPrompt, readReplyRequest(reply), signal);
}

/**
 * The rules' verdict, or the model's where the rules were unsure. A stop that the rules found stays one whatever a model says, since the text
 * it read may have talked it out of it; a stop that only the model sees counts at once, since missing one is worse.
 */
export function settle(
  rules: Verdict,
  model: z.output<typeof readReplyPrompt.answer>,
  receivedAt: Date,
): { verdict: Verdict; by: 'rules' | 'model' } {
  const theirs: Verdict = {
    class: model.class,
    confidence: clamp(model.confidence),
    reasons: [model.reason.slice(0, 200)],
    returnDate: dayOf(model.return_date, receivedAt),
  };
  if (rules.class === 'stop') return { verdict: rules, by: 'rules' };
  if (theirs.class === 'stop') return { verdict: theirs, by: 'model' };
  if (rules.class !== 'other' && rules.confidence >= SURE) return { verdict: rules, by: 'rules' };
  return theirs.confidence >= SURE && theirs.class !== 'other' ? { verdict: theirs, by: 'model' } : { verdict: rules, by: 'rules' };
}

const clamp = (value: number) => Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0));

/** A day in the year to come, else nothing. */
function dayOf(text: string | null, receivedAt: Date): Date | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const day = new Date(`${text}T00:00:00Z`);
  const ahead = day.getTime() - receivedAt.getTime();
  return ahead > -86_400_000 && ahead < 400 * 86_400_000 ? day : null;
}

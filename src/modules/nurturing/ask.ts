import type { z } from 'zod';
import { AppError } from '#core/errors.ts';
import type { LlmAnswer, LlmPort } from '#core/ports/llm.ts';
import { jsonSchemaOf, type Prompt } from './prompts/prompt.ts';

export type Asked<Answer> =
  | { readonly ok: true; readonly value: Answer; readonly answer: LlmAnswer }
  /** `answer` is there when the model answered, and must be paid, but not usefully. */
  | { readonly ok: false; readonly reason: string; readonly answer: LlmAnswer | null };

/** A model that has not answered by then is not waited for: the template is good. */
const PATIENCE_MS = 30_000;

/** Asks for one typed answer. Never throws for what the vendor or the model does wrong: the reason says what it was. */
export async function ask<Answer extends z.ZodType>(
  port: LlmPort,
  prompt: Prompt<Answer>,
  text: string,
  signal: AbortSignal,
): Promise<Asked<z.output<Answer>>> {
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  let answer: LlmAnswer;
  try {
    answer = await port.complete(
      {
        system: prompt.system,
        prompt: text,
        maxTokens: prompt.maxTokens,
        temperature: prompt.temperature,
        jsonSchema: jsonSchemaOf(prompt),
      },
      AbortSignal.any([signal, timeout]),
    );
  } catch (error) {
    if (timeout.aborted) return { ok: false, reason: 'timeout', answer: null };
    if (error instanceof AppError) return { ok: false, reason: `${error.code}: ${error.message}`.slice(0, 300), answer: null };
    throw error;
  }
  const parsed = prompt.answer.safeParse(jsonIn(answer.text));
  return parsed.success ? { ok: true, value: parsed.data, answer } : { ok: false, reason: 'not_the_asked_json', answer };
}

/** The object in an answer; models without a JSON mode like to wrap it in a fence or a sentence. */
function jsonIn(text: string): unknown {
  const [start, end] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (start < 0 || end < start) return undefined;
  try {
    return JSON.parse(text.slice(start, end + 1));
  } catch {
    return undefined;
  }
}

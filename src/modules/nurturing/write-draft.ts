import type { Facts } from '#core/engine/types.ts';
import type { LlmAnswer, LlmPort } from '#core/ports/llm.ts';
import type { DrawnTemplate } from '#modules/messages/public.ts';
import { ask } from './ask.ts';
import { checkDraft, type Draft, type Fault } from './check/draft-check.ts';
import { factsUsed, type DraftFacts } from './facts.ts';
import { letterPrompt, letterRequest, type LetterKind, type LetterRequest } from './prompts/letter.ts';
import { versionOf } from './prompts/prompt.ts';
import { ownLetter } from './render.ts';
import type { Tone } from './tables.ts';

/** How a text came to be; kept with the message. */
export interface Provenance {
  /** Prompt or template, with its version: `letter@1`, `template:lead-nurturing-first.de@3`. */
  readonly promptVersion: string;
  readonly model: string | null;
  /** Of all attempts, also those that were thrown away. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Micro-dollars; null when a model's price is not known. */
  readonly costMicros: number | null;
  readonly factsUsed: readonly string[];
  /** Why no model's text was used; null when one was. */
  readonly fallbackReason: string | null;
}

export interface WrittenDraft extends Draft {
  /** Null when a model wrote it: the template that it was drawn from. */
  readonly template: DrawnTemplate | null;
  readonly provenance: Provenance;
}

export interface DraftRequest {
  readonly kind: LetterKind;
  readonly tone: Tone;
  readonly houseStyle: string;
  readonly language: string;
  readonly facts: DraftFacts;
  readonly conversation: LetterRequest['conversation'];
  /** Texts that an API client set for this workflow, by kind. */
  readonly templates: Facts;
  /** The company's template for this letter, drawn for its reader. */
  readonly drawn: DrawnTemplate;
  /** Null: no connection, or no money left; `withoutModel` says which. */
  readonly port: LlmPort | null;
  readonly withoutModel: string;
}

const ATTEMPTS = 2;

/**
 * Writes one letter: by the model when there is one and its draft passes the check, at the second try if need be; else by template.
 * @throws DraftImpossible when even the template cannot be sent as it is
 */
export async function writeDraft(request: DraftRequest, signal: AbortSignal): Promise<WrittenDraft> {
  const answers: LlmAnswer[] = [];
  let reason = request.withoutModel;
  let faults: readonly Fault[] = [];
  for (let attempt = 0; request.port !== null && attempt < ATTEMPTS; attempt++) {
    const text = letterRequest({
      ...request,
      faults: faults.map((fault) => `${fault.says}${fault.found === '' ? '' : ` (${fault.found})`}`),
    });
    const asked = await ask(request.port, letterPrompt, text, signal);
    if (asked.answer !== null) answers.push(asked.answer);
    if (!asked.ok) {
      reason = asked.reason;
      // Words that were no JSON may be better next time; a vendor that refused will refuse again.
      if (asked.answer === null) break;
      continue;
    }
    const draft = { subject: asked.value.subject.trim(), text: asked.value.text.trim() };
    faults = checkDraft(draft, request.facts);
    if (faults.length === 0) {
      const used = factsUsed(`${draft.subject} ${draft.text}`, request.facts);
      return {
        ...draft,
        template: null,
        provenance: { promptVersion: versionOf(letterPrompt), ...bill(answers), factsUsed: used, fallbackReason: null },
      };
    }
    reason = `check: ${faults.map((fault) => `${fault.says}${fault.found === '' ? '' : ` (${fault.found})`}`).join('; ')}`.slice(0, 500);
  }
  return fromTemplate(request, answers, reason);
}

/** The facts do not even make a letter by template; a person has to write it. */
export class DraftImpossible extends Error {}

function fromTemplate({ kind, facts, templates, drawn }: DraftRequest, answers: readonly LlmAnswer[], reason: string): WrittenDraft {
  let own: Draft | null;
  try {
    own = ownLetter(kind, facts, templates);
  } catch (cause) {
    throw new DraftImpossible(`The template for ${kind} cannot be rendered: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  if (own === null && drawn.unresolved.length > 0)
    throw new DraftImpossible(`The template ${drawn.key} has a gap: ${drawn.unresolved.join(', ')}`);
  const { subject, text } = own ?? drawn;
  // The company's own words are its own claims; what must not go out is a blank, nothing, or a stranger's words.
  const blanks = checkDraft({ subject, text }, facts, { minWords: 5, maxWords: 1_000 }).filter(
    (fault) => fault.rule === 'placeholder' || fault.rule === 'shape',
  );
  if (blanks.length > 0) throw new DraftImpossible(blanks.map((fault) => `${fault.says}: ${fault.found}`).join('; '));
  return {
    subject,
    text,
    template: own === null ? drawn : null,
    provenance: {
      promptVersion: `template:${own === null ? `${drawn.key}.${drawn.language}@${drawn.version}` : `${kind}.own@1`}`,
      ...bill(answers),
      factsUsed: factsUsed(`${subject} ${text}`, facts),
      fallbackReason: reason,
    },
  };
}

function bill(answers: readonly LlmAnswer[]): Pick<Provenance, 'model' | 'inputTokens' | 'outputTokens' | 'costMicros'> {
  const costs = answers.map((answer) => answer.costMicros);
  return {
    model: answers.at(-1)?.model ?? null,
    inputTokens: answers.reduce((sum, answer) => sum + answer.inputTokens, 0),
    outputTokens: answers.reduce((sum, answer) => sum + answer.outputTokens, 0),
    costMicros: costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
  };
}

import { z } from 'zod';
import { AppError, NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { loadLeadFacts } from '#modules/leads/public.ts';
import { draftRequest, prepare } from '../prepare.ts';
import { LETTER_KINDS } from '../prompts/letter.ts';
import { drawLetters } from '../render.ts';
import { recordGeneration } from '../spending.ts';
import { DraftImpossible, writeDraft } from '../write-draft.ts';

/** Not even the template makes a letter of these facts. */
export class NoDraft extends AppError {
  readonly code = 'no_draft';
  readonly status = 422;
}

const Preview = z.object({
  subject: z.string(),
  text: z.string(),
  provenance: z.object({
    promptVersion: z.string().describe('Prompt or template, with its version'),
    model: z.string().nullable(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    costMicros: z.number().nullable().describe('Millionths of a US dollar; null when the price of the model is not known'),
    factsUsed: z.array(z.string()),
    fallbackReason: z.string().nullable().describe('Why it is the template; null when a model wrote it'),
  }),
});

export const generateEmail = operation({
  name: 'emails.generate',
  summary: 'Write a letter to a lead without sending it: by the language model, or by the template',
  http: 'POST /emails/generate',
  aliases: ['POST /api/emails/generate'],
  cli: 'emails generate',
  access: 'outside',
  scope: 'emails:write',
  status: 200,
  input: z.object({
    leadId: z.uuid().describe('Whom to write to'),
    kind: z.enum(LETTER_KINDS).default('first').describe('Place of the letter in the sequence'),
  }),
  output: Preview,
  errors: [NoDraft],
  async run(ctx, { leadId, kind }) {
    const { companyId, runtime } = ctx;
    const { facts, prepared, drawn } = await runtime.database.read(companyId, async (tx) => {
      const loaded = await loadLeadFacts(tx, companyId, leadId);
      if (loaded === undefined) throw new NotFound(`There is no lead ${leadId}`);
      const known = await prepare(tx, runtime, companyId, loaded.personId);
      const [letter] = await drawLetters(tx, runtime, companyId, known.settings, [
        { kind, personId: loaded.personId, facts: loaded.facts },
      ]);
      if (letter === undefined) throw new NotFound(`There is no letter ${kind}`);
      return { facts: loaded.facts, prepared: known, drawn: letter };
    });
    const request = await draftRequest(runtime, companyId, prepared, { kind, facts, templates: {}, drawn });
    try {
      const draft = await writeDraft(request, AbortSignal.timeout(90_000));
      await ctx.inCompany(companyId, async (inside) => {
        await recordGeneration(
          inside,
          { companyId, purpose: 'preview', runId: null, stepId: null, leadId, provenance: draft.provenance },
          ctx.clock.now(),
        );
        inside.subject('lead', leadId);
      });
      const { subject, text, provenance } = draft;
      return { subject, text, provenance: { ...provenance, factsUsed: [...provenance.factsUsed] } };
    } catch (error) {
      if (error instanceof DraftImpossible) throw new NoDraft(error.message, { cause: error });
      throw error;
    }
  },
});

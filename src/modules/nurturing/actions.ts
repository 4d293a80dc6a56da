import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { activityStep, type StepResult } from '#core/engine/types.ts';
import { markRejected } from '#modules/connections/public.ts';
import { createTasks } from '#modules/workflows/public.ts';
import { awayPeriod } from './away.ts';
import { draftRequest, prepare } from './prepare.ts';
import { outputOf } from './output.ts';
import { LETTER_KINDS } from './prompts/letter.ts';
import { drawLetters } from './render.ts';
import { rehearseLetters } from './rehearse.ts';
import { recordGeneration } from './spending.ts';
import { DraftImpossible, writeDraft, type Provenance } from './write-draft.ts';

/**
 * Writes a letter to the run's person: `{subject, text, provenance}` for the message step that names this one. A person who is out of
 * office is written to on the day they are back, not before: a letter is written when it is sent.
 */
export const generateStep = activityStep({
  type: 'generate',
  title: 'Write a letter',
  input: z.object({
    kind: z.enum(LETTER_KINDS).default('first').describe('Place of the letter in the sequence'),
    template: z.string().max(63).optional().describe('Key of the template that is sent where no model writes; default: that of its place'),
  }),
  changesFacts: false,
  timeoutS: 120,
  rehearse: rehearseLetters,
  async run({ run, input }, runtime, signal): Promise<StepResult> {
    const { companyId, personId } = run;
    const now = runtime.clock.now();
    const { until, prepared, drawn } = await runtime.database.read(companyId, async (tx) => {
      const known = await prepare(tx, runtime, companyId, personId);
      return {
        until: personId === null ? null : await awayPeriod(tx, companyId, personId, now),
        prepared: known,
        drawn: await drawLetters(tx, runtime, companyId, known.settings, [{ ...input, personId, facts: run.facts }]),
      };
    });
    if (until !== null) return { kind: 'wait', until, reason: `out of office until ${until.toISOString().slice(0, 10)}` };
    const [template] = drawn;
    if (template === undefined) return { kind: 'fail', error: 'There is no letter to write', retry: 'never' };
    const letter = { kind: input.kind, facts: run.facts, templates: run.templates, drawn: template };
    const request = await draftRequest(runtime, companyId, prepared, letter);
    try {
      return { kind: 'next', output: { ...outputOf(await writeDraft(request, signal)), connection_id: request.connectionId } };
    } catch (error) {
      if (error instanceof DraftImpossible) return { kind: 'fail', error: error.message, retry: 'never' };
      throw error;
    }
  },
  async commit(tx, { run }, result, runtime) {
    if (result.kind !== 'next') return;
    const { provenance, connection_id: connectionId } = DraftOutput.parse(result.output);
    if (connectionId !== null && provenance.fallback_reason?.startsWith('credentials_rejected') === true) {
      await tellRejected(tx, run.companyId, connectionId, provenance.fallback_reason);
    }
    await recordGeneration(
      tx,
      {
        companyId: run.companyId,
        purpose: 'draft',
        runId: run.id,
        stepId: run.stepId,
        leadId: run.subject.type === 'lead' ? run.subject.id : null,
        provenance: fromWire(provenance),
      },
      runtime.clock.now(),
    );
  },
});

/** The key is no good any more: it is not tried again until a person mends it, and one is asked to. Letters go out by template meanwhile. */
async function tellRejected(tx: Transaction, companyId: string, connectionId: string, error: string): Promise<void> {
  await markRejected(tx, companyId, connectionId, error);
  const task = {
    title: 'The language model rejects its key',
    body: `${error}. Letters are written by template until the connection is mended.`,
  };
  await createTasks(tx, [{ companyId, ...task, kind: 'connection', link: '/connections', key: `connection:${connectionId}:rejected` }]);
}

const WireProvenance = z.object({
  prompt_version: z.string(),
  model: z.string().nullable(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_micros: z.number().nullable(),
  facts_used: z.array(z.string()),
  fallback_reason: z.string().nullable(),
});
const DraftOutput = z.object({ provenance: WireProvenance, connection_id: z.uuid().nullable() });

function fromWire(wire: z.output<typeof WireProvenance>): Provenance {
  return {
    promptVersion: wire.prompt_version,
    model: wire.model,
    inputTokens: wire.input_tokens,
    outputTokens: wire.output_tokens,
    costMicros: wire.cost_micros,
    factsUsed: wire.facts_used,
    fallbackReason: wire.fallback_reason,
  };
}

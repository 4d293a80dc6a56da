import type { Transaction } from '#core/database/database.ts';
import type { Facts, StepItem, StepResult } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionsInUse, unlock } from '#modules/connections/public.ts';
import { awayPeriods } from './away.ts';
import { outputOf } from './output.ts';
import { letterFor } from './prepare.ts';
import { letterPrompt, letterRequest, type LetterKind } from './prompts/letter.ts';
import { drawLetters } from './render.ts';
import { settingsOf } from './settings.ts';
import { DraftImpossible, writeDraft } from './write-draft.ts';

/** Letters of other languages need more, of short words fewer. */
const CHARACTERS_A_TOKEN = 4;
/** 100 to 150 words in JSON. */
const OUTPUT_TOKENS = 260;

type Item = StepItem<{ kind: LetterKind; template?: string | undefined }>;

/** Letters without asking a model: by template, with what the model would have cost. For many runs at once. */
export async function rehearseLetters(tx: Transaction, items: readonly Item[], runtime: Runtime): Promise<readonly StepResult[]> {
  const results = new Map<Item, StepResult>();
  for (const [companyId, group] of Map.groupBy(items, ({ run }) => run.companyId)) {
    const settings = (await settingsOf(tx, [companyId]))(companyId);
    const connection = (await connectionsInUse(tx, runtime, [companyId], 'llm')).get(companyId);
    const model = connection === undefined || settings.writtenBy === 'template' ? null : await unlock(runtime, connection);
    const people = group.flatMap(({ run }) => run.personId ?? []);
    const away = await awayPeriods(tx, companyId, people, runtime.clock.now());
    const drawn = await drawLetters(
      tx,
      runtime,
      companyId,
      settings,
      group.map(({ run, input }) => ({ ...input, personId: run.personId, facts: run.facts })),
    );
    for (const [at, item] of group.entries()) {
      const until = away.get(item.run.personId ?? '');
      if (until !== undefined) {
        results.set(item, { kind: 'wait', until, reason: `out of office until ${until.toISOString().slice(0, 10)}` });
        continue;
      }
      const template = drawn[at];
      if (template === undefined) continue;
      const letter = { kind: item.input.kind, facts: item.run.facts, templates: item.run.templates, drawn: template };
      const request = letterFor(
        settings,
        model !== null ? 'rehearsal' : settings.writtenBy === 'template' ? 'own_letters' : 'no_connection',
        letter,
      );
      let estimate: Facts | null = null;
      if (model !== null) {
        const prompt = letterRequest({ ...request, faults: [] });
        const input = Math.ceil((prompt.length + letterPrompt.system.length) / CHARACTERS_A_TOKEN);
        const cost = model.connector.llmCost?.(model.credentials, { input, output: OUTPUT_TOKENS });
        estimate = {
          model: cost?.model ?? null,
          input_tokens: input,
          output_tokens: OUTPUT_TOKENS,
          cost_micros: cost?.costMicros ?? null,
        };
      }
      try {
        const draft = await writeDraft({ ...request, port: null }, new AbortController().signal);
        const output = { ...outputOf(draft), connection_id: null, ...(estimate === null ? {} : { estimate }) };
        results.set(item, { kind: 'next', output });
      } catch (error) {
        if (!(error instanceof DraftImpossible)) throw error;
        results.set(item, { kind: 'fail', error: error.message, retry: 'never' });
      }
    }
  }
  return items.map((item) => results.get(item) ?? { kind: 'fail', error: 'No letter was written', retry: 'never' });
}

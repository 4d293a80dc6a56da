import type { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import type { StepFinding, StepsAsked } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionsInUse } from '#modules/connections/public.ts';
import { currentTemplates } from '../templates/current.ts';
import { CHANNELS } from '../tables.ts';
import type { MessageInput } from './step.ts';

type Asked = StepsAsked<z.output<typeof MessageInput>>;

/** What keeps messages of a definition from leaving: no class, no such template, a text that nobody writes, nothing to send by. */
export async function checkMessages(tx: Transaction, asked: Asked, runtime: Runtime): Promise<readonly StepFinding[]> {
  const findings: StepFinding[] = [];
  const template = await currentTemplates(
    tx,
    runtime,
    asked.steps.flatMap(({ input }) => (input.template === undefined ? [] : [{ companyId: asked.companyId, key: input.template }])),
  );
  for (const { id, input, raw, earlier } of asked.steps) {
    const find = (severity: 'fault' | 'warning', code: string, path: string, message: string) =>
      void findings.push({ stepId: id, severity, code, path, message });
    if (raw['class'] === undefined)
      find(
        'fault',
        'message_without_class',
        'input.class',
        'Say whether this message is commercial (it sells) or transactional (it answers or delivers)',
      );
    if (input.attach === true && runtime.engine.vocabulary.subjects.get(asked.subject)?.file === undefined)
      find('fault', 'no_file', 'input.attach', `Nothing is made of a ${asked.subject} that could go with a mail; switch the file off`);
    if (input.attach === true && input.channel === 'sms') find('fault', 'no_file', 'input.attach', 'An SMS takes no file along; send it by mail'); // prettier-ignore
    if (input.from !== undefined && !earlier.has(input.from))
      find('fault', 'unknown_step', 'input.from', `The text is to come from the step ${input.from}, which does not come before this one`);
    if (input.template === undefined) continue;
    const chosen = template(asked.companyId, input.template);
    if (chosen === undefined) {
      find(
        'fault',
        'unknown_template',
        'input.template',
        `There is no template ${input.template}; choose another, or write it under Templates`,
      );
      continue;
    }
    if (chosen.kind === 'sms' && input.channel === 'email')
      find('fault', 'template_of_sms', 'input.template', `“${chosen.title}” is an SMS; choose a template for mail, or send it by SMS`);
    for (const source of [chosen, ...chosen.variants].flatMap((one) => [one.subject, one.body, one.html ?? '']))
      asked.alsoLiquid(id, 'input.template', source);
  }
  for (const channel of CHANNELS) {
    const own = asked.steps.filter(({ input }) => input.channel === channel);
    if (own.length === 0) continue;
    const connection = (await connectionsInUse(tx, runtime, [asked.companyId], channel)).get(asked.companyId);
    if (connection !== undefined && connection.state !== 'rejected') continue;
    const what = channel === 'sms' ? 'SMS' : 'mail';
    const why = connection === undefined ? `There is no connection to send ${what} by` : `The ${what} connection rejects its credentials`;
    for (const { id } of own)
      findings.push({
        stepId: id,
        severity: 'warning',
        code: 'missing_connection',
        path: '',
        message: `${why}: messages wait until there is one. Make it under Connections`,
      });
  }
  return findings;
}

import { z } from 'zod';
import type { Connectors } from '#core/connector/types.ts';
import { inputSchema, outputHints } from './schema.ts';

export const ActionView = z.object({
  name: z.string().describe('As a connector step says it: slack.post_message'),
  connector: z.string(),
  service: z.string().describe('Title of the connector'),
  title: z.string(),
  description: z.string(),
  once: z.boolean().describe('false: it changes nothing there'),
  schema: z.record(z.string(), z.json()).describe('JSON Schema of what it takes'),
  outputs: z.array(z.object({ path: z.string(), label: z.string(), type: z.string(), options: z.array(z.string()) })),
});

/** What connected services can do for a workflow, in the order of the connectors. */
export async function actionViews(connectors: Connectors): Promise<z.input<typeof ActionView>[]> {
  const all = await Promise.all(connectors.ids.map((id) => connectors.load(id)));
  return all.flatMap((connector) =>
    Object.entries(connector.actions ?? {}).map(([name, action]) => ({
      name: `${connector.id}.${name}`,
      connector: connector.id,
      service: connector.title,
      title: action.title,
      description: action.description,
      once: action.repeat !== 'safe',
      schema: inputSchema(action.input),
      outputs: outputHints(action.output).map((one) => ({ ...one, options: [...(one.options ?? [])] })),
    })),
  );
}

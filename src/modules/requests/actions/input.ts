import { z } from 'zod';
import type { StepItem } from '#core/engine/types.ts';

export const ConnectorInput = z.strictObject({
  action: z
    .string()
    .regex(/^[a-z0-9_-]+\.[a-z0-9_]+$/, { error: 'An action is a service and what it does: slack.post_message' })
    .meta({ title: 'Action' })
    .describe('slack.post_message: the service and what it is to do'),
  connectionId: z
    .uuid()
    .optional()
    .meta({ title: 'Connection', format: 'connection:action' })
    .describe('Unset: the newest connection to that service that works'),
  input: z
    .record(z.string().max(100), z.json())
    .default({})
    .meta({ title: 'What it takes' })
    .describe('As the action says. Texts may hold Liquid; {{ steps.order }} alone becomes the value itself'),
});
export type ConnectorInput = z.output<typeof ConnectorInput>;
export type ConnectorItem = StepItem<ConnectorInput>;

/** `slack.post_message` → `slack`. */
export function connectorOf(action: string): string {
  return action.slice(0, action.indexOf('.'));
}

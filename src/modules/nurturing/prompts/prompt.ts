import { z } from 'zod';

/** A prompt as data: what is asked of the model, under a version that every text it wrote remembers. Change the words, raise the version. */
export interface Prompt<Answer extends z.ZodType = z.ZodType> {
  readonly id: string;
  readonly version: number;
  readonly system: string;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly answer: Answer;
}

export const versionOf = (prompt: Prompt): string => `${prompt.id}@${prompt.version}`;

/** The answer's shape as the JSON Schema that vendors understand: closed objects, every property required. */
export function jsonSchemaOf(prompt: Prompt): { name: string; schema: object } {
  const { $schema: _, ...schema } = z.toJSONSchema(prompt.answer, { target: 'draft-7' });
  return { name: prompt.id.replaceAll(/[^a-z0-9_]/g, '_'), schema };
}

/** Data from outside, fenced: JSON has no way to close the fence early. */
export function fenced(name: string, data: unknown): string {
  return `<${name}>\n${JSON.stringify(data, null, 1).replaceAll('<', '\\u003c')}\n</${name}>`;
}

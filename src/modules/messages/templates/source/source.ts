import { z } from 'zod';
import { Block, Theme } from './blocks.ts';

const body = z.string().max(50_000);

/** How one text was written; HTML and plain text are made of it. */
export const Source = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('text'), text: body.describe('Liquid; paragraphs are separated by an empty line') }),
  z.object({ mode: z.literal('blocks'), blocks: z.array(Block).max(200), theme: Theme.prefault({}) }),
  z.object({
    mode: z.literal('html'),
    html: z.string().max(200_000).describe('Liquid. A whole page, or what stands inside the letter'),
    text: body.nullable().default(null).describe('The plain text; null makes it from the HTML'),
  }),
  z.object({ mode: z.literal('mjml'), mjml: z.string().max(200_000).describe('Liquid and MJML'), text: body.nullable().default(null) }),
]);
export type Source = z.output<typeof Source>;

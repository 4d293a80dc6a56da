import { z } from 'zod';

const text = (most: number) => z.string().max(most);
const align = z.enum(['left', 'center', 'right']).default('left');
const id = z.string().min(1).max(40).describe('Any word, once in the template');
const address = text(2_000).describe('https://…, mailto:…, or Liquid that gives one');
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'is a colour such as #1d4ed8');

const Heading = z.object({ id, type: z.literal('heading'), text: text(500), level: z.int().min(1).max(3).default(1), align });
const Text = z.object({
  id,
  type: z.literal('text'),
  text: text(20_000).describe('**bold**, *italic*, [label](address), lines with - make a list'),
  align,
});
const Button = z.object({ id, type: z.literal('button'), label: text(200), url: address, align });
const Image = z.object({
  id,
  type: z.literal('image'),
  src: address,
  alt: text(500).default('').describe('What it shows, for who does not see it'),
  url: address.default('').describe('Where a click leads; empty: nowhere'),
  width: z.int().min(16).max(600).default(552).describe('Pixels'),
  picture: z
    .object({ width: z.int().min(1).max(8_000), height: z.int().min(1).max(8_000) })
    .optional()
    .describe('Its own size in pixels, where it is known: mails keep its place free before it is loaded'),
  align: z.enum(['left', 'center', 'right']).default('center'),
});
const Divider = z.object({ id, type: z.literal('divider') });
const Spacer = z.object({ id, type: z.literal('spacer'), height: z.int().min(4).max(120).default(24).describe('Pixels') });
const Snippet = z.object({ id, type: z.literal('snippet'), key: z.string().max(63).describe('Key of a snippet') });
const Html = z.object({ id, type: z.literal('html'), html: text(50_000).describe('As it is; what it breaks, it breaks') });

/** What stands in a column. */
export const Leaf = z.discriminatedUnion('type', [Heading, Text, Button, Image, Divider, Spacer, Snippet, Html]);
export type Leaf = z.output<typeof Leaf>;

const Columns = z.object({
  id,
  type: z.literal('columns'),
  widths: z.enum(['equal', 'left', 'right']).default('equal').describe('Of two: left gives the left one two thirds'),
  columns: z.array(z.array(Leaf).max(20)).min(2).max(3),
});

export const Block = z.discriminatedUnion('type', [Heading, Text, Button, Image, Divider, Spacer, Snippet, Html, Columns]);
export type Block = z.output<typeof Block>;

/** What all blocks of a template have in common. */
export const Theme = z.object({
  accent: colour.default('#1d4ed8').describe('Buttons and links'),
  background: colour.default('#f4f4f5').describe('Around the letter'),
  surface: colour.default('#ffffff').describe('The letter itself'),
  text: colour.default('#18181b'),
  font: z.enum(['system', 'serif', 'mono']).default('system'),
});
export type Theme = z.output<typeof Theme>;

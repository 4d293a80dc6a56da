import { z } from 'zod';

const id = z.string().min(1).max(40).describe('Any word, once in the document');
const words = (most: number) => z.string().max(most);
const dataName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'is lower case: letters, digits and _')
  .describe('Name of a data set of the document');
const column = words(200).describe('Title of a column of the data set');

export const MEASURES = ['sum', 'mean', 'median', 'min', 'max', 'count', 'last'] as const;
export type Measure = (typeof MEASURES)[number];
export const FORMATS = ['number', 'money', 'percent'] as const;
export type Format = (typeof FORMATS)[number];
const measure = z.enum(MEASURES).default('sum').describe('How values of one place become one');
const format = z.enum(FORMATS).default('number').describe('money: cents in the currency of the document; percent: 0.25 is 25 %');

const Heading = z.object({ id, type: z.literal('heading'), text: words(500), level: z.int().min(1).max(3).default(1) });
const Text = z.object({
  id,
  type: z.literal('text'),
  text: words(20_000).describe('Markdown: **bold**, *italic*, [label](https://…), - lists, ### headings; Liquid'),
});
const Figure = z.object({
  label: words(120),
  value: words(200).default('').describe('Liquid; empty: worked out of the data set'),
  note: words(200).default(''),
  data: dataName.optional(),
  column: column.optional(),
  measure,
  format,
});
const Figures = z.object({ id, type: z.literal('figures'), items: z.array(Figure).min(1).max(8) });
const Table = z.object({
  id,
  type: z.literal('table'),
  title: words(200).default(''),
  data: dataName,
  columns: z.array(column).max(12).default([]).describe('In this order; empty: all, up to twelve'),
  limit: z.int().min(1).max(2_000).default(50).describe('Rows; how many more there are is told'),
  totals: z.boolean().default(false).describe('A last row with the sums of columns of numbers'),
});
export const CHARTS = ['line', 'band', 'bar', 'stacked', 'donut'] as const;
const Chart = z.object({
  id,
  type: z.literal('chart'),
  chart: z.enum(CHARTS).default('bar').describe('band: the first column is a line, the second and the third are what it moves between'),
  title: words(200).default(''),
  description: words(500).default('').describe('For who does not see it; empty: made of the figures'),
  data: dataName,
  x: column.describe('Column of the places: days or names'),
  y: z.array(column).min(1).max(6).describe('Columns of numbers, one series each'),
  by: column.optional().describe('Of one column of numbers: a series for each value of this column'),
  grain: z.enum(['none', 'day', 'week', 'month', 'year']).default('none').describe('Days of x are put together'),
  measure,
  format,
});
const Picture = z.object({
  id,
  type: z.literal('picture'),
  picture: z.string().regex(/^[0-9a-f]{64}$/, 'is the SHA-256 that documents.add_picture answered'),
  alt: words(500).default('').describe('What it shows, for who does not see it'),
  caption: words(500).default(''),
  width: z.int().min(10).max(100).default(100).describe('Percent of the text'),
});
/** Amounts are integer cents. */
const PriceLine = z.object({
  description: words(1_000),
  quantity: z.number().min(0).max(1_000_000).default(1).describe('Up to three decimals'),
  unit: words(40).default(''),
  unitCents: z.int().min(-1_000_000_000).max(1_000_000_000).describe('Price of one, in cents'),
  optional: z.boolean().default(false).describe('Shown, and not part of the total'),
});
const Prices = z.object({
  id,
  type: z.literal('prices'),
  lines: z.array(PriceLine).min(1).max(200),
  discountPercent: z.number().min(0).max(100).default(0),
  taxPercent: z.number().min(0).max(100).default(0).describe('Added to the sum; 0: no line for it'),
  taxLabel: words(60).default('VAT'),
});
const Quote = z.object({ id, type: z.literal('quote'), text: words(2_000), by: words(200).default('') });
const Advice = z.object({
  id,
  type: z.literal('advice'),
  says: words(500),
  because: words(1_000).default(''),
  rule: words(60).default('').describe('Which rule fired'),
});
const Divider = z.object({ id, type: z.literal('divider') });
const Break = z.object({ id, type: z.literal('break').describe('A new page; in a deck the next slide') });
const Signature = z.object({
  id,
  type: z.literal('signature'),
  label: words(200).default('Place, date, signature'),
  name: words(200).default(''),
});
const Notes = z.object({ id, type: z.literal('notes'), text: words(5_000).describe('For who speaks: beside the slide, never on it') });

export const Block = z.discriminatedUnion('type', [
  Heading,
  Text,
  Figures,
  Table,
  Chart,
  Picture,
  Prices,
  Quote,
  Advice,
  Divider,
  Break,
  Signature,
  Notes,
]);
export type Block = z.output<typeof Block>;
export type BlockOf<Type extends Block['type']> = Extract<Block, { type: Type }>;

export const Blocks = z
  .array(Block)
  .max(300)
  .superRefine((blocks, context) => {
    const seen = new Set<string>();
    for (const [i, block] of blocks.entries()) {
      if (seen.has(block.id))
        context.addIssue({ code: 'custom', path: [i, 'id'], message: 'stands on another block, too; give it a word of its own' });
      seen.add(block.id);
    }
  });

import { z } from 'zod';

const id = z.string().min(1).max(40).describe('Any word, once in the page');
const words = (most: number) => z.string().max(most);
const markdown = (most: number) => words(most).describe('Markdown: **bold**, *italic*, [label](https://…), - lists, ### headings');

/** Where a link of a page may lead: nothing that runs. */
const ADDRESS = /^(?:https?:\/\/[^\s/]\S*|mailto:[^\s@]+@\S+|tel:\+?[0-9][0-9 ()/.-]*|#form|\/go\/[a-z0-9-]+|\/book\/[\da-f-]{36})$/i;
const address = words(1_000)
  .trim()
  .regex(ADDRESS, 'begins with https://, mailto: or tel:, is #form for the form of this page, or the /book/… of a call')
  .describe('https://…, mailto:…, tel:…, /go/…, #form, or /book/… for an open kind of call');
const Action = z.object({ label: words(80).min(1), url: address });
export type Action = z.output<typeof Action>;

const sha = z.string().regex(/^[0-9a-f]{64}$/, 'is the SHA-256 that documents.add_picture answered');
const Picture = z.object({
  sizes: z.array(sha).min(1).max(4).describe('One picture in up to four widths; a device takes what it needs'),
  alt: words(500).default('').describe('What it shows, for who does not see it'),
});
export type Picture = z.output<typeof Picture>;

export const MARKS = ['check', 'clock', 'shield', 'bolt', 'heart', 'phone', 'chart', 'star', 'pin', 'people', 'calendar', 'tools'] as const;
export const ARTS = ['none', 'rings', 'waves', 'grid', 'dots'] as const;

const Hero = z.object({
  id,
  type: z.literal('hero'),
  eyebrow: words(80).default('').describe('A small line above the title'),
  title: words(160).min(1),
  text: markdown(1_000).default(''),
  actions: z.array(Action).max(2).default([]),
  note: words(160).default('').describe('Small, under the buttons'),
  picture: Picture.nullable().default(null),
  art: z.enum(ARTS).default('none').describe('Drawn behind the words in the brand’s colour'),
});
const Text = z.object({ id, type: z.literal('text'), title: words(160).default(''), text: markdown(20_000) });
const PictureBlock = z.object({ id, type: z.literal('picture'), picture: Picture, caption: words(300).default('') });
const Features = z.object({
  id,
  type: z.literal('features'),
  title: words(160).default(''),
  lead: words(500).default(''),
  items: z.array(z.object({ mark: z.enum(MARKS).default('check'), title: words(120).min(1), text: words(600).default('') })).min(1).max(12),
}); // prettier-ignore
const Quotes = z.object({
  id,
  type: z.literal('quotes'),
  title: words(160).default(''),
  items: z.array(z.object({ text: words(800).min(1), by: words(120).default(''), role: words(120).default('') })).min(1).max(6),
}); // prettier-ignore
const Plan = z.object({
  name: words(80).min(1),
  price: words(40).describe('As it is shown: €49'),
  per: words(40).default('').describe('a month'),
  text: words(300).default(''),
  points: z.array(words(160)).max(12).default([]),
  action: Action.nullable().default(null),
  best: z.boolean().default(false).describe('Stands out'),
});
const Prices = z.object({ id, type: z.literal('prices'), title: words(160).default(''), lead: words(500).default(''), plans: z.array(Plan).min(1).max(4), note: words(300).default('') }); // prettier-ignore
const Faq = z.object({
  id,
  type: z.literal('faq'),
  title: words(160).default(''),
  items: z.array(z.object({ question: words(300).min(1), answer: markdown(3_000) })).min(1).max(30),
}); // prettier-ignore
const Steps = z.object({
  id,
  type: z.literal('steps'),
  title: words(160).default(''),
  items: z.array(z.object({ title: words(120).min(1), text: words(600).default('') })).min(1).max(8),
}); // prettier-ignore
const Logos = z.object({ id, type: z.literal('logos'), title: words(160).default(''), pictures: z.array(Picture).min(1).max(12) });
const Form = z.object({
  id,
  type: z.literal('form'),
  title: words(160).default(''),
  text: markdown(1_000).default(''),
  points: z.array(words(160)).max(6).default([]).describe('Beside the form, with a tick'),
  formId: z.uuid().nullable().default(null).describe('A form of yours'),
});
const Call = z.object({ id, type: z.literal('call'), title: words(160).min(1), text: words(500).default(''), action: Action });

export const Block = z.discriminatedUnion('type', [Hero, Text, PictureBlock, Features, Quotes, Prices, Faq, Steps, Logos, Form, Call]);
export type Block = z.output<typeof Block>;
export type BlockOf<Type extends Block['type']> = Extract<Block, { type: Type }>;

export const Blocks = z
  .array(Block)
  .max(60)
  .superRefine((blocks, context) => {
    const seen = new Set<string>();
    for (const [i, block] of blocks.entries()) {
      if (seen.has(block.id)) context.addIssue({ code: 'custom', path: [i, 'id'], message: 'stands on another block, too; give it a word of its own' });
      seen.add(block.id);
    }
    const forms = blocks.flatMap((block, i) => (block.type === 'form' ? [i] : []));
    for (const i of forms.slice(1)) context.addIssue({ code: 'custom', path: [i], message: 'is a second form; a page has one, and buttons lead to it by #form' });
  }); // prettier-ignore

/** Every picture that blocks show, in all its sizes. */
export function picturesOf(blocks: readonly Block[]): string[] {
  const found = blocks.flatMap((block): readonly Picture[] => {
    if (block.type === 'hero') return block.picture === null ? [] : [block.picture];
    if (block.type === 'picture') return [block.picture];
    return block.type === 'logos' ? block.pictures : [];
  });
  return [...new Set(found.flatMap(({ sizes }) => sizes))];
}

export const formOf = (blocks: readonly Block[]): BlockOf<'form'> | null => blocks.find((block) => block.type === 'form') ?? null;

import type { LabelledDraft } from './letters.ts';

/** Written last, in other words than the rules; nothing was tuned on them. What to expect of the check: it knows kinds of claims, not all of them. */
export const unseen: readonly LabelledDraft[] = [
  {
    from: 'heating',
    label: 'ok',
    why: 'explains',
    say: 'Limescale is common in the area, and it can make an older boiler sound like a kettle.',
  },
  {
    from: 'heating',
    label: 'ok',
    why: 'process',
    say: 'An engineer looks at the boiler, tells you what he found, and you decide what happens next.',
  },
  { from: 'heating', label: 'ok', why: 'family', say: 'We are a small family business, so you will speak to the same people each time.' },
  {
    from: 'studio',
    label: 'ok',
    why: 'question of scope',
    say: 'Do you want to sell only in Germany, or abroad as well? That decides a good part of the work.',
  },
  { from: 'studio', label: 'ok', why: 'hosting', say: 'After that, hosting is €20 a month.' },
  {
    from: 'studio',
    label: 'ok',
    why: 'craft',
    say: 'Furniture needs room to breathe on a page, and so does the story of how it was made.',
  },
  {
    from: 'bakery',
    label: 'ok',
    why: 'taste',
    say: 'Croissants, rye bread and small tarts are what cafés ask us for, but you choose what goes into your box.',
  },
  { from: 'bakery', label: 'ok', why: 'early', say: 'The van comes early, so that you find everything at the door when you arrive.' },
  {
    from: 'heating',
    label: 'block',
    why: 'parts in stock',
    say: 'We carry every spare part in the van and fix 95 of 100 boilers on the spot.',
  },
  { from: 'heating', label: 'block', why: 'subsidy', say: 'The council pays half of the bill.' },
  { from: 'heating', label: 'block', why: 'loyalty', say: 'Every tenth visit is on us.' },
  { from: 'heating', label: 'block', why: 'phone in words', say: 'Ask for Steve when you ring.' },
  { from: 'studio', label: 'block', why: 'revisions', say: 'You can ask for as many changes as you want.' },
  { from: 'studio', label: 'block', why: 'support', say: 'We answer every question within two hours, even at night.' },
  { from: 'studio', label: 'block', why: 'seo', say: 'You will rank above every other carpenter.' },
  { from: 'studio', label: 'block', why: 'another price', say: 'The shop module is another €600.' },
  { from: 'bakery', label: 'block', why: 'credit', say: 'The first month is on credit.' },
  { from: 'bakery', label: 'block', why: 'local grain', say: 'The grain comes from farms within 20 miles.' },
  { from: 'bakery', label: 'block', why: 'hotel', say: 'The Grand Hotel serves our croissants.' },
  { from: 'bakery', label: 'block', why: 'Sunday delivery', say: 'We deliver 365 days a year.' },
];

import type { Written } from './all.ts';

/** A newsletter: one promise, one field. */
export const LETTER: readonly Written[] = [
  {
    type: 'hero',
    eyebrow: 'Every second Thursday',
    title: 'Five minutes that pay for themselves',
    text: 'One idea for your business that you can use the same afternoon, tried out by us first. Read by people who have little time.',
    actions: [{ label: 'Send it to me', url: '#form' }],
    note: 'Free. One click and it ends.',
    art: 'dots',
  },
  {
    type: 'form',
    title: 'Where shall we send it?',
    text: 'The next letter comes to you. What you get is a letter, never an advertisement of others.',
    points: ['Twice a month, five minutes', 'Your address stays with us', 'Ends by one click in every letter'],
  },
  {
    type: 'features',
    title: 'What was in the last ones',
    items: [
      { mark: 'calendar', title: 'The invoice that is paid on Friday', text: 'Why the day on which you send it matters more than the reminder.' },
      { mark: 'chart', title: 'Three figures are enough', text: 'What to look at on Monday morning, and what to leave alone.' },
      { mark: 'heart', title: 'How to ask for a review', text: 'The one sentence that nine of ten clients answer.' },
    ],
  },
  {
    type: 'quotes',
    items: [{ text: 'The only newsletter that I open before my coffee.', by: 'Name of a reader', role: 'Runs a bakery with eleven people' }],
  },
  { type: 'call', title: 'The next one is nearly written', text: 'Two minutes to sign up, five to read.', action: { label: 'Send it to me', url: '#form' } },
]; // prettier-ignore

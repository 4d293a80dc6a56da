import type { Written } from './all.ts';

/** A software consultant who wants one thing: a first call. */
export const CALL: readonly Written[] = [
  {
    type: 'hero',
    eyebrow: 'For teams of 5 to 50',
    title: 'Ship software your team can live with',
    text: 'I help small companies untangle slow releases, fragile code and cloud bills that nobody understands. Thirty minutes tell us both whether it fits.',
    actions: [{ label: 'Book a first call', url: '#form' }, { label: 'How I work', url: 'https://example.com/how' }],
    note: 'Thirty minutes, free of charge. No slides.',
    art: 'grid',
  },
  {
    type: 'features',
    title: 'Three things I am asked for most',
    items: [
      { mark: 'bolt', title: 'Releases in hours', text: 'From a monthly night shift to several releases a day, with tests that say when to stop.' },
      { mark: 'chart', title: 'A bill that makes sense', text: 'What each customer costs you in the cloud, and the third of it that can go.' },
      { mark: 'people', title: 'A team that decides', text: 'Code reviews, hiring, and an architecture that fits on one page.' },
    ],
  },
  {
    type: 'quotes',
    title: 'What clients say',
    items: [
      { text: 'Within six weeks we released on Fridays without holding our breath.', by: 'Name of a client', role: 'CTO of a logistics company' },
      { text: 'The first consultant who left us with less code than we had before.', by: 'Name of a client', role: 'Founder, fourteen people' },
    ],
  },
  {
    type: 'steps',
    title: 'From here to better',
    items: [
      { title: 'A call', text: 'You tell me what hurts. If I am the wrong person, I name a better one.' },
      { title: 'Two days on site', text: 'I read code, sit in meetings, and write down what I see.' },
      { title: 'A plan you can refuse', text: 'Five pages: what to do first, what it brings, what it costs.' },
    ],
  },
  {
    type: 'faq',
    title: 'Before you ask',
    items: [
      { question: 'What does it cost?', answer: 'The call is free. The two days have a fixed price, which I tell you in the call; it is taken off if we go on.' },
      { question: 'Which languages and clouds?', answer: 'TypeScript, Python, Go and Java; AWS, Google Cloud and plain servers. The tools are rarely the problem.' },
      { question: 'Do you sign an NDA?', answer: 'Gladly, yours or mine, before the first line of code is opened.' },
    ],
  },
  {
    type: 'form',
    title: 'Book a first call',
    text: 'Say in two lines what you would like to change. You get three times to choose from, today or tomorrow.',
    points: ['Thirty minutes by video or phone', 'With me, not with sales', 'You keep the notes'],
  },
]; // prettier-ignore

import type { Written } from './all.ts';

/** An evening with a date, a place and few seats. */
export const EVENT: readonly Written[] = [
  {
    type: 'hero',
    eyebrow: 'Thursday, 14 May · 18:00 · Town Hall',
    title: 'An evening on heating without gas',
    text: 'What a heat pump really costs in a house of 1965, shown by three families who have one. With figures, a drink, and time for your questions.',
    actions: [{ label: 'Keep a seat for me', url: '#form' }],
    note: 'Free of charge. 60 seats.',
    art: 'rings',
  },
  {
    type: 'steps',
    title: 'The evening',
    items: [
      { title: '18:00 Arrive', text: 'A drink, and a look at a heat pump that is cut open.' },
      { title: '18:30 Three houses', text: 'What was done, what it cost, what they would do differently.' },
      { title: '19:30 Your questions', text: 'Bring your last heating bill. We work it out together.' },
    ],
  },
  {
    type: 'features',
    title: 'Good to know',
    items: [
      { mark: 'pin', title: 'Where', text: 'Town Hall, Market Square 1. Step-free, two minutes from the tram.' },
      { mark: 'people', title: 'For whom', text: 'Owners of houses, and whoever is about to be one. Nothing is sold that evening.' },
      { mark: 'calendar', title: 'Can’t come?', text: 'Put your name down all the same: you get the figures by mail the day after.' },
    ],
  },
  {
    type: 'quotes',
    items: [{ text: 'I came with a brochure and went home with a plan.', by: 'Name of a guest', role: 'Was here last year' }],
  },
  {
    type: 'form',
    title: 'Keep a seat for me',
    text: 'You get a confirmation with the date for your calendar, and a reminder the day before.',
    points: ['Free of charge', 'Bring somebody along', 'Say so if you can’t make it'],
  },
]; // prettier-ignore

import type { Written } from './all.ts';

/** A plumber's offer: a fixed price, trust, and a short way to a call. */
export const TRADE: readonly Written[] = [
  {
    type: 'hero',
    eyebrow: 'Boiler service before the winter',
    title: 'Warm again by tonight',
    text: 'A leak, a cold radiator, a boiler that gave up: call before noon and we are there the same day. You know the price before we begin.',
    actions: [{ label: 'Ask for a visit', url: '#form' }, { label: 'Call 01234 567890', url: 'tel:+441234567890' }],
    note: 'Mondays to Saturdays, 7 to 19. Emergencies at any hour.',
    art: 'waves',
  },
  {
    type: 'features',
    title: 'No surprises, just a working heating',
    items: [
      { mark: 'clock', title: 'There the same day', text: 'Call before noon and somebody rings your bell today, with a message when they set out.' },
      { mark: 'shield', title: 'The price stands', text: 'You get a fixed price before we touch a pipe. If it takes us longer, that is ours.' },
      { mark: 'tools', title: 'Done properly', text: 'Two years of warranty on our work, five on the parts that we bring.' },
    ],
  },
  {
    type: 'steps',
    title: 'How it goes',
    items: [
      { title: 'You tell us what is wrong', text: 'Two minutes by the form or by phone. A photo helps.' },
      { title: 'We say what it costs', text: 'A fixed price in writing, within the hour.' },
      { title: 'It works again', text: 'We come, repair, clean up, and show you what was done.' },
    ],
  },
  {
    type: 'prices',
    title: 'What it costs',
    lead: 'Travel within 20 miles is included.',
    plans: [
      { name: 'Service', price: '£95', text: 'Once a year keeps the warranty alive.', points: ['Cleaned and set', 'Safety check with a record', 'Small parts included'], action: { label: 'Book a service', url: '#form' } },
      { name: 'Repair', price: 'from £140', text: 'Leaks, pumps, valves, radiators.', points: ['Fixed price before we begin', 'The same day', 'Two years of warranty'], action: { label: 'Ask for a repair', url: '#form' }, best: true },
      { name: 'New boiler', price: 'from £2,350', text: 'Planned, fitted and explained.', points: ['Advice at your home', 'Fitted in one day', 'Five years of warranty'], action: { label: 'Ask for an offer', url: '#form' } },
    ],
    note: 'All prices include VAT.',
  },
  {
    type: 'quotes',
    items: [{ text: 'Called at nine with no hot water and a baby in the house. At two it was running, and it cost what they had said.', by: 'Name of a client', role: 'Her town' }],
  },
  {
    type: 'faq',
    title: 'Good to know',
    items: [
      { question: 'Do you come at the weekend?', answer: 'On Saturdays as on any day. On Sundays for emergencies: no heating in frost, a burst pipe, a smell of gas.' },
      { question: 'What if you can’t repair it?', answer: 'Then you pay for the visit only, and we take it off the price of what replaces it.' },
      { question: 'Which boilers do you know?', answer: 'All common ones that burn gas or oil, and air-source heat pumps.' },
    ],
  },
  {
    type: 'form',
    title: 'Tell us what is wrong',
    text: 'We call you back within the hour, Mondays to Saturdays.',
    points: ['Fixed price before we begin', 'There the same day', 'Two years of warranty'],
  },
]; // prettier-ignore

import type { Template } from './all.ts';

/** What the gallery says of each, and the title that a page made of it begins with. */
export const TEXTS: Readonly<Record<Template, { readonly title: string; readonly text: string; readonly pageTitle: string }>> = {
  blank: { title: 'Blank', text: 'A headline and a form.', pageTitle: 'New page' },
  trade: { title: 'An offer', text: 'A trade with fixed prices and a short way to a visit.', pageTitle: 'Boiler service at a fixed price' },
  call: { title: 'A first call', text: 'A consultant who wants one thing: thirty minutes.', pageTitle: 'Book a first call' },
  letter: { title: 'A newsletter', text: 'One promise, one field.', pageTitle: 'Five minutes that pay for themselves' },
  event: { title: 'An event', text: 'A date, a place and few seats.', pageTitle: 'An evening on heating without gas' },
};

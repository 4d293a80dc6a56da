import { Html } from '#core/portal/html.ts';
import type { ARTS, MARKS } from '../model/blocks.ts';

/** Lucide (ISC). */
const PATHS: Readonly<Record<(typeof MARKS)[number], string>> = {
  check: '<path d="M20 6 9 17l-5-5"/>',
  clock: '<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 2"/>',
  shield: '<path d="M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1z"/><path d="m9 12 2 2 4-4"/>',
  bolt: '<path d="M15.914 4a1.5 1.5 0 00-2.474-1.561l-9 9A1.5 1.5 0 005.5 14h4.002a.5.5 0 01.471.666L8.086 20a1.5 1.5 0 002.475 1.56l9-9A1.5 1.5 0 0018.5 10h-3.997a.5.5 0 01-.472-.667z"/>',
  heart: '<path d="M2 9.5a5.5 5.5 0 0 1 9.591-3.676.56.56 0 0 0 .818 0A5.49 5.49 0 0 1 22 9.5c0 2.29-1.5 4-3 5.5l-5.492 5.313a2 2 0 0 1-3 .019L5 15c-1.5-1.5-3-3.2-3-5.5"/>',
  phone: '<path d="M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384"/>',
  chart: '<path d="M3 3v16a2 2 0 0 0 2 2h16"/><path d="M18 17V9"/><path d="M13 17V5"/><path d="M8 17v-3"/>',
  star: '<path d="M11.525 2.295a.53.53 0 0 1 .95 0l2.31 4.679a2.123 2.123 0 0 0 1.595 1.16l5.166.756a.53.53 0 0 1 .294.904l-3.736 3.638a2.123 2.123 0 0 0-.611 1.878l.882 5.14a.53.53 0 0 1-.771.56l-4.618-2.428a2.122 2.122 0 0 0-1.973 0L6.396 21.01a.53.53 0 0 1-.77-.56l.881-5.139a2.122 2.122 0 0 0-.611-1.879L2.16 9.795a.53.53 0 0 1 .294-.906l5.165-.755a2.122 2.122 0 0 0 1.597-1.16z"/>',
  pin: '<path d="M20 10c0 4.993-5.539 10.193-7.399 11.799a1 1 0 0 1-1.202 0C9.539 20.193 4 14.993 4 10a8 8 0 0 1 16 0"/><circle cx="12" cy="10" r="3"/>',
  people: '<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><path d="M16 3.128a4 4 0 0 1 0 7.744"/><path d="M22 21v-2a4 4 0 0 0-3-3.87"/><circle cx="9" cy="7" r="4"/>',
  calendar: '<path d="M8 2v3"/><path d="M16 2v3"/><rect x="3" y="3" width="18" height="18" rx="2"/><path d="M3 9h18"/>',
  tools: '<path d="M14.7 6.3a1 1 0 0 0 0 1.4l1.6 1.6a1 1 0 0 0 1.4 0l3.106-3.105c.32-.322.863-.22.983.218a6 6 0 0 1-8.259 7.057l-7.91 7.91a1 1 0 0 1-2.999-3l7.91-7.91a6 6 0 0 1 7.057-8.259c.438.12.54.662.219.984z"/>',
}; // prettier-ignore

export const mark = (name: (typeof MARKS)[number]): Html =>
  new Html(`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">${PATHS[name]}</svg>`);

const range = (many: number): number[] => Array.from({ length: many }, (_, i) => i);

/** Drawn behind the words of a hero: lines in the brand's colour, by classes, so that a strict policy holds. */
const ARTS_OF: Readonly<Record<(typeof ARTS)[number], string>> = {
  none: '',
  rings: range(7).map((i) => `<circle cx="600" cy="300" r="${110 + i * 92}"/>`).join(''),
  waves: range(9).map((i) => `<path d="M-20 ${250 + i * 34}C180 ${150 + i * 38} 330 ${380 + i * 18} 560 ${280 + i * 30}S960 ${140 + i * 44} 1220 ${260 + i * 26}"/>`).join(''),
  grid: `${range(21).map((i) => `<path d="M${i * 60} 0V600"/>`).join('')}${range(11).map((i) => `<path d="M0 ${i * 60}H1200"/>`).join('')}`,
  dots: `<pattern id="dots" width="28" height="28" patternUnits="userSpaceOnUse"><circle class="dot" cx="3" cy="3" r="2"/></pattern><rect class="fill" width="1200" height="600" fill="url(#dots)"/>`,
}; // prettier-ignore

export const art = (name: (typeof ARTS)[number]): Html | null =>
  name === 'none'
    ? null
    : new Html(`<svg class="art" viewBox="0 0 1200 600" preserveAspectRatio="xMidYMid slice" aria-hidden="true">${ARTS_OF[name]}</svg>`);

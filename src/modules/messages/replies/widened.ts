import { DUTCH } from './languages/dutch.ts';
import { ENGLISH } from './languages/english.ts';
import { FRENCH } from './languages/french.ts';
import { GERMAN } from './languages/german.ts';
import { ITALIAN } from './languages/italian.ts';
import { NORDIC } from './languages/nordic.ts';
import { POLISH } from './languages/polish.ts';
import { PORTUGUESE } from './languages/portuguese.ts';
import { SPANISH } from './languages/spanish.ts';
import type { Rule } from './rule.ts';

const ALL: readonly Rule[] = [...ENGLISH, ...GERMAN, ...FRENCH, ...SPANISH, ...ITALIAN, ...DUTCH, ...PORTUGUESE, ...POLISH, ...NORDIC];

const of = (...classes: readonly Rule['class'][]) => ALL.filter((rule) => classes.includes(rule.class));

/** The turns of phrase of each language, by what they are evidence for. */
export const STOP_PHRASES = of('stop');
export const AWAY_PHRASES = of('out_of_office');
export const OTHER_PHRASES = of('not_now', 'wrong_person', 'interested');

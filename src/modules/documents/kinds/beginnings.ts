import { Blocks, type Block } from '../model/blocks.ts';
import type { DOCUMENT_KINDS } from '../tables.ts';
import type { Language } from '../draw/content.ts';

type Kind = (typeof DOCUMENT_KINDS)[number];
/** As somebody would type it: defaults are filled in by the schema. */
type Written = { readonly type: Block['type'] } & Readonly<Record<string, unknown>>;

const heading = (text: string, level = 1): Written => ({ type: 'heading', text, level });
const text = (...paragraphs: string[]): Written => ({ type: 'text', text: paragraphs.join('\n\n') });

const REPORT: Readonly<Record<Language, readonly Written[]>> = {
  en: [heading('In short'), text('What you should know after one minute: what happened, why, and what we suggest.'), heading('What we suggest'), text('- The first step, and who takes it\n- What it is worth')],
  de: [heading('Kurz gesagt'), text('Was man nach einer Minute wissen sollte: was geschah, warum, und was wir vorschlagen.'), heading('Was wir vorschlagen'), text('- Der erste Schritt, und wer ihn geht\n- Was er bringt')],
}; // prettier-ignore

const PROPOSAL: Readonly<Record<Language, readonly Written[]>> = {
  en: [
    heading('What you asked for'),
    text('In your words: where you stand, and where you want to be.'),
    heading('What we will do'),
    text('1. First step, with its result\n2. Second step\n3. Hand-over, and what you have afterwards'),
    heading('What it costs'),
    { type: 'prices', lines: [{ description: 'Set-up and first month', unitCents: 120_000 }, { description: 'Every further month', quantity: 3, unit: 'months', unitCents: 40_000, optional: true }], taxPercent: 0 },
    text('This offer holds until **{{ document.valid_until | default: "further notice" }}**.'),
    { type: 'signature' },
  ],
  de: [
    heading('Was Sie brauchen'),
    text('In Ihren Worten: wo Sie stehen, und wohin Sie wollen.'),
    heading('Was wir tun'),
    text('1. Erster Schritt, mit Ergebnis\n2. Zweiter Schritt\n3. Übergabe, und was Sie danach haben'),
    heading('Was es kostet'),
    { type: 'prices', lines: [{ description: 'Einrichtung und erster Monat', unitCents: 120_000 }, { description: 'Jeder weitere Monat', quantity: 3, unit: 'Monate', unitCents: 40_000, optional: true }], taxPercent: 19, taxLabel: 'USt.' },
    text('Dieses Angebot gilt bis **{{ document.valid_until | default: "auf Weiteres" }}**.'),
    { type: 'signature', label: 'Ort, Datum, Unterschrift' },
  ],
}; // prettier-ignore

const PRESENTATION: Readonly<Record<Language, readonly Written[]>> = {
  en: [
    heading('The question'),
    text('One sentence that everybody in the room can agree with.'),
    { type: 'notes', text: 'Wait for nods before you go on.' },
    heading('What we found'),
    text('- The first thing\n- The second thing\n- What surprised us'),
    heading('What we suggest'),
    { type: 'quote', text: 'The one sentence that they should remember.' },
    heading('Next steps'),
    text('1. Who does what\n2. By when'),
  ],
  de: [
    heading('Die Frage'),
    text('Ein Satz, dem alle im Raum zustimmen.'),
    { type: 'notes', text: 'Auf Nicken warten, dann weiter.' },
    heading('Was wir fanden'),
    text('- Das Erste\n- Das Zweite\n- Was uns überraschte'),
    heading('Was wir vorschlagen'),
    { type: 'quote', text: 'Der eine Satz, der bleiben soll.' },
    heading('Nächste Schritte'),
    text('1. Wer tut was\n2. Bis wann'),
  ],
};

const BEGINNINGS: Readonly<Record<Kind, Readonly<Record<Language, readonly Written[]>>>> = {
  report: REPORT,
  proposal: PROPOSAL,
  presentation: PRESENTATION,
};

/** What a new document of a kind begins with: sentences that say what belongs there. */
export function beginningOf(kind: Kind, language: Language): Block[] {
  return Blocks.parse(BEGINNINGS[kind][language].map((block, i) => ({ id: `${block.type}-${i + 1}`, ...block })));
}

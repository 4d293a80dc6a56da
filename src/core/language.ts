/** Languages in which Steward itself speaks to a company's leads and clients: pages, mails, papers. */
export const SPOKEN = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' } as const;
export type Spoken = keyof typeof SPOKEN;

/** Further ones in which the way out of mail is told: whoever wants out must understand how. */
const UNDERSTOOD = { ...SPOKEN, it: 'Italiano', nl: 'Nederlands', pt: 'Português', pl: 'Polski' } as const;
export type Understood = keyof typeof UNDERSTOOD;

/** One table in every language: a word that is missing in one does not compile. */
export type InEach<Table> = Readonly<Record<Spoken, Table>>;

/** For Intl: days and numbers as people of that language write them. */
export const LOCALE: InEach<string> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' };

type Tag = string | null | undefined;

function firstOf<Known extends string>(known: Readonly<Record<Known, string>>, tags: readonly Tag[]): Known | null {
  const has = (language: string): language is Known => Object.hasOwn(known, language);
  for (const tag of tags) {
    const [language = ''] = (tag ?? '').trim().toLowerCase().split(/[-_]/);
    if (has(language)) return language;
  }
  return null;
}

/** The first of these tags (BCP 47: `de`, `de-AT`) that we speak, else English. */
export const spokenOf = (...tags: readonly Tag[]): Spoken => firstOf(SPOKEN, tags) ?? 'en';

/** The same among all languages in which the way out is told. */
export const understoodOf = (...tags: readonly Tag[]): Understood => firstOf(UNDERSTOOD, tags) ?? 'en';

/** What a browser likes, best first (RFC 9110, 12.5.4). */
export const likedBy = (acceptLanguage: string | undefined): string[] =>
  (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((one) => ({ tag: one.split(';')[0]?.trim() ?? '', weight: Number(/;\s*q=([\d.]+)/.exec(one)?.[1] ?? 1) }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);

/** Who looks at a page: as far as we know them, by the address of the page and by their browser. */
export interface Reader {
  /** On the page itself. */
  readonly chosen?: string;
  readonly person?: string | null;
  readonly browser?: string | undefined;
  readonly company?: string | null;
}

const tagsOf = ({ chosen, person, browser, company }: Reader): Tag[] => [chosen, person, ...likedBy(browser), company];

/** What was chosen on the page, else what stands on the person, else what the browser likes best, else the company's, else English. */
export const spokenIn = (reader: Reader): Spoken => spokenOf(...tagsOf(reader));
export const understoodIn = (reader: Reader): Understood => understoodOf(...tagsOf(reader));

/** Languages in which pages for everybody speak by themselves. */
export const SPOKEN = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' } as const;
export type Spoken = keyof typeof SPOKEN;

const spoken = (tag: string): Spoken | null => {
  const [language = ''] = tag.toLowerCase().split('-');
  return Object.hasOwn(SPOKEN, language) ? (language as Spoken) : null; // just looked up
};

/** What was chosen on the page, else what stands on the person, else what the browser likes best (RFC 9110, 12.5.4), else English. */
export function spokenIn({ chosen, person = null, browser }: { readonly chosen?: string; readonly person?: string | null; readonly browser?: string | undefined }): Spoken {
  const liked = (browser ?? '')
    .slice(0, 500)
    .split(',')
    .map((one) => ({ tag: one.split(';')[0]?.trim() ?? '', weight: Number(/;\s*q=([\d.]+)/.exec(one)?.[1] ?? 1) }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const tag of [chosen ?? '', person ?? '', ...liked.map((one) => one.tag)]) {
    const found = spoken(tag);
    if (found !== null) return found;
  }
  return 'en';
} // prettier-ignore

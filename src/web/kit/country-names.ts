const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));
const named = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' });
/** Private use, and groupings that are no country. */
const none = new Set(['EU', 'EZ', 'UN', 'XA', 'XB', 'ZZ', 'QO']);

/** ISO 3166 codes with their names in the reader's language, by name. */
export const countryNames: ReadonlyMap<string, string> = new Map(
  letters
    .flatMap((first) => letters.map((second) => `${first}${second}`))
    .flatMap((code): [string, string][] => {
      const current = !none.has(code) && new Intl.Locale(`und-${code}`).region === code;
      const name = current ? named.of(code) : undefined;
      return name === undefined ? [] : [[code, name]];
    })
    .toSorted(([, a], [, b]) => a.localeCompare(b)),
);

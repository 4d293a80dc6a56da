import { expect, test } from 'vitest';
import { spokenIn, spokenOf, understoodOf, type InEach } from './language.ts';

test('a word that is missing in one language does not compile', () => {
  const words: InEach<{ readonly yes: string }> = {
    en: { yes: 'Yes' },
    de: { yes: 'Ja' },
    fr: { yes: 'Oui' },
    // @ts-expect-error it is missing
    es: {},
  };
  expect(words.de.yes).toBe('Ja');
});

test('what was chosen goes first, then the person’s language, the browser’s, the company’s; English is left', () => {
  const browser = 'it-IT,it;q=0.9,es;q=0.3,fr;q=0.8';
  expect(spokenIn({ chosen: 'en', person: 'de-AT', browser, company: 'de' })).toBe('en');
  expect(spokenIn({ person: 'de_AT', browser, company: 'en' })).toBe('de');
  expect(spokenIn({ person: 'fi', browser, company: 'de' })).toBe('fr');
  expect(spokenIn({ person: null, browser: undefined, company: 'de' })).toBe('de');
  expect([spokenOf(null, '', 'constructor'), understoodOf('pl-PL'), spokenOf('pl-PL')]).toEqual(['en', 'pl', 'en']);
});

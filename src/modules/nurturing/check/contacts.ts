import type { Fault, Inspection } from './draft-check.ts';

const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const URL_OR_DOMAIN =
  /https?:\/\/[^\s)>\]]+|\bwww\.[^\s)>\]]+|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|de|uk|fr|es|it|nl|eu|co|shop|dev|app|info|biz|online|store|example|test|ai)\b(?:\/[^\s)>\]]*)?/gi;
const PHONE = /(?<![\w.,€$£])\+?\(?\d[\d ()/.-]{6,}\d(?![\w%])/g;

/** Addresses that are not the company's own: a wrong one sends the reader to a stranger. */
export function contacts({ draft, business }: Inspection): Fault[] {
  const faults: Fault[] = [];
  let text = `${draft.subject}\n${draft.text}`;
  const take = (pattern: RegExp, known: (found: string) => boolean, says: string) => {
    text = text.replace(pattern, (found) => {
      if (!known(found)) faults.push({ rule: 'contact', found, says });
      return ' ';
    });
  };
  take(EMAIL, (found) => business.has(found), 'The mail address is not in the facts');
  take(URL_OR_DOMAIN, (found) => business.has(trimmed(found)), 'The link is not in the facts');
  const digits = business.text.replace(/\D/g, '');
  take(PHONE, (found) => digits.includes(found.replace(/\D/g, '')), 'The phone number is not in the facts');
  return faults;
}

const trimmed = (url: string) => url.replace(/[.,;:!?'"]+$/, '').replace(/\/$/, '');

/** The text without its addresses, so that their parts are not read as names and numbers. */
export function withoutContacts(text: string): string {
  return text.replace(EMAIL, ' ').replace(URL_OR_DOMAIN, ' ').replace(PHONE, ' ');
}

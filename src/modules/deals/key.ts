import { cut, tidy } from '#modules/people/public.ts';

/** What makes two names one stage, owner or product: case and spacing do not matter. */
export const dealKey = (name: string): string => cut(tidy(name), 200).toLowerCase();

/** Letters and digits alone: `GTXPro` and `GTX Pro` look alike. A suggestion for people, never a match by itself. */
export const looksLike = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

import type { Rule } from '../types.ts';

/** Liquid or a mail-merge tag that nobody filled in: `{{ first_name }}`, `{% if`, `[First Name]`, `<<name>>`. */
const LEFTOVER =
  /\{\{[^}]*\}\}|\{%[^%]*%\}|<<\s*\w+\s*>>|\[(?:first|last|full|your|company|contact|insert)[ _-]?[\w -]{0,30}\]|\b(?:undefined|NaN|\[object Object\])\b/i;

/** "Hi {{first_name}}" reaches nobody. */
export const variables: Rule = {
  id: 'unresolved_variable',
  check({ unresolved, subject, text }) {
    const leftover = LEFTOVER.exec(`${subject}\n${text}`)?.[0];
    if (unresolved.length === 0 && leftover === undefined) return null;
    const named = unresolved.length > 0 ? unresolved.join(', ') : leftover;
    return {
      decision: 'block',
      value: unresolved.length > 0 ? [...unresolved] : (leftover ?? null),
      says: `The text has a gap that was not filled: ${named}`,
      fix: 'Fill in the missing fact on the person or lead, or give the template a default, e.g. {{ person.first_name | default: "there" }}',
    };
  },
};

export const empty: Rule = {
  id: 'empty',
  check({ subject, text, unresolved, channel }) {
    if (unresolved.length > 0) return null; // said already
    const missing =
      channel === 'email' && subject.trim() === '' ? 'subject' : text.replace(/[\s\u200b-\u200f\ufeff]/g, '') === '' ? 'text' : null;
    return missing === null
      ? null
      : {
          decision: 'block',
          value: missing,
          says: `The ${missing} is empty`,
          fix: 'Write it in the template, or check what the text was generated from',
        };
  },
};

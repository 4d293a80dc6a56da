import type { FieldFault } from '#core/errors.ts';
import { cut, normaliseEmail } from '#modules/people/public.ts';
import type { FieldType, FormField, ShowWhen } from './fields.ts';
import type { Texts } from './texts.ts';

/** By field name; a list where several may be chosen. */
export type Answer = string | readonly string[];
export type Answers = Readonly<Record<string, Answer>>;

const LONGEST: Readonly<Record<FieldType, number>> = {
  text: 500,
  textarea: 10_000,
  email: 254,
  phone: 64,
  select: 200,
  choice: 200,
  multi_choice: 200,
  checkbox: 10,
  number: 40,
  date: 10,
  url: 2_000,
  hidden: 500,
  utm: 500,
};

const listOf = (answer: Answer | undefined): readonly string[] =>
  answer === undefined ? [] : (typeof answer === 'string' ? [answer] : answer).map((one) => one.trim()).filter((one) => one !== '');

/** The same rule as in client/form.js, which a test holds beside this. */
export function isShown(when: ShowWhen | null, answers: Answers): boolean {
  if (when === null) return true;
  const holds = when.rules.map(({ field, op, value }) => {
    const given = listOf(answers[field]);
    switch (op) {
      case 'is':
        return given.includes(value);
      case 'is_not':
        return !given.includes(value);
      case 'contains':
        return given.some((one) => one.toLowerCase().includes(value.toLowerCase()));
      case 'above':
        return given.some((one) => Number(one) > Number(value));
      case 'below':
        return given.some((one) => Number(one) < Number(value));
      case 'answered':
        return given.length > 0;
      case 'not_answered':
        return given.length === 0;
    }
  });
  return when.match === 'all' ? holds.every(Boolean) : holds.some(Boolean);
}

/**
 * Reads what was sent: trimmed, unknown names and fields that the answers above hide are dropped, whatever the page sent.
 * Faults name the field and the next step, in the form's language.
 */
export function checkAnswers(
  fields: readonly FormField[],
  sent: Answers,
  texts: Texts,
): { answers: Record<string, string | string[]>; faults: FieldFault[] } {
  const answers: Record<string, string | string[]> = {};
  const faults: FieldFault[] = [];
  for (const field of fields) {
    if (!isShown(field.showWhen, answers)) continue;
    const given = field.type === 'hidden' && sent[field.name] === undefined ? listOf(field.value) : listOf(sent[field.name]);
    const { value, fault } = field.type === 'multi_choice' ? readMany(field, given, texts) : readOne(field, given.at(-1) ?? '', texts);
    if (fault !== null) faults.push({ path: `answers.${field.name}`, message: fault });
    if (value.length > 0) answers[field.name] = value;
  }
  return { answers, faults };
}

/** As checkAnswers, without faults: what was begun. */
export function keepAnswers(fields: readonly FormField[], sent: Answers): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const field of fields) {
    const given = listOf(sent[field.name]).map((one) => cut(one, LONGEST[field.type]));
    if (given.length > 0) kept[field.name] = field.type === 'multi_choice' ? given.slice(0, 50) : (given.at(-1) ?? '');
  }
  return kept;
}

interface Read {
  readonly value: string | string[];
  readonly fault: string | null;
}

function readMany(field: FormField, given: readonly string[], texts: Texts): Read {
  const value = field.options.filter((option) => given.includes(option));
  if (given.some((one) => !field.options.includes(one))) return { value, fault: texts.chooseOption };
  return { value, fault: field.required && value.length === 0 ? texts.fillIn(field.label) : null };
}

function readOne(field: FormField, given: string, texts: Texts): Read {
  if (given === '')
    return { value: '', fault: field.required ? (field.type === 'checkbox' ? texts.tick(field.label) : texts.fillIn(field.label)) : null };
  if (given.length > LONGEST[field.type]) return { value: cut(given, LONGEST[field.type]), fault: texts.tooLong(LONGEST[field.type]) };
  switch (field.type) {
    case 'email':
      return { value: given, fault: normaliseEmail(given) === null ? texts.badEmail : null };
    case 'select':
    case 'choice':
      return { value: given, fault: field.options.includes(given) ? null : texts.chooseOption };
    case 'checkbox':
      return { value: isYes(given) ? 'yes' : '', fault: field.required && !isYes(given) ? texts.tick(field.label) : null };
    case 'number': {
      const plain = given.replace(',', '.');
      return { value: plain, fault: /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? null : texts.badNumber };
    }
    case 'date':
      return { value: given, fault: isDay(given) ? null : texts.badDate };
    case 'url': {
      const address = /^[a-z][a-z0-9+.-]*:/i.test(given) ? given : `https://${given}`;
      return { value: address, fault: isWeb(address) ? null : texts.badUrl };
    }
    default:
      return { value: given, fault: null };
  }
}

const isYes = (text: string) => ['yes', 'true', 'on', '1'].includes(text.toLowerCase());

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && text >= '1000';
}

function isWeb(text: string): boolean {
  if (/\s/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname.includes('.');
}

/** One answer as a line of text. */
export const answerText = (answer: Answer): string => (typeof answer === 'string' ? answer : answer.join(', '));

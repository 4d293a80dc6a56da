import type { DraftLimits, Fault, Inspection } from './draft-check.ts';

const PREFACE = /^\s*(here('s| is)|sure|certainly|of course|subject\s*:|below is|as requested|```|\{)/i;
const META =
  /\b(as an ai|language model|i am an ai|as requested|word count|\bprompt\b|i('m| am) (unable|not able) to (write|help|assist)|i can('t|not) (help|assist) with)/i;

/** Length, and that it is a letter and nothing else. */
export function shape({ draft: { subject, text } }: Inspection, limits: DraftLimits): Fault[] {
  const faults: Fault[] = [];
  const fault = (found: string, says: string) => faults.push({ rule: 'shape', found, says });
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '').length;
  if (subject.trim() === '') fault('', 'The subject is empty');
  if (subject.length > 120 || /[\r\n]/.test(subject)) fault(subject.slice(0, 60), 'The subject is too long for one line');
  if (/^\s*(re|fwd?|aw|wg|antw|tr)\s*:/i.test(subject)) fault(subject, 'The subject pretends to answer or forward a mail');
  if (/!{2,}/.test(subject) || shouts(subject)) fault(subject, 'The subject shouts');
  if (words === 0) fault('', 'The body is empty');
  else if (words < limits.minWords) fault(`${words} words`, `The body is shorter than ${limits.minWords} words`);
  if (words > limits.maxWords) fault(`${words} words`, `The body is longer than ${limits.maxWords} words`);
  if (PREFACE.test(text)) fault(text.trim().slice(0, 30), 'The body starts with a remark about itself');
  const meta = META.exec(text);
  if (meta !== null) fault(meta[0], 'The body speaks of how it was written');
  if (/\*\*|^#{1,4} |<\/?[a-z][^>]*>|```/m.test(text))
    fault(/\*\*|^#{1,4} |<\/?[a-z][^>]*>|```/m.exec(text)?.[0] ?? '', 'The body holds markup instead of plain text');
  return faults;
}

function shouts(text: string): boolean {
  const letters = text.replace(/[^\p{L}]/gu, '');
  return letters.length >= 8 && letters.replace(/[^\p{Lu}]/gu, '').length / letters.length > 0.6;
}

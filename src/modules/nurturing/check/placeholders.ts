import type { Fault, Inspection } from './draft-check.ts';

/** A blank that nobody filled, in the notations of templates, programs and hurried people. */
const PLACEHOLDERS: readonly RegExp[] = [
  /\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}/,
  /\$\{[^}]*\}/,
  /\{[a-z_.]{2,40}\}/i,
  /\[[^\]\n]{1,60}\]/,
  /<[a-z][a-z _-]{1,40}>/i,
  /%[A-Z_]{2,40}%|\*\|[A-Z_]+\|\*/,
  /__+[A-Za-z]*__*|\bX{2,}\b|_{3,}/,
  /\b(undefined|null|NaN|lorem ipsum|TBD|TBC|N\/A|INSERT [A-Z]+)\b|\[object Object\]/,
  /^(hi|hello|dear|hey)\s*,?\s*(undefined|null|name|first ?name|customer name)\b/im,
];

export function placeholders({ draft }: Inspection): Fault[] {
  return PLACEHOLDERS.flatMap((pattern) => {
    const found = pattern.exec(`${draft.subject}\n${draft.text}`);
    return found === null ? [] : [{ rule: 'placeholder' as const, found: found[0], says: 'A placeholder was left in the text' }];
  });
}

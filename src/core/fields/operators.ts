import type { FieldType } from './types.ts';

export const OPERATORS = ['is', 'isNot', 'in', 'contains', 'above', 'below', 'exists', 'within', 'anniversary'] as const;
export type Operator = (typeof OPERATORS)[number];

/** What may be asked of a field. Absence of an `exists` says that the field is never missing. */
export const OPERATORS_OF: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: ['is', 'isNot', 'in', 'contains', 'exists'],
  choice: ['is', 'isNot', 'in', 'exists'],
  number: ['is', 'isNot', 'in', 'above', 'below', 'exists'],
  boolean: ['is', 'isNot', 'in', 'exists'],
  date: ['is', 'isNot', 'above', 'below', 'within', 'anniversary', 'exists'],
  moment: ['above', 'below', 'within', 'exists'],
  list: ['contains'],
  count: ['is', 'isNot', 'in', 'above', 'below'],
};

/** Names that mean something else to templates and to JavaScript. */
const RESERVED = new Set(['size', 'first', 'last', 'blank', 'empty', 'nil', 'true', 'false', 'constructor', 'prototype']);

export const reserved = (key: string): boolean => RESERVED.has(key);

/** `Contract end (EU)` → contract_end_eu; letters with marks lose them; a label without Latin letters gets `field`. */
export function keyOf(label: string): string {
  const plain = label
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
  return plain === '' ? 'field' : reserved(plain) ? `${plain}_` : plain;
}

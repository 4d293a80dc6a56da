import type { StoredInvoice } from '../invoice.ts';

/** `INV-2026-0001.pdf`; of a draft its id. ASCII: prefixes take nothing else. */
export const fileNameOf = ({ number, id }: Pick<StoredInvoice, 'number' | 'id'>): string =>
  `${(number ?? `draft-${id}`).replace(/[^A-Za-z0-9._-]+/g, '-')}.pdf`;

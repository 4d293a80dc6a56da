/** What can be exported as rows. By itself, so that the CLI knows it without loading the modules. */
export const KINDS = [
  'people',
  'leads',
  'organisations',
  'interactions',
  'messages',
  'consent',
  'deals',
  'deal_changes',
  'invoices',
  'invoice_lines',
  'payments',
] as const;
export type KindName = (typeof KINDS)[number];

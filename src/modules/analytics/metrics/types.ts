/** Words for numbers: what can be asked for, by what it can be told apart, and nothing else. No SQL comes from outside. */

export const UNITS = ['money', 'count', 'share', 'days'] as const;
export type Unit = (typeof UNITS)[number];
export const METRIC_DIMENSIONS = [
  'owner',
  'product',
  'source',
  'stage',
  'status',
  'channel',
  'workflow',
  'client',
  'currency',
  'method',
  'treatment',
  'item',
  'tax_rate',
] as const;
export type MetricDimension = (typeof METRIC_DIMENSIONS)[number];
export const SOURCES = ['deals', 'leads', 'messages', 'runs', 'invoices', 'invoice_lines', 'payments'] as const;
export type Source = (typeof SOURCES)[number];

/** What each dimension is called, and what it tells apart. */
export const DIMENSION_WORDS: Readonly<Record<MetricDimension, { readonly title: string; readonly description: string }>> = {
  owner: { title: 'Owner', description: 'Who sells the deal' },
  product: { title: 'Product', description: 'What the deal is about' },
  source: { title: 'Source', description: 'Where the deal or lead came from' },
  stage: { title: 'Stage', description: 'Where in the pipeline' },
  status: { title: 'Status', description: 'How far the lead is today' },
  channel: { title: 'Channel', description: 'Mail or SMS' },
  workflow: { title: 'Workflow', description: 'Which workflow the run is of' },
  client: { title: 'Client', description: 'To whom it was invoiced' },
  currency: { title: 'Currency', description: 'In which it was invoiced or paid' },
  method: { title: 'Method', description: 'How it was paid' },
  treatment: { title: 'Taxed as', description: 'Domestic, reverse charge, export …' },
  item: { title: 'Item', description: 'What the line of the invoice says' },
  tax_rate: { title: 'Tax rate', description: 'Of the line, in percent' },
};

export interface Metric {
  readonly id: string;
  readonly source: Source;
  readonly title: string;
  /** What counts, exactly. */
  readonly description: string;
  readonly unit: Unit;
  /** A flow happens within a time; a stock stands at its end. */
  readonly kind: 'flow' | 'stock';
  /** More of it is good news. */
  readonly better: 'more' | 'less';
  readonly dimensions: readonly MetricDimension[];
  /** What is added up, per row of the source: SQL of ours, on `r` and, of deals, `s` (the stage). */
  readonly sum: string;
  /** Divided by this sum: a share or an average. */
  readonly per?: string;
  /** Of deals: what of a move belongs to it, so that the deals behind a change can be named. */
  readonly blame?: { readonly kind: 'open' | 'won' | 'lost'; readonly column: 'cents' | 'weighted' };
}

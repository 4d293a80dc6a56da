/** Words for numbers: what can be asked for, by what it can be told apart, and nothing else. No SQL comes from outside. */

export const UNITS = ['money', 'count', 'share', 'days'] as const;
export type Unit = (typeof UNITS)[number];
export const METRIC_DIMENSIONS = ['owner', 'product', 'source', 'stage', 'status', 'channel', 'workflow'] as const;
export type MetricDimension = (typeof METRIC_DIMENSIONS)[number];
export const SOURCES = ['deals', 'leads', 'messages', 'runs'] as const;
export type Source = (typeof SOURCES)[number];

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

import type { Statement, Transaction } from '#core/database/database.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { bucketsOf, heaviest, OTHER, sums, type Asked, type Sum } from '../metrics/ask.ts';
import { metricOf } from '../metrics/catalogue.ts';
import type { Metric } from '../metrics/types.ts';
import { checkDefinition, stretchesOf, type ReportDefinition, type Stretch } from './definition.ts';

/** So many values of a dimension are told apart; what is left is one more row, OTHER. */
export const MOST_VALUES = 50;

type Amounts = readonly (number | null)[];

/** A report as it was worked out: values and no names, so that nothing of a person is kept in it. Amounts in the order of the metrics. */
export interface ReportResult {
  readonly definition: ReportDefinition;
  readonly currency: string;
  readonly madeAt: string;
  /** Days [from, to). */
  readonly now: Stretch;
  readonly before: Stretch | null;
  readonly total: { readonly now: Amounts; readonly before: Amounts | null };
  /** By value, the heaviest of the first metric first; OTHER last. None without a dimension. */
  readonly groups: readonly { readonly value: string; readonly now: Amounts; readonly before: Amounts | null }[];
  /** What a reader must know beside the figures. */
  readonly notes: readonly string[];
  /** By bucket (and value): none without a grain. */
  readonly points: readonly { readonly start: string; readonly value: string; readonly now: Amounts }[];
  /** The same buckets of the stretch before, all values together; place by place. */
  readonly pointsBefore: readonly { readonly start: string; readonly now: Amounts }[];
}

/** A report may take so long, then it says so. */
const PATIENCE: Statement = { name: 'reports.patience', text: `select set_config('statement_timeout', '10000', true)` };

/** Works a report out. A few statements a metric, each by an index or a roll-up. @throws InvalidInput what can't be told */
export async function makeReport(tx: Transaction, companyId: string, definition: ReportDefinition, at: Date): Promise<ReportResult> {
  checkDefinition(definition);
  const { now, before } = stretchesOf(definition, at);
  const metrics = definition.metrics.map(metricOf);
  const by = definition.by ?? undefined;
  const where = definition.where;
  await tx.query(PATIENCE, []);
  const apart = by === undefined ? undefined : await valuesApart(tx, companyId, metrics, [now, before], { by, where });
  const asked = (stretch: Stretch): Asked => ({ ...stretch, grain: definition.grain, by, where, apart });
  const found: Sum[][] = [];
  const earlier: Sum[][] = [];
  for (const metric of metrics) {
    found.push(await sums(tx, companyId, metric, asked(now)));
    if (before !== null) earlier.push(await sums(tx, companyId, metric, asked(before)));
  }
  const together = (rows: readonly Sum[][], keep: (row: Sum) => boolean): Amounts =>
    metrics.map((metric, i) => amountOf(metric, (rows[i] ?? []).filter(keep)));
  const others = [...found, ...earlier].some((rows) => rows.some((row) => row.value === OTHER));
  const values = others ? [...(apart ?? []), OTHER] : (apart ?? []);
  const groups = values.map((value) => ({
    value,
    now: together(found, (row) => row.value === value),
    before: before === null ? null : together(earlier, (row) => row.value === value),
  }));
  const currency = await companyCurrency(tx, companyId);
  return {
    definition,
    currency,
    notes: await notesOf(tx, companyId, metrics, now, currency),
    madeAt: at.toISOString(),
    now,
    before,
    total: { now: together(found, () => true), before: before === null ? null : together(earlier, () => true) },
    groups,
    points: definition.grain === 'none' ? [] : (by === undefined ? [''] : values).flatMap((value) => pointsOf(metrics, found, asked(now), by === undefined ? null : value).map((point) => ({ ...point, value }))),
    pointsBefore: definition.grain === 'none' || before === null ? [] : pointsOf(metrics, earlier, asked(before), null),
  };
} // prettier-ignore

/** The heaviest of the first metric, then, while there is room, of the stretch before and of the other metrics. */
async function valuesApart(
  tx: Transaction,
  companyId: string,
  metrics: readonly Metric[],
  stretches: readonly (Stretch | null)[],
  how: Pick<Asked, 'by' | 'where'>,
): Promise<string[]> {
  const found = new Set<string>();
  for (const metric of metrics)
    for (const stretch of stretches)
      if (stretch !== null && found.size < MOST_VALUES)
        for (const value of await heaviest(tx, companyId, metric, { ...stretch, ...how }, MOST_VALUES))
          if (found.size < MOST_VALUES) found.add(value);
  return [...found];
}

const UNRATED: Statement = {
  name: 'reports.unrated',
  text: `select currency from (select i.currency from invoices i where i.company_id = $1 and $4 in ('invoices', 'invoice_lines') and i.issued_on >= $2::date and i.issued_on < $3::date
           union select p.currency from invoice_payments p where p.company_id = $1 and $4 = 'payments' and p.received_on >= $2::date and p.received_on < $3::date) c
          where c.currency <> $5 and not exists (select from currency_rates r where r.company_id = $1 and r.currency = c.currency) order by currency limit 20`,
};

/** What a reader must know: money in a currency without a rate counts nothing. */
async function notesOf(tx: Transaction, companyId: string, metrics: readonly Metric[], { from, to }: Stretch, base: string): Promise<string[]> {
  const missing = new Set<string>();
  for (const source of new Set(metrics.filter(({ unit }) => unit === 'money').map((metric) => metric.source)))
    if (source === 'invoices' || source === 'invoice_lines' || source === 'payments')
      for (const { currency } of await tx.query<{ currency: string }>(UNRATED, [companyId, from, to, source, base])) missing.add(currency);
  return [...missing].map((currency) => `Amounts in ${currency} count nothing: there is no rate for ${currency} in ${base}. Add one under Settings, Sales.`);
} // prettier-ignore

/** A flow adds up; a share divides what was added up; what stands is everything so far. */
function amountOf(metric: Metric, rows: readonly Sum[]): number | null {
  const sum = rows.reduce((total, row) => total + row.sum, 0);
  if (metric.kind === 'stock' || metric.per === undefined) return sum;
  const per = rows.reduce((total, row) => total + row.per, 0);
  return per === 0 ? null : sum / per;
}

/** `value` null: of all values together. */
function pointsOf(metrics: readonly Metric[], found: readonly Sum[][], asked: Asked, value: string | null) {
  const byStart = metrics.map((_metric, i) =>
    Map.groupBy(
      (found[i] ?? []).filter((row) => value === null || row.value === value),
      (row) => row.start,
    ),
  );
  // What stood before the first day, and every change since.
  const levels = metrics.map((_metric, i) => (byStart[i]?.get(null) ?? []).reduce((total, row) => total + row.sum, 0));
  return bucketsOf(asked).map((start) => ({
    start,
    now: metrics.map((metric, i) => {
      const rows = byStart[i]?.get(start) ?? [];
      if (metric.kind !== 'stock') return amountOf(metric, rows);
      levels[i] = (levels[i] ?? 0) + rows.reduce((total, row) => total + row.sum, 0);
      return levels[i];
    }),
  }));
}

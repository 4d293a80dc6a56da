import type { Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { ask, METRICS, valueNames } from '#modules/analytics/public.ts';
import { nearest } from '#core/nearest.ts';
import type { DataSet } from './model/data.ts';
import type { MetricQuestion } from './model/metric.ts';

/** Columns of a data set that asks a metric: `Period`, with a dimension `Name`, and `Value` (money in cents, shares from 0 to 1). */
const PERIOD = { name: 'Period', kind: 'date' } as const;
const NAME = { name: 'Name', kind: 'text' } as const;
const VALUE = { name: 'Value', kind: 'number' } as const;

export const metricColumns = (named: boolean): DataSet['columns'] => (named ? [PERIOD, NAME, VALUE] : [PERIOD, VALUE]);

/** @throws InvalidInput no such metric */
export function requireMetric(id: string) {
  const metric = METRICS.find((one) => one.id === id);
  if (metric !== undefined) return metric;
  const near = nearest(id, METRICS.map((one) => one.id)); // prettier-ignore
  throw new InvalidInput(
    `There is no metric ${id}${near === null ? '; list them with: steward metrics list' : `; did you mean ${near}?`}`,
    {
      fields: [{ path: 'metric.metric', message: 'is no metric' }],
    },
  );
}

/** The answer of a metric as a data set. `day`: today where the company is. */
export async function askMetric(
  tx: Transaction,
  companyId: string,
  { metric: id, grain, months, by }: MetricQuestion,
  day: string,
): Promise<DataSet> {
  const metric = requireMetric(id);
  const from = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  from.setUTCMonth(from.getUTCMonth() - months + 1);
  const to = new Date(`${day}T00:00:00Z`);
  to.setUTCDate(to.getUTCDate() + 1);
  const text = (at: Date) => at.toISOString().slice(0, 10);
  const answers = await ask(tx, companyId, metric, { from: text(from), to: text(to), grain, by });
  const nameOf = by === undefined ? null : await valueNames(tx, companyId, by, answers.map((answer) => answer.value)); // prettier-ignore
  return {
    columns: metricColumns(nameOf !== null),
    rows: answers.map(({ start, value, amount }) => (nameOf === null ? [start, amount] : [start, nameOf(value), amount])),
  };
}

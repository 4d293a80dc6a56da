import { minorDigits } from '#core/money.ts';
import { csvLine, type Cell } from '#modules/exports/public.ts';
import type { Unit } from '../metrics/types.ts';
import type { Report } from './show.ts';
import { dimensionTitle } from './words.ts';

/** Money in whole units, shares in per cent, so that a spreadsheet reads them as a person does. */
function cellOf(amount: number | null | undefined, unit: Unit, currency: string): Cell {
  if (amount == null) return null;
  if (unit === 'money') return Number((amount / 10 ** minorDigits(currency)).toFixed(minorDigits(currency)));
  if (unit === 'share') return Number((amount * 100).toFixed(2));
  return unit === 'days' ? Number(amount.toFixed(2)) : amount;
}

const unitWords = (unit: Unit, currency: string) =>
  unit === 'money' ? ` (${currency})` : unit === 'share' ? ' (%)' : unit === 'days' ? ' (days)' : '';

/** The rows of a report: over time by its buckets, else by value; the total last, where rows add up to one. RFC 4180. */
export function csvOf(report: Report): string {
  const { definition, metrics, groups, points, total, before, currency } = report;
  const titles = metrics.map((metric) => `${metric.title}${unitWords(metric.unit, currency)}`);
  const cells = (amounts: readonly (number | null)[]) => metrics.map((metric, i) => cellOf(amounts[i], metric.unit, currency));
  const by = definition.by === null ? [] : [dimensionTitle(definition.by)];
  if (definition.grain !== 'none') {
    const names = new Map(groups.map((group) => [group.value, group.name]));
    const rows = points.map(({ start, value, now }) => csvLine([start, ...(definition.by === null ? [] : [names.get(value) ?? value]), ...cells(now)]));
    return [csvLine(['Begin', ...by, ...titles]), ...rows].join('');
  }
  const both = (now: readonly (number | null)[], then: readonly (number | null)[] | null) => [...cells(now), ...(before === null ? [] : cells(then ?? []))];
  const head = [...(by.length === 0 ? [''] : by), ...titles, ...(before === null ? [] : titles.map((title) => `${title}, before`))];
  return [csvLine(head), ...groups.map((group) => csvLine([group.name, ...both(group.now, group.before)])), csvLine(['Total', ...both(total.now, total.before)])].join('');
} // prettier-ignore

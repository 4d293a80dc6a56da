import type { ChartData } from '../charts/chart.ts';
import type { BlockOf } from '../model/blocks.ts';
import type { Cell, DataSet } from '../model/data.ts';
import { measured } from './measure.ts';
import { formatted, number, placeOf, shortDay, wordsOf, type Speech } from './words.ts';

type Grain = BlockOf<'chart'>['grain'];
const MOST_SERIES = 6;
/** More places than that can't be told apart; of names the greatest are shown, of days they are put together more coarsely. */
const MOST = { line: 400, band: 400, bar: 40, stacked: 40, donut: 6 } as const;

/** The numbers of a chart out of its data set. `columnAt` says where a column is, or throws. */
export function chartData(block: BlockOf<'chart'>, data: DataSet, columnAt: (name: string) => number, texts: { title: string; description: string }, speech: Speech): ChartData {
  const at = columnAt(block.x);
  const dates = data.columns[at]?.kind === 'date';
  const by = block.by === undefined ? null : columnAt(block.by);
  const ys = block.y.map((name) => ({ name, at: columnAt(name) }));
  const grain = dates ? fitting(data, at, block) : 'none';
  const keyOf = (row: readonly Cell[]) => (dates ? dayKey(row[at] ?? null, grain) : String(row[at] ?? '–'));
  // One pass: values by series, by place.
  const groups = new Map<string, Map<string, number[]>>();
  const keys = new Set<string>();
  for (const row of data.rows) {
    const key = keyOf(row);
    if (key === null) continue;
    keys.add(key);
    for (const y of by === null ? ys : ys.slice(0, 1)) {
      const name = by === null ? y.name : String(row[by] ?? '–');
      const value = row[y.at];
      const places = groups.get(name) ?? new Map<string, number[]>();
      groups.set(name, places);
      const list = places.get(key) ?? [];
      places.set(key, list);
      if (typeof value === 'number') list.push(value);
      else if (block.measure === 'count' && value !== null) list.push(1);
    }
  }
  const named = fewer([...groups], wordsOf(speech.language).others, by !== null);
  const sumAt = (key: string) => named.reduce((total, [, places]) => total + Math.abs(measured(places.get(key) ?? [], block.measure) ?? 0), 0);
  let order = dates ? whole([...keys].toSorted(), grain) : [...keys];
  let places = named;
  if (!dates && order.length > MOST[block.chart]) {
    const kept = order.toSorted((a, b) => sumAt(b) - sumAt(a)).slice(0, MOST[block.chart] - 1);
    const rest = order.filter((key) => !kept.includes(key));
    const others = wordsOf(speech.language).others;
    places = named.map(([name, values]) => [name, new Map([...kept.map((key) => [key, values.get(key) ?? []] as const), [others, rest.flatMap((key) => values.get(key) ?? [])] as const])]);
    order = [...kept, others];
  } else if (block.chart === 'donut') order = order.toSorted((a, b) => sumAt(b) - sumAt(a));
  const series = places.map(([name, values]) => ({ name, values: order.map((key) => { const list = values.get(key); return list === undefined || (list.length === 0 && block.measure !== 'count') ? null : measured(list, block.measure); }) }));
  const labels = order.map((key) => (dates ? (grain === 'none' ? shortDay(speech.language, key) : placeOf(speech.language, key, grain)) : key));
  const made = { kind: block.chart, title: texts.title, labels, series, format: block.format, language: speech.language, currency: speech.currency };
  return { ...made, description: texts.description || told(made, speech) };
} // prettier-ignore

/** The grain that was asked for, or a coarser one that the drawing has room for. */
function fitting(data: DataSet, at: number, { grain, chart }: BlockOf<'chart'>): Grain {
  const grains = ['none', 'day', 'week', 'month', 'year'] as const;
  for (const one of grains.slice(grains.indexOf(grain))) {
    const count = new Set(data.rows.map((row) => dayKey(row[at] ?? null, one))).size;
    if (count <= MOST[chart]) return one;
  }
  return 'year';
}

/** First day of the week (Monday), month or year. */
export function dayKey(cell: Cell, grain: Grain): string | null {
  if (typeof cell !== 'string') return null;
  const day = cell.slice(0, 10);
  if (grain === 'none') return cell;
  if (grain === 'year') return `${day.slice(0, 4)}-01-01`;
  if (grain === 'month') return `${day.slice(0, 7)}-01`;
  if (grain === 'day') return day;
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString().slice(0, 10);
}

/** Places without rows are there, too: a month in which nothing was sold is a gap that is seen. */
function whole(days: readonly string[], grain: Grain): string[] {
  const [first, last] = [days[0], days.at(-1)];
  if (grain === 'none' || first === undefined || last === undefined) return [...days];
  const found: string[] = [];
  const at = new Date(`${first}T00:00:00Z`);
  while (at.toISOString().slice(0, 10) <= last && found.length < 1_000) {
    found.push(at.toISOString().slice(0, 10));
    if (grain === 'day') at.setUTCDate(at.getUTCDate() + 1);
    else if (grain === 'week') at.setUTCDate(at.getUTCDate() + 7);
    else if (grain === 'month') at.setUTCMonth(at.getUTCMonth() + 1);
    else at.setUTCFullYear(at.getUTCFullYear() + 1);
  }
  return found;
}

/** Six series at most: the greatest, and the others together. Values of a group stand by their size, as in a ring of the same group: one value has one colour. */
function fewer(groups: [string, Map<string, number[]>][], others: string, sort: boolean): (readonly [string, ReadonlyMap<string, readonly number[]>])[] {
  if (groups.length <= MOST_SERIES && !sort) return groups;
  const size = (places: Map<string, number[]>) => [...places.values()].flat().reduce((sum, value) => sum + Math.abs(value), 0);
  const sorted = groups.toSorted((a, b) => size(b[1]) - size(a[1]));
  if (groups.length <= MOST_SERIES) return sorted;
  const rest = new Map<string, number[]>();
  for (const [, places] of sorted.slice(MOST_SERIES - 1)) for (const [key, values] of places) rest.set(key, [...(rest.get(key) ?? []), ...values]);
  return [...sorted.slice(0, MOST_SERIES - 1), [others, rest]];
} // prettier-ignore

/** The chart in a sentence: what is highest and lowest, and where. */
function told({ kind, series, labels, format }: Pick<ChartData, 'kind' | 'series' | 'labels' | 'format'>, speech: Speech): string {
  const parts = series.map(({ name, values }) => {
    const known = values.flatMap((value, i) => (value === null ? [] : [{ value, label: labels[i] ?? '' }])).toSorted((a, b) => b.value - a.value);
    const [high, low] = [known[0], known.at(-1)];
    if (high === undefined || low === undefined) return `${name}: –`;
    const says = ({ value, label }: { value: number; label: string }) => `${formatted(speech, value, format)} (${label})`;
    if (speech.language === 'de') return `${name}: höchster Wert ${says(high)}, niedrigster ${says(low)}`;
    return `${name}: highest ${says(high)}, lowest ${says(low)}`;
  });
  const what = { line: ['Line chart', 'Liniendiagramm'], band: ['Line chart with its span', 'Liniendiagramm mit Spanne'], bar: ['Bar chart', 'Balkendiagramm'], stacked: ['Stacked bars', 'Gestapelte Balken'], donut: ['Ring chart', 'Ringdiagramm'] }[kind][speech.language === 'de' ? 1 : 0] ?? '';
  return `${what}, ${number(speech, labels.length)} ${speech.language === 'de' ? 'Werte' : 'places'}. ${parts.join('. ')}.`;
} // prettier-ignore

import { InvalidInput } from '#core/errors.ts';
import { Blocks, type Block } from '../model/blocks.ts';
import { quoted } from '../model/quoted.ts';
import type { DataSet } from '../model/data.ts';
import type { Language } from '../draw/content.ts';
import { longDay } from '../draw/words.ts';
import { advise, rowsWords } from './advise.ts';
import { examine } from './examine.ts';

const WORDS = {
  en: {
    short: 'In short',
    span: (rows: string, from: string, to: string) => `${rows} rows from ${from} to ${to}.`,
    rows: (rows: string) => `${rows} rows.`,
    course: 'How it went',
    over: (name: string) => `${name} over time`,
    parts: 'Where it comes from',
    by: (name: string, group: string) => `${name} by ${group}`,
    stands: 'What stands out',
    nothing: 'Nothing stands out: none of the rules trend, concentration, outlier and gaps speaks for this data.',
    rule: (name: string) => `Rule: ${name}`,
    data: 'The data',
    mean: 'Mean of',
  },
  de: {
    short: 'Kurz gesagt',
    span: (rows: string, from: string, to: string) => `${rows} Zeilen vom ${from} bis ${to}.`,
    rows: (rows: string) => `${rows} Zeilen.`,
    course: 'Der Verlauf',
    over: (name: string) => `${name} im Verlauf`,
    parts: 'Woher es kommt',
    by: (name: string, group: string) => `${name} nach ${group}`,
    stands: 'Was auffällt',
    nothing: 'Nichts fällt auf: Keine der Regeln Trend, Konzentration, Ausreißer und Lücken spricht für diese Daten.',
    rule: (name: string) => `Regel: ${name}`,
    data: 'Die Daten',
    mean: 'Mittel von',
  },
} as const;

/** A heading of a table as people write it: `total_revenue` is `Total revenue`. */
const titled = (name: string): string => {
  const plain = name.replaceAll('_', ' ').trim();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};

/** Blocks of a report of any table: figures, course, parts and what stands out, with the rule that says so. They can be changed like all others. @throws InvalidInput nothing in it can be counted */
export function reportBlocks(data: DataSet, name: string, language: Language): Block[] {
  const words = WORDS[language];
  const examined = examine(data);
  const { day, numbers, groups, grain } = examined;
  const [main] = numbers;
  if (main === undefined) throw new InvalidInput('The data has no column of numbers that a report could tell of; check that the first row names the columns', { fields: [{ path: 'csv', message: 'has no column of numbers' }] }); // prettier-ignore
  const dayAt = data.columns.findIndex((column) => column.name === day);
  const days = day === null ? [] : data.rows.flatMap((row) => (typeof row[dayAt] === 'string' ? [row[dayAt]] : [])).toSorted();
  const rows = rowsWords(language, data.rows.length);
  const span = days.length === 0 ? words.rows(rows) : words.span(rows, longDay(language, days[0] ?? ''), longDay(language, days.at(-1) ?? ''));
  const measureOf = (level: boolean) => (level ? 'mean' : 'sum');
  const blocks: object[] = [
    { type: 'heading', text: words.short },
    { type: 'text', text: span },
    { type: 'figures', items: numbers.slice(0, 4).map(({ name: column, level }) => ({ label: quoted(level ? `${words.mean} ${column}` : titled(column)), data: name, column, measure: measureOf(level) })) },
  ];
  const advice = advise({ data, examined, language });
  blocks.push({ type: 'heading', text: words.stands, level: 2 });
  if (advice.length === 0) blocks.push({ type: 'text', text: words.nothing });
  for (const { rule, says, because } of advice) blocks.push({ type: 'advice', says: quoted(says), because: quoted(because), rule: words.rule(rule) });
  if (day !== null) {
    blocks.push({ type: 'heading', text: words.course });
    for (const { name: column, level } of numbers.slice(0, 2)) blocks.push({ type: 'chart', chart: 'line', title: quoted(words.over(titled(column))), data: name, x: day, y: [column], grain, measure: measureOf(level) });
  }
  const [group] = groups;
  if (group !== undefined) {
    blocks.push({ type: 'heading', text: words.parts });
    const few = new Set(data.rows.map((row) => row[data.columns.findIndex((column) => column.name === group)])).size <= 6;
    blocks.push({ type: 'chart', chart: few && !main.level ? 'donut' : 'bar', title: quoted(words.by(titled(main.name), group)), data: name, x: group, y: [main.name], measure: measureOf(main.level) });
    if (day !== null && !main.level) blocks.push({ type: 'chart', chart: 'stacked', title: quoted(words.over(words.by(titled(main.name), group))), data: name, x: day, y: [main.name], by: group, grain: grain === 'day' ? 'day' : grain });
  }
  blocks.push({ type: 'heading', text: words.data }, { type: 'table', data: name, columns: data.columns.slice(0, 8).map((column) => column.name), limit: 25, totals: numbers.some(({ level }) => !level) && !numbers.some(({ level }) => level) });
  return Blocks.parse(blocks.map((block, i) => ({ id: `b${i + 1}`, ...block })));
} // prettier-ignore

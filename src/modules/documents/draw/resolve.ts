import type { Facts, Json } from '#core/engine/types.ts';
import { InvalidInput } from '#core/errors.ts';
import { nearest } from '#core/nearest.ts';
import { BrokenTemplate, renderLiquid, UnresolvedVariable } from '#modules/messages/public.ts';
import type { Block, BlockOf } from '../model/blocks.ts';
import type { DataSet } from '../model/data.ts';
import { chartData } from './chart-data.ts';
import type { Part } from './content.ts';
import { readInline, readMarkdown } from './markdown.ts';
import { measured } from './measure.ts';
import { shownPrices } from './prices.ts';
import { formatted, number, type Speech } from './words.ts';
import { shownTable } from './table.ts';

export interface Known {
  /** What Liquid may name: `client`, `person`, `company`, `document`, `data` … */
  readonly facts: Facts;
  readonly data: ReadonlyMap<string, DataSet>;
  /** Sizes in pixels by SHA-256. */
  readonly pictures: ReadonlyMap<string, { readonly width: number; readonly height: number }>;
  readonly speech: Speech;
}

/** Where something in a block is wrong; all of them are told at once. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** Blocks with everything filled in. What cannot be is told by its place; its block is then left out. */
export function resolveBlocks(blocks: readonly Block[], known: Known): { readonly parts: Part[]; readonly faults: Fault[] } {
  const faults: Fault[] = [];
  const parts = blocks.flatMap((block, i): Part[] => {
    try {
      return [resolve(block, known)];
    } catch (error) {
      if (!(error instanceof InvalidInput || error instanceof BrokenTemplate || error instanceof UnresolvedVariable)) throw error;
      const inner = error.fields[0]?.path;
      faults.push({ path: `blocks.${i}${inner === undefined ? '' : `.${inner}`}`, message: error.message });
      return [];
    }
  });
  return { parts, faults };
}

function resolve(block: Block, known: Known): Part {
  const { speech } = known;
  const liquid = (source: string, path: string) => drawn(source, known.facts, path);
  switch (block.type) {
    case 'heading':
      return { type: 'heading', level: block.level, text: readInline(liquid(block.text, 'text').replaceAll('\n', ' ')) };
    case 'text':
      return { type: 'text', paragraphs: readMarkdown(liquid(block.text, 'text')) };
    case 'figures':
      return { type: 'figures', items: block.items.map((item, i) => ({ label: liquid(item.label, `items.${i}.label`), value: figure(item, i, known), note: liquid(item.note, `items.${i}.note`) })) };
    case 'table': {
      const data = dataOf(known, block.data);
      return { type: 'table', table: shownTable({ ...block, title: liquid(block.title, 'title') }, data, columnFinder(data, 'columns'), speech) };
    }
    case 'chart': {
      const data = dataOf(known, block.data);
      const texts = { title: liquid(block.title, 'title'), description: liquid(block.description, 'description') };
      return { type: 'chart', chart: chartData(block, data, columnFinder(data, 'x'), texts, speech) };
    }
    case 'picture': {
      const size = known.pictures.get(block.picture);
      if (size === undefined) throw fault('picture', 'This picture is not there any more; choose another one');
      return { type: 'picture', picture: block.picture, alt: liquid(block.alt, 'alt'), caption: liquid(block.caption, 'caption'), percent: block.width, ...size };
    }
    case 'prices':
      return { type: 'prices', prices: shownPrices(block, block.lines.map((line, i) => liquid(line.description, `lines.${i}.description`)), speech) };
    case 'quote':
      return { type: 'quote', text: readInline(liquid(block.text, 'text')), by: liquid(block.by, 'by') };
    case 'advice':
      return { type: 'advice', says: liquid(block.says, 'says'), because: liquid(block.because, 'because'), rule: block.rule };
    case 'signature':
      return { type: 'signature', label: liquid(block.label, 'label'), name: liquid(block.name, 'name') };
    case 'notes':
      return { type: 'notes', text: liquid(block.text, 'text') };
    case 'divider':
    case 'break':
      return { type: block.type };
  }
} // prettier-ignore

const fault = (path: string, message: string) => new InvalidInput(message, { fields: [{ path, message }] });

function drawn(source: string, facts: Facts, path: string): string {
  if (!source.includes('{')) return source;
  try {
    return renderLiquid(source, facts);
  } catch (error) {
    if (error instanceof BrokenTemplate || error instanceof UnresolvedVariable)
      throw fault(path, error.message.replace('The template', 'The text'));
    throw error;
  }
}

function dataOf({ data }: Known, name: string): DataSet {
  const found = data.get(name);
  if (found !== undefined) return found;
  const near = nearest(name, [...data.keys()]);
  throw fault('data', `The document has no data set “${name}”${near === null ? (data.size === 0 ? '; add one from a CSV first' : '') : `; did you mean “${near}”?`}`);
} // prettier-ignore

function columnFinder({ columns }: DataSet, path: string): (name: string) => number {
  return (name) => {
    const at = columns.findIndex((column) => column.name === name);
    if (at >= 0) return at;
    const near = nearest(name, columns.map((column) => column.name)); // prettier-ignore
    throw fault(path, `The data has no column “${name}”${near === null ? '' : `; did you mean “${near}”?`}`);
  };
}

function figure(item: BlockOf<'figures'>['items'][number], i: number, known: Known): string {
  if (item.data === undefined) return drawn(item.value, known.facts, `items.${i}.value`);
  const data = dataOf(known, item.data);
  if (item.column === undefined) return number(known.speech, data.rows.length);
  const at = columnFinder(data, `items.${i}.column`)(item.column);
  const values = data.rows.map((row) => row[at] ?? null);
  const value = item.measure === 'count' ? values.filter((one) => one !== null).length : measured(values.filter((one) => typeof one === 'number'), item.measure); // prettier-ignore
  return value === null ? '–' : formatted(known.speech, value, item.measure === 'count' ? 'number' : item.format);
}

/** What `{{ data.sales.rows }}` and `{{ data.sales.revenue.sum }}` say: columns by their names as words. */
export function dataFacts(data: ReadonlyMap<string, DataSet>): Facts {
  return Object.fromEntries(
    [...data].map(([name, { columns, rows }]) => {
      const facts: { [key: string]: Json } = { rows: rows.length };
      for (const [i, column] of columns.entries()) {
        const key = column.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, ''); // prettier-ignore
        if (key === '' || key === 'rows') continue;
        const cells = rows.map((row) => row[i] ?? null).filter((cell) => cell !== null);
        if (column.kind === 'number') {
          const values = cells.filter((cell) => typeof cell === 'number');
          facts[key] = Object.fromEntries((['sum', 'mean', 'median', 'min', 'max', 'count', 'last'] as const).map((measure) => [measure, measured(values, measure)]));
        } else if (column.kind === 'date') {
          const days = cells.map(String).toSorted();
          facts[key] = { first: days[0] ?? null, last: days.at(-1) ?? null, count: days.length };
        } else facts[key] = { count: cells.length, different: new Set(cells).size };
      }
      return [name, facts];
    }),
  );
} // prettier-ignore

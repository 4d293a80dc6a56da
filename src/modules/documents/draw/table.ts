import type { BlockOf } from '../model/blocks.ts';
import type { Cell, DataSet } from '../model/data.ts';
import type { ShownTable } from './content.ts';
import { digitsOf, shortDay, withDigits, wordsOf, type Speech } from './words.ts';

const MOST_COLUMNS = 12;

export function shownTable(
  block: BlockOf<'table'>,
  { columns, rows }: DataSet,
  columnAt: (name: string) => number,
  speech: Speech,
): ShownTable {
  const shown = block.columns.length === 0 ? columns.slice(0, MOST_COLUMNS).map((_, i) => i) : block.columns.map(columnAt);
  const kindOf = (at: number) => columns[at]?.kind ?? 'text';
  const numbersOf = (at: number) => rows.flatMap((row) => (typeof row[at] === 'number' ? [row[at]] : []));
  const digits = new Map(shown.map((at) => [at, kindOf(at) === 'number' ? digitsOf(numbersOf(at)) : 0]));
  const said = (cell: Cell, at: number): string =>
    cell === null
      ? '–'
      : typeof cell === 'number'
        ? withDigits(speech, cell, digits.get(at) ?? 0)
        : kindOf(at) === 'date'
          ? shortDay(speech.language, cell)
          : cell;
  const sum = (at: number) =>
    Number(
      numbersOf(at)
        .reduce((total, value) => total + value, 0)
        .toPrecision(15),
    );
  const totals = shown.map((at, i) => (kindOf(at) === 'number' ? said(sum(at), at) : i === 0 ? wordsOf(speech.language).totals : ''));
  return {
    title: block.title,
    head: shown.map((at) => ({ text: columns[at]?.name ?? '', right: kindOf(at) === 'number', tight: kindOf(at) !== 'text' })),
    rows: rows.slice(0, block.limit).map((row) => shown.map((at) => said(row[at] ?? null, at))),
    totals: block.totals ? totals : null,
    more: Math.max(0, rows.length - block.limit),
  };
}

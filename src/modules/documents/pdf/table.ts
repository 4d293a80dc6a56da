import { widthOf, wrap } from '#core/pdf/fonts.ts';
import { INK, INK_2, LINE } from '#core/pdf/sheet.ts';
import type { Language, ShownPrices, ShownTable } from '../draw/content.ts';
import { wordsOf } from '../draw/words.ts';
import { LEFT, type Flow } from './flow.ts';

const SIZE = 8.5;
const STEP = 12.5;
const GAP = 12;

interface Column {
  readonly text: string;
  readonly right: boolean;
  readonly x: number;
  readonly width: number;
}

/** A table over as many pages as it needs; its head stands on each. */
export function drawTable(flow: Flow, { title, head, rows, totals, more }: ShownTable, language: Language): void {
  if (title !== '') {
    flow.room(80);
    flow.sheet.tagged('P', () => flow.sheet.text(title, LEFT, flow.y, { size: 10, weight: 'bold' }));
    flow.y += 20;
  }
  const columns = spread(head, totals === null ? rows : [...rows, totals], flow.width);
  drawRows(flow, columns, rows, totals);
  if (more > 0) {
    flow.room(20);
    const says = wordsOf(language).more(more.toLocaleString('en'));
    flow.sheet.tagged('P', () => flow.sheet.text(says, LEFT, flow.y, { size: 8, color: INK_2 }));
    flow.y += 16;
  }
  flow.y += 10;
}

/** Columns as wide as they like where there is room; else all give way by what they have above the least. */
function spread(head: ShownTable['head'], rows: readonly (readonly string[])[], width: number): Column[] {
  const sample = rows.length > 300 ? [...rows.slice(0, 200), ...rows.slice(-100)] : rows;
  const wished = head.map(({ text }, i) => Math.min(260, Math.max(widthOf(text, 'bold', 7.5), ...sample.map((row) => widthOf(row[i] ?? '', 'bold', SIZE))) + 1));
  const room = width - GAP * (head.length - 1);
  const sum = wished.reduce((total, one) => total + one, 0);
  const least = head.map((_, i) => Math.min(wished[i] ?? 0, room / head.length / 1.4));
  const over = Math.max(0, sum - room);
  const give = wished.map((one, i) => one - (least[i] ?? 0));
  const all = give.reduce((total, one) => total + one, 0) || 1;
  const spare = over === 0 ? (room - sum) / head.length : 0;
  const widths = wished.map((one, i) => one - (over * (give[i] ?? 0)) / all + spare);
  let x = LEFT;
  return head.map(({ text, right }, i) => {
    const wide = widths[i] ?? 0;
    const column = { text, right, x, width: wide };
    x += wide + GAP;
    return column;
  });
} // prettier-ignore

function drawRows(flow: Flow, columns: readonly Column[], rows: readonly (readonly string[])[], totals: readonly string[] | null): void {
  const { sheet } = flow;
  flow.room(60);
  const group = sheet.group('Table');
  const cellsOf = (row: readonly string[], bold: boolean) => columns.map(({ width }, i) => wrap(row[i] ?? '', bold ? 'bold' : 'regular', SIZE, width));
  const head = (repeated: boolean) => {
    const lines = columns.map(({ text, width }) => wrap(text, 'bold', 7.5, width));
    const height = Math.max(...lines.map((one) => one.length)) * 10.5;
    const draw = (i: number) => lines[i]?.forEach((line, at) => put(flow, columns[i], line, flow.y + height - (lines[i]?.length ?? 0) * 10.5 + at * 10.5, { size: 7.5, weight: 'bold', color: INK_2 }));
    if (repeated) sheet.artifact(() => columns.forEach((_, i) => draw(i)));
    else {
      const row = sheet.group('TR', group);
      columns.forEach((_, i) => sheet.tagged('TH', () => draw(i), row));
      row.end();
    }
    flow.y += height + 3;
    sheet.rule(LEFT, flow.y, flow.width, INK, 0.8);
    flow.y += 5;
  };
  head(false);
  for (const [at, cells] of [...rows.map((row) => cellsOf(row, false)), ...(totals === null ? [] : [cellsOf(totals, true)])].entries()) {
    const strong = totals !== null && at === rows.length;
    const height = Math.max(...cells.map((lines) => lines.length)) * STEP;
    if (height + 8 > flow.left) {
      flow.break();
      head(true);
    }
    const row = sheet.group('TR', group);
    for (const [i, lines] of cells.entries())
      sheet.tagged('TD', () => lines.forEach((line, n) => put(flow, columns[i], line, flow.y + n * STEP, { size: SIZE, weight: strong ? 'bold' : 'regular' })), row);
    row.end();
    flow.y += height + 2;
    sheet.rule(LEFT, flow.y, flow.width, LINE, 0.4);
    flow.y += 4;
  }
  group.end();
} // prettier-ignore

function put(
  flow: Flow,
  column: Column | undefined,
  text: string,
  y: number,
  style: { size: number; weight: 'regular' | 'bold'; color?: string },
): void {
  if (column === undefined) return;
  flow.sheet.text(text, column.right ? column.x + column.width : column.x, y, { ...style, align: column.right ? 'right' : 'left' });
}

/** Lines with their amounts, and the sums under them. */
export function drawPrices(flow: Flow, { lines, sums }: ShownPrices, language: Language): void {
  const words = wordsOf(language);
  const head = [
    { text: words.description, right: false, tight: false },
    { text: words.quantity, right: true, tight: true },
    { text: words.price, right: true, tight: true },
    { text: words.amount, right: true, tight: true },
  ];
  const rows = lines.map((line) => [
    line.optional ? `${line.description} · ${words.optional}` : line.description,
    line.quantity,
    line.price,
    line.amount,
  ]);
  drawRows(flow, spread(head, [...rows, ...sums.map((sum) => ['', '', '', sum.amount])], flow.width), rows, null);
  flow.y += 4;
  flow.room(sums.length * 18 + 8);
  const right = LEFT + flow.width;
  for (const { label, amount, strong } of sums) {
    const style = { size: strong ? 12 : 9, weight: strong ? ('bold' as const) : ('regular' as const), color: strong ? INK : INK_2 };
    if (strong) {
      flow.sheet.rule(right - 240, flow.y, 240, INK, 0.8);
      flow.y += 6;
    }
    flow.sheet.tagged('P', () => {
      flow.sheet.text(label, right - 240, flow.y, style);
      flow.sheet.text(amount, right, flow.y, { ...style, align: 'right' });
    });
    flow.y += strong ? 20 : 15;
  }
  flow.y += 10;
}

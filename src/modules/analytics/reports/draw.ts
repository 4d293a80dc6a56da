import { wrap } from '#core/pdf/fonts.ts';
import { INK, INK_2, LINE, Sheet } from '#core/pdf/sheet.ts';
import { amountWords } from '../metrics/words.ts';
import type { Report } from './show.ts';
import { bucketWords, changeOf, changeWords, dimensionTitle, spanWords } from './words.ts';

const LEFT = 56;
const BOTTOM = 64;
const BAR = '#6366f1';
const BEFORE = '#c7d2fe';
const GOOD = '#15803d';
const BAD = '#b91c1c';
const MOST_BARS = 12;
const ROW = 16;

/** Draws a report: the figures, a chart of the first metric, the table. The same report gives the same bytes. */
export async function drawReport(report: Report, { title, company }: { readonly title: string; readonly company: string }): Promise<Buffer> {
  const sheet = new Sheet({ title, language: 'en', at: report.madeAt, letter: false });
  const page = new Page(sheet, report);
  page.heading(title);
  page.figures();
  if (report.definition.grain !== 'none') page.columns();
  else if (report.groups.length > 0) page.bars();
  if (report.groups.length > 0) page.groups();
  if (report.definition.grain !== 'none') page.points();
  page.words();
  sheet.onEachPage((number) => {
    sheet.text(`${company} · ${title}`, LEFT, sheet.height - 40, { size: 7, color: INK_2 });
    sheet.text(`${number} / ${sheet.pages}`, sheet.width - LEFT, sheet.height - 40, { size: 7, color: INK_2, align: 'right' });
  });
  return sheet.bytes();
} // prettier-ignore

/** One part below the other, on a new page where it does not fit. */
class Page {
  readonly #sheet: Sheet;
  readonly #report: Report;
  #y = 56;

  constructor(sheet: Sheet, report: Report) {
    this.#sheet = sheet;
    this.#report = report;
  }

  get #width(): number {
    return this.#sheet.width - 2 * LEFT;
  }

  #room(height: number): boolean {
    if (this.#y + height <= this.#sheet.height - BOTTOM) return false;
    this.#sheet.newPage();
    this.#y = 56;
    return true;
  }

  #says(amount: number | null | undefined, metric: number): string {
    const { unit } = this.#report.metrics[metric] ?? { unit: 'count' as const };
    return amount == null ? '–' : amountWords(amount, unit, this.#report.currency);
  }

  heading(title: string): void {
    const sheet = this.#sheet;
    sheet.tagged('H1', () => (this.#y += sheet.block(title, LEFT, this.#y, this.#width, { weight: 'bold', size: 20 })));
    sheet.tagged('P', () => (this.#y += 4 + sheet.block(spanWords(this.#report), LEFT, this.#y + 4, this.#width, { size: 10, color: INK_2 }))); // prettier-ignore
    this.#y += 20;
  }

  /** The totals side by side, with how they changed. */
  figures(): void {
    const { metrics, total } = this.#report;
    const sheet = this.#sheet;
    const wide = this.#width / Math.max(3, metrics.length);
    const y = this.#y;
    for (const [i, metric] of metrics.entries()) {
      const x = LEFT + i * wide;
      const change = changeOf(total.now[i], total.before?.[i]);
      sheet.tagged('P', () => {
        sheet.block(metric.title, x, y, wide - 8, { size: 8, color: INK_2 });
        sheet.text(this.#says(total.now[i], i), x, y + 14, { size: 15, weight: 'bold' });
        if (total.before !== null) {
          sheet.text(change === null ? `before ${this.#says(total.before[i], i)}` : changeWords(change), x, y + 36, {
            size: 8,
            color: change === null || change === 0 ? INK_2 : change > 0 === (metric.better === 'more') ? GOOD : BAD,
          });
          if (change !== null) sheet.text(`before ${this.#says(total.before[i], i)}`, x, y + 47, { size: 8, color: INK_2 });
        }
      });
    }
    this.#y += total.before === null ? 48 : 72;
  }

  /** The first metric over time, with the stretch before behind it. */
  columns(): void {
    const { points, pointsBefore, metrics, definition } = this.#report;
    const [metric] = metrics;
    if (metric === undefined) return;
    const starts = [...new Set(points.map((point) => point.start))];
    // What is told apart adds up again; a share or an average does not, so that its groups stand in the table alone.
    const adds = metric.unit === 'money' || metric.unit === 'count';
    if (definition.by !== null && !adds) return;
    const sums = starts.map((start) =>
      points.filter((point) => point.start === start).reduce((sum, point) => sum + (point.now[0] ?? 0), 0),
    );
    const before = pointsBefore.slice(0, starts.length).map((point) => point.now[0] ?? 0);
    const height = 130;
    this.#room(height + 40);
    const sheet = this.#sheet;
    const high = Math.max(1, ...sums, ...before);
    const top = this.#y;
    const step = this.#width / Math.max(1, starts.length);
    const tall = (amount: number) => (Math.max(0, amount) / high) * height;
    const alt = `${metric.title} over time: ${starts
      .slice(0, 60)
      .map((start, i) => `${bucketWords(start, definition.grain)} ${this.#says(sums[i], 0)}`)
      .join(', ')}.`;
    sheet.figure(alt, () => {
      for (const [i, amount] of before.entries())
        sheet.shape(rectangle(LEFT + i * step, top + height - tall(amount), step * 0.9, tall(amount)), { fill: BEFORE });
      for (const [i, amount] of sums.entries())
        sheet.shape(rectangle(LEFT + i * step + step * 0.15, top + height - tall(amount), step * 0.6, tall(amount)), { fill: BAR });
      sheet.text(this.#says(high, 0), LEFT + this.#width, top - 4, { size: 7, color: INK_2, align: 'right' });
      const [first, last] = [starts[0], starts.at(-1)];
      if (first !== undefined) sheet.text(bucketWords(first, definition.grain), LEFT, top + height + 6, { size: 7, color: INK_2 });
      if (last !== undefined) sheet.text(bucketWords(last, definition.grain), LEFT + this.#width, top + height + 6, { size: 7, color: INK_2, align: 'right' }); // prettier-ignore
    });
    sheet.rule(LEFT, top + height, this.#width);
    this.#y += height + 32;
  }

  /** The first metric by value. */
  bars(): void {
    const { groups, metrics } = this.#report;
    const [metric] = metrics;
    if (metric === undefined) return;
    const sheet = this.#sheet;
    const shown = groups.slice(0, MOST_BARS);
    const high = Math.max(1e-9, ...shown.flatMap((group) => [group.now[0] ?? 0, group.before?.[0] ?? 0]));
    this.#room(shown.length * 20 + 24);
    const [x, wide] = [LEFT + 130, this.#width - 220];
    const top = this.#y;
    sheet.figure(`${metric.title}: ${shown.map((group) => `${group.name} ${this.#says(group.now[0], 0)}`).join(', ')}.`, () => {
      for (const [i, group] of shown.entries()) {
        const y = top + i * 20;
        const long = (amount: number | null | undefined) => Math.max(0.5, (Math.max(0, amount ?? 0) / high) * wide);
        sheet.text(cut(group.name, 122), LEFT, y + 1, { size: 8.5 });
        if (group.before !== null) sheet.shape(rectangle(x, y + 8, long(group.before[0]), 4), { fill: BEFORE });
        sheet.shape(rectangle(x, y, long(group.now[0]), group.before === null ? 11 : 8), { fill: BAR });
        sheet.text(this.#says(group.now[0], 0), x + long(group.now[0]) + 6, y + 1, { size: 8.5, color: INK_2 });
      }
    });
    this.#y += shown.length * 20 + 20;
  }

  groups(): void {
    const { groups, metrics, total, definition, before } = this.#report;
    const by = definition.by;
    if (by === null) return;
    const head = [dimensionTitle(by), ...metrics.flatMap((metric) => [metric.title, ...(before === null ? [] : ['before'])])];
    const line = (now: readonly (number | null)[], then: readonly (number | null)[] | null) =>
      metrics.flatMap((_metric, i) => [this.#says(now[i], i), ...(before === null ? [] : [this.#says(then?.[i], i)])]);
    this.#table(head, [...groups.map((group) => [group.name, ...line(group.now, group.before)]), ['Total', ...line(total.now, total.before)]], true);
  } // prettier-ignore

  points(): void {
    const { points, groups, metrics, definition } = this.#report;
    const names = new Map(groups.map((group) => [group.value, group.name]));
    const by = definition.by;
    const head = [{ day: 'Day', week: 'Week', month: 'Month', none: '' }[definition.grain], ...(by === null ? [] : [dimensionTitle(by)]), ...metrics.map((metric) => metric.title)];
    // Nothing happened: a line of a value that says so is left out.
    const rows = points.filter((point) => by === null || point.now.some((amount) => amount !== null && amount !== 0));
    this.#table(head, rows.slice(0, 1_000).map((point) => [bucketWords(point.start, definition.grain), ...(by === null ? [] : [names.get(point.value) ?? point.value]), ...point.now.map((amount, i) => this.#says(amount, i))]), false);
  } // prettier-ignore

  /** What must be known beside the figures, and what counts of each metric. */
  words(): void {
    const { metrics, notes } = this.#report;
    for (const text of [...notes, ...metrics.map(({ title, description }) => `${title}: ${description}.`)]) {
      this.#room(24);
      const sheet = this.#sheet;
      sheet.tagged('P', () => (this.#y += sheet.block(text, LEFT, this.#y, this.#width, { size: 7.5, color: INK_2 })));
    }
  }

  #table(head: readonly string[], rows: readonly (readonly string[])[], total: boolean): void {
    const sheet = this.#sheet;
    const first = Math.max(90, this.#width * 0.28);
    const step = (this.#width - first) / Math.max(1, head.length - 1);
    const heading = () => {
      const lines = head.map((title, i) => wrap(title, 'bold', 7.5, (i === 0 ? first : step) - 6));
      const high = Math.max(1, ...lines.map((one) => one.length)) * 10;
      for (const [i, one] of lines.entries())
        for (const [at, text] of one.entries())
          sheet.text(text, i === 0 ? LEFT : LEFT + first + i * step, this.#y + at * 10, { size: 7.5, weight: 'bold', color: INK_2, align: i === 0 ? 'left' : 'right' }); // prettier-ignore
      this.#y += high + 4;
      sheet.rule(LEFT, this.#y, this.#width, LINE, 0.8);
      this.#y += 5;
    };
    this.#room(60);
    const table = sheet.group('Table');
    sheet.tagged('TR', heading, table);
    for (const [index, row] of rows.entries()) {
      if (this.#room(ROW)) sheet.artifact(heading);
      const weight = total && index === rows.length - 1 ? 'bold' : 'regular';
      sheet.tagged(
        'TR',
        () => {
          for (const [i, text] of row.entries())
            sheet.text(i === 0 ? cut(text, first - 8) : text, i === 0 ? LEFT : LEFT + first + i * step, this.#y, { size: 8.5, weight, color: INK, align: i === 0 ? 'left' : 'right' }); // prettier-ignore
        },
        table,
      );
      this.#y += ROW;
    }
    this.#y += 14;
  }
}

const rectangle = (x: number, y: number, width: number, height: number) =>
  `M ${x} ${y} h ${Math.max(0.2, width)} v ${Math.max(0.2, height)} h ${-Math.max(0.2, width)} Z`;

/** The first line that fits; `…` where there is more. */
function cut(text: string, width: number): string {
  const [line = '', ...rest] = wrap(text, 'regular', 8.5, width - 8);
  return rest.length === 0 ? line : `${line}…`;
}

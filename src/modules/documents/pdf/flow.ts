import { widthOf, wrap } from '#core/pdf/fonts.ts';
import { INK, INK_2, LINE, type Sheet } from '#core/pdf/sheet.ts';
import { layoutChart, type Paint } from '../charts/layout.ts';
import type { ChartData } from '../charts/chart.ts';
import type { PartOf } from '../draw/content.ts';
import type { Inline, Paragraph } from '../draw/markdown.ts';
import { tint, type Shades } from '#modules/brand/public.ts';
import { wrapRich, type Run } from './rich.ts';

export const LEFT = 56;
const TOP = 56;
const BOTTOM = 70;
const SIZE = 10;
const STEP = SIZE * 1.5;
const HEADINGS = { 1: 18, 2: 13.5, 3: 11 } as const;
/** Inter: from the top of a line's box to its baseline, in parts of its size (units of its hhea table). */
const ASCENT = 0.96875;

/** Places one part after the other, on a new page when it does not fit. */
export class Flow {
  readonly sheet: Sheet;
  readonly #shades: Shades;
  y = TOP;

  constructor(sheet: Sheet, shades: Shades) {
    this.sheet = sheet;
    this.#shades = shades;
  }

  get width(): number {
    return this.sheet.width - 2 * LEFT;
  }

  get left(): number {
    return this.sheet.height - BOTTOM - this.y;
  }

  /** Goes on on a new page where less than this is left. */
  room(height: number): void {
    if (height <= this.left || this.y === TOP) return;
    this.break();
  }

  break(): void {
    if (this.y === TOP) return;
    this.sheet.newPage();
    this.y = TOP;
  }

  /** Lines of mixed weights; they go on on the next page. */
  lines(
    tag: string,
    lines: readonly Run[][],
    x: number,
    style: { readonly size: number; readonly step: number; readonly color: string },
  ): void {
    let rest = lines;
    while (rest.length > 0) {
      this.room(style.step * Math.min(2, rest.length));
      const fits = Math.max(1, Math.floor(this.left / style.step));
      const now = rest.slice(0, fits);
      this.sheet.tagged(tag, () => {
        for (const line of now) {
          for (const run of line) this.sheet.text(run.text, x + run.x, this.y, { weight: run.weight, size: style.size, color: run.link ? this.#shades.accent : style.color }); // prettier-ignore
          this.y += style.step;
        }
      });
      rest = rest.slice(fits);
    }
  }

  heading(level: number, text: readonly Inline[]): void {
    const size = HEADINGS[level as keyof typeof HEADINGS]; // 1 to 3, as the schema says
    const lines = wrapRich(text, size, this.width, 'bold');
    // With room for what follows at once.
    this.room(lines.length * size * 1.3 + 70);
    if (this.y > TOP) this.y += level === 1 ? 18 : 14;
    this.lines(`H${level + 1}`, lines, LEFT, { size, step: size * 1.3, color: INK });
    this.y += level === 1 ? 8 : 5;
  }

  paragraphs(paragraphs: readonly Paragraph[]): void {
    for (const { kind, lines } of paragraphs) {
      if (kind === 'heading') this.heading(3, lines[0] ?? []);
      else if (kind === 'paragraph') for (const line of lines) this.lines('P', wrapRich(line, SIZE, this.width), LEFT, { size: SIZE, step: STEP, color: INK });
      else {
        for (const [i, line] of lines.entries()) {
          this.room(STEP);
          const mark = kind === 'bullets' ? '•' : `${i + 1}.`;
          this.sheet.artifact(() => this.sheet.text(mark, LEFT + (kind === 'bullets' ? 4 : 0), this.y, { size: SIZE, color: INK_2 }));
          this.lines('LI', wrapRich(line, SIZE, this.width - 20), LEFT + 20, { size: SIZE, step: STEP, color: INK });
        }
      }
      this.y += 6;
    }
    this.y += 2;
  } // prettier-ignore

  figures(items: PartOf<'figures'>['items']): void {
    const columns = items.length <= 4 ? items.length : Math.ceil(items.length / 2);
    for (let from = 0; from < items.length; from += columns) {
      const row = items.slice(from, from + columns);
      const width = this.width / columns;
      const noted = row.some(({ note }) => note !== '');
      this.room(noted ? 74 : 60);
      this.sheet.rule(LEFT, this.y, this.width);
      this.sheet.tagged('P', () => {
        for (const [i, { label, value, note }] of row.entries()) {
          const x = LEFT + i * width;
          const size = fitting(value, 17, width - 12);
          this.sheet.text(oneLine(label, 8, width - 10), x, this.y + 12, { size: 8, color: INK_2 });
          this.sheet.text(value, x, this.y + 25 + (17 - size) / 2, { size, weight: 'bold' });
          if (note !== '') this.sheet.text(oneLine(note, 8, width - 10), x, this.y + 48, { size: 8, color: INK_2 });
        }
      });
      this.y += noted ? 66 : 54;
      this.sheet.rule(LEFT, this.y, this.width);
    }
    this.y += 14;
  }

  chart(chart: ChartData): void {
    const height = chart.kind === 'donut' ? 190 : 210;
    const title = chart.title === '' ? 0 : 20;
    this.room(height + title + 10);
    if (title > 0) {
      this.sheet.tagged('P', () => this.sheet.text(oneLine(chart.title, 10, this.width, true), LEFT, this.y, { size: 10, weight: 'bold' }));
      this.y += title;
    }
    const { shapes } = layoutChart(chart, this.width, height);
    this.sheet.at(LEFT, this.y, () => {
      this.sheet.figure(`${chart.title === '' ? '' : `${chart.title}. `}${chart.description}`, () => {
        for (const shape of shapes) {
          if (shape.kind === 'text')
            this.sheet.text(shape.text, shape.align === 'middle' ? shape.x - widthOf(shape.text, shape.weight, shape.size) / 2 : shape.x, shape.y - ASCENT * shape.size, { size: shape.size, weight: shape.weight, color: this.#paint(shape.paint), align: shape.align === 'right' ? 'right' : 'left' }); // prettier-ignore
          else if (shape.kind === 'path') this.sheet.shape(shape.d, { fill: this.#paint(shape.fill) });
          else this.sheet.shape(shape.d, { stroke: this.#paint(shape.stroke), width: shape.width });
        }
      });
    });
    this.y += height + 16;
  }

  #paint(paint: Paint): string {
    if (paint === 'ink') return INK;
    if (paint === 'soft') return INK_2;
    if (paint === 'line') return LINE;
    if (paint === 'ground') return '#ffffff';
    const { series } = this.#shades;
    return paint < 0 ? tint(series[(-1 - paint) % series.length] ?? INK, 0.86) : (series[paint % series.length] ?? INK);
  }

  picture(bytes: Buffer, { alt, caption, percent, width, height }: PartOf<'picture'>): void {
    const wide = (this.width * percent) / 100;
    const tall = Math.min((wide * height) / width, this.sheet.height - TOP - BOTTOM - 40);
    this.room(tall + (caption === '' ? 10 : 26));
    this.sheet.picture(bytes, alt, { x: LEFT, y: this.y, width: wide, height: tall, align: 'left' });
    this.y += tall + 6;
    if (caption !== '') this.lines('Caption', wrapRich([{ text: caption }], 8, this.width), LEFT, { size: 8, step: 12, color: INK_2 });
    this.y += 10;
  }

  quote(text: readonly Inline[], by: string): void {
    const lines = wrapRich(text, 12, this.width - 18, 'italic');
    const height = lines.length * 18 + (by === '' ? 0 : 16);
    this.room(Math.min(height, 200) + 8);
    const top = this.y;
    if (height <= this.left) this.sheet.artifact(() => this.sheet.shape(`M${LEFT} ${top}h3v${height}h-3Z`, { fill: this.#shades.accent }));
    this.lines('BlockQuote', lines, LEFT + 18, { size: 12, step: 18, color: INK });
    if (by !== '') this.lines('P', wrapRich([{ text: by }], 8.5, this.width - 18), LEFT + 18, { size: 8.5, step: 14, color: INK_2 });
    this.y += 12;
  }

  advice({ says, because, rule }: PartOf<'advice'>): void {
    const width = this.width - 16;
    const [head, why] = [wrap(says, 'bold', SIZE, width), because === '' ? [] : wrap(because, 'regular', 8.5, width)];
    const height = head.length * STEP + why.length * 12.5 + (rule === '' ? 0 : 12);
    this.room(height + 12);
    const top = this.y;
    this.sheet.artifact(() => this.sheet.shape(`M${LEFT} ${top}h3v${height}h-3Z`, { fill: this.#shades.accent }));
    this.sheet.tagged('P', () => {
      for (const line of head) {
        this.sheet.text(line, LEFT + 16, this.y, { size: SIZE, weight: 'bold' });
        this.y += STEP;
      }
      for (const line of why) {
        this.sheet.text(line, LEFT + 16, this.y, { size: 8.5, color: INK_2 });
        this.y += 12.5;
      }
      if (rule !== '') this.sheet.text(rule, LEFT + 16, this.y, { size: 7.5, color: INK_2 });
    });
    this.y = top + height + 12;
  }

  divider(): void {
    this.room(24);
    this.sheet.rule(LEFT, this.y + 8, this.width);
    this.y += 22;
  }

  signature({ label, name }: PartOf<'signature'>): void {
    this.room(90);
    this.y += 44;
    this.sheet.rule(LEFT, this.y, 240, INK, 0.8);
    this.sheet.tagged('P', () => {
      this.sheet.text(label, LEFT, this.y + 5, { size: 8, color: INK_2 });
      if (name !== '') this.sheet.text(name, LEFT, this.y + 17, { size: 9 });
    });
    this.y += 40;
  }
}

/** The greatest size, to a half, in which it fits on one line. */
function fitting(text: string, size: number, width: number): number {
  let found = size;
  while (found > 8 && widthOf(text, 'bold', found) > width) found -= 0.5;
  return found;
}

export function oneLine(text: string, size: number, width: number, bold = false): string {
  const weight = bold ? 'bold' : 'regular';
  if (widthOf(text, weight, size) <= width) return text;
  let shown = text;
  while (shown.length > 1 && widthOf(`${shown}…`, weight, size) > width) shown = shown.slice(0, -1);
  return `${shown.trimEnd()}…`;
}

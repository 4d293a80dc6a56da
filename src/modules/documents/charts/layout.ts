import { widthOf, type Weight } from '#core/pdf/fonts.ts';
import { formatted, percent, short } from '../draw/words.ts';
import { scaleOf, type ChartData } from './chart.ts';

/** What a shape is painted with: a series by its place, or a part of the frame. The face of the document knows the colours, light or dark. */
export type Paint = number | 'ink' | 'soft' | 'line' | 'ground';

export type Shape =
  | { readonly kind: 'path'; readonly d: string; readonly fill: Paint; readonly title?: string }
  | { readonly kind: 'line'; readonly d: string; readonly stroke: Paint; readonly width: number }
  | { readonly kind: 'text'; readonly text: string; readonly x: number; readonly y: number; readonly size: number; readonly align: 'left' | 'middle' | 'right'; readonly weight: Weight; readonly paint: Paint }; // prettier-ignore

/** A drawing from the left upper corner, in points or pixels. Text stands on its baseline. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

const r = (value: number): number => Math.round(value * 100) / 100;
const SMALL = 9;

/** Lays a chart out. Everything that draws one (SVG, PDF) draws these very shapes. */
export function layoutChart(chart: ChartData, width: number, height: number): Drawing {
  const shapes: Shape[] = [];
  const top = legend(chart, width, shapes);
  if (chart.labels.length === 0 || chart.series.every(({ values }) => values.every((value) => value === null))) {
    shapes.push(text('–', width / 2, height / 2, 'soft', 'middle', 14));
    return { width, height, shapes };
  }
  if (chart.kind === 'donut') donut(chart, { top, width, height }, shapes);
  else plot(chart, { top, width, height }, shapes);
  return { width, height, shapes };
}

function text(words: string, x: number, y: number, paint: Paint = 'soft', align: 'left' | 'middle' | 'right' = 'left', size = SMALL, weight: Weight = 'regular'): Shape {
  return { kind: 'text', text: words, x: r(x), y: r(y), size, align, weight, paint };
} // prettier-ignore

/** Names of series above the drawing, in as many lines as they need. Answers where the drawing begins. */
function legend({ kind, series }: ChartData, width: number, shapes: Shape[]): number {
  if (kind === 'donut' || series.length < 2) return 6;
  const [line, low, high] = series;
  const span = kind === 'band' && line !== undefined && low !== undefined && high !== undefined;
  const named = span
    ? ([
        [line.name, 0],
        [`${low.name} – ${high.name}`, -1],
      ] as const)
    : series.map(({ name }, i) => [name, i] as const);
  let [x, y] = [0, 10];
  for (const [name, paint] of named) {
    const shown = cut(name, 160);
    const wide = widthOf(shown, 'regular', SMALL) + 30;
    if (x > 0 && x + wide > width) [x, y] = [0, y + 15];
    shapes.push({ kind: 'path', d: square(x, y - 8, 9), fill: paint });
    shapes.push(text(shown, x + 14, y, 'ink'));
    x += wide;
  }
  return y + 14;
}

const square = (x: number, y: number, side: number): string => `M${r(x)} ${r(y)}h${side}v${side}h${-side}Z`;

export function cut(words: string, width: number, size = SMALL): string {
  if (widthOf(words, 'regular', size) <= width) return words;
  let shown = words;
  while (shown.length > 1 && widthOf(`${shown}…`, 'regular', size) > width) shown = shown.slice(0, -1);
  return `${shown.trimEnd()}…`;
}

interface Room {
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function plot(chart: ChartData, { top, width, height }: Room, shapes: Shape[]): void {
  const { labels, series, kind, format } = chart;
  const stacks = kind === 'stacked' ? labels.map((_, at) => stackOf(chart, at)) : [];
  const values =
    kind === 'stacked'
      ? stacks.flatMap(({ up, down }) => [up, down])
      : series.flatMap((one) => one.values.filter((value) => value !== null));
  const scale = scaleOf(values);
  const marks = scale.marks.map((mark) => short(chart, mark, format));
  const left = Math.max(...marks.map((mark) => widthOf(mark, 'regular', SMALL))) + 10;
  const bottom = height - 22;
  const step = (width - left) / labels.length;
  const y = (value: number) => bottom - ((value - scale.from) / (scale.to - scale.from)) * (bottom - top);
  for (const [i, mark] of scale.marks.entries()) {
    shapes.push({
      kind: 'line',
      d: `M${r(left)} ${r(y(mark))}H${r(width)}`,
      stroke: mark === 0 ? 'soft' : 'line',
      width: mark === 0 ? 0.8 : 0.5,
    });
    shapes.push(text(marks[i] ?? '', left - 8, y(mark) + 3, 'soft', 'right'));
  }
  const middle = (at: number) => left + (at + 0.5) * step;
  places(labels, { middle, step, y: bottom + 14, left, right: width }, shapes);
  const says = (at: number, name: string, value: number) =>
    `${labels[at] ?? ''}${series.length > 1 ? `, ${name}` : ''}: ${formatted(chart, value, format)}`;
  if (kind === 'band') shapes.push(...spanOf(chart, middle, y));
  if (kind === 'line' || kind === 'band') {
    for (const [i, one] of (kind === 'band' ? series.slice(0, 1) : series).entries()) {
      for (const run of runsOf(one.values)) {
        if (kind === 'line' && series.length === 1 && run.length > 1)
          shapes.push({ kind: 'path', d: `M${r(middle(run[0]?.at ?? 0))} ${r(y(Math.max(0, scale.from)))}${run.map(({ at, value }) => `L${r(middle(at))} ${r(y(value))}`).join('')}L${r(middle(run.at(-1)?.at ?? 0))} ${r(y(Math.max(0, scale.from)))}Z`, fill: -1 - i }); // prettier-ignore
        shapes.push({
          kind: 'line',
          d: `M${run.map(({ at, value }) => `${r(middle(at))} ${r(y(value))}`).join('L')}`,
          stroke: i,
          width: 1.8,
        });
        if (labels.length <= 32 || run.length === 1)
          for (const { at, value } of run)
            shapes.push({ kind: 'path', d: dot(middle(at), y(value), 2.4), fill: i, title: says(at, one.name, value) });
      }
    }
    return;
  }
  const thick = Math.min(step * 0.72, kind === 'bar' ? 56 * series.length : 56);
  for (const [at] of labels.entries()) {
    let [up, down] = [0, 0];
    for (const [i, one] of series.entries()) {
      const value = one.values[at] ?? null;
      if (value === null || value === 0) continue;
      const wide = kind === 'bar' ? thick / series.length : thick;
      const x = middle(at) - thick / 2 + (kind === 'bar' ? i * wide : 0);
      const from = kind === 'bar' ? 0 : value > 0 ? up : down;
      if (value > 0) up += value;
      else down += value;
      const inset = kind === 'bar' && series.length > 1 ? Math.min(1, wide * 0.08) : 0;
      shapes.push({
        kind: 'path',
        d: box(x + inset, y(from), wide - 2 * inset, y(from + value)),
        fill: i,
        title: says(at, one.name, value),
      });
    }
  }
}

function stackOf({ series }: ChartData, at: number): { up: number; down: number } {
  const values = series.map((one) => one.values[at] ?? 0);
  return {
    up: values.filter((value) => value > 0).reduce((a, b) => a + b, 0),
    down: values.filter((value) => value < 0).reduce((a, b) => a + b, 0),
  };
}

const box = (x: number, from: number, width: number, to: number): string => `M${r(x)} ${r(from)}V${r(to)}h${r(width)}V${r(from)}Z`;

const dot = (x: number, y: number, radius: number): string => arcPath(x, y, radius, 0, 0, Math.PI * 2);

const WIDER = 1.12;

/** Names under the axis: every one, or each second, third … so that none touches the next. */
function places(labels: readonly string[], at: { middle(i: number): number; step: number; y: number; left: number; right: number }, shapes: Shape[]): void {
  const widest = Math.max(...labels.map((label) => widthOf(label, 'regular', SMALL)));
  const room = Math.max(at.step - 6, 24);
  const shown = widest > room && labels.length <= 8 ? room : 90;
  // A page may show them in wider letters than those that are measured here.
  const wide = Math.min(widest, shown) * WIDER;
  // The first one moves in from the edge: the second keeps off it, too, so that all stand evenly.
  const moved = Math.max(0, wide / 2 - at.middle(0));
  const every = Math.max(1, Math.ceil((wide + moved + 4) / at.step));
  let taken = -Infinity;
  for (const [i, label] of labels.entries()) {
    if (i % every !== 0) continue;
    const short = cut(label, shown);
    const half = (widthOf(short, 'regular', SMALL) * WIDER) / 2;
    const x = Math.min(at.right - half, Math.max(half, at.middle(i)));
    if (x - half < taken) continue;
    taken = x + half + 4;
    shapes.push(text(short, x, at.y, 'soft', 'middle'));
  }
} // prettier-ignore

/** What lies between the second and the third column, tinted as the line's series. */
function spanOf({ series: [, low, high] }: ChartData, x: (at: number) => number, y: (value: number) => number): Shape[] {
  if (low === undefined || high === undefined) return [];
  const point = (value: number) => (at: number) => `${r(x(at))} ${r(y(value))}`;
  const both = low.values.map((value, at) => (value === null || high.values[at] == null ? null : value));
  return runsOf(both).map((run): Shape => {
    const upper = run.map(({ at }) => point(high.values[at] ?? 0)(at));
    const lower = run.toReversed().map(({ at, value }) => point(value)(at));
    return { kind: 'path', d: `M${[...upper, ...lower].join('L')}Z`, fill: -1 };
  });
}

/** A line is not drawn over a place without a value. */
function runsOf(values: readonly (number | null)[]): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = [];
  let open = false;
  for (const [at, value] of values.entries()) {
    if (value === null) open = false;
    else {
      if (open) runs.at(-1)?.push({ at, value });
      else runs.push([{ at, value }]);
      open = true;
    }
  }
  return runs;
}

/** A ring with its parts and, beside or under it, their names and shares. */
function donut(chart: ChartData, { top, width, height }: Room, shapes: Shape[]): void {
  const { labels, series, format } = chart;
  const parts = labels.map((label, i) => ({ label, value: Math.max(0, series[0]?.values[i] ?? 0) })).filter(({ value }) => value > 0);
  const sum = parts.reduce((total, { value }) => total + value, 0);
  const beside = width >= 340;
  const radius = Math.min(
    (height - top) / 2 - 4,
    beside ? width * 0.24 : width / 2 - 20,
    beside ? 400 : (height - parts.length * 16 - top) / 2,
  );
  const [cx, cy] = [beside ? radius + 8 : width / 2, top + radius + 2];
  const hole = radius * 0.62;
  let angle = -Math.PI / 2;
  for (const [i, { label, value }] of parts.entries()) {
    const turn = (value / sum) * Math.PI * 2;
    shapes.push({ kind: 'path', d: arcPath(cx, cy, radius, hole, angle, angle + turn), fill: i, title: `${label}: ${formatted(chart, value, format)}, ${percent(chart, value / sum)}` }); // prettier-ignore
    if (parts.length > 1) {
      const [x, y] = [Math.cos(angle), Math.sin(angle)];
      shapes.push({
        kind: 'line',
        d: `M${r(cx + x * hole)} ${r(cy + y * hole)}L${r(cx + x * radius)} ${r(cy + y * radius)}`,
        stroke: 'ground',
        width: 1.5,
      });
    }
    angle += turn;
  }
  shapes.push(text(short(chart, sum, format), cx, cy + 6, 'ink', 'middle', Math.min(18, radius * 0.3), 'bold'));
  const x = beside ? cx + radius + 28 : 0;
  const line = 18;
  let y = beside ? Math.max(top + 12, cy - ((parts.length - 1) * line) / 2 + 3) : cy + radius + 20;
  for (const [i, { label, value }] of parts.entries()) {
    shapes.push({ kind: 'path', d: square(x, y - 8, 9), fill: i });
    const figures = `${short(chart, value, format)} · ${percent(chart, value / sum)}`;
    shapes.push(text(cut(label, width - x - 24 - widthOf(figures, 'regular', SMALL) - 6), x + 14, y, 'ink'));
    shapes.push(text(figures, Math.min(width, x + 300), y, 'soft', 'right'));
    y += line;
  }
}

/** Part of a ring (or of a disc, where the hole is 0), as curves: a whole turn is two halves. */
function arcPath(cx: number, cy: number, radius: number, hole: number, from: number, to: number): string {
  const whole = to - from >= Math.PI * 2 - 1e-6;
  const point = (size: number, angle: number) => `${r(cx + Math.cos(angle) * size)} ${r(cy + Math.sin(angle) * size)}`;
  const large = to - from > Math.PI ? 1 : 0;
  const arc = (size: number, end: number, sweep: 0 | 1, big: number = large) =>
    `A${r(size)} ${r(size)} 0 ${big} ${sweep} ${point(size, end)}`;
  if (whole) {
    const half = from + Math.PI;
    const outer = `M${point(radius, from)}${arc(radius, half, 1, 0)}${arc(radius, to, 1, 0)}Z`;
    return hole === 0 ? outer : `${outer}M${point(hole, from)}${arc(hole, half, 0, 0)}${arc(hole, to, 0, 0)}Z`;
  }
  return `M${point(radius, from)}${arc(radius, to, 1)}L${point(hole, to)}${hole === 0 ? '' : arc(hole, from, 0)}Z`;
}

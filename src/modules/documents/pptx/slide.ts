import { widthOf, wrap } from '#core/pdf/fonts.ts';
import type { ChartData } from '../charts/chart.ts';
import type { Slide } from '../deck/slides.ts';
import type { Content, Part, ShownPrices, ShownTable } from '../draw/content.ts';
import { plain, type Paragraph } from '../draw/markdown.ts';
import { wordsOf } from '../draw/words.ts';
import { tint, type Shades } from '#modules/brand/public.ts';
import { chartFrame, line, paragraphs, picture, rectangle, table, textBox, type Box, type Cells } from './shapes.ts';
import { DECLARATION, NAMESPACES, Relations } from './xml.ts';

const INK = '#16181f';
const SOFT = '#565b67';
const RULE = '#e2e4ea';
const LEFT = 56;
const WIDTH = 960 - 2 * LEFT;
const TOP = 122;
const BOTTOM = 508;
const GAP = 16;
/** A line that tells of rows that are left out. */
const MORE = 24;
const SCALES = [1.5, 1.25, 1] as const;

/** Where files beside the slide go: answers their targets. */
export interface Beside {
  chart(chart: ChartData): string;
  picture(picture: string): string | null;
}

interface Drawing {
  readonly content: Content;
  readonly shades: Shades;
  readonly relations: Relations;
  readonly beside: Beside;
  /** Of letters: a slide with little on it is read from farther away. */
  readonly scale: number;
  /** The next id of a shape. */
  next(): number;
}

/** One slide with what it refers to. Parts stand under each other; what grows (charts, pictures) shares the room that the others leave. */
export function slidePart(slide: Slide, content: Content, shades: Shades, beside: Beside): { readonly xml: string; readonly relations: Relations } {
  const relations = new Relations();
  relations.add('slideLayout', '../slideLayouts/slideLayout2.xml');
  let id = 1;
  const growing = slide.parts.filter((part) => heightOf(part, 1) === null).length;
  const heights = (scale: number) => slide.parts.map((part) => heightOf(part, scale));
  const usedBy = (scale: number) => heights(scale).reduce<number>((sum, height) => sum + (height ?? 0), 0) + GAP * Math.max(0, slide.parts.length - 1);
  const scale = growing > 0 ? 1 : (SCALES.find((one) => usedBy(one) <= BOTTOM - TOP) ?? 1);
  const drawing: Drawing = { content, shades, relations, beside, scale, next: () => (id += 1) };
  const title = slide.title === null ? [{ text: content.title }] : slide.title.text;
  const shapes = [textBox(drawing.next(), 'Title', { x: LEFT, y: 40, width: WIDTH, height: 66 }, line(title, { size: 30, color: INK, bold: true, head: true }, relations), { placeholder: 'title', anchor: 'ctr' })];
  const fixed = heights(scale);
  const room = growing === 0 ? 0 : Math.max(90, (BOTTOM - TOP - usedBy(scale)) / growing);
  let y = TOP;
  for (const [i, part] of slide.parts.entries()) {
    const height = Math.min(fixed[i] ?? room, Math.max(40, BOTTOM - y));
    shapes.push(...drawPart(part, { x: LEFT, y, width: WIDTH, height }, drawing));
    y += height + GAP;
  }
  return { xml: wrapSlide(shapes.join('')), relations };
} // prettier-ignore

/** The first slide: on the accent, with the name of who speaks. */
export function titleSlide(content: Content, shades: Shades, beside: Beside): { readonly xml: string; readonly relations: Relations } {
  const relations = new Relations();
  relations.add('slideLayout', '../slideLayouts/slideLayout1.xml');
  const { look, title, lead } = content;
  const logo = look.logo === null ? null : beside.picture(look.logo);
  const on = shades.onAccent;
  const shapes = [
    rectangle(2, 'Ground', { x: 0, y: 0, width: 960, height: 540 }, shades.accent),
    textBox(3, 'Title', { x: 72, y: 190, width: 816, height: 150 }, line([{ text: title }], { size: 44, color: on, bold: true, head: true }, relations), { placeholder: 'ctrTitle', anchor: 'b' }),
    textBox(4, 'Subtitle', { x: 72, y: 352, width: 816, height: 60 }, line([{ text: lead }], { size: 18, color: on }, relations), { placeholder: 'subTitle' }),
    logo === null
      ? textBox(5, 'Company', { x: 72, y: 56, width: 500, height: 30 }, line([{ text: look.companyName }], { size: 16, color: on, bold: true }, relations))
      : picture(5, look.companyName, { x: 72, y: 48, width: 140, height: 46 }, relations.add('image', logo)),
  ];
  return { xml: wrapSlide(shapes.join('')), relations };
} // prettier-ignore

const wrapSlide = (shapes: string): string =>
  `${DECLARATION}<p:sld ${NAMESPACES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>${shapes}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>`;

const textHeight = (list: readonly Paragraph[], size: number): number =>
  list.reduce((sum, { kind, lines }) => sum + size * 0.6 + lines.reduce((all, inlines) => all + wrap(plain(inlines), 'regular', size, WIDTH - (kind === 'paragraph' ? 0 : 24)).length * size * 1.25, 0), 8); // prettier-ignore

/** 20 points (more where there is little else), or as small as it must be for the slide. */
function sizeFor(list: readonly Paragraph[], scale: number): number {
  for (const size of [20 * Math.min(scale, 1.25), 20, 18, 16, 14]) if (textHeight(list, size) <= BOTTOM - TOP) return size;
  return 12;
}

/** In points; null: as much as is left. */
function heightOf(part: Part, scale: number): number | null {
  switch (part.type) {
    case 'text':
      return Math.min(BOTTOM - TOP, textHeight(part.paragraphs, sizeFor(part.paragraphs, scale)));
    case 'figures':
      return (part.items.length > 4 ? 170 : 84) * scale;
    case 'table':
      return (
        24 * scale * (1 + part.table.rows.length + (part.table.totals === null ? 0 : 1)) +
        (part.table.title === '' ? 0 : 24) +
        (part.table.more === 0 ? 0 : MORE)
      );
    case 'prices':
      return 27 * scale * (1 + part.prices.lines.length + part.prices.sums.length);
    case 'quote':
      return wrap(plain(part.text), 'italic', 26 * scale, WIDTH - 30).length * 34 * scale + (part.by === '' ? 0 : 26 * scale);
    case 'advice':
      return 62 * scale + wrap(part.because, 'regular', 13 * scale, WIDTH - 40).length * 17 * scale;
    case 'signature':
      return 80;
    case 'heading':
      return 28;
    case 'chart':
    case 'picture':
      return null;
    case 'divider':
    case 'break':
    case 'notes':
      return 0;
  }
}

function drawPart(part: Part, box: Box, drawing: Drawing): string[] {
  const { relations, beside, shades, content, scale } = drawing;
  switch (part.type) {
    case 'text':
      return [textBox(drawing.next(), 'Text', box, paragraphs(part.paragraphs, { size: sizeFor(part.paragraphs, scale), color: INK }, relations))];
    case 'heading':
      return [textBox(drawing.next(), 'Heading', box, line(part.text, { size: 20, color: INK, bold: true, head: true }, relations))];
    case 'figures':
      return figures(part.items, box, drawing);
    case 'chart': {
      const named = part.chart.title !== '';
      const title = named ? [textBox(drawing.next(), 'Chart title', { ...box, height: 22 }, line([{ text: part.chart.title }], { size: 14, color: INK, bold: true }, relations))] : [];
      const below = named ? { ...box, y: box.y + 26, height: box.height - 26 } : box;
      return [...title, chartFrame(drawing.next(), part.chart.title || 'Chart', part.chart.description, below, relations.add('chart', beside.chart(part.chart)))];
    }
    case 'picture': {
      const target = beside.picture(part.picture);
      if (target === null) return [];
      const scale = Math.min((box.width * part.percent) / 100 / part.width, box.height / part.height);
      return [picture(drawing.next(), part.alt, { x: box.x, y: box.y, width: part.width * scale, height: part.height * scale }, relations.add('image', target))];
    }
    case 'table': {
      const { title, more } = part.table;
      const whole = under(title, more === 0 ? box : { ...box, height: box.height - MORE });
      const left = more === 0 ? [] : [textBox(drawing.next(), 'More', { ...box, y: box.y + box.height - MORE + 6, height: MORE - 6 }, line([{ text: wordsOf(content.language).more(more.toLocaleString('en')) }], { size: 11, color: SOFT }, relations))];
      return [...titled(title, box, drawing), table(drawing.next(), title || 'Table', whole, cellsOf(part.table), { size: 12 * scale, color: INK, soft: SOFT, rule: RULE }, relations), ...left];
    }
    case 'prices':
      return [table(drawing.next(), wordsOf(content.language).price, box, priceCells(part.prices, content), { size: 14 * Math.min(scale, 1.25), color: INK, soft: SOFT, rule: RULE }, relations)];
    case 'quote': {
      const by = part.by === '' ? '' : line([{ text: part.by }], { size: 14 * scale, color: SOFT }, relations, 8);
      const said = part.text.map((one) => ({ ...one, italic: true as const }));
      return [rectangle(drawing.next(), 'Mark', { x: box.x, y: box.y, width: 4, height: box.height }, shades.accent), textBox(drawing.next(), 'Quote', { ...box, x: box.x + 22, width: box.width - 22 }, line(said, { size: 26 * scale, color: INK }, relations) + by)];
    }
    case 'advice': {
      const because = part.because === '' ? '' : line([{ text: part.because }], { size: 13 * scale, color: SOFT }, relations, 2);
      const rule = part.rule === '' ? '' : line([{ text: part.rule }], { size: 10 * scale, color: SOFT }, relations, 2);
      return [textBox(drawing.next(), 'Advice', box, line([{ text: part.says }], { size: 16 * scale, color: INK, bold: true }, relations) + because + rule, { fill: tint(shades.accent, 0.93) }), rectangle(drawing.next(), 'Mark', { x: box.x, y: box.y, width: 4, height: box.height }, shades.accent)];
    }
    case 'signature':
      return [rectangle(drawing.next(), 'Line', { x: box.x, y: box.y + 44, width: 300, height: 1 }, INK), textBox(drawing.next(), 'Signature', { x: box.x, y: box.y + 48, width: 400, height: 30 }, line([{ text: [part.label, part.name].filter(Boolean).join(' · ') }], { size: 11, color: SOFT }, relations))];
    case 'divider':
    case 'break':
    case 'notes':
      return [];
  }
} // prettier-ignore

function titled(title: string, box: Box, drawing: Drawing): string[] {
  return title === '' ? [] : [textBox(drawing.next(), 'Table title', { ...box, height: 20 }, line([{ text: title }], { size: 14, color: INK, bold: true }, drawing.relations))];
} // prettier-ignore
const under = (title: string, box: Box): Box => (title === '' ? box : { ...box, y: box.y + 24, height: box.height - 24 });

/** One size for all, in which the longest fits on its line. */
function valueSize(items: Extract<Part, { type: 'figures' }>['items'], width: number, scale: number): number {
  const widest = Math.max(...items.map(({ value }) => widthOf(value, 'bold', 1)));
  return Math.max(14, Math.min(28 * scale, Math.floor((width * 0.8) / Math.max(widest, 0.1))));
}

function figures(items: Extract<Part, { type: 'figures' }>['items'], box: Box, drawing: Drawing): string[] {
  const columns = items.length <= 4 ? items.length : Math.ceil(items.length / 2);
  const rows = Math.ceil(items.length / columns);
  const [width, height] = [box.width / columns, box.height / rows];
  return items.map(({ label, value, note }, i) => {
    const body = [
      line([{ text: label }], { size: 12 * drawing.scale, color: SOFT }, drawing.relations),
      line([{ text: value }], { size: valueSize(items, width - 12, drawing.scale), color: INK, bold: true }, drawing.relations),
      ...(note === '' ? [] : [line([{ text: note }], { size: 11 * drawing.scale, color: SOFT }, drawing.relations)]),
    ];
    const at = { x: box.x + (i % columns) * width, y: box.y + Math.floor(i / columns) * height, width: width - 12, height };
    return textBox(drawing.next(), label || 'Figure', at, body.join(''));
  });
}

/** Columns as wide as their longest text asks, together as wide as the slide. */
function widths(rows: readonly (readonly string[])[]): number[] {
  const wished = (rows[0] ?? []).map((_, i) => Math.min(420, Math.max(50, ...rows.map((row) => widthOf(row[i] ?? '', 'bold', 14) + 16))));
  const sum = wished.reduce((total, one) => total + one, 0);
  return wished.map((one) => (one / sum) * WIDTH);
}

function cellsOf({ head, rows, totals }: ShownTable): Cells {
  const all = [head.map(({ text }) => text), ...rows, ...(totals === null ? [] : [totals])];
  return { widths: widths(all), right: head.map(({ right }) => right), rows: all.map((cells, i) => ({ cells, bold: totals !== null && i === all.length - 1 })) };
} // prettier-ignore

function priceCells({ lines, sums }: ShownPrices, { language }: Content): Cells {
  const words = wordsOf(language);
  const rows = lines.map((one) => [
    one.optional ? `${one.description} · ${words.optional}` : one.description,
    one.quantity,
    one.price,
    one.amount,
  ]);
  const all = [
    { cells: [words.description, words.quantity, words.price, words.amount], bold: false },
    ...rows.map((cells) => ({ cells, bold: false })),
    ...sums.map(({ label, amount, strong }) => ({ cells: ['', '', label, amount], bold: strong })),
  ];
  return { widths: widths(all.map(({ cells }) => cells)), right: [false, true, true, true], rows: all };
}

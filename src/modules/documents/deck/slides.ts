import type { Content, Part, PartOf, ShownTable } from '../draw/content.ts';
import { plain } from '../draw/markdown.ts';

export interface Slide {
  readonly title: PartOf<'heading'> | null;
  readonly parts: readonly Part[];
  /** For who speaks. */
  readonly notes: string;
}

/** Rows that can be read from the back of a room. */
const MOST_ROWS = 9;

/** How much of a slide a part takes, about. */
function weight(part: Part): number {
  switch (part.type) {
    case 'text':
      return Math.max(0.12, part.paragraphs.reduce((sum, { lines }) => sum + lines.reduce((all, line) => all + Math.max(60, plain(line).length), 0), 0) / 620); // prettier-ignore
    case 'chart':
    case 'picture':
      return 0.78;
    case 'table':
      return 0.2 + part.table.rows.length * 0.085;
    case 'prices':
      return 0.25 + part.prices.lines.length * 0.1 + part.prices.sums.length * 0.07;
    case 'figures':
      return part.items.length > 4 ? 0.5 : 0.3;
    case 'quote':
      return 0.4;
    case 'advice':
      return 0.22;
    case 'signature':
      return 0.3;
    case 'heading':
      return 0.1;
    case 'divider':
    case 'break':
    case 'notes':
      return 0;
  }
}

const shortened = (table: ShownTable): ShownTable => (table.rows.length <= MOST_ROWS ? table : { ...table, rows: table.rows.slice(0, MOST_ROWS), more: table.more + table.rows.length - MOST_ROWS }); // prettier-ignore

/** A document cut into slides: at headings, at breaks, and where one is full; its heading then stands on the next, too. */
export function slidesOf({ parts }: Pick<Content, 'parts'>): Slide[] {
  const slides: { title: PartOf<'heading'> | null; parts: Part[]; notes: string[]; full: number; carried: boolean }[] = [];
  // `carried`: the heading of the slide before stands on it, too.
  const begin = (title: PartOf<'heading'> | null, carried = false) => slides.push({ title, parts: [], notes: [], full: 0, carried });
  for (const given of parts) {
    const part: Part = given.type === 'table' ? { type: 'table', table: shortened(given.table) } : given;
    const open = slides.at(-1);
    if (part.type === 'heading' && part.level <= 2) {
      begin(part);
      continue;
    }
    if (part.type === 'break') {
      begin(open?.title ?? null, true);
      continue;
    }
    if (part.type === 'divider') continue;
    if (part.type === 'notes') {
      (open ?? slides[begin(null) - 1])?.notes.push(part.text);
      continue;
    }
    const taken = weight(part);
    if (open === undefined || (open.parts.length > 0 && open.full + taken > 1.02)) begin(open?.title ?? null, true);
    const slide = slides.at(-1);
    slide?.parts.push(part);
    if (slide !== undefined) slide.full += taken;
  }
  return slides
    .filter(
      (slide, i) =>
        slide.parts.length > 0 ||
        slide.notes.length > 0 ||
        (!slide.carried && slide.title !== null && slides[i + 1]?.title !== slide.title),
    )
    .map(({ title, parts: shown, notes }) => ({ title, parts: shown, notes: notes.join('\n\n') }));
}

import { widthOf, wrap, type Weight } from '#core/pdf/fonts.ts';
import type { Inline } from '../draw/markdown.ts';

/** A stretch of a line that looks alike, `x` points from its begin. */
export interface Run {
  readonly text: string;
  readonly weight: Weight;
  readonly link: boolean;
  readonly x: number;
}

/** A link's address stands behind its label: paper can't be clicked. */
function spelled(inlines: readonly Inline[]): Inline[] {
  return inlines.flatMap((one) => {
    const shown = one.href?.replace(/^mailto:/i, '');
    return shown === undefined || shown === one.text ? [one] : [one, { text: ` (${shown})` }];
  });
}

/** Lines of mixed weights that fit into a width; a word that is too long alone is cut. */
export function wrapRich(inlines: readonly Inline[], size: number, width: number, base: Weight = 'regular'): Run[][] {
  const lines: Run[][] = [];
  let line: Run[] = [];
  let used = 0;
  const close = () => {
    lines.push(line);
    [line, used] = [[], 0];
  };
  for (const inline of spelled(inlines)) {
    const weight: Weight = inline.bold === true ? 'bold' : inline.italic === true ? 'italic' : base;
    const space = widthOf(' ', weight, size);
    for (const [i, word] of inline.text.split(/[ \t]+/).entries()) {
      let wide = widthOf(word, weight, size);
      const gap = i > 0 && used > 0 ? space : 0;
      if (used > 0 && used + gap + wide > width) close();
      else used += gap;
      if (word === '') continue;
      const pieces = wide > width ? wrap(word, weight, size, width) : [word];
      for (const [at, piece] of pieces.entries()) {
        if (at > 0) close();
        wide = widthOf(piece, weight, size);
        const last = line.at(-1);
        // Words that follow each other and look alike are one text.
        if (last !== undefined && last.weight === weight && last.link === (inline.href !== undefined) && Math.abs(last.x + widthOf(`${last.text} `, weight, size) - used) < 0.01)
          line[line.length - 1] = { ...last, text: `${last.text} ${piece}` };
        else line.push({ text: piece, weight, link: inline.href !== undefined, x: used }); // prettier-ignore
        used += wide;
      }
    }
  }
  if (line.length > 0 || lines.length === 0) close();
  return lines;
}

/** `{{ … }}` and `{% … %}`. */
export const LIQUID = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

export interface Protected {
  /** Each piece is a word of plain letters now, which no compiler and no escaping touches. */
  readonly text: string;
  restore(made: string): string;
}

/** Takes Liquid, or whatever else fits the pattern, out of a text; what was kept of each piece comes back into what was made of the rest. */
export function protect(source: string, pattern: RegExp = LIQUID, keep: (piece: string) => string = (piece) => piece): Protected {
  let mark = 'STEWARDKEEPS';
  while (source.includes(mark)) mark += 'X';
  const pieces: string[] = [];
  const text = source.replace(pattern, (piece) => {
    pieces.push(keep(piece));
    return `${mark}${pieces.length - 1}E`;
  });
  const back = new RegExp(`${mark}(\\d+)E`, 'g');
  return { text, restore: (made) => made.replace(back, (_, index: string) => pieces[Number(index)] ?? '') };
}

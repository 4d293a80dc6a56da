import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Fontkit from 'fontkit';
import type { Font, Glyph, GlyphPosition, GlyphRun } from 'fontkit';

/** Inter (SIL Open Font License 1.1), read from its package and parsed once a process: parsing it anew was 55 of 59 ms an invoice. */
export type Weight = 'regular' | 'bold' | 'italic';

const FILES: Readonly<Record<Weight, string>> = {
  regular: '400Regular/Inter_400Regular.ttf',
  bold: '600SemiBold/Inter_600SemiBold.ttf',
  italic: '400Regular_Italic/Inter_400Regular_Italic.ttf',
};
const fonts = new Map<Weight, Font>();
const require = createRequire(import.meta.url);

export function fontOf(weight: Weight): Font {
  const known = fonts.get(weight);
  if (known !== undefined) return known;
  // With the first text that is set: it takes 27 MB, and many a process draws nothing.
  const { create }: typeof Fontkit = require('fontkit');
  const path = require.resolve(`@expo-google-fonts/inter/${FILES[weight]}`);
  const font = create(readFileSync(path));
  if (!('layout' in font)) throw new Error(`${path} is a collection, not a font`);
  // Each glyph is made for its character first. One made as a part of another (the point of a colon) knows no character, and copied text lacked it.
  for (const character of font.characterSet) if (!ofPrivateUse(character)) font.glyphForCodePoint(character);
  font.layout = shaper(font);
  fonts.set(weight, font);
  return font;
}

/** Inter names its other forms there, such as tabular figures: those are to be read as what they stand for. */
const ofPrivateUse = (character: number): boolean => (character >= 0xe000 && character <= 0xf8ff) || character >= 0xf_0000;

const FIGURES = /^[\d.,'\u00a0\u202f %–-]*$/;
const MOST_WORDS = 10_000;

/**
 * Figures in their tabular form and without kerning, so that sums stand under each other; words shaped once a process. Shaping anew was nine tenths of
 * the time of an invoice. pdfkit scales the positions it gets in place: each call gets its own.
 */
function shaper(font: Font): Font['layout'] {
  const shape = font.layout.bind(font);
  const figures = new Map([...'0123456789'].map((figure) => [figure, shape(figure, ['tnum']).glyphs[0]]));
  const nothing = shape('');
  const words = new Map<string, GlyphRun>();
  const plain = (text: string): GlyphRun => {
    const glyphs = [...text].map((letter): Glyph => figures.get(letter) ?? font.glyphForCodePoint(letter.codePointAt(0) ?? 0));
    return runOf(nothing, glyphs, glyphs.map((glyph) => ({ xAdvance: glyph.advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 }))); // prettier-ignore
  };
  return (text) => {
    // Sums differ from line to line; they are quickly made and not kept.
    if (FIGURES.test(text)) return plain(text);
    let run = words.get(text);
    if (run === undefined) {
      run = shape(text);
      if (words.size > MOST_WORDS) words.clear();
      words.set(text, run);
    }
    return runOf(run, run.glyphs, run.positions.map((position) => ({ ...position }))); // prettier-ignore
  };
}

function runOf(like: GlyphRun, glyphs: Glyph[], positions: GlyphPosition[]): GlyphRun {
  const { script, language, direction, features } = like;
  const advanceWidth = positions.reduce((sum, position) => sum + position.xAdvance, 0);
  return { glyphs, positions, script, language, direction, features, advanceWidth, advanceHeight: 0, bbox: like.bbox };
}

const widths: Record<Weight, Map<string, number>> = { regular: new Map(), bold: new Map(), italic: new Map() };

/** In points. */
export function widthOf(text: string, weight: Weight, size: number): number {
  const known = widths[weight];
  let em = known.get(text);
  if (em === undefined) {
    const font = fontOf(weight);
    // Word by word with the space behind it, as pdfkit draws it: a figure beside a unit is tabular, too.
    em = (text.match(/[^ \t]*[ \t]|[^ \t]+$/g) ?? []).reduce((sum, word) => sum + font.layout(word).advanceWidth, 0) / font.unitsPerEm;
    if (known.size > MOST_WORDS) known.clear();
    known.set(text, em);
  }
  return em * size;
}

/** Lines that fit; a word that is too long alone is cut. Line breaks stay. */
export function wrap(text: string, weight: Weight, size: number, width: number): string[] {
  const lines: string[] = [];
  const space = widthOf(' ', weight, size);
  for (const paragraph of text.split(/\r?\n/)) {
    let line = '';
    let used = 0;
    for (const word of paragraph.split(/[ \t]+/).flatMap((part) => pieces(part, weight, size, width))) {
      const wide = widthOf(word, weight, size);
      if (line !== '' && used + space + wide > width) {
        lines.push(line);
        [line, used] = [word, wide];
      } else {
        used += (line === '' ? 0 : space) + wide;
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}

function pieces(word: string, weight: Weight, size: number, width: number): string[] {
  if (widthOf(word, weight, size) <= width) return [word];
  const found: string[] = [];
  let piece = '';
  for (const letter of word) {
    if (piece !== '' && widthOf(piece + letter, weight, size) > width) {
      found.push(piece);
      piece = letter;
    } else piece += letter;
  }
  return [...found, piece];
}

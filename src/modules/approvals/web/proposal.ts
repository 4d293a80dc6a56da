import { words } from '#web/kit/format.ts';
import type { Row } from './words.ts';

type Json = Row['proposed'];

/** Longer words get a box of several lines. */
const LONG = 90;
/** Of a letter, first and in this order. */
const FIRST = ['subject', 'title', 'text', 'body'];

/** A piece of a proposal that people read and may change. */
export interface Piece {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly long: boolean;
}

/** A proposal as people read it: words as fields, and what is for programs as JSON beside them. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  /** The rest as JSON, and whether there is any; of a proposal that is no object, all of it. */
  readonly rest: string;
}

const pieceOf = (key: string, label: string, value: string): Piece => ({
  key,
  label,
  value,
  long: value.length > LONG || value.includes('\n'),
});

/** Text is one piece. Of an object each of its texts is; an identifier or a single word for programs is not, nor is anything but text. */
export function piecesOf(value: Json): Pieces {
  if (typeof value === 'string') return { pieces: [{ ...pieceOf('', 'Proposal', value), long: true }], rest: '' };
  if (value === null) return { pieces: [], rest: '' };
  if (typeof value !== 'object' || Array.isArray(value)) return { pieces: [], rest: JSON.stringify(value, null, 2) };
  const entries = Object.entries(value);
  const read = entries.filter(([key, one]) => typeof one === 'string' && (FIRST.includes(key) || /\s/.test(one)));
  const pieces = read.toSorted(([a], [b]) => place(a) - place(b)).map(([key, one]) => pieceOf(key, labelOf(key), String(one)));
  const rest = entries.filter(([key]) => !pieces.some((piece) => piece.key === key));
  return { pieces, rest: rest.length === 0 ? '' : JSON.stringify(Object.fromEntries(rest), null, 2) };
}

const place = (key: string) => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);

function labelOf(key: string): string {
  const said = words(key);
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** The proposal with what was written in its place; undefined: `rest` is no JSON. */
export function together(original: Json, written: ReadonlyMap<string, string>, rest: string): Json | undefined {
  if (typeof original === 'string') return written.get('') ?? original;
  const parsed = jsonOf(rest);
  if (parsed === undefined) return undefined;
  if (typeof original !== 'object' || original === null || Array.isArray(original)) return parsed;
  if (rest !== '' && (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))) return undefined;
  const others = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {};
  return { ...others, ...Object.fromEntries(written) };
}

function jsonOf(text: string): Json | undefined {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as Json; // what JSON.parse gives is JSON
  } catch {
    return undefined;
  }
}

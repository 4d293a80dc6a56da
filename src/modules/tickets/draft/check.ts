import type { z } from 'zod';
import type { Source, ticketAnswerPrompt } from './prompt.ts';

type Answer = z.output<typeof ticketAnswerPrompt.answer>;

type Checked =
  | { readonly text: string; readonly cited: readonly Source[] }
  /** In words for a colleague. */
  | { readonly refused: string };

const MOST_PARAGRAPHS = 12;
const LONGEST = 6_000;
/** A greeting or a closing needs no source; a sentence that says something is longer, or names a figure. */
const SHORT = 80;

/** Whatever leads somewhere or is worth money: links, hosts, mail addresses, account numbers, and figures of two digits and more. */
const HARD_FACTS =
  /https?:\/\/\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:\/\S*)?|\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,}\b|\d(?:[\d.,:/ -]*\d)+/giu;

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');

/**
 * What a model wrote stands only on what it was given: each paragraph that says something names a source, and each link, address and figure stands in one, word for
 * word. The ticket itself is no source: whoever wrote it may have talked the model into something.
 */
export function checkAnswer(answer: Answer, sources: readonly Source[]): Checked {
  if (!answer.answerable || answer.paragraphs.length === 0) return { refused: 'The articles, macros and the client’s record do not answer it' };
  const known = new Map(sources.map((source) => [source.ref, source]));
  const paragraphs = answer.paragraphs.map(({ text, sources: refs }) => ({ text: text.replaceAll('\u0000', '').trim(), refs })).filter(({ text }) => text !== '');
  const text = paragraphs.map((paragraph) => paragraph.text).join('\n\n');
  if (paragraphs.length > MOST_PARAGRAPHS || text.length > LONGEST) return { refused: 'The draft was far too long' };
  const cited = new Map<string, Source>();
  for (const paragraph of paragraphs) {
    const own = paragraph.refs.map((ref) => known.get(ref));
    if (own.includes(undefined)) return { refused: 'The draft named a source that it was not given' };
    if (own.length === 0 && paragraph.text.length > SHORT) return { refused: 'A part of the draft rested on no source' };
    for (const source of own) if (source !== undefined) cited.set(source.ref, source);
  }
  if (cited.size === 0) return { refused: 'The draft rested on no source' };
  const said = plain([...cited.values()].map((source) => `${source.title} ${source.text}`).join(' '));
  const invented = (text.match(HARD_FACTS) ?? []).map((fact) => fact.replace(/[.,;:!?)]+$/, '')).find((fact) => !said.includes(plain(fact)));
  if (invented !== undefined) return { refused: `The draft named “${invented.slice(0, 60)}”, which stands in none of its sources` };
  return { text, cited: [...cited.values()] };
} // prettier-ignore

import type { InEach } from './language.ts';

/** A mail that a module brings with it, as Liquid over the facts of who gets it. What a company writes under the same key takes its place. */
export interface TemplateText {
  readonly key: string;
  readonly title: string;
  readonly class: 'commercial' | 'transactional';
  readonly subject: string;
  /** Plain text; paragraphs are separated by an empty line. HTML is made of it, unless `html` is given. */
  readonly body: string;
  readonly html: string | null;
  /** BCP 47. Default: en. */
  readonly language?: string;
  /** The same in further languages. */
  readonly inLanguages?: readonly { readonly language: string; readonly subject: string; readonly body: string }[];
  /** When it is sent, in a sentence, where its title does not say. */
  readonly about?: string;
}

/** A mail in every language that we speak; it is written in English where nobody knows the reader's. */
export function spokenTemplate(
  head: Pick<TemplateText, 'key' | 'title' | 'class' | 'about'>,
  texts: InEach<Pick<TemplateText, 'subject' | 'body'>>,
): TemplateText {
  const { en, ...others } = texts;
  return { ...head, ...en, html: null, inLanguages: Object.entries(others).map(([language, text]) => ({ language, ...text })) };
}

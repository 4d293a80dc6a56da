import { htmlToText } from '../../body-html.ts';
import { protect } from './protect.ts';

/** Comments, the title, and what is kept off the page: none of it is read. */
const UNSEEN = [/<!--[\s\S]*?-->/g, /<title[\s\S]*?<\/title>/gi, /<div[^>]*display:\s*none[^>]*>[^<]*<\/div>/gi];

/** The plain text of an HTML template, still a template: its Liquid goes through. */
export function plainOfHtml(html: string): string {
  const seen = UNSEEN.reduce((rest, pattern) => rest.replace(pattern, ''), html);
  const { text, restore } = protect(seen);
  return restore(htmlToText(text.replace(/[ \t]*\n[ \t]*/g, ' ').replace(/>\s+</g, '><')));
}

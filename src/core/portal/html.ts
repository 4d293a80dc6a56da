/** A piece of a page that holds no text of strangers unescaped. Made by `html` only. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a piece of a page; nothing is shown for `null`, `undefined` and `false`. */
export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

/** Escapes everything that goes in but pieces made the same way. Attributes stand in double quotes: `html`<a href="${to}">${name}</a>``. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.reduce((text, piece, i) => `${text}${drawn(parts[i - 1])}${piece}`));
}

function drawn(part: HtmlPart): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return typeof part === 'number' ? String(part) : part.map(drawn).join('');
}

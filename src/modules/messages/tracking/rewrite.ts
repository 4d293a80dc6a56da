import type { Secrets } from '#core/secrets.ts';
import { escapeHtml } from '../liquid.ts';
import { pixelUrl, trackedUrl, type Tracked } from './tokens.ts';

/** What of a mail is counted. */
export interface Tracking {
  readonly opens: boolean;
  readonly clicks: boolean;
}

const ANCHOR = /<a\b[^>]*?\shref\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>/gi;
/** Longer ones are left as they are: clients cut addresses. */
const LONGEST = 2_000;
const MOST_LINKS = 1_000;

/**
 * The whole HTML of a mail with its links by way of us, a link that no reader sees, and a picture of one pixel. The text part stays as it was
 * written. Left alone: the ways out of all mail, and links that say `data-untracked`.
 */
export function trackHtml(secrets: Secrets, base: string, message: Tracked, { opens, clicks }: Tracking, html: string): string {
  let links = 0;
  const own = [`${base}/u/`, `${base}/p/`];
  const rewritten = clicks
    ? html.replace(ANCHOR, (tag: string, double: string | undefined, single: string | undefined) => {
        const written = double ?? single ?? '';
        const target = unescapeHtml(written).trim();
        if (!/^https?:\/\//i.test(target) || target.length > LONGEST || own.some((way) => target.startsWith(way))) return tag;
        if (/\sdata-untracked\b/i.test(tag) || !URL.canParse(target) || links >= MOST_LINKS) return tag;
        links += 1;
        const quoted = double === undefined ? `'${written}'` : `"${written}"`;
        return tag.replace(quoted, () => `"${escapeHtml(trackedUrl(secrets, base, message, links, target))}"`);
      })
    : html;
  const hidden = links === 0 ? '' : hiddenLink(trackedUrl(secrets, base, message, 0, `${base}/c`));
  const pixel = opens
    ? `<img src="${pixelUrl(secrets, base, message)}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`
    : '';
  const added = hidden + pixel;
  const end = rewritten.search(/<\/body\s*>(?![\s\S]*<\/body\s*>)/i);
  return end === -1 ? rewritten + added : rewritten.slice(0, end) + added + rewritten.slice(end);
}

/** Programs follow it; people have nothing to press. */
function hiddenLink(url: string): string {
  return `<a href="${escapeHtml(url)}" style="display:none" tabindex="-1" aria-hidden="true"></a>`;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return NAMED[name.toLowerCase()] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

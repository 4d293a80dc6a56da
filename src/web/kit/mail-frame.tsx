import { cn } from './cn.ts';

interface Props {
  html: string;
  className?: string;
  /** As a dark inbox shows it. Default: a light one. */
  dark?: boolean;
  /** Says that pictures of other places are not fetched, where there are some. */
  pictures?: boolean;
}

/** A mail as it looks in an inbox. No script, no form, no way out of the frame: it is shown, never run, and fetches nothing from elsewhere. */
export function MailFrame({ html, className, dark = false, pictures = false }: Props) {
  return (
    <iframe
      title="The mail as it looks"
      sandbox=""
      srcDoc={pictures ? inWords(inTheme(ownHere(html), dark)) : inTheme(ownHere(html), dark)}
      className={cn('w-full rounded-lg border', dark ? 'bg-[#131316] scheme-dark' : 'bg-white scheme-light', className)}
    />
  );
}

/** A frame can't be told which inbox it is: rules for dark ones are made to hold, or not to. */
function inTheme(html: string, dark: boolean): string {
  return html
    .replace(/@media\s*\(prefers-color-scheme:\s*dark\)/gi, dark ? '@media all' : '@media not all')
    .replace(/(<meta[^>]+name="color-scheme"[^>]+content=")[^"]*"/gi, `$1${dark ? 'dark' : 'light'}"`);
}

/** Pictures that this installation keeps for its mails, asked for where this page came from: its public address may be another. */
function ownHere(html: string): string {
  return html.replace(/(<img\b[^>]*?\ssrc=")https?:\/\/[^"/]+(?=\/i\/[\w-]{64}\/[\w-]{36}\.)/gi, '$1');
}

/** Pictures from elsewhere stand as a box with their words: looking at a mail must tell nobody. */
function inWords(html: string): string {
  const style =
    '<style>img:not([src^="/i/"]){outline:1px dashed #a1a1aa;outline-offset:-1px;min-height:48px;background:#8881;font:12px/1.4 sans-serif;color:#71717a}</style>';
  return /<img\s/i.test(html) ? html.replace(/<\/head>/i, `${style}</head>`) : html;
}

import { textsOf, type Writing } from '../source/compile.ts';
import { liquidFindings, type Finding } from './liquid.ts';
import type { TemplateName } from './names.ts';

/** Gmail shows no more than this of a mail (bytes); the rest, unsubscribe link and all, hides behind “View entire message”. */
export const CLIPPED_AT = 102 * 1024;
/** What lists on phones show of a subject. */
const LONG_SUBJECT = 70;
const LONG_TEXT = 20_000;
/** Carriers charge for each part; longer texts are read by few. */
const MOST_PARTS = 4;

export interface Rendered {
  readonly kind: 'mail' | 'sms';
  readonly class: 'commercial' | 'transactional';
  readonly subject: string;
  readonly preheader: string;
  /** As it goes out. */
  readonly text: string;
  readonly html: string;
  readonly segments: number | null;
  readonly attachmentBytes: number;
  readonly settings: { readonly postalAddress: string | null; readonly publicUrl: string | null; readonly loopback: boolean };
}

const finding = (severity: Finding['severity'], code: string, part: string, says: string, fix: string): Finding => ({
  severity,
  code,
  part,
  says,
  fix,
  line: null,
});

/** Everything about a drawn message that keeps it from being read, or from being taken for honest mail. */
export function mailFindings(mail: Rendered): Finding[] {
  if (mail.kind === 'sms') return smsFindings(mail);
  return [...subjectFindings(mail), ...textFindings(mail), ...pictureFindings(mail), ...linkFindings(mail.html), ...frameFindings(mail)];
}

function smsFindings({ text, segments }: Rendered): Finding[] {
  const found: Finding[] = [];
  if (segments !== null && segments > MOST_PARTS)
    found.push(
      finding('warning', 'long_sms', 'text', `The SMS takes ${segments} parts, and each is charged`, 'Say it shorter, or send a mail'),
    );
  if (shouts(text))
    found.push(
      finding(
        'warning',
        'capitals',
        'text',
        'Most of the text is in capitals',
        'Write it as you would say it; spam filters count capitals',
      ),
    );
  return found;
}

function subjectFindings({ subject, preheader }: Rendered): Finding[] {
  const found: Finding[] = [];
  const add = (severity: Finding['severity'], code: string, says: string, fix: string) =>
    void found.push(finding(severity, code, 'subject', says, fix));
  if (subject.trim() === '') add('fault', 'no_subject', 'There is no subject', 'Write one: a mail without it is blocked');
  else if (subject.length > LONG_SUBJECT)
    add(
      'hint',
      'long_subject',
      `The subject has ${subject.length} characters; phones show some 40, lists ${LONG_SUBJECT}`,
      'Put the point first, and cut the rest',
    );
  if (shouts(subject))
    add('warning', 'capitals', 'The subject is in capitals', 'Write it as you would say it; spam filters count capitals');
  if (/[!?]{2,}|!.*!/.test(subject)) add('warning', 'exclamation', 'The subject shouts with ! and ?', 'One is enough, none is better');
  if (/^\s*(re|fwd?|aw|wg):/i.test(subject))
    add(
      'warning',
      'false_reply',
      'The subject looks like an answer to a mail that was never written',
      'Take “Re:” out; CAN-SPAM forbids misleading subjects',
    );
  if (preheader === '')
    found.push(
      finding(
        'hint',
        'no_preheader',
        'preheader',
        'There is no preview line; inboxes show the beginning of the text instead',
        'Write one sentence that makes the subject worth opening',
      ),
    );
  return found;
}

/** Merge tags of other programs, which we would send as they stand. */
const FOREIGN = /\*\|\w+\|\*|%%?[A-Z_]{3,}%%?|\[(?:first|last|full|your|company|contact|insert)[ _-]?[\w -]{0,30}\]|<<\s*\w+\s*>>/i;

function textFindings({ text, subject, html }: Rendered): Finding[] {
  const found: Finding[] = [];
  const foreign = FOREIGN.exec(`${subject}\n${text}`)?.[0];
  if (foreign !== undefined)
    found.push(
      finding(
        'fault',
        'foreign_tag',
        'text',
        `${foreign} is a gap of another program, and stays as it is`,
        'Put a name from Insert there: {{ person.first_name | default: "there" }}',
      ),
    );
  if (shouts(text))
    found.push(
      finding(
        'warning',
        'capitals',
        'text',
        'Most of the text is in capitals',
        'Write it as you would say it; spam filters count capitals',
      ),
    );
  if (text.length > LONG_TEXT)
    found.push(
      finding(
        'hint',
        'long_text',
        'text',
        `The text has ${text.length.toLocaleString('en')} characters`,
        'Put the point first, and link to the rest',
      ),
    );
  const words = text
    .replace(/\n-- \n[\s\S]*$/, '')
    .replace(/https?:\/\/\S+/g, '')
    .trim();
  const pictures = html.match(/<img\s/gi)?.length ?? 0;
  if (pictures > 0 && words.length < 100)
    found.push(
      finding(
        'warning',
        'only_pictures',
        'html',
        'The mail is pictures and hardly a word',
        'Say it in text, too: many inboxes show no pictures, and spam filters distrust them',
      ),
    );
  return found;
}

function pictureFindings({ html }: Rendered): Finding[] {
  const found: Finding[] = [];
  const pictures = [...html.matchAll(/<img\s[^>]*>/gi)].map((match) => match[0]);
  const without = pictures.filter((tag) => !/\salt\s*=\s*("[^"]+"|'[^']+'|[^\s"'>]+)/i.test(tag)).length;
  if (without > 0)
    found.push(
      finding(
        'warning',
        'no_alt',
        'html',
        `${without === 1 ? 'One picture says' : `${without} pictures say`} nothing to who does not see ${without === 1 ? 'it' : 'them'}`,
        'Write what it shows under “In words”',
      ),
    );
  const sources = pictures.map((tag) => /\ssrc\s*=\s*["']?([^"'\s>]+)/i.exec(tag)?.[1] ?? '');
  if (sources.some((source) => source.startsWith('data:')))
    found.push(
      finding(
        'warning',
        'inline_picture',
        'html',
        'A picture stands in the mail itself; Gmail and Outlook do not show such pictures',
        'Put it on a page, and give its address',
      ),
    );
  if (sources.some((source) => /^http:(?!\/\/(localhost|127\.))/i.test(source)))
    found.push(finding('warning', 'not_https', 'html', 'A picture comes by http, which inboxes warn of', 'Give its https address'));
  return found;
}

/** What a reader can follow: addresses of links, each once. */
export function linksIn(html: string): string[] {
  return [
    ...new Set(
      [...html.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map((match) => unescaped(match[1] ?? match[2] ?? '').trim()),
    ),
  ];
}

function unescaped(value: string): string {
  return value
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function linkFindings(html: string): Finding[] {
  const found: Finding[] = [];
  for (const link of linksIn(html)) {
    const shortened = link.length > 80 ? `${link.slice(0, 77)}…` : link;
    if (link === '' || link === '#')
      found.push(finding('fault', 'empty_link', 'html', 'A link or button leads nowhere', 'Give it an address'));
    else if (/^(mailto|tel|sms):/i.test(link) || /^https:\/\//i.test(link)) continue;
    else if (/^http:\/\//i.test(link)) {
      if (!/^http:\/\/(localhost|127\.)/i.test(link))
        found.push(
          finding('warning', 'not_https', 'html', `${shortened} is not https`, 'Give the https address: browsers warn of the other one'),
        );
    } else found.push(finding('fault', 'bad_link', 'html', `${shortened} is no address that a mail can lead to`, 'Begin it with https://'));
  }
  return found;
}

function frameFindings({ class: stream, html, settings, attachmentBytes }: Rendered): Finding[] {
  const found: Finding[] = [];
  const bytes = Buffer.byteLength(html);
  if (bytes > CLIPPED_AT)
    found.push(
      finding(
        'warning',
        'clipped',
        'html',
        `The mail weighs ${Math.round(bytes / 1024)} kB; Gmail cuts it at 102 kB, and with it the unsubscribe link`,
        'Take blocks out, or link to a page',
      ),
    );
  else if (bytes > CLIPPED_AT * 0.8)
    found.push(
      finding(
        'hint',
        'heavy',
        'html',
        `The mail weighs ${Math.round(bytes / 1024)} kB; Gmail cuts at 102 kB`,
        'Leave some room for longer names and texts',
      ),
    );
  if (attachmentBytes > 5_000_000)
    found.push(
      finding(
        'hint',
        'heavy_files',
        'files',
        `The files weigh ${Math.round(attachmentBytes / 1_000_000)} MB in each mail`,
        'A link to them arrives faster, and more often',
      ),
    );
  if (stream !== 'commercial') return found;
  if (settings.postalAddress === null || settings.postalAddress.trim() === '')
    found.push(
      finding(
        'fault',
        'no_address',
        'frame',
        'Your postal address is not set; law asks for it under every commercial mail',
        'Write it under Settings → Company',
      ),
    );
  if (settings.publicUrl === null && !settings.loopback)
    found.push(
      finding(
        'fault',
        'no_unsubscribe',
        'frame',
        'The unsubscribe link leads to this machine, which nobody outside reaches',
        'Set STEWARD_PUBLIC_URL to the https address of this installation',
      ),
    );
  return found;
}

/** Capitals throughout, of what is long enough to tell. */
function shouts(text: string): boolean {
  const letters = text.replace(/https?:\/\/\S+/g, '').match(/\p{L}/gu) ?? [];
  const capitals = letters.filter((letter) => letter !== letter.toLowerCase()).length;
  return letters.length >= 12 && capitals / letters.length > 0.6;
}

/** Faults of a text as it was written, block by block where there are blocks. */
export function writingFindings({ subject, preheader, source }: Writing, names: readonly TemplateName[]): Finding[] {
  const head = [...liquidFindings(subject, 'subject', names), ...liquidFindings(preheader, 'preheader', names)];
  switch (source.mode) {
    case 'text':
      return [...head, ...liquidFindings(source.text, 'text', names)];
    case 'html':
      return [...head, ...liquidFindings(source.html, 'html', names), ...liquidFindings(source.text ?? '', 'text', names)];
    case 'mjml':
      return [...head, ...liquidFindings(source.mjml, 'mjml', names), ...liquidFindings(source.text ?? '', 'text', names)];
    case 'blocks':
      return [
        ...head,
        ...source.blocks
          .flatMap((block) => (block.type === 'columns' ? block.columns.flat() : [block]))
          .flatMap((leaf) => textsOf({ ...source, blocks: [leaf] }).flatMap((text) => liquidFindings(text, leaf.id, names))),
      ];
  }
}

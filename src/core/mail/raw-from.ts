/** Headers that say how the body was written: the body is written anew. */
const OF_THE_BODY = /^(content-[\w-]+|mime-version)$/i;

export interface RawAttachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** A mail as bytes out of what a vendor made of it: its headers, its body as text, as HTML or both, and what hung on it. */
export function rawFrom(mail: {
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments?: readonly RawAttachment[];
}): Buffer {
  const boundary = `=_${crypto.randomUUID()}`;
  const outer = `=_${crypto.randomUUID()}`;
  const attached = (mail.attachments ?? []).flatMap((one) => attachmentPart(outer, one));
  const head = mail.headers
    .filter(([name]) => /^[\x21-\x39\x3b-\x7e]+$/.test(name) && !OF_THE_BODY.test(name))
    .map(([name, value]) => `${name}: ${value.replace(/[\r\n]+[ \t]*/g, ' ')}`);
  const parts = [
    ['text/plain', mail.text],
    ['text/html', mail.html],
  ].flatMap(([type, body]) =>
    body == null || body === ''
      ? []
      : [
          `--${boundary}`,
          `Content-Type: ${type ?? ''}; charset=utf-8`,
          'Content-Transfer-Encoding: base64',
          '',
          Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\r\n'),
        ],
  );
  // Report of a bounce or an answer by a program: what kind of mail it was must stay readable.
  const kind = mail.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const was = kind === undefined ? [] : [`X-Original-Content-Type: ${kind.replace(/[\r\n]+[ \t]*/g, ' ')}`];
  const body = [`Content-Type: multipart/alternative; boundary="${boundary}"`, '', ...parts, `--${boundary}--`, ''];
  const whole =
    attached.length === 0
      ? body
      : [`Content-Type: multipart/mixed; boundary="${outer}"`, '', `--${outer}`, ...body, ...attached, `--${outer}--`, ''];
  return Buffer.from([...head, ...was, 'MIME-Version: 1.0', ...whole].join('\r\n'));
}

/** A name as RFC 2231 writes it: any letter, no line break. */
function attachmentPart(boundary: string, { filename, contentType, content }: RawAttachment): string[] {
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : 'application/octet-stream';
  const name = encodeURIComponent(filename.toWellFormed()).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return [
    `--${boundary}`,
    `Content-Type: ${type}`,
    `Content-Disposition: attachment; filename*=utf-8''${name}`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n'),
  ];
}

/** Header lines as they stand in a mail, unfolded. */
export function headerLines(text: string): [string, string][] {
  return text
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()]];
    });
}

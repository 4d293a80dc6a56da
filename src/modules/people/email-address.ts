import { domainToASCII } from 'node:url';
import { z } from 'zod';

/** RFC 5321 limits, in octets. */
const LONGEST = 254;
const LONGEST_LOCAL = 64;

/** Unquoted local part (RFC 5322 dot-atom, RFC 6532 letters): no spaces, no controls, no double or outer dots. */
const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** A last label of digits only would be an IPv4 address. */
const LAST_LABEL = /^(?=.*[a-z])[a-z0-9-]{2,63}$/;
/** Characters that copy and paste leaves behind: zero-width, no-break and direction marks. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]/g;

/**
 * The one form of an address that we store and compare: lower case, NFC, domain in ASCII (IDNA). Takes what people paste:
 * `Ann <ANN@Münch.de>`, `mailto:ann@…`. Null when it is no address.
 */
export function normaliseEmail(raw: string): string | null {
  if (raw.length > 1_000) return null;
  let text = raw.replace(INVISIBLE, '').trim();
  const angled = /<([^<>]+)>\s*$/.exec(text);
  if (angled?.[1] !== undefined) text = angled[1];
  if (/^mailto:/i.test(text)) text = text.slice('mailto:'.length).replace(/\?.*$/, '');
  text = text.replace(/[;,.]+$/, '').trim();
  const at = text.lastIndexOf('@');
  if (at < 1) return null;
  const local = text.slice(0, at).normalize('NFC').toLowerCase().normalize('NFC'); // lower case may compose anew
  const domain = domainToASCII(text.slice(at + 1)).toLowerCase();
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  if (!LOCAL.test(local) || labels.length < 2 || !labels.every((label) => LABEL.test(label)) || !LAST_LABEL.test(last)) return null;
  if (Buffer.byteLength(local) > LONGEST_LOCAL || Buffer.byteLength(local) + 1 + domain.length > LONGEST) return null;
  return `${local}@${domain}`;
}

/** A zod field: any way of writing an address in, the stored form out. */
export function emailAddress() {
  return z
    .string()
    .max(1_000)
    .transform((text, issues) => {
      const email = normaliseEmail(text);
      if (email !== null) return email;
      issues.addIssue({ code: 'custom', message: 'is not an email address; write it like ann@example.com' });
      return z.NEVER;
    })
    .meta({ format: 'email' });
}

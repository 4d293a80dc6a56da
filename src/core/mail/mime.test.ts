import fc from '#testing/property.ts';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import type { OutgoingEmail } from '#core/ports/email.ts';
import { plainMime, quotedPrintable } from './mime.ts';

const aMail = (changes: Partial<OutgoingEmail> = {}): OutgoingEmail => ({
  messageId: '<one@acme.test>',
  from: { name: 'Acme', address: 'us@acme.test' },
  to: { name: 'Ann', address: 'ann@example.test' },
  subject: 'Hello',
  text: 'Hello Ann\n',
  html: '<p>Hello Ann</p>\n',
  date: new Date('2026-11-02T09:00:00Z'),
  headers: {},
  ...changes,
});

/** Any text that a person may write: every plane of Unicode, breaks, dots, equals signs, spaces at ends. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('\n', '\r\n', '. ', '=', ' \n', '\t\n', '=?utf-8?Q?x?=', 'ö', '漢'.repeat(40), 'x'.repeat(300)),
    ),
  )
  .map((parts) => parts.join(''));
const lines = (text: string) => text.replace(/\r\n|\r/g, '\n');

describe('a mail as it goes on the wire', () => {
  test('whatever is written comes out again, on lines that every server takes', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (subject, name, text) => {
        const raw = plainMime(aMail({ subject, to: { name, address: 'ann@example.test' }, text, html: `<p>${text}</p>` }));
        const wire = raw?.toString('latin1') ?? '';
        expect(wire).toMatch(/^[\t\r\n\x20-\x7e]*$/);
        expect(wire.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        expect(Math.max(...wire.split('\r\n').map((one) => one.length))).toBeLessThanOrEqual(998);
        const body = wire.slice(wire.indexOf('\r\n\r\n'));
        expect(Math.max(...body.split('\r\n').map((one) => one.length))).toBeLessThanOrEqual(76);
        const parsed = await simpleParser(wire);
        const plain = (value: string | undefined) => (value ?? '').replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
        expect(plain(parsed.subject)).toBe(plain(subject));
        expect(lines(parsed.text ?? '').trimEnd()).toBe(lines(text).trimEnd());
        const to = Array.isArray(parsed.to) ? parsed.to[0] : parsed.to;
        expect(to?.value.map((one) => one.address)).toEqual(['ann@example.test']);
      }),
      { numRuns: 200 },
    );
  });

  test('a space at the end of a line, a lone equals sign and a long line keep their shape', () => {
    expect(quotedPrintable('a \nb=c\t')).toBe('a=20\r\nb=3Dc=09');
    expect(quotedPrintable('x'.repeat(80))).toBe(`${'x'.repeat(75)}=\r\n${'x'.repeat(5)}`);
    expect(quotedPrintable('x'.repeat(76))).toBe('x'.repeat(76));
  });

  test('what it does not know how to say is left to the composer', () => {
    expect(plainMime(aMail({ to: { name: '', address: 'jörg@example.test' } }))).toBeNull();
    expect(plainMime(aMail({ headers: { 'X-Steward': 'ü' } }))).toBeNull();
    expect(plainMime(aMail({ attachments: [{ filename: 'a', contentType: 'text/plain', content: new Uint8Array(1) }] }))).toBeNull();
  });
});

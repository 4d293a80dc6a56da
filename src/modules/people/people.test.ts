import fc from '#testing/property.ts';
import { describe, expect, test } from 'vitest';
import { phoneReader } from './contact.ts';
import { emailAddress, normaliseEmail } from './email-address.ts';
import { cut, joinName, parseName, tidy } from './names.ts';
import { isTimeZone, timeZoneOfCountry } from './time-zone.ts';

describe('an email address', () => {
  test('has one stored form, however it was written', () => {
    for (const written of [
      'ann@example.com',
      ' ANN@Example.COM ',
      'Ann Lee <ann@example.com>',
      'mailto:ann@example.com?subject=Hi',
      'ann@example.com;',
      '\u200bann@example.com\u00ad',
      'ａnn@example.com'.normalize('NFKC'),
    ]) {
      expect(normaliseEmail(written), written).toBe('ann@example.com');
    }
    expect(normaliseEmail('Jürgen@Bücher.example')).toBe('jürgen@xn--bcher-kva.example');
    expect(normaliseEmail("o'brien+tag@a-b.example")).toBe("o'brien+tag@a-b.example");
  });

  test('that is none is refused', () => {
    const none = [
      '',
      'ann',
      '@example.com',
      'ann@',
      'ann@localhost',
      'a@b@c',
      'ann@@example.com',
      'ann lee@example.com',
      '.ann@example.com',
      'ann..lee@example.com',
      'ann@-a.com',
      'ann@example..com',
      'ann@127.0.0.1',
      'ann@example.c',
      'ann@exa mple.com',
      `${'a'.repeat(65)}@example.com`,
      `ann@${'a'.repeat(64)}.com`,
      '"ann"@example.com',
      'ann@[127.0.0.1]',
      'ann\u0000@example.com',
    ];
    for (const text of none) expect(normaliseEmail(text), text).toBeNull();
    expect(emailAddress().safeParse('nope').success).toBe(false);
  });

  test('stays as it is once stored', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' })), (text) => {
        const once = normaliseEmail(text);
        expect(normaliseEmail(once ?? 'ann@example.com')).toBe(once ?? 'ann@example.com');
      }),
    );
  });
});

describe('a name', () => {
  test('is split at the last word, or at a comma', () => {
    expect(parseName('  Ann  Maria Lee ')).toEqual({ fullName: 'Ann Maria Lee', firstName: 'Ann Maria', lastName: 'Lee' });
    expect(parseName('Lee, Ann')).toEqual({ fullName: 'Ann Lee', firstName: 'Ann', lastName: 'Lee' });
    expect(parseName('Cher')).toEqual({ fullName: 'Cher', firstName: 'Cher', lastName: null });
    expect(parseName('')).toEqual({ fullName: '', firstName: null, lastName: null });
    expect(joinName('', 'Lee')).toEqual({ fullName: 'Lee', firstName: null, lastName: 'Lee' });
  });

  test('holds no control characters and no half character', () => {
    expect(tidy('a\u0000\tb\u00a0 c\r\n')).toBe('a b c');
    expect(cut('ab😀', 3)).toBe('ab\ufffd');
  });
});

describe('a phone number', () => {
  test('is read with its prefix, or as dialled at home; what cannot be read stays as written', async () => {
    const abroad = await phoneReader(null);
    expect(abroad('+44 20 7946 0018')).toEqual({ phone: '+442079460018', phoneRaw: '+44 20 7946 0018', timeZone: 'Europe/London' });
    expect(abroad('0049 30 901820').phone).toBe('+4930901820');
    expect(abroad('030 901820')).toEqual({ phone: null, phoneRaw: '030 901820', timeZone: null });
    expect((await phoneReader('DE'))('030 901820')).toMatchObject({ phone: '+4930901820', timeZone: 'Europe/Berlin' });
    expect((await phoneReader('XX'))('030 901820').phone).toBeNull();
    expect(abroad('  ')).toEqual({ phone: null, phoneRaw: null, timeZone: null });
    expect(abroad('call me').phone).toBeNull();
  });
});

describe('a time zone', () => {
  test('follows from a country only where all its clocks agree', () => {
    expect(timeZoneOfCountry('DE')).toBe('Europe/Berlin');
    expect(timeZoneOfCountry('JP')).toBe('Asia/Tokyo');
    for (const country of ['US', 'BR', 'AU', 'ES', '??', '']) expect(timeZoneOfCountry(country), country).toBeNull();
  });

  test('is one that this machine knows', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
  });
});

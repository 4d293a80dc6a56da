import { parse as parseStrictly } from 'csv-parse/sync';
import fc from '#testing/property.ts';
import { describe, expect, test } from 'vitest';
import { mappingWithoutHeading, suggestMapping } from '../mapping.ts';
import { CsvReader, delimiterOf, parseCsv } from './csv.ts';
import { decoded, encodingOf } from './decode.ts';
import type { TableRecord } from './record.ts';
import { layoutOf, rowsOf, sourceOf } from './table.ts';

const read = (text: string, delimiter = ',') => parseCsv(text, delimiter);

async function open(bytes: Buffer) {
  const source = sourceOf(bytes);
  const layout = await layoutOf(source);
  const records: TableRecord[] = [];
  for await (const batch of rowsOf(source, layout)) records.push(...batch);
  return { ...layout, records };
}
const cells = (text: string, delimiter = ',') => read(text, delimiter).map((record) => record.cells);

describe('reading CSV', () => {
  test('takes quotes, quoted newlines, doubled quotes and every line ending', () => {
    expect(cells('a,"b,c"\r\n"d\ne","f""g"\rh,i')).toEqual([
      ['a', 'b,c'],
      ['d\ne', 'f"g'],
      ['h', 'i'],
    ]);
  });

  test('knows the line a record starts on, past quoted newlines and blank lines', () => {
    expect(read('h\n"a\nb"\n\n,\nc').map((record) => record.line)).toEqual([1, 2, 6]);
  });

  test('takes a quote that is never closed as a letter, and loses no row after it', () => {
    expect(cells('a,"open\nb,c\nd,e')).toEqual([
      ['a', '"open'],
      ['b', 'c'],
      ['d', 'e'],
    ]);
    expect(cells('a,"open\nb,"closed"\nc,d')).toEqual([
      ['a', '"open'],
      ['b', 'closed'],
      ['c', 'd'],
    ]);
  });

  test('takes text around quotes as it stands', () => {
    expect(cells('"Ann" Lee,Bob "B" Ray')).toEqual([['Ann Lee', 'Bob "B" Ray']]);
  });

  test('agrees with csv-parse on every well-formed file', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ',', ';', '"', '\n', ' ') });
    const table = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';'), fc.constantFrom('\n', '\r\n'), (rows, delimiter, newline) => {
        const text = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join(newline);
        const strict: string[][] = parseStrictly(text, { delimiter, relax_column_count: true, record_delimiter: newline });
        expect(cells(text, delimiter)).toEqual(strict.filter((row) => row.some((cell) => cell.trim() !== '')));
      }),
    );
  });
});

describe('opening a file', () => {
  test('guesses the delimiter by how evenly it cuts', () => {
    expect(delimiterOf('name;email\nAnn, Dr.;a@b.example\nBob, Mr.;b@b.example')).toBe(';');
    expect(delimiterOf('name\temail\nAnn\ta@b.example')).toBe('\t');
    expect(delimiterOf('a|b|c\n1|2|3')).toBe('|');
    expect(delimiterOf('sep=;\na,b;c')).toBe(';');
    expect(delimiterOf('email\nann@example.com')).toBe(',');
  });

  test('reads UTF-8, UTF-16 and Windows-1252, with and without byte order mark', async () => {
    const text = 'name,email\nJosé Müller,jose@example.com';
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le').swap16(),
      Buffer.from(text, 'latin1'),
    ]) {
      const file = await open(bytes);
      expect(file.columns).toEqual(['name', 'email']);
      expect(file.records[0]?.cells, file.encoding).toEqual(['José Müller', 'jose@example.com']);
    }
    const quotes = sourceOf(Buffer.from([0x80, 0x93]));
    expect(await encodingOf(quotes.pieces())).toBe('windows-1252');
    let quoted = '';
    for await (const piece of decoded(quotes.pieces(), 'windows-1252')) quoted += piece;
    expect(quoted).toBe('€“');
  });

  test('maps the headings that people and programs write, each field once', () => {
    expect(suggestMapping(['First Name', 'Last Name', 'E-Mail Address', 'Mobile phone', 'Company Name', 'Lead Source', 'Notes', 'Unsubscribed', 'Colour', 'Email 2'])).toEqual([
      'first_name', 'last_name', 'email', 'phone', 'organisation', 'source', 'notes', 'opted_out', 'ignore', 'other_email',
    ]); // prettier-ignore
    expect(suggestMapping(['Vorname', 'Nachname', 'E-Mail-Adresse', 'Prénom'])).toEqual(['first_name', 'last_name', 'email', 'ignore']);
    expect(suggestMapping(['Work Email', 'Email'])).toEqual(['other_email', 'email']);
    expect(suggestMapping(['Email', 'Shoe size'], [{ key: 'shoes', label: 'Shoe Size' }])).toEqual(['email', 'custom.shoes']);
    expect(suggestMapping(['Voornaam', 'Achternaam', 'E-mailadres', 'Bedrijf'])).toEqual([
      'first_name',
      'last_name',
      'email',
      'organisation',
    ]);
    expect(suggestMapping(['Nome', 'Cognome', 'Azienda', 'Cellulare'])).toEqual(['first_name', 'last_name', 'organisation', 'phone']);
  });

  test('finds the columns of a file without a heading by their look', async () => {
    const file = await open(Buffer.from('Ann Lee,ann@example.com,+49 30 123456,x1'));
    expect(mappingWithoutHeading(file.records[0]?.cells ?? [])).toEqual(['name', 'email', 'phone', 'ignore']);
    expect(file.records).toHaveLength(1);
    expect(mappingWithoutHeading(['ann@example.com'])).toEqual(['email']);
  });

  test('reads the same however the text is cut into pieces', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', '"', '""', ',', '\n', '\r', '\r\n', '😀'), maxLength: 60 });
    fc.assert(
      fc.property(letters, fc.integer({ min: 1, max: 7 }), (text, size) => {
        const reader = new CsvReader(',');
        const pieces: TableRecord[] = [];
        for (let at = 0; at < text.length; at += size) pieces.push(...reader.push(text.slice(at, at + size)));
        pieces.push(...reader.end());
        expect(pieces).toEqual(parseCsv(text, ','));
      }),
      { numRuns: 500 },
    );
  });

  test('never throws on random bytes but to say what the file is', async () => {
    const messy = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc
        .array(
          fc.constantFrom('"', ',', ';', '\n', '\r', 'a@b.example', 'é', '\ufeff', 'email', '\u0000', 'BEGIN:VCARD', 'PK\u0003\u0004'),
          { maxLength: 60 },
        )
        .map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(messy, async (bytes) => {
        try {
          for (const record of (await open(bytes)).records) expect(record.cells.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'not_importable' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

import { deflateRawSync, crc32 } from 'node:zlib';

/** A file from real life, or worse, and what must come of it. */
export interface BrokenFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** Addresses (or names, where there is none) that must be leads afterwards. */
  readonly right: readonly string[];
  /** Line and a part of the reason of each row that must be refused. */
  readonly wrong?: readonly (readonly [line: number, reason: string])[];
  /** The whole file is refused, with this in the sentence. */
  readonly refused?: string;
  readonly mapping?: readonly string[];
  readonly withoutEmail?: boolean;
}

const text = (content: string) => Buffer.from(content);
const A = 'ann@broken.example';
const B = 'bob@broken.example';

/** A zip archive by hand, so that it may lie. */
export function zip(
  parts: Readonly<Record<string, string | Buffer>>,
  lie: { readonly size?: number; readonly crc?: number; readonly flags?: number } = {},
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const raw = Buffer.from(content);
    const packed = deflateRawSync(raw, { level: 9 });
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(lie.flags ?? 0, 2);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(lie.crc ?? crc32(raw), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(lie.size ?? raw.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), head, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), head, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\u0005\u0006'), end]);
}

const BOOK = `<?xml version="1.0"?><workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`;
const RELS = `<?xml version="1.0"?><Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`;
const STYLES = `<?xml version="1.0"?><styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`;

const inline = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const cells = (...all: string[]) => all.join('');
const rows = (...all: string[]) => all.map((cells, index) => `<row r="${index + 1}">${cells}</row>`).join('');
const sheet = (data: string) => `<?xml version="1.0"?><worksheet><sheetData>${data}</sheetData></worksheet>`;
const book = (data: string, more: Readonly<Record<string, string | Buffer>> = {}, lie = {}) =>
  zip(
    {
      'xl/workbook.xml': BOOK,
      'xl/_rels/workbook.xml.rels': RELS,
      'xl/styles.xml': STYLES,
      'xl/worksheets/sheet1.xml': sheet(data),
      ...more,
    },
    lie,
  );

const card = (...lines: string[]) => text(['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n'));

export const BROKEN: readonly BrokenFile[] = [
  { name: 'empty', bytes: text(''), right: [], refused: 'empty' },
  { name: 'white space only', bytes: text('\n \n\t\n'), right: [], refused: 'empty' },
  { name: 'a heading and nothing below', bytes: text('name,email\n'), right: [] },
  { name: 'UTF-8 with a byte order mark', bytes: text(`\ufeffemail,name\n${A},Ann`), right: [A] },
  { name: 'UTF-16 little endian with a mark', bytes: Buffer.from(`\ufeffemail,name\n${A},Zoë`, 'utf16le'), right: [A] },
  { name: 'UTF-16 little endian without a mark', bytes: Buffer.from(`email,name\n${A},Ann`, 'utf16le'), right: [A] },
  { name: 'UTF-16 big endian with a mark', bytes: Buffer.from(`\ufeffemail,name\n${A},Ann`, 'utf16le').swap16(), right: [A] },
  { name: 'UTF-16 big endian without a mark', bytes: Buffer.from(`email,name\n${A},Ann`, 'utf16le').swap16(), right: [A] },
  { name: 'UTF-16 cut in the midst of a letter', bytes: Buffer.from(`\ufeffemail\n${A}\n${B}`, 'utf16le').subarray(0, -1), right: [A], wrong: [[3, 'not an email']] },
  { name: 'Windows-1252', bytes: Buffer.from(`email,name\n${A},J\u00fcrgen\n${B},Ren\u00e9`, 'latin1'), right: [A, B] },
  { name: 'UTF-8 with one byte that is none', bytes: Buffer.concat([text(`email,name\n${A},Ann`), Buffer.from([0xff]), text(`\n${B},Bob`)]), right: [A, B] },
  { name: 'NUL characters between', bytes: text(`email,name\n${A},An\u0000n\n${B},\u0000`), right: [A, B] },
  { name: 'semicolons', bytes: text(`email;name\n${A};Lee, Ann\n${B};Ray, Bob`), right: [A, B] },
  { name: 'tabs', bytes: text(`email\tname\n${A}\tAnn`), right: [A] },
  { name: 'bars', bytes: text(`email|name\n${A}|Ann`), right: [A] },
  { name: "Excel's sep= line", bytes: text(`sep=;\nemail;name\n${A};Ann`), right: [A] },
  { name: 'old Mac line ends', bytes: text(`email,name\r${A},Ann\r${B},Bob`), right: [A, B] },
  { name: 'mixed line ends', bytes: text(`email,name\r\n${A},Ann\n${B},Bob\r`), right: [A, B] },
  { name: 'a quote that never closes', bytes: text(`email,name\n${A},"Ann\n${B},Bob`), right: [A, B] },
  { name: 'quoted newlines, then a wrong row', bytes: text(`email,notes\n${A},"one\ntwo\nthree"\nnobody,x`), right: [A], wrong: [[5, 'not an email']] },
  { name: 'doubled quotes', bytes: text(`email,name\n${A},"Ann ""A"" Lee"`), right: [A] },
  { name: 'a quote within a cell', bytes: text(`email,name\n${A},Ann "A" Lee`), right: [A] },
  { name: 'short rows', bytes: text(`name,email,phone\nAnn,${A}\nBob`), right: [A], wrong: [[3, 'no email']] },
  { name: 'long rows', bytes: text(`email,name\n${A},Ann,more,and more\n${B},Bob`), right: [A, B] },
  { name: 'blank rows and rows of commas', bytes: text(`email,name\n\n,,,\n${A},Ann\n  ,  \n${B},Bob\n\n`), right: [A, B] },
  { name: 'two headings alike', bytes: text(`email,name,email\n${A},Ann,${B}`), right: [A] },
  { name: 'headings without text', bytes: text(`email,,\n${A},x,y`), right: [A] },
  { name: 'no heading at all', bytes: text(`Ann Lee,${A}\nBob Ray,${B}`), right: [A, B] },
  { name: 'one column', bytes: text(`email\n${A}\n${B}`), right: [A, B] },
  { name: 'addresses as mail programs copy them', bytes: text(`email\n"Ann Lee <ANN@Broken.example>"\nmailto:${B}`), right: [A, B] },
  { name: 'addresses that are none', bytes: text(`email\nann@@x.example\nann\n@x.example\nann@x\nann@x..example\n${A}`), right: [A], wrong: [[2, 'not an'], [3, 'not an'], [4, 'not an'], [5, 'not an'], [6, 'not an']] },
  { name: 'days with the day first, proven', bytes: text(`email,born\n${A},31/01/1990\n${B},01/31/1990`), mapping: ['email', 'custom.born'], right: [A], wrong: [[3, 'day first']] },
  { name: 'days with the month first, proven', bytes: text(`email,born\n${A},01/31/1990\nc@broken.example,02/28/1991\n${B},31/01/1990`), mapping: ['email', 'custom.born'], right: [A, 'c@broken.example'], wrong: [[4, 'month first']] },
  { name: 'days that do not exist', bytes: text(`email,born\n${A},31.12.1990\n${B},30.02.1990\nc@broken.example,soon`), mapping: ['email', 'custom.born'], right: [A], wrong: [[3, 'not a date'], [4, 'not a date']] },
  { name: 'decimal commas', bytes: text(`email;size\n${A};1.234,5\n${B};12,75\nc@broken.example;a lot`), mapping: ['email', 'custom.size'], right: [A, B], wrong: [[4, 'not a number']] },
  { name: 'a cell of 150,000 letters', bytes: text(`email,notes\n${A},${'x'.repeat(150_000)}\n${B},short`), right: [B], wrong: [[2, 'longer than a cell']] },
  { name: 'a row of three million letters', bytes: text(`email,notes\n${A},${'x,'.repeat(1_500_000)}\n${B},short`), right: [B], wrong: [[2, 'longer than a row']] },
  { name: 'a thousand columns', bytes: text(`email${',c'.repeat(1_000)}\n${A}${',1'.repeat(1_000)}`), right: [A] },
  { name: 'formulas in cells of text', bytes: text(`email,name\n${A},=HYPERLINK("http://x")\n=1+1,Bob`), right: [A], wrong: [[3, 'not an email']] },
  { name: 'half of an emoji', bytes: Buffer.concat([text(`email,name\n${A},`), Buffer.from([0xf0, 0x9f]), text(`\n${B},Bob`)]), right: [A, B] },
  { name: 'JSON', bytes: text(`[{"email": "${A}"}]`), right: [], refused: 'JSON' },
  { name: 'a web page named .xls', bytes: text(`<html><table><tr><td>${A}</td></tr></table></html>`), right: [], refused: 'web page' },
  { name: 'a PDF', bytes: text('%PDF-1.7 …'), right: [], refused: 'PDF' },
  { name: 'an old or locked workbook', bytes: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), right: [], refused: 'old Excel' },
  { name: 'gzip', bytes: Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]), right: [], refused: 'packed' },
  { name: "a program's file", bytes: Buffer.from(Array.from({ length: 3_000 }, (_byte, index) => (index % 27) + 1)), right: [], refused: 'no text' },
  { name: 'a workbook', bytes: book(rows(cells(inline('email'), inline('name')), cells(inline(A), inline('Ann')), cells(inline('nobody'), inline('Bob')))), right: [A], wrong: [[3, 'not an email']] },
  { name: 'a workbook with shared texts, gaps and days', bytes: book(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="4"><c r="A4" t="s"><v>2</v></c><c r="C4" s="1"><v>45000</v></c></row>`, { 'xl/sharedStrings.xml': `<sst><si><t>email</t></si><si><t>born</t></si><si><r><t>ann@</t></r><r><t>broken.example</t></r></si></sst>` }), mapping: ['email', 'ignore', 'custom.born'], right: [A] },
  { name: 'formula cells: with result, without, and failed', bytes: book(rows(cells(inline('email'), inline('name')), cells(`<c t="str"><f>A1</f><v>${A}</v></c>`, inline('Ann')), cells('<c><f>B1&amp;C1</f></c>', inline('Bob')), cells('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', inline('Cid')))), right: [A], wrong: [[3, 'without its result'], [4, 'failed']] },
  { name: 'a zip bomb: one sheet of spaces', bytes: book(' '.repeat(40_000_000)), right: [], refused: 'unpacks to far more' },
  { name: 'a zip bomb: shared texts', bytes: book(rows(inline('email'), inline(A)), { 'xl/sharedStrings.xml': `<sst>${'<si><t>aaaaaaaaaaaaaaaaaaaaaaaa</t></si>'.repeat(800_000)}</sst>` }), right: [], refused: 'unpacks to far more' },
  { name: 'a workbook that lies about its size', bytes: book(rows(inline('email'), inline(A)), {}, { size: 10 }), right: [], refused: 'damaged' },
  { name: 'a workbook cut in two', bytes: book(rows(inline('email'), inline(A))).subarray(0, 400), right: [], refused: 'damaged' },
  { name: 'a workbook with broken XML', bytes: book('<row><c></row>'), right: [], refused: 'damaged' },
  { name: 'a workbook with entities', bytes: zip({ 'xl/workbook.xml': BOOK, 'xl/worksheets/sheet1.xml': '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>' }), right: [], refused: 'damaged' },
  { name: 'a workbook whose sheet is empty', bytes: book(''), right: [], refused: 'first sheet' },
  { name: 'a zip that is no workbook', bytes: zip({ 'readme.txt': 'hello' }), right: [], refused: 'not a workbook' },
  { name: 'a vCard 4.0', bytes: card('VERSION:4.0', 'FN:Ann Lee', `EMAIL;PREF=1:${A}`, 'TEL:tel:+49-30-123456'), right: [A] },
  { name: 'a vCard 3.0, folded and escaped', bytes: card('VERSION:3.0', 'N:Lee;Ann;;;', `EMAIL;TYPE=INTERNET:ann@bro`, ' ken.example', 'NOTE:one\\, two\\nthree'), right: [A] },
  { name: 'a vCard 2.1, quoted-printable', bytes: card('VERSION:2.1', 'FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=FCrgen', `EMAIL;INTERNET:${A}`), right: [A] },
  { name: 'vCards, one without an end and one without an address', bytes: Buffer.concat([text(`BEGIN:VCARD\nFN:Ann\nEMAIL:${B}\n`), card('FN:Cid'), card(`EMAIL:${A}`)]), right: [A], wrong: [[1, 'no end'], [4, 'no email']] },
  { name: 'people by number and by name only', bytes: text('name,phone\nAnn Lee,+4930123456\nBob Ray,\n,'), withoutEmail: true, right: ['Ann Lee', 'Bob Ray'] },
  { name: 'an owner whom nobody knows', bytes: text(`email,owner\n${A},\n${B},stranger@elsewhere.example`), right: [A], wrong: [[3, 'no user']] },
]; // prettier-ignore

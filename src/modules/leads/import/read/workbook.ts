import type { Readable } from 'node:stream';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { NotImportable } from './not-importable.ts';
import { hasText, LONGEST_CELL, MOST_COLUMNS, type TableRecord } from './record.ts';

/**
 * XLSX, read as a stream: the archive by yauzl, its XML by saxes (docs/adr/0012-imports.md). What an archive unpacks to is
 * counted while it unpacks: neither the size that it declares nor its ratio is believed.
 */
export interface WorkbookLimits {
  /** Bytes that one part may unpack to. */
  readonly part: number;
  /** The same of the shared texts, which are kept in memory. */
  readonly texts: number;
  /** From this many bytes on a part may not be more than `ratio` times its packed size. */
  readonly suspectFrom: number;
  readonly ratio: number;
}

export const LIMITS: WorkbookLimits = { part: 1_000_000_000, texts: 200_000_000, suspectFrom: 10_000_000, ratio: 200 };

const BOMB = 'The workbook unpacks to far more than a list of people could be; save the sheet as CSV and import that';
const BROKEN = 'The workbook is damaged; open it in a spreadsheet, save it again and import the new file';

/** Rows of the first sheet that can be seen, batch by batch. @throws NotImportable */
export async function* workbookRows(bytes: Buffer, limits: WorkbookLimits = LIMITS): AsyncGenerator<TableRecord[]> {
  try {
    const archive = await Archive.open(bytes, limits);
    try {
      const book = await readBook(archive);
      yield* sheetRows(archive, book);
    } finally {
      archive.close();
    }
  } catch (error) {
    // yauzl, zlib and saxes say what is wrong in words for programmers.
    if (error instanceof NotImportable) throw error;
    throw new NotImportable(BROKEN, { cause: error });
  }
}

class Archive {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #limits: WorkbookLimits;
  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, limits: WorkbookLimits) {
    this.#zip = zip;
    this.#entries = entries;
    this.#limits = limits;
  }

  static async open(bytes: Buffer, limits: WorkbookLimits): Promise<Archive> {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false });
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= 10_000) throw new NotImportable(BOMB);
      entries.set(entry.fileName.toLowerCase(), entry);
    }
    return new Archive(zip, entries, limits);
  }

  close(): void {
    this.#zip.close();
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /** Text of a part as it unpacks. A part that is not there has none. */
  async *text(name: string, most: number = this.#limits.part): AsyncGenerator<string> {
    const entry = this.#entries.get(name.toLowerCase());
    if (entry === undefined) return;
    if (entry.isEncrypted()) throw new NotImportable('The workbook is protected by a password; save it without one and import that');
    const stream: Readable = await this.#zip.openReadStreamPromise(entry);
    const decoder = new TextDecoder();
    let size = 0;
    try {
      for await (const piece of stream) {
        size += piece.length;
        const { suspectFrom, ratio } = this.#limits;
        if (size > most || (size > suspectFrom && size > entry.compressedSize * ratio)) throw new NotImportable(BOMB);
        yield decoder.decode(piece, { stream: true });
      }
      yield decoder.decode();
    } finally {
      stream.destroy();
    }
  }

  texts(): AsyncGenerator<string> {
    return this.text('xl/sharedStrings.xml', this.#limits.texts);
  }
}

interface Handlers {
  open?(tag: SaxesTagPlain, name: string): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Names without their prefix: some programs write `x:row`. */
function parser(handlers: Handlers): SaxesParser<{ xmlns: false }> {
  const sax = new SaxesParser({ xmlns: false });
  const local = (name: string) => (name.includes(':') ? name.slice(name.indexOf(':') + 1) : name);
  sax.on('doctype', () => {
    throw new NotImportable(BROKEN); // entities have no business in a workbook
  });
  sax.on('error', (error) => {
    throw error;
  });
  sax.on('opentag', (tag) => handlers.open?.(tag, local(tag.name)));
  sax.on('closetag', (tag) => handlers.close?.(local(tag.name)));
  sax.on('text', (text) => handlers.text?.(text));
  sax.on('cdata', (text) => handlers.text?.(text));
  return sax;
}

async function parse(pieces: AsyncIterable<string>, handlers: Handlers): Promise<void> {
  const sax = parser(handlers);
  let any = false;
  for await (const piece of pieces) {
    any ||= piece !== '';
    sax.write(piece);
  }
  if (any) sax.close();
}

interface Book {
  readonly sheet: string;
  readonly texts: readonly string[];
  /** Of each cell style: does it show a day or a moment? */
  readonly dates: readonly boolean[];
  readonly since1904: boolean;
}

async function readBook(archive: Archive): Promise<Book> {
  if (!archive.has('xl/workbook.xml')) {
    const what = archive.has('content.xml') ? 'an OpenDocument file' : 'an archive, not a workbook';
    throw new NotImportable(`This is ${what}; save the sheet as XLSX or CSV and import that`);
  }
  let since1904 = false;
  let sheetId: string | null = null;
  await parse(archive.text('xl/workbook.xml'), {
    open(tag, name) {
      if (name === 'workbookPr') since1904 = /^(1|true)$/.test(tag.attributes['date1904'] ?? '');
      if (name === 'sheet' && sheetId === null && !/hidden/i.test(tag.attributes['state'] ?? ''))
        sheetId = tag.attributes['r:id'] ?? Object.entries(tag.attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? null;
    },
  });
  let sheet = 'xl/worksheets/sheet1.xml';
  await parse(archive.text('xl/_rels/workbook.xml.rels'), {
    open(tag, name) {
      const target = tag.attributes['Target'];
      if (name === 'Relationship' && tag.attributes['Id'] === sheetId && target !== undefined)
        sheet = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    },
  });
  if (!archive.has(sheet)) throw new NotImportable(BROKEN);
  return { sheet, since1904, texts: await sharedTexts(archive), dates: await dateStyles(archive) };
}

async function sharedTexts(archive: Archive): Promise<string[]> {
  const texts: string[] = [];
  let text = '';
  let inText = false;
  let phonetic = false;
  await parse(archive.texts(), {
    open(_tag, name) {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic = true;
      inText = name === 't' && !phonetic;
    },
    text(piece) {
      if (inText && text.length <= LONGEST_CELL) text += piece;
    },
    close(name) {
      if (name === 't') inText = false;
      if (name === 'rPh') phonetic = false;
      if (name === 'si') texts.push(text);
    },
  });
  return texts;
}

/** Number formats that Excel has built in for days and moments (ECMA-376 18.8.30). */
const builtInDate = (id: number) => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

async function dateStyles(archive: Archive): Promise<boolean[]> {
  const own = new Map<number, boolean>();
  const dates: boolean[] = [];
  let inCells = false;
  await parse(archive.text('xl/styles.xml'), {
    open(tag, name) {
      if (name === 'numFmt') {
        const code = (tag.attributes['formatCode'] ?? '').replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
        own.set(Number(tag.attributes['numFmtId']), /[ymdhs]/i.test(code));
      }
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) {
        const id = Number(tag.attributes['numFmtId'] ?? 0);
        dates.push(own.get(id) ?? builtInDate(id));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return dates;
}

async function* sheetRows(archive: Archive, book: Book): AsyncGenerator<TableRecord[]> {
  const rows = new SheetRows(book);
  const sax = parser(rows);
  for await (const piece of archive.text(book.sheet)) {
    sax.write(piece);
    const ready = rows.take();
    if (ready.length > 0) yield ready;
  }
  sax.close();
  yield rows.take();
}

class SheetRows implements Handlers {
  readonly #book: Book;
  #ready: TableRecord[] = [];
  #cells: string[] = [];
  #faults = new Map<number, string>();
  #line = 0;
  #column = -1;
  #type = 'n';
  #style = 0;
  #value = '';
  #hasValue = false;
  #formula = false;
  #taking = false;
  #phonetic = false;
  constructor(book: Book) {
    this.#book = book;
  }

  take(): TableRecord[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  open(tag: SaxesTagPlain, name: string): void {
    if (name === 'row') {
      this.#cells = [];
      this.#faults = new Map();
      this.#column = -1;
      const given = Number(tag.attributes['r']);
      this.#line = Number.isInteger(given) && given > this.#line ? given : this.#line + 1;
    } else if (name === 'c') {
      this.#column = columnOf(tag.attributes['r'] ?? '') ?? this.#column + 1;
      this.#type = tag.attributes['t'] ?? 'n';
      this.#style = Number(tag.attributes['s'] ?? 0);
      this.#value = '';
      this.#hasValue = false;
      this.#formula = false;
    } else if (name === 'f') this.#formula = true;
    else if (name === 'rPh') this.#phonetic = true;
    else if (name === 'v' || (name === 't' && !this.#phonetic)) {
      this.#taking = true;
      this.#hasValue = true;
    }
  }

  text(piece: string): void {
    if (this.#taking && this.#value.length <= LONGEST_CELL) this.#value += piece;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#taking = false;
    else if (name === 'rPh') this.#phonetic = false;
    else if (name === 'c') this.#cell();
    else if (name === 'row' && (hasText(this.#cells) || this.#faults.size > 0)) {
      const cells = Array.from(this.#cells, (cell) => cell ?? '');
      this.#ready.push({ cells, line: this.#line, ...(this.#faults.size === 0 ? {} : { faults: this.#faults }) });
    }
  }

  #cell(): void {
    const column = this.#column;
    if (column < 0 || column >= MOST_COLUMNS) return;
    const fault = this.#fault();
    if (fault !== null) this.#faults.set(column, fault);
    this.#cells[column] = fault === null ? this.#text() : this.#type === 'e' ? this.#value : '';
  }

  #fault(): string | null {
    if (this.#type === 'e') return 'is a formula that failed in the spreadsheet';
    if (this.#formula && !this.#hasValue) return 'is a formula without its result; open the workbook in a spreadsheet and save it';
    if (this.#value.length > LONGEST_CELL) return 'is longer than a cell can be';
    return null;
  }

  #text(): string {
    const { texts, dates, since1904 } = this.#book;
    if (this.#type === 's') return texts[Number(this.#value)] ?? '';
    if (this.#type === 'b') return this.#value === '1' ? 'true' : 'false';
    if (this.#type !== 'n' || this.#value === '') return this.#value;
    const number = Number(this.#value);
    if (!Number.isFinite(number)) return this.#value;
    if (dates[this.#style] === true) return dayOf(number, since1904) ?? this.#value;
    // 4.930123456E11 is a telephone number to people.
    return Number.isSafeInteger(number) ? String(number) : this.#value;
  }
}

/** `AB12` → 27; null when there is no reference. */
function columnOf(reference: string): number | null {
  const letters = /^[A-Z]{1,3}/i.exec(reference)?.[0];
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** A serial number of days as ISO 8601; Excel believes that 1900 was a leap year. Null when it is no day of a calendar. */
function dayOf(serial: number, since1904: boolean): string | null {
  const days = since1904 ? serial + 1_462 : serial;
  if (days < 0 || days > 2_958_466) return null;
  const date = new Date(Math.round((days < 60 ? days + 1 : days) * 86_400) * 1_000 - 2_209_161_600_000);
  const iso = date.toISOString();
  return Number.isInteger(days) ? iso.slice(0, 10) : iso.slice(0, 19);
}

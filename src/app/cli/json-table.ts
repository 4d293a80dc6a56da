import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '#core/operation/cli-flags.ts';

type Row = Readonly<Record<string, unknown>>;
/** An array is held in memory as a whole; JSON Lines are not. */
const MOST_BYTES = 200_000_000;

/** Whether a file begins like JSON. @throws UsageError it can't be read */
export async function isJson(path: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw new UsageError(`--from-file: cannot read ${path}; check the path`, { cause });
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return /^\ufeff?\s*(\{\s*["}]|\[\s*(\{|\]))/.test(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}

/**
 * A table of what a file of objects holds: an array of them, or one a line. Columns are the keys in the order in which they first appear; objects
 * inside become `address.city`, lists of plain values are joined by commas. Answers the path of the table.
 * @throws UsageError naming the line that is no object
 */
export async function tableOfJson(path: string, into: string): Promise<string> {
  const columns = new Set<string>();
  for await (const row of rowsOf(path)) for (const key of Object.keys(row)) columns.add(key);
  if (columns.size === 0) throw new UsageError(`--from-file: ${path} holds no objects with any keys`);
  const names = [...columns];
  const lines = async function* () {
    yield lineOf(names);
    for await (const row of rowsOf(path)) yield lineOf(names.map((name) => row[name]));
  };
  await pipeline(Readable.from(lines()), createWriteStream(into));
  return into;
}

async function* rowsOf(path: string): AsyncGenerator<Row> {
  const head = (await firstSign(path)) === '[' ? await wholeArray(path) : null;
  if (head !== null) {
    for (const [i, row] of head.entries()) yield flat(row, `entry ${i + 1} of ${path}`);
    return;
  }
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const text = line.replace(/^\ufeff/, '').trim();
    if (text !== '') yield flat(parse(text, `line ${number} of ${path}`), `line ${number} of ${path}`);
  }
}

async function firstSign(path: string): Promise<string> {
  for await (const chunk of createReadStream(path, { encoding: 'utf8', end: 64 }))
    return String(chunk)
      .replace(/^\ufeff/, '')
      .trimStart()
      .slice(0, 1);
  return '';
}

async function wholeArray(path: string): Promise<unknown[]> {
  const bytes = await readFile(path);
  if (bytes.length > MOST_BYTES) throw new UsageError(`${path} is one array of more than 200 MB; write an object a line (JSON Lines)`);
  const rows = parse(bytes.toString('utf8').replace(/^\ufeff/, ''), path);
  return Array.isArray(rows) ? rows : [];
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${where} is no JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

function flat(value: unknown, where: string): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${where} is no object such as {"email": "ann@acme.example"}`);
  const row: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (Array.isArray(member)) row[key] = member.every((one) => typeof one !== 'object') ? member.join(', ') : JSON.stringify(member);
    else if (typeof member === 'object' && member !== null)
      for (const [inner, deep] of Object.entries(flat(member, where))) row[`${key}.${inner}`] = deep;
    else row[key] = member;
  }
  return row;
}

function lineOf(values: readonly unknown[]): string {
  return `${values.map((value) => (value === null || value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`)).join(',')}\r\n`;
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isJson, tableOfJson } from './json-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-json-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function tableOf(text: string): Promise<unknown> {
  await writeFile(join(folder, 'in'), text);
  await tableOfJson(join(folder, 'in'), join(folder, 'out.csv'));
  return parse(await readFile(join(folder, 'out.csv')));
}

test('objects become a table, an object a line or all in one array; what is inside becomes columns of its own', async () => {
  const rows = [
    { email: 'ann@acme.test', name: 'Ann "A"', address: { city: 'Köln', zip: 50667 } },
    { email: 'bob@acme.test', tags: ['a', 'b'], notes: 'two\nlines', opted_out: true, phone: null },
  ];
  const expected = [
    ['email', 'name', 'address.city', 'address.zip', 'tags', 'notes', 'opted_out', 'phone'],
    ['ann@acme.test', 'Ann "A"', 'Köln', '50667', '', '', '', ''],
    ['bob@acme.test', '', '', '', 'a, b', 'two\nlines', 'true', ''],
  ];
  expect(await tableOf(`\ufeff${JSON.stringify(rows, null, 2)}`)).toEqual(expected);
  expect(await tableOf(rows.map((row) => JSON.stringify(row)).join('\n'))).toEqual(expected);
});

test('what is no object is told by its line; a table is no JSON', async () => {
  await expect(tableOf('{"email": "a@b.c"}\n"b@b.c"')).rejects.toThrow(/line 2 .* is no object/);
  await expect(tableOf('{"email": "a@b.c"}\n{"email"')).rejects.toThrow(/line 2 .* is no JSON/);
  await expect(tableOf('[]')).rejects.toThrow('no objects');
  await writeFile(join(folder, 'in'), '[Name],{Email}\nAnn,a@b.c');
  expect(await isJson(join(folder, 'in'))).toBe(false);
});

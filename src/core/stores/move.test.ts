import { readdir, readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, queryAs, testDatabase, type TestDatabase } from '#testing/database.ts';
import { hardRows, hashes, move, moveInChild } from '#testing/stores.ts';
import type { StorePlace } from '#testing/stores-child.ts';
import { migrate } from '../database/migrate.ts';
import { Conflict, Misconfigured } from '../errors.ts';
import { newId } from '../ids.ts';

const PEOPLE = 6_000;
const company = newId();
let folder: string;
let original: TestDatabase;
let places = 0;
/** What the first test made, for those after it. */
let json: StorePlace & { json: string };
let sqlite: StorePlace & { sqlite: string };
const copies: TestDatabase[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-stores-'));
  [json, sqlite] = [{ json: join(folder, 'json') }, { sqlite: join(folder, 'steward.db') }];
  original = await testDatabase();
  await queryAs(original.target, 'owner', hardRows(company, PEOPLE));
});
afterAll(async () => {
  await original.drop();
  for (const copy of copies) await copy.drop();
  await rm(folder, { recursive: true });
});

async function aDatabase() {
  const copy = await emptyDatabase();
  copies.push(copy);
  return { postgres: copy.target };
}

function aDirectory(): StorePlace {
  places += 1;
  return { json: join(folder, `other-${places}`) };
}

/** Moves in a process of its own that is killed in a table of so many rows, then here to the end. */
async function killed(from: StorePlace, to: StorePlace, dieAfter: number, meanwhile: () => Promise<unknown> = async () => undefined) {
  expect(await moveInChild({ from, to, resume: false, dieAfter })).toBe('SIGKILL');
  await expect(move(from, to)).rejects.toThrow(/--resume/);
  await meanwhile();
  return move(from, to, true);
}

test('from PostgreSQL over JSON and SQLite into PostgreSQL, every row has the hash that it had, though each move was killed on its way', async () => {
  const back = await aDatabase();
  const first = await killed({ postgres: original.target }, json, 5_000, () =>
    // A row of a table that had arrived already: the table is brought anew.
    queryAs(original.target, 'owner', `update companies set industry = 'Changed' where id = '${company}'`),
  );
  expect(first.resumed).toBeGreaterThanOrEqual(5_000);
  expect(hashes(first.tables)).toMatchObject({ people: expect.stringMatching(`^${PEOPLE} `), import_chunks: expect.stringMatching('^3 ') });
  const second = await killed(json, sqlite, 5_000);
  expect(hashes(second.tables)).toEqual(hashes(first.tables));
  const third = await killed(sqlite, back, PEOPLE, async () => {
    // No Steward starts on what is half there, and nobody takes it for a source.
    await expect(migrate(back.postgres)).rejects.toThrow(/--resume/);
    await expect(move(back, aDirectory())).rejects.toThrow(/not whole/);
  });
  expect(hashes(third.tables)).toEqual(hashes(first.tables));

  // What PostgreSQL itself says of the two.
  const digest = `select md5(string_agg(t::text, '|' order by t::text)) as it from (select c.*, (select count(*) from people) as n from companies c union all select c.*, 0 from companies c) t
    union all select md5(string_agg(r::text, '|' order by r::text)) from alert_rules r union all select md5(string_agg(a::text, '|' order by a::text)) from alert_recipients a
    union all select md5(string_agg(i::text, '|' order by i::text)) from import_chunks i`;
  expect(await queryAs(back.postgres, 'owner', digest)).toEqual(await queryAs(original.target, 'owner', digest));

  // Whole again: references are checked, row-level security stands, and it is another installation, held.
  const nobody = `insert into leads (id, company_id, person_id) values ('${newId()}', '${company}', '${newId()}')`;
  await expect(queryAs(back.postgres, 'owner', nobody)).rejects.toMatchObject({ code: '23503' });
  await expect(queryAs(back.postgres, 'owner', `delete from companies where id = '${newId()}'`)).resolves.toEqual([]);
  expect(await queryAs(back.postgres, 'app', 'select from people limit 1')).toEqual([]);
  const identity = 'select i.id, i.held_because, i.restored_from from steward_instance i';
  const [was, is] = [await queryAs<{ id: string }>(original.target, 'owner', identity), await queryAs(back.postgres, 'owner', identity)];
  expect(is).toMatchObject([{ held_because: 'restored', restored_from: was[0]?.id }]);
  expect(await migrate(back.postgres)).toEqual([]);
  expect(await queryAs(back.postgres, 'owner', `select industry from companies where id = '${company}'`)).toEqual([
    { industry: 'Changed' },
  ]);
});

test('JSON files are what any program reads: one object a line, numbers, booleans, lists and ISO times', async () => {
  const lines = async (name: string) =>
    (await readFile(join(json.json, name), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
  expect((await lines('companies.ndjson')).find(({ id }) => id === company)).toMatchObject({
    name: 'Tab\tLine\nSlash\\N \u2028 "é" 𝄞',
    created_at: '2026-01-02T03:04:05.678901Z',
    settings: { bb: 1.5, '10': 1e-7 },
    industry: 'Changed',
  });
  expect(await lines('alert_recipients.ndjson')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kinds: ['', 'null', 'NULL', 'a,b', '{}', 'q"\\', ' x ', '\t', 'plain'] }),
      expect.objectContaining({ kinds: [null, 'x'] }),
    ]),
  );
  expect((await readdir(json.json)).filter((name) => !name.endsWith('.ndjson'))).toEqual(['manifest.json']);
});

test('a place that holds anything stays as it is; a store that was changed, or was never one, is told from a whole one', async () => {
  await expect(move({ postgres: original.target }, sqlite, true)).rejects.toThrow(Conflict);
  await expect(move(sqlite, { postgres: original.target })).rejects.toThrow('holds companies');
  const { DatabaseSync } = await import('node:sqlite');
  const file = new DatabaseSync(sqlite.sqlite);
  file.exec(`update people set full_name = 'Somebody else' where rowid = 7`);
  file.close();
  await expect(move(sqlite, aDirectory())).rejects.toThrow(/people is damaged/);
  const foreign = join(folder, 'foreign.db');
  new DatabaseSync(foreign).exec('create table leads (name text)');
  await expect(move({ sqlite: foreign }, aDirectory())).rejects.toThrow(Misconfigured);
  await writeFile(join(folder, 'text.db'), 'no database at all');
  await expect(move({ sqlite: join(folder, 'text.db') }, aDirectory())).rejects.toThrow(/no store that Steward wrote/);
  await expect(move({ json: join(folder, 'nowhere') }, aDirectory())).rejects.toThrow(/There is no/);
});

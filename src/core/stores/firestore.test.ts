import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contractsFolder } from '#testing/contract.ts';
import { emptyDatabase, queryAs, testDatabase, type TestDatabase } from '#testing/database.ts';
import { emptyEmulator, emulatorUrl, fakeFirestore } from '#testing/firestore.ts';
import { hardRows, hashes, move, moveInChild } from '#testing/stores.ts';
import { newId } from '../ids.ts';

const PEOPLE = 700;
const company = newId();
let original: TestDatabase;
beforeAll(async () => {
  original = await testDatabase();
  await queryAs(original.target, 'owner', hardRows(company, PEOPLE));
});
afterAll(() => original.drop());

const emulator = emulatorUrl();
// Not a skipped test: the same way is gone with the fake. But whoever reads the output must know.
if (emulator === null) console.warn('No real Firestore emulator was asked: FIRESTORE_EMULATOR_HOST is not set, and only the fake answered');

test('what is written to Firestore comes back to the letter, and every request is one that its contract knows', async () => {
  const firestore = await fakeFirestore();
  const folder = await mkdtemp(join(tmpdir(), 'steward-firestore-'));
  const there = { firestore: firestore.url };
  try {
    const first = await move({ postgres: original.target }, there);
    await expect(move({ postgres: original.target }, there, true)).rejects.toThrow('holds a whole store');
    const second = await move(there, { sqlite: join(folder, 'back.db') });
    expect(hashes(second.tables)).toEqual(hashes(first.tables));
    expect(hashes(second.tables)).toMatchObject({
      people: expect.stringMatching(`^${PEOPLE} `),
      import_chunks: expect.stringMatching('^3 '),
    });
    expect(firestore.faults() ?? []).toEqual([]);
    // The contract is not blind.
    await fetch(`${firestore.url}/v1/projects/demo/databases/(default)/documents:commit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ writes: [{ updated: { name: 'n', fields: { n: { intValue: 1 } } } }] }),
    });
    if (contractsFolder() !== undefined) expect(firestore.faults()).not.toEqual([]);
  } finally {
    await firestore.close();
    await rm(folder, { recursive: true });
  }
});

test.each(emulator === null ? [] : [emulator])(
  'on the real emulator at %s, from PostgreSQL into Firestore and back, killed on both ways, every row has the hash that it had',
  { timeout: 600_000 },
  async (url) => {
    const back = await emptyDatabase();
    await emptyEmulator(url);
    const [there, database] = [{ firestore: url }, { postgres: original.target }];
    try {
      expect(await moveInChild({ from: database, to: there, resume: false, dieAfter: PEOPLE })).toBe('SIGKILL');
      await expect(move(there, { postgres: back.target })).rejects.toThrow('not whole');
      const first = await move(database, there, true);
      expect(first.resumed).toBeGreaterThanOrEqual(PEOPLE);
      expect(await moveInChild({ from: there, to: { postgres: back.target }, resume: false, dieAfter: 600 })).toBe('SIGKILL');
      const second = await move(there, { postgres: back.target }, true);
      expect(hashes(second.tables)).toEqual(hashes(first.tables));
      const wide = `select octet_length(bytes) as n from import_chunks order by 1 desc limit 1`;
      expect(await queryAs(back.target, 'owner', wide)).toEqual(await queryAs(original.target, 'owner', wide));
      process.stdout.write(
        `${second.tables
          .filter(({ rows }) => rows > 0)
          .map(({ name, rows, hash }) => `${name} ${rows} ${hash} equal`)
          .join('\n')}\n`,
      );
    } finally {
      await back.drop();
    }
  },
);

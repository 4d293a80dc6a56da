import { expect, test } from 'vitest';
import { OwnVersions } from './own-versions.ts';

/** A row on a server that refuses what was not made of its version. */
function server() {
  let version = 1;
  let open = Promise.withResolvers<void>();
  open.resolve();
  return {
    asked: [] as string[],
    hold: () => (open = Promise.withResolvers<void>()),
    changedByAnother: () => (version += 1),
    async write(given: string) {
      this.asked.push(given);
      await open.promise;
      if (given !== `v${version}`) throw new Error('version_changed');
      version += 1;
      return { updated_at: `v${version}` };
    },
  };
}

test('a second change, made while the first is on its way, is made on what the first one left', async () => {
  const own = new OwnVersions();
  const row = server();
  const held = row.hold();
  const both = Promise.all([1, 2].map(() => own.write('row', 'v1', (version) => row.write(version))));
  await Promise.resolve();
  held.resolve();
  await both;
  expect(row.asked).toEqual(['v1', 'v2']);
});

test('a page that still shows an older version of its own makes no conflict of it; what others changed is one', async () => {
  const own = new OwnVersions();
  const row = server();
  const write = () => own.write('row', 'v1', (version) => row.write(version));
  await write();
  await write();
  await write();
  row.changedByAnother();
  await expect(write()).rejects.toThrow('version_changed');
  expect(row.asked).toEqual(['v1', 'v2', 'v3', 'v4']);
});

test('one that was refused holds nobody up, and rows know nothing of each other', async () => {
  const own = new OwnVersions();
  const [row, other] = [server(), server()];
  await expect(own.write('row', 'v0', (version) => row.write(version))).rejects.toThrow('version_changed');
  await own.write('row', 'v1', (version) => row.write(version));
  await own.write('other', 'v1', (version) => other.write(version));
  expect([row.asked, other.asked]).toEqual([['v0', 'v1'], ['v1']]);
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Seen = z.object({ instance: z.string(), epoch: z.number().int(), ticks: z.number().int() });
export type Seen = z.output<typeof Seen>;

const fileOf = (home: string) => join(home, 'seen.json');

/** The furthest this home has seen its database. Null: nothing is known, or it can't be read, which is the same. */
export async function readSeen(home: string): Promise<Seen | null> {
  const text = await readFile(fileOf(home), 'utf8').catch(() => '');
  try {
    const parsed = Seen.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Not flushed: after a power cut an older one stands there, which says less and nothing wrong. */
export async function writeSeen(home: string, seen: Seen): Promise<void> {
  await writeFile(fileOf(home), JSON.stringify(seen), { mode: 0o600 }).catch(() => undefined);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { snapshotOf, writeDaily, type DailyPlace, type Snapshot } from '#modules/deals/public.ts';
import { title } from './report.ts';

/**
 * `node bench/kills.ts [times] [snapshot|sync]`: the daily snapshot, and the sync of a CRM, killed that many times at random instants, 30 unless told; in the end each must be equal to one
 * that nobody killed. The sync is the test of src/modules/sync/crash.test.ts in its long form.
 */
const KILLS = Number(process.argv[2] ?? 30);
/** Both unless one is named. */
const ONLY = process.argv[3];
const DEALS = 3_000;
const BEGAN = Date.UTC(2026, 0, 1);

if (process.argv[2] === 'write') await writeForEver(placeOf(process.argv[3] ?? ''), Number(process.argv[4]));

const folder = await mkdtemp(join(tmpdir(), 'steward-kills-'));
try {
  if (ONLY !== 'sync') await killSnapshots();
} finally {
  await rm(folder, { recursive: true });
}
if (ONLY !== 'snapshot') await killSync();

function placeOf(directory: string): DailyPlace {
  return { directory, cache: join(directory, 'sales_cache') };
}

function aSnapshot(at: Date): Snapshot {
  const leads = Array.from({ length: DEALS }, (_, n) => ({
    id: `lead-${n}`,
    name: `Deal ${n}`,
    company: `Firm ${n % 300}`,
    stage: n % 3 === 0 ? 'Closed Won' : 'Proposal',
    value: 100 + n,
    probability: 0.5,
    owner: `Seller ${n % 7}`,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    status: n % 3 === 0 ? ('won' as const) : ('open' as const),
  }));
  return snapshotOf(leads, 'steward', at);
}

/** In a process of its own, to be killed: one snapshot after the other, a second apart by their names. */
async function writeForEver(place: DailyPlace, from: number): Promise<never> {
  for (let n = from; ; n += 1) {
    const at = new Date(BEGAN + n * 1_000);
    await writeDaily(place, aSnapshot(at), at);
    if (n === from) process.stdout.write('works\n');
  }
}

async function killSnapshots(): Promise<void> {
  const [killed, clean] = [placeOf(join(folder, 'killed')), placeOf(join(folder, 'clean'))];
  let [read, drafts] = [0, 0];
  for (let n = 0; n < KILLS; n += 1) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), 'write', killed.directory, String(n * 100_000)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }); // prettier-ignore
    const gone = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), gone]);
    await sleep(Math.random() * 100);
    child.kill('SIGKILL');
    await gone;
    // Whatever a reader finds is whole.
    for (const directory of [killed.directory, killed.cache])
      for (const name of await readdir(directory)) {
        if (name.endsWith('.part')) drafts += 1;
        if (!name.endsWith('.json')) continue;
        const { timestamp, sales_pipeline_summary: summary } = JSON.parse(await readFile(join(directory, name), 'utf8'));
        if (timestamp === undefined && summary === undefined) throw new Error(`${name} is no snapshot`);
        read += 1;
      }
  }
  const at = new Date(BEGAN + 100 * 86_400_000);
  for (const place of [killed, clean]) await writeDaily(place, aSnapshot(at), at);
  const [one, other] = [await everything(killed), await everything(clean)];
  title('the daily snapshot, killed', `${KILLS} times at random instants, ${DEALS} deals each`);
  console.log(`  ${read} files read after the kills, each whole; ${drafts} drafts seen on the way`);
  if (one !== other) throw new Error('what is there in the end is not what a clean run leaves');
  console.log('  in the end: the files of a clean run, byte by byte, and nothing beside them');
}

/** Names and contents of all that is there. */
async function everything({ directory, cache }: DailyPlace): Promise<string> {
  const texts: string[] = [];
  for (const folderOf of [directory, cache])
    for (const entry of (await readdir(folderOf, { withFileTypes: true })).toSorted((a, b) => a.name.localeCompare(b.name)))
      if (entry.isFile()) texts.push(entry.name, await readFile(join(folderOf, entry.name), 'utf8'));
  return texts.join('\n');
}

async function killSync(): Promise<void> {
  title('the sync of a CRM, killed', `${KILLS} times at random instants`);
  const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'server', 'src/modules/sync/crash.test.ts'], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, SYNC_KILLS: String(KILLS) },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('the sync that was killed is not the one that nobody killed');
}

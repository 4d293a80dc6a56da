import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { joinCluster } from '#core/database/cluster.ts';
import { migrate } from '#core/database/migrate.ts';
import { clientConfig } from '#core/database/target.ts';

/**
 * `node bench/stores.ts [rows]`: that many people from PostgreSQL into JSON files, into SQLite and back into another PostgreSQL by `steward data migrate`, each in a
 * process of its own: rows a second, every row compared, and the most memory that the process ever had. A tenth of the rows first: memory must not grow with them.
 */
const ROWS = Number(process.argv[2] ?? 1_000_000);

const folder = await mkdtemp(join(tmpdir(), 'steward-bench-stores-'));
try {
  for (const rows of [Math.round(ROWS / 10), ROWS]) await measure(rows, join(folder, String(rows)));
} finally {
  await rm(folder, { recursive: true });
}

async function measure(rows: number, at: string): Promise<void> {
  await fill(rows, join(at, 'home'));
  const stores = [`steward:${at}/home`, `json:${at}/json`, `sqlite:${at}/store.db`, `steward:${at}/back`];
  let hash: string | null = null;
  for (let i = 1; i < stores.length; i += 1) {
    const [from = '', to = ''] = stores.slice(i - 1, i + 1);
    const moved = await move(from, to, join(at, 'home'));
    const people = moved.answer.tables.find(({ table }) => table === 'people');
    if (people?.rows !== rows || (hash ?? people.hash) !== people.hash)
      throw new Error(`${to}: ${JSON.stringify(people)} is not ${rows} rows of ${hash}`);
    ({ hash } = people);
    const [kind] = to.split(':');
    console.log(
      `${String(moved.answer.rows).padStart(9)} rows into ${(kind === 'steward' ? 'PostgreSQL' : (kind ?? '')).padEnd(10)} ${moved.answer.seconds.toFixed(1).padStart(7)} s ${Math.round(
        moved.answer.rows / moved.answer.seconds,
      )
        .toString()
        .padStart(8)} rows/s copied and compared, peak ${Math.round(moved.peakMb)} MB, people ${hash}`,
    );
  }
}

async function fill(rows: number, home: string): Promise<void> {
  const cluster = await joinCluster({ home, web: true, durable: false });
  try {
    await migrate(cluster.target);
    const client = new Client(clientConfig(cluster.target, 'owner', 'bench'));
    await client.connect();
    await client.query(`with c as (insert into companies (id, name) values (gen_random_uuid(), 'Bench') returning id)
      insert into people (id, company_id, full_name, custom, created_at) select gen_random_uuid(), c.id, 'Person ' || n, jsonb_build_object('n', n, 'note', repeat('x', n % 80)), now() from c, generate_series(1, ${rows}) n`);
    await client.end();
  } finally {
    await cluster.leave();
  }
}

interface Answer {
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly hash: string }[];
  readonly rows: number;
  readonly seconds: number;
}

async function move(from: string, to: string, home: string): Promise<{ readonly answer: Answer; readonly peakMb: number }> {
  // Says on its way out how much memory it had at most.
  const peak = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))`;
  const cli = join(import.meta.dirname, '../src/app/cli.ts');
  const child = spawn(process.execPath, ['--import', peak, cli, 'data', 'migrate', '--from', from, '--to', to, '--json'], {
    env: { ...process.env, STEWARD_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(err);
  return { answer: JSON.parse(out), peakMb: Number(/peak (\d+)/.exec(err)?.[1] ?? 0) / 1024 };
}

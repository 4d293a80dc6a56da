import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import pg from 'pg';
import { median, row, title } from './report.ts';
import { startSteward, type StewardProcess } from './steward-process.ts';

/**
 * Listing 50 leads and creating a lead through the production path (rights, row-level security, audit, outbox), against
 * the hand-written server of baseline.ts on the same PostgreSQL. In turn, so that a drifting machine hits both.
 */
const CONNECTIONS = 10;
const WARM_UP_SECONDS = 2;
let sequence = 0;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const steward = await startSteward({ ROLE: 'web' });
const database = await ownerDatabase(steward);
const company = await database.query<{ id: string }>('select id from companies limit 1');
const companyId = company.rows[0]?.id ?? '';
const baseline = await startBaseline(steward, companyId);
try {
  const bearer = { authorization: `Bearer ${await steward.token()}` };
  const byHand = { authorization: 'Bearer baseline' };

  const made = await rounds(
    (seconds) => load(`${steward.url}/api/lead-nurturing/leads`, bearer, newLead('steward'), seconds),
    (seconds) => load(`${baseline.url}/leads`, byHand, newLead('hand'), seconds),
    (seconds) => load(`${baseline.url}/bare`, byHand, newLead('bare'), seconds),
  );
  title('create a lead', `${CONNECTIONS} connections, ${ROUNDS} × ${SECONDS} s each, in turn`);
  compare(made);
  row('one bare INSERT by hand', made.bare);
  await printRows(database, companyId);

  await database.query('vacuum analyze people, leads, person_emails');
  const listed = await rounds(
    (seconds) => load(`${steward.url}/api/lead-nurturing/leads?limit=50`, bearer, undefined, seconds),
    (seconds) => load(`${baseline.url}/leads`, byHand, undefined, seconds),
  );
  title('list 50 leads', `${CONNECTIONS} connections, ${ROUNDS} × ${SECONDS} s each, in turn`);
  compare(listed);
} finally {
  baseline.child.kill('SIGTERM');
  await database.end();
  await steward.stop();
}

function newLead(who: string): () => string {
  return () =>
    JSON.stringify({ name: `Lead ${++sequence}`, email: `lead-${who}-${process.pid}-${sequence}@example.test`, source: 'bench' });
}

async function load(url: string, headers: Record<string, string>, body?: () => string, seconds = SECONDS): Promise<Figures> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      body === undefined
        ? { method: 'GET', headers }
        : {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            setupRequest: (request) => ({ ...request, body: body() }),
          },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

interface Rounds {
  readonly ours: Figures[];
  readonly hand: Figures[];
  readonly bare: Figures[];
}

type Measure = (seconds?: number) => Promise<Figures>;

async function rounds(ours: Measure, hand: Measure, bare?: Measure): Promise<Rounds> {
  const result: Rounds = { ours: [], hand: [], bare: [] };
  // Both sides compile their code and plans first; that is not what is measured.
  await ours(WARM_UP_SECONDS);
  await hand(WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round++) {
    result.ours.push(await ours());
    result.hand.push(await hand());
    if (bare !== undefined) result.bare.push(await bare());
  }
  return result;
}

function compare({ ours, hand }: Rounds): void {
  row('Steward', ours);
  row('by hand', hand);
  const ratios = ours.map((figures, index) => figures.perSecond / (hand[index]?.perSecond ?? Number.NaN));
  console.log(
    `  ratio Steward / by hand    ${median(ratios).toFixed(2)}   (rounds: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
  );
}

/** Which rows one creation wrote, on each side. */
async function printRows(database: pg.Client, companyId: string): Promise<void> {
  const { rows } = await database.query<{ table_name: string; ours: string; hand: string }>(
    `with made as (select l.id, p.id as person_id, p.email, p.email like 'lead-steward-%' as ours from leads l join people p on p.id = l.person_id where l.company_id = $1)
     select 'people' as table_name, count(*) filter (where ours) ours, count(*) filter (where not ours) hand from made
     union all select 'leads', count(*) filter (where ours), count(*) filter (where not ours) from made
     union all select 'person_emails', count(*) filter (where email like 'lead-steward-%'), count(*) filter (where email like 'lead-hand-%') from person_emails
     union all select 'audit_log', count(*) filter (where ours), count(*) filter (where not ours) from audit_log a join made m on m.id::text = a.subject_id::text
     union all select 'outbox', count(*) filter (where ours), count(*) filter (where not ours) from outbox o join made m on m.id::text = o.subject_id::text`,
    [companyId],
  );
  console.log(`  rows written (Steward / by hand): ${rows.map((found) => `${found.table_name} ${found.ours} / ${found.hand}`).join(', ')}`);
}

async function ownerDatabase(process: StewardProcess): Promise<pg.Client> {
  const { host, port, name } = await socketOf(process.home);
  const client = new pg.Client({ host, port, database: name, user: 'steward_owner' });
  await client.connect();
  return client;
}

async function socketOf(home: string): Promise<{ host: string; port: number; name: string }> {
  const { directory }: { directory: string } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8'));
  const lines = (await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n'); // line 4 is the port, 5 the socket directory
  return { host: lines[4] ?? '', port: Number(lines[3]), name: 'steward' };
}

async function startBaseline(process_: StewardProcess, companyId: string) {
  const { host, port, name } = await socketOf(process_.home);
  const file = fileURLToPath(new URL('./baseline.ts', import.meta.url));
  const child = spawn(process.execPath, [file, host, String(port), companyId, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface(child.stdout), 'line');
  return { child, url: String(url) };
}

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { fakeHubSpotCrm, type FakeHubSpotCrm } from '#testing/vendors/hubspot-crm.ts';
import { cpuSeconds } from './cpu.ts';
import { ownerOf } from './owner.ts';
import { title } from './report.ts';
import { startSteward } from './steward-process.ts';

/**
 * The first load of a CRM, through a vendor that is busy (429), broken (502, cut connections), serves pages twice and is edited while it is read; compared
 * record by record with what the vendor holds in the end. Then the same once more: it must write nothing.
 */
const CONTACTS = Number(process.env['BENCH_SYNC_CONTACTS'] ?? 100_000);
const EDITS_A_PAGE = 3;

const vendor = await fakeHubSpotCrm({ check: false, repeatEvery: 17 });
for (let i = 0; i < CONTACTS; i += 1)
  vendor.put({
    firstname: `Anna${i}`,
    lastname: 'Müller',
    email: `anna.${i}@firm${i % 5_000}.example`,
    phone: `+4930${1_000_000 + i}`,
    company: `Firm ${i % 2_000}`,
  });
vendor.clock += 3_600_000;
trouble(vendor);
const steward = await startSteward();
const owner = await ownerOf(steward.home);
try {
  const ask = caller(steward.url, await steward.token());
  const connection = await ask('POST', '/api/connections', {
    connector: 'hubspot_crm',
    base_url: vendor.url,
    credentials: { access_token: 'pat-of-the-bench' },
    limit: { requests: 10_000, seconds: 1 },
  });
  const source = await ask('POST', '/api/sources', {
    connection_id: connection.id,
    object: 'contacts',
    kind: 'people',
    every_minutes: null,
    mapping: [['firstname', 'first_name'], ['lastname', 'last_name'], ['email', 'email'], ['phone', 'phone'], ['company', 'organisation']].map(([from, to]) => ({ from, to })),
  }); // prettier-ignore
  const idle = await residentMegabytes(steward.child.pid ?? 0);
  const before = await cpuSeconds(steward.child.pid ?? 0);
  const first = await runOnce(ask, source.id);
  const processor = (await cpuSeconds(steward.child.pid ?? 0)) - before;
  const wrong = await differences(owner, vendor);
  vendor.afterPage = null;
  const written = await versions(owner);
  const again = await runOnce(ask, source.id);
  const rewritten = (await versions(owner)).filter((row, index) => row !== written[index]).length;

  title(
    'first load of a CRM',
    `${CONTACTS} contacts at a vendor with 429s, 502s, cut connections, pages served twice and ${EDITS_A_PAGE} edits a page`,
  );
  const line = (name: string, run: typeof first) =>
    console.log(
      `  ${name.padEnd(12)} ${(run.done.read / run.seconds).toFixed(0).padStart(6)} records/s  ${run.seconds.toFixed(1)} s  ${run.megabytes} MB at most (${idle} before)  ` +
        `${run.done.created} new, ${run.done.changed} changed, ${run.done.unchanged} unchanged, ${run.done.refused} refused; progress seen ${run.seen} times`,
    );
  line('everything', first);
  line('again', again);
  console.log(`  ${((processor / first.done.read) * 1e6).toFixed(0)} µs of processor a record, PostgreSQL's included`);
  console.log(`  people that differ from the vendor's contacts: ${wrong}; rows written by the second run: ${rewritten}`);
} finally {
  await owner.end();
  await steward.stop();
  await vendor.close();
}

/** One request in nine is answered badly; pages are edited behind the reader's back. */
function trouble(crm: FakeHubSpotCrm): void {
  crm.chaos = (request, n) => {
    if (!request.path.includes('/objects/')) return undefined;
    // What is edited while everything is read is in the same run; after that the vendor rests, so that both sides can be compared.
    if (request.path.endsWith('/search')) crm.afterPage = null;
    if (n % 9 === 3) return { status: 429, headers: { 'retry-after': '0' }, body: { message: 'slow down' } };
    if (n % 9 === 6) return { status: 502, body: 'bad gateway' };
    return n % 31 === 0 ? 'cut' : undefined;
  };
  let edited = 0;
  crm.afterPage = () => {
    for (let i = 0; i < EDITS_A_PAGE; i += 1) {
      edited += 1;
      crm.put({ lastname: `Edited${edited}` }, String(1_001 + ((edited * 7_919) % CONTACTS)));
    }
    // somebody is added at the end while we read
    if (edited % 300 === 0) crm.put({ firstname: 'Late', email: `late.${edited}@firm.example` });
    if (edited > CONTACTS / 10) crm.afterPage = null;
  };
}

// oxlint-disable-next-line typescript/no-explicit-any -- JSON of the API, used field by field
type Json = any;
type Ask = (method: string, path: string, body?: object) => Promise<Json>;

function caller(url: string, token: string): Ask {
  return async (method, path, body) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return reply.json();
  };
}

async function runOnce(ask: Ask, sourceId: string): Promise<{ seconds: number; megabytes: number; seen: number; done: Json }> {
  const begun = performance.now();
  await ask('POST', `/api/sources/${sourceId}/run`, {});
  let [megabytes, seen, last] = [0, 0, -1];
  for (;;) {
    await sleep(250);
    megabytes = Math.max(megabytes, await residentMegabytes(steward.child.pid ?? 0));
    const { items } = await ask('GET', `/api/sources/${sourceId}/runs?limit=1`);
    const [run] = items;
    if (run.read !== last) seen += 1;
    last = run.read;
    if (run.state === 'failed') throw new Error(run.error);
    if (run.state === 'done') return { seconds: (performance.now() - begun) / 1_000, megabytes, seen, done: run };
  }
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

/** Contacts whose person here is not as the vendor has it, or is missing, or is there twice. */
async function differences(client: Client, crm: FakeHubSpotCrm): Promise<number> {
  const { rows } = await client.query<{ id: string; email: string; name: string; phone: string | null }>(
    'select l.external_id as id, p.email, p.full_name as name, p.phone from sync_links l join people p on p.id = l.person_id',
  );
  const { rows: all } = await client.query<{ n: number }>('select count(*)::int as n from people');
  const here = new Map(rows.map((row) => [row.id, row]));
  let wrong = Math.abs((all[0]?.n ?? 0) - crm.contacts.size);
  for (const contact of crm.contacts.values()) {
    const { firstname, lastname, email, phone } = contact.properties;
    const person = here.get(contact.id);
    const name = [firstname, lastname].filter(Boolean).join(' ');
    if (person === undefined || person.email !== email || person.name !== name || (phone !== undefined && person.phone !== phone))
      wrong += 1;
  }
  return wrong;
}

/** The version of every row that a sync may write. */
async function versions(client: Client): Promise<string[]> {
  const tables = ['people', 'person_emails', 'organisations', 'consent_log', 'sync_links', 'sync_refusals', 'sync_conflicts', 'outbox'];
  const found: string[] = [];
  for (const table of tables) {
    const { rows } = await client.query<{ v: string }>(
      `select md5(string_agg(t.xmin::text || t.ctid::text, ',' order by t.ctid)) || count(*) as v from ${table} t`,
    );
    found.push(`${table} ${rows[0]?.v ?? ''}`);
  }
  return found;
}

import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Client } from 'pg';
import { cpuSeconds } from './cpu.ts';
import { ownerOf } from './owner.ts';
import { title } from './report.ts';
import { startSteward, type StewardProcess } from './steward-process.ts';

/**
 * A million rows from a CSV into people, addresses, leads and consent, through the API, as a person does it: normalised,
 * de-duplicated (one row of twenty is somebody who was there before), one of three with consent, one of a hundred an opt-out.
 * Beside it the same file by a raw COPY into a table without an index. Then the same file once more: it must write nothing.
 */
const ROWS = Number(process.env['BENCH_IMPORT_ROWS'] ?? 1_000_000);
const PART = 4 * 1_048_576;

const file = join(tmpdir(), `steward-bench-import-${process.pid}.csv`);
await makeFile(file);
const steward = await startSteward();
const owner = await ownerOf(steward.home);
try {
  const ask = caller(steward, await steward.token());
  const copied = await rawCopy(owner);
  const before = await cpuSeconds(steward.child.pid ?? 0);
  const first = await importOnce(ask);
  const processor = (await cpuSeconds(steward.child.pid ?? 0)) - before;
  const written = await lastWrite(owner);
  const again = await importOnce(ask);
  const writtenAgain = (await lastWrite(owner)).filter((count, index) => count !== written[index]).length;

  title('import of a CSV file', `${ROWS} rows, people + addresses + leads + consent, PostgreSQL with fsync on`);
  const line = (name: string, seconds: number, more: string) =>
    console.log(`  ${name.padEnd(26)} ${(ROWS / seconds).toFixed(0).padStart(7)}/s   ${seconds.toFixed(1)} s   ${more}`);
  line(
    'Steward',
    first.seconds,
    `${first.megabytes} MB at most, ${((processor / ROWS) * 1e6).toFixed(0)} µs of processor a row (PostgreSQL's included)`,
  );
  line('raw COPY, no index', copied, '');
  line('Steward, same file again', again.seconds, `${again.megabytes} MB at most, tables written: ${writtenAgain}`);
  console.log(`  ratio Steward / raw COPY   ${(copied / first.seconds).toFixed(3)}`);
  console.log(`  first: ${sentence(first.done)}; again: ${sentence(again.done)}`);
} finally {
  await owner.end();
  await steward.stop();
  await rm(file, { force: true });
}

// oxlint-disable-next-line typescript/no-explicit-any -- JSON of the API, used field by field
type Json = any;
type Ask = (method: string, path: string, body?: object) => Promise<Json>;

function sentence(done: Json): string {
  return `${done.created} new, ${done.merged} merged, ${done.unchanged} of them unchanged, ${done.opt_outs_kept} opt-outs kept, ${done.refused} refused`;
}

function caller({ url }: StewardProcess, token: string): Ask {
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

async function makeFile(path: string): Promise<void> {
  const out = createWriteStream(path);
  out.write('Full Name;E-Mail;Phone;Company;Notes;Consent;Consent date;Unsubscribed\n');
  for (let row = 0; row < ROWS; row++) {
    const who = row % 20 === 19 ? row - 19 : row;
    const consent = row % 3 === 0 ? `yes;${String((row % 28) + 1).padStart(2, '0')}.05.2026` : ';';
    const line = `Anna${who} Müller ; Anna.${who}@Firm${who % 5_000}.Example;+4930${1_000_000 + who};Firm ${who % 2_000};"met at the fair, hall ${row % 9}";${consent};${row % 100 === 7 ? 'yes' : ''}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function rawCopy(owner: Client): Promise<number> {
  await owner.query(
    'create table bench_raw (name text, email text, phone text, company text, notes text, consent text, consent_at text, out text)',
  );
  const begun = performance.now();
  await pipeline(createReadStream(file), owner.query(copyFrom(`copy bench_raw from stdin with (format csv, header true, delimiter ';')`)));
  const seconds = (performance.now() - begun) / 1_000;
  await owner.query('drop table bench_raw');
  return seconds;
}

async function importOnce(ask: Ask): Promise<{ seconds: number; megabytes: number; done: Json }> {
  const { id } = await ask('POST', '/api/imports/uploads', { filename: 'bench.csv' });
  let part = 0;
  for await (const bytes of createReadStream(file, { highWaterMark: PART }))
    await ask('PUT', `/api/imports/${id}/parts/${part++}`, { content_base64: Buffer.from(bytes).toString('base64') });
  await ask('POST', `/api/imports/${id}/read`, {});
  const begun = performance.now();
  await ask('POST', `/api/imports/${id}/run`, {});
  let megabytes = 0;
  for (;;) {
    await sleep(250);
    megabytes = Math.max(megabytes, await residentMegabytes());
    const now = await ask('GET', `/api/imports/${id}`);
    if (now.state === 'failed') throw new Error(now.error);
    if (now.state === 'done') return { seconds: (performance.now() - begun) / 1_000, megabytes, done: now };
  }
}

async function residentMegabytes(): Promise<number> {
  const status = await readFile(`/proc/${steward.child.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

/** Rows inserted, updated and deleted so far, by table that an import may write; its own counts apart. */
async function lastWrite(owner: Client): Promise<string[]> {
  const tables = [
    'people',
    'person_emails',
    'person_phones',
    'leads',
    'organisations',
    'consent_log',
    'consent_state',
    'outbox',
    'person_tags',
    'import_journal',
  ];
  const found: string[] = [];
  for (const table of tables) {
    const { rows } = await owner.query<{ last: string }>(
      `select count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) as last from ${table}`,
    );
    found.push(rows[0]?.last ?? '');
  }
  return found;
}

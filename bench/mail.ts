import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { smtpSink } from '#testing/smtp-sink.ts';
import { cpuSeconds } from './cpu.ts';
import { median, title } from './report.ts';
import { startSteward, type StewardProcess } from './steward-process.ts';

/**
 * Mail from the run to the mail server: render, gate, reserve, gate again, hand over, confirm, each in the ledger on a
 * PostgreSQL with fsync on; against a bare nodemailer pool with the same template, layout and connections. In turn.
 */
const MAILS = Number(process.env['BENCH_MAILS'] ?? 3_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const CONNECTIONS = 10;
const START_AT_ONCE = 1_000;

const definition = {
  name: 'bench-mail',
  title: 'One mail',
  subject: 'lead',
  triggers: [{ on: 'manual' }],
  steps: [
    { id: 'send', title: 'Send', type: 'message', input: { channel: 'email', class: 'commercial', template: 'welcome' } },
    { id: 'end', title: 'End', type: 'end', input: { outcome: 'sent' } },
  ],
};

/** What a side did in one round. */
interface Rate {
  /** Mails a second, from the first that arrived to the last: neither side's start-up counts. */
  readonly perSecond: number;
  /** Milliseconds of processor time a mail: of the side that sends (PostgreSQL with Steward's), and of the receiving server. */
  readonly sender: number;
  readonly receiver: number;
}

let onMail: (to: string) => void = () => undefined;
const sink = await smtpSink({ keep: false, onMail: ({ to }) => onMail(to) });
const steward = await startSteward({
  SMTP_URL: sink.url,
  FROM_EMAIL: 'hello@acme.test',
  FROM_NAME: 'Acme',
  POSTAL_ADDRESS: '1 High Street',
  SENDING: 'launched',
  SENDING_HOURS: 'always',
});
try {
  const ask = caller(steward, await steward.token());
  const { id } = await ask('POST', '/api/workflows', { definition, active: true });
  const ours: Rate[] = [];
  const hand: Rate[] = [];
  const written: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const leads = await bringIn(ask, round);
    await ask('POST', '/api/sending/pause', {});
    const queueing = performance.now();
    await start(ask, id, leads);
    while ((await ask('GET', '/api/sending')).waiting < MAILS) await sleep(50);
    written.push(MAILS / ((performance.now() - queueing) / 1_000));
    await sleep(1_000);
    ours.push(
      await rate(
        `round-${round}-`,
        () => steward.child.pid ?? 0,
        async () => {
          await ask('POST', '/api/sending/resume', {});
        },
      ),
    );
    const child = byHand();
    hand.push(
      await rate(
        'hand-',
        () => child.pid ?? 0,
        () => child.done,
      ),
    );
  }
  title('mail through gate and ledger', `${MAILS} mails a round, ${CONNECTIONS} SMTP connections, ${ROUNDS} rounds in turn`);
  console.log(`  Steward, run to queue      ${median(written).toFixed(0).padStart(7)}/s   (start the run, render, gate, reserve)`);
  print('Steward, queue to receipt', ours);
  print('bare nodemailer pool', hand);
  const ratios = ours.map(({ perSecond }, index) => perSecond / (hand[index]?.perSecond ?? Number.NaN));
  console.log(
    `  ratio Steward / bare       ${median(ratios).toFixed(2)}   (rounds: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
  );
} finally {
  await steward.stop();
}
process.exit(0); // the sink holds its sockets a while

// oxlint-disable-next-line typescript/no-explicit-any -- JSON of the API, used field by field
type Ask = (method: string, path: string, body?: object) => Promise<any>;

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

/** New people each round, so that no frequency cap is met. Not enrolled: the built-in sequence stays out of it. */
async function bringIn(ask: Ask, round: number): Promise<string[]> {
  const lines = Array.from({ length: MAILS }, (_, index) => `Round ${index},round-${round}-${index}@example.test,bench-${round}`);
  await ask('POST', '/api/lead-nurturing/leads/import', {
    filename: 'bench.csv',
    content: ['name,email,source', ...lines].join('\n'),
    enrol: false,
    // without a lawful basis no commercial mail leaves
    consent: { basis: 'consent', evidence: 'The people of this benchmark agreed to its mail' },
  });
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await ask('GET', `/api/lead-nurturing/leads?source=bench-${round}&limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`);
    ids.push(...page.items.map((lead: { id: string }) => lead.id));
    cursor = page.next_cursor;
  }
  await sleep(2_000); // events of the import are through
  return ids;
}

async function start(ask: Ask, workflowId: string, leads: readonly string[]): Promise<void> {
  for (let from = 0; from < leads.length; from += START_AT_ONCE) {
    await ask('POST', `/api/workflows/${workflowId}/start`, { subject_ids: leads.slice(from, from + START_AT_ONCE) });
  }
}

function byHand(): { readonly pid: number | undefined; readonly done: Promise<void> } {
  const file = fileURLToPath(new URL('./mail-by-hand.ts', import.meta.url));
  const child = spawn(process.execPath, [file, String(sink.port), String(MAILS), String(CONNECTIONS)], { stdio: 'inherit' });
  const done = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`the bare pool ended with ${String(code)}`);
  });
  return { pid: child.pid, done };
}

async function rate(prefix: string, pid: () => number, work: () => Promise<void>): Promise<Rate> {
  let arrived = 0;
  let first = 0;
  let last = 0;
  let used = Promise.resolve(0);
  let received = process.cpuUsage();
  let receivedUs = 0;
  const all = new Promise<number>((resolve) => {
    onMail = (to) => {
      if (!to.startsWith(prefix)) return;
      last = performance.now();
      arrived += 1;
      if (arrived === 1) {
        first = last;
        received = process.cpuUsage();
        used = cpuSeconds(pid());
      }
      if (arrived !== MAILS) return;
      const { user, system } = process.cpuUsage(received);
      receivedUs = user + system;
      resolve(cpuSeconds(pid()));
    };
  });
  await work();
  const end = await Promise.race([all, sleep(180_000, null)]);
  if (end === null) throw new Error(`only ${arrived} of ${MAILS} mails arrived`);
  return {
    perSecond: (MAILS - 1) / ((last - first) / 1_000),
    sender: ((end - (await used)) * 1_000) / MAILS,
    receiver: receivedUs / 1_000 / MAILS,
  };
}

function print(name: string, rounds: readonly Rate[]): void {
  const middle = (pick: (one: Rate) => number) => median(rounds.map(pick));
  console.log(
    `  ${name.padEnd(26)} ${middle(({ perSecond }) => perSecond)
      .toFixed(0)
      .padStart(
        6,
      )}/s   processor time a mail: ${middle(({ sender }) => sender).toFixed(2)} ms to send, ${middle(({ receiver }) => receiver).toFixed(2)} ms to receive`,
  );
}

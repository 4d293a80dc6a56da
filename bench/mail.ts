import { setTimeout as sleep } from 'node:timers/promises';
import { smtpSink } from '#testing/smtp-sink.ts';
import { cpuSeconds } from './cpu.ts';
import { bringIn, byHand, caller, definition, MAIL_SETTINGS, start } from './mail-run.ts';
import { median, title } from './report.ts';
import { startSteward } from './steward-process.ts';

/**
 * Mail from the run to the mail server: render, gate, reserve, gate again, hand over, confirm, each in the ledger on a
 * PostgreSQL with fsync on; against a bare nodemailer pool with the same template, layout and connections. In turn.
 */
const MAILS = Number(process.env['BENCH_MAILS'] ?? 3_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const CONNECTIONS = 10;

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
  ...MAIL_SETTINGS,
});
try {
  const ask = caller(steward, await steward.token());
  const { id } = await ask('POST', '/api/workflows', { definition, active: true });
  const ours: Rate[] = [];
  const hand: Rate[] = [];
  const written: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const leads = await bringIn(ask, `round-${round}`, MAILS);
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
    const child = byHand(sink.port, MAILS, CONNECTIONS);
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

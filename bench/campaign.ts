import { setTimeout as sleep } from 'node:timers/promises';
import { smtpSink } from '#testing/smtp-sink.ts';
import { cpuSeconds, cpuShares } from './cpu.ts';
import { bringIn, byHand, caller, definition, MAIL_SETTINGS, start, type Ask } from './mail-run.ts';
import { memoryMb } from './memory.ts';
import { title } from './report.ts';
import { startSteward } from './steward-process.ts';

/**
 * A campaign: 50,000 mails through start, template, gate, ledger and gate again to a real SMTP server, paused and resumed on the way, with everything counted
 * there. Beside it, in the same run, before it, in its pause and after it, a bare nodemailer pool with the same template, layout and connections.
 */
const MAILS = Number(process.env['BENCH_MAILS'] ?? 50_000);
const BARE = Math.min(MAILS, Number(process.env['BENCH_BARE'] ?? 10_000));
const CONNECTIONS = 10;
const PAUSE_S = 5;
const LIMIT_MS = Number(process.env['BENCH_LIMIT_S'] ?? 1_200) * 1_000;

/** Mails of the campaign by Message-ID and by address, how often each came, and what else Steward wrote: to its admin, which is none of the campaign. */
const taken = new Map<string, number>();
const reached = new Map<string, number>();
const others = new Map<string, number>();
let bareTaken = 0;
const sink = await smtpSink({
  keep: false,
  onMail: ({ to, messageId }) => {
    if (to.startsWith('hand-')) return void (bareTaken += 1);
    if (!to.startsWith('campaign-')) return void others.set(to, (others.get(to) ?? 0) + 1);
    taken.set(messageId, (taken.get(messageId) ?? 0) + 1);
    reached.set(to, (reached.get(to) ?? 0) + 1);
  },
});
const steward = await startSteward({ SMTP_URL: sink.url, ...MAIL_SETTINGS });
const pid = steward.child.pid ?? 0;
const memory: { readonly at: string; readonly mb: number }[] = [];
const remember = async (at: string) => void memory.push({ at, mb: await memoryMb(pid) });

try {
  const ask = caller(steward, await steward.token());
  const { id } = await ask('POST', '/api/workflows', { definition, active: true });
  const leads = await bringIn(ask, 'campaign', MAILS);
  const before = await bare('before');
  await remember('start');
  const written = await write(ask, id, leads);
  await remember('all written');
  const sent = await send(ask);
  await remember('end');
  const after = await bare('after');
  const pools = [before, sent.amid, after];
  const mean = (of: (pool: (typeof pools)[number]) => number) => pools.reduce((sum, pool) => sum + of(pool), 0) / pools.length;
  const beside = mean((pool) => pool.perSecond);
  await sleep(3_000); // a mail too many would come now
  const twice = [...taken.values(), ...reached.values()].filter((times) => times > 1).length;
  const lost = MAILS - reached.size;
  title('a campaign through start, template, gate, ledger and gate again', `${MAILS} mails, ${CONNECTIONS} SMTP connections`);
  const line = (name: string, text: string) => console.log(`  ${name.padEnd(34)} ${text}`);
  line('start, render, gate, reserve', `${rate(MAILS / written)}   ${written.toFixed(1)} s`);
  line('gate again, hand over, confirm', `${rate(MAILS / sent.seconds)}   ${sent.seconds.toFixed(1)} s without the pause`);
  line(`bare nodemailer pool, ${BARE}`, `${rate(beside)}   ${pools.map((pool) => pool.perSecond.toFixed(0)).join(', ')}`);
  line(
    'processor time a mail to send',
    `${ms(sent.node + sent.postgres)}, ${ms(sent.node)} of Node, ${ms(sent.postgres)} of PostgreSQL; bare ${ms(mean((pool) => pool.cpu))}`,
  );
  line('ratio, queue to receipt', (MAILS / sent.seconds / beside).toFixed(2));
  line('ratio, with start and rendering', (MAILS / (sent.seconds + written) / beside).toFixed(2));
  line('memory of Steward', memory.map(({ at, mb }) => `${at} ${mb.toFixed(0)} MB`).join(', '));
  line('paused', `${sent.paused.at} had arrived, ${sent.paused.late} more were on their way, then none for ${PAUSE_S} s`);
  line('counted at the receiver', `${taken.size} Message-IDs at ${reached.size} addresses of ${MAILS}, twice: ${twice}, lost: ${lost}`);
  if (others.size > 0) line('besides', [...others].map(([to, times]) => `${times} to ${to}`).join(', '));
  if (twice > 0 || lost !== 0 || taken.size !== MAILS) process.exitCode = 1;
} finally {
  await steward.stop();
}
process.exit(); // the sink holds its sockets a while

function ms(seconds: number): string {
  return `${(seconds * 1_000).toFixed(2)} ms`;
}

function rate(perSecond: number): string {
  return `${perSecond.toFixed(0).padStart(6)}/s`;
}

async function bare(when: string): Promise<{ perSecond: number; cpu: number }> {
  bareTaken = 0;
  const child = byHand(sink.port, BARE, CONNECTIONS);
  await until(() => bareTaken > 0);
  const [began, cpu] = [performance.now(), await cpuSeconds(child.pid ?? 0)];
  const had = bareTaken;
  await until(() => bareTaken >= BARE - CONNECTIONS);
  const [seconds, used] = [(performance.now() - began) / 1_000, (await cpuSeconds(child.pid ?? 0)) - cpu];
  await child.done;
  const mails = BARE - CONNECTIONS - had;
  console.log(`  ${when}: the bare pool sends ${(mails / seconds).toFixed(0)}/s`);
  return { perSecond: mails / seconds, cpu: used / mails };
}

/** While sending is paused: all runs start, all mails are drawn, asked about and reserved. Answers seconds. */
async function write(ask: Ask, workflowId: string, leads: readonly string[]): Promise<number> {
  await ask('POST', '/api/sending/pause', {});
  const began = performance.now();
  const starting = start(ask, workflowId, leads);
  for (let told = 0; ; await sleep(250)) {
    const { waiting } = await ask('GET', '/api/sending');
    if (performance.now() - told > 5_000) {
      console.log(`  writing: ${waiting} of ${MAILS} in the queue`);
      told = performance.now();
    }
    if (waiting >= MAILS) break;
    if (performance.now() - began > LIMIT_MS) throw new Error(`only ${waiting} of ${MAILS} were written`);
  }
  await starting;
  return (performance.now() - began) / 1_000;
}

async function send(ask: Ask) {
  const cpu = await cpuShares(pid);
  let seconds = 0;
  const stretch = async (share: number) => {
    const goal = Math.round(MAILS * share);
    const began = performance.now();
    await ask('POST', '/api/sending/resume', {});
    for (let told = began; taken.size < goal; await sleep(20)) {
      if (performance.now() - began > LIMIT_MS) throw new Error(`only ${taken.size} of ${goal} mails arrived`);
      if (performance.now() - told < 5_000) continue;
      told = performance.now();
      const { waiting } = await ask('GET', '/api/sending');
      console.log(`  sending: ${taken.size} arrived, ${waiting} wait, ${(await memoryMb(pid)).toFixed(0)} MB`);
    }
    seconds += (performance.now() - began) / 1_000;
  };
  await stretch(0.25);
  await remember('a quarter');
  await stretch(0.5);
  await ask('POST', '/api/sending/pause', {});
  const at = taken.size;
  await sleep(2_000); // those on their way
  const late = taken.size - at;
  await remember('half, paused');
  await sleep(PAUSE_S * 1_000);
  if (taken.size !== at + late) throw new Error('mails left while sending was paused');
  const amid = await bare('amid');
  await stretch(0.75);
  await remember('three quarters');
  await stretch(1);
  const used = await cpuShares(pid);
  return {
    seconds,
    node: (used.node - cpu.node) / MAILS,
    postgres: (used.postgres - cpu.postgres) / MAILS,
    paused: { at, late },
    amid,
  };
}

async function until(done: () => boolean): Promise<void> {
  const began = performance.now();
  while (!done()) {
    if (performance.now() - began > LIMIT_MS) throw new Error('it took too long');
    await sleep(10);
  }
}

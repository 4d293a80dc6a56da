import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '#app/compose.ts';
import { VirtualClock } from '#core/clock.ts';
import { Settings } from '#core/config.ts';
import { joinCluster } from '#core/database/cluster.ts';
import { migrate } from '#core/database/migrate.ts';
import { openDatabase } from '#core/database/open.ts';
import { openSystemDatabase } from '#core/database/system.ts';
import type { StepNode } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { openLog } from '#core/log.ts';
import { execute } from '#core/operation/execute.ts';
import type { Principal } from '#core/operation/principal.ts';
import { openSecrets } from '#core/secrets.ts';
import { createCompany } from '#modules/accounts/public.ts';
import { composeEmail } from '#modules/messages/compose.ts';
import { renderLiquid } from '#modules/messages/public.ts';
import { aCrowd, FakeMailServer, liveThrough, tableDigests, whatHappened, whatWasRehearsed } from '#testing/rehearsal.ts';
import { ownerOf } from './owner.ts';
import { title } from './report.ts';

/**
 * A rehearsal of ten thousand people over a sequence of thirty days: how long it takes beside rendering as many mails bare, that it leaves
 * nothing behind, and that what then really happens on the virtual clock is what it said, message for message. An embedded PostgreSQL with
 * fsync on, in this process. BENCH_PEOPLE: fewer; BENCH_REALLY=0: without what then happens.
 */
const PEOPLE = Number(process.env['BENCH_PEOPLE'] ?? 10_000);
const REALLY = process.env['BENCH_REALLY'] !== '0';
const DAYS = 30;
const TARGET_S = 20;
/** A Monday morning, three weeks before the clocks go forward in Europe and six days after they did so in America. */
const START = new Date('2026-03-09T07:20:00.000Z');

const letter = (id: string, subject: string): StepNode => ({
  id,
  title: `Letter ${id}`,
  type: 'message',
  input: {
    class: 'commercial',
    subject,
    text: `Dear {{ person.first_name | default: "friend" }},\n\nyou asked us about heating on {{ lead.created_at }}. Shall we talk about ${id}?\n\n{{ sender.name }}`,
  },
});
const definition = {
  name: 'bench-rehearsal',
  title: 'Four letters in thirty days',
  subject: 'lead',
  triggers: [{ on: 'manual' }],
  stopOn: ['person.opted_out'],
  settings: {},
  steps: [
    letter('hello', 'Hello {{ person.name }}'),
    { id: 'four_days', title: 'Four days', type: 'wait', input: { for: { days: 4 } } },
    {
      id: 'heating',
      title: 'Oil?',
      type: 'branch',
      input: { condition: { field: 'person.custom.heat', is: 'oil' } },
      then: [letter('oil', 'Your oil heating, {{ person.first_name }}')],
      otherwise: [letter('gas', 'Your gas heating, {{ person.first_name }}')],
    },
    { id: 'answer', title: 'An answer?', type: 'wait', input: { events: ['message.replied'], within: { days: 7 } } },
    letter('third', 'Once more'),
    { id: 'week', title: 'A week', type: 'wait', input: { for: { days: 7 } } },
    letter('last', 'Good bye, {{ person.first_name }}'),
    { id: 'end', title: 'End', type: 'end', input: { outcome: 'no_reply' } },
  ],
};

const home = await mkdtemp(join(tmpdir(), 'steward-bench-'));
const cluster = await joinCluster({ home, web: true });
await migrate(cluster.target);
const server = new FakeMailServer();
const clock = new VirtualClock(START);
const [database, system] = [openDatabase(cluster.target), openSystemDatabase(cluster.target)];
const settings = Settings.parse({
  LOG_LEVEL: 'error',
  SENDING: 'launched',
  SENDING_HOURS: '09:00-17:00',
  POSTAL_ADDRESS: 'Acme, 1 High Street, Springfield',
});
const secrets = openSecrets(['a secret for the bench alone']);
const steward = await compose({
  config: {
    ...settings,
    vendorBaseUrls: {},
    internalHosts: [],
    business: { checkinReminderDays: 30, invoiceTemplate: null },
    templates: {},
    checkOutputs: false,
    demo: false,
    home,
  },
  clock,
  log: openLog(settings.LOG_LEVEL),
  secrets,
  database,
  system,
  operatorToken: null,
  connectors: server.connectors,
});
const owner = await ownerOf(home);
const { runtime, worker } = steward;
const made = await createCompany(runtime, {
  name: 'Acme',
  settings: { time_zone: 'Europe/Berlin' },
  admin: { email: 'bench@acme.test', password: 'correct horse battery staple', fullName: 'Ada Admin' },
});
const { companyId } = made;
const admin: Principal = { kind: 'user', companyId, userId: made.adminId ?? '', role: 'admin' };

async function call(name: string, input: object): Promise<Record<string, unknown>> {
  const operation = steward.modules.flatMap((module) => module.operations ?? []).find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const request = { id: newId(), face: 'test' as const, ip: '127.0.0.1', userAgent: null };
  const answer = await execute(runtime, { operation, principal: admin, request, input, names: 'code' });
  return answer.result as Record<string, unknown>; // read field by field below
}

/** Seconds that `work` took, and what it answered. */
async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const result = await work();
  return [(performance.now() - began) / 1_000, result];
}

try {
  await call('connections.create', { connector: 'fake', credentials: {} });
  await call('sending.configure', { days: [1, 2, 3, 4, 5], dailyLimit: Math.max(20, Math.round(PEOPLE / 4)), capPerDay: 1, capPerWeek: 3 });
  const workflow = await call('workflows.create', { definition: JSON.parse(JSON.stringify(definition)), active: true });
  const workflowId = String(workflow['id']);
  const [filling, crowd] = await timed(() => aCrowd(system, companyId, PEOPLE, START));
  await worker.drain();
  await owner.query('analyze');
  console.log(`${PEOPLE} people made in ${filling.toFixed(1)} s`);
  const personIds = crowd.map((one) => one.personId);
  const digests = () =>
    tableDigests(async (text) => (await owner.query(text)).rows, ['rehearsals', 'rehearsal_people', 'rehearsal_messages', 'audit_log']);
  const before = await digests();
  server.sealed = true;
  const [took, rehearsal] = await timed(() => call('rehearsals.start', { workflowId, personIds, days: DAYS, wait: true }));
  server.sealed = false;
  if (rehearsal['state'] !== 'done') throw new Error(`the rehearsal is ${String(rehearsal['state'])}: ${String(rehearsal['error'])}`);
  const changed = Object.entries(await digests()).filter(([table, digest]) => before[table] !== digest);
  const said = await whatWasRehearsed(system, String(rehearsal['id']));
  const sent = said.filter((one) => one.state === 'sent').length;
  title('rehearsal', `${PEOPLE} people, ${DAYS} days, target ≤ ${TARGET_S} s`);
  console.log(
    `  rehearsed                ${took.toFixed(1)} s   ${said.length} messages (${sent} leave), ${Math.round(said.length / took)} a second`,
  );
  const [bare] = await timed(() => byHand(said.length));
  console.log(`  rendered bare            ${bare.toFixed(1)} s   the same number of mails, no gate, no ledger, no clock`);
  console.log(
    `  tables changed           ${changed.length}${changed.length === 0 ? '' : `: ${changed.map(([table]) => table).join(', ')}`}`,
  );
  console.log(`  calls of the mail server ${server.calls.length}`);
  if (REALLY) {
    await call('rehearsals.launch', { rehearsalId: rehearsal['id'] });
    const until = new Date(START.getTime() + DAYS * 86_400_000);
    const [lived] = await timed(() => liveThrough({ system, clock, drain: () => worker.drain() }, until));
    const happened = await whatHappened(system, workflowId, until);
    const wrong =
      said.filter((one, i) => JSON.stringify(one) !== JSON.stringify(happened[i])).length + Math.abs(said.length - happened.length);
    console.log(`  what then happened       ${happened.length} messages in ${lived.toFixed(1)} s; other than rehearsed: ${wrong}`);
    console.log(`  the server was given     ${server.sent.filter((mail) => mail.to.address.endsWith('@crowd.test')).length} mails`);
    if (wrong > 0) process.exitCode = 1;
  }
  if (took > TARGET_S || changed.length > 0) process.exitCode = 1;
} finally {
  await steward.stop();
  await owner.end();
  await Promise.all([database.close(), system.close()]);
  await cluster.leave();
  await rm(home, { recursive: true, force: true });
}

/** The same words with the same engine of templates, in the same frame. */
async function byHand(mails: number): Promise<void> {
  const frame = {
    layout: 1,
    from: { name: 'Acme', address: 'us@acme.test' },
    replyTo: null,
    companyName: 'Acme',
    postalAddress: '1 High Street',
    publicUrl: 'http://127.0.0.1:3000',
  };
  const { text } = letter('hello', '').input as { text: string };
  for (let i = 0; i < mails; i++) {
    const id = newId();
    const facts = {
      person: { first_name: 'Hand', name: `Hand ${i}` },
      lead: { created_at: START.toISOString() },
      sender: { name: 'Acme' },
    };
    const message = {
      id,
      companyId,
      class: 'commercial' as const,
      personId: id,
      toName: `Hand ${i}`,
      toEmail: `hand-${i}@example.test`,
      subject: renderLiquid('Hello {{ person.name }}', facts),
      text: renderLiquid(text, facts),
      html: null,
      messageId: `<${id}@acme.test>`,
      inReplyTo: null,
    };
    composeEmail(secrets, message, frame, START);
  }
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { VirtualClock } from '#core/clock.ts';
import { connector } from '#core/connector/connector.ts';
import type { Connectors } from '#core/connector/types.ts';
import type { SystemDatabase } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { OutgoingEmail } from '#core/ports/email.ts';

/** A mail server that takes everything and remembers it; while `sealed`, whoever asks it for anything fails. */
export class FakeMailServer {
  readonly sent: OutgoingEmail[] = [];
  readonly calls: string[] = [];
  sealed = false;

  readonly connectors: Connectors = {
    ids: ['fake'],
    load: () =>
      Promise.resolve(
        connector({
          id: 'fake',
          title: 'Fake mail server',
          credentials: z.object({}),
          verify: () => this.#called('verify', () => Promise.resolve('fine')),
          sender: () => ({ name: 'Acme', address: 'us@acme.test', loopback: true }),
          email: () =>
            this.#called('email', () => ({
              send: (mail: OutgoingEmail) =>
                this.#called('send', () => {
                  this.sent.push(mail);
                  return Promise.resolve({ externalId: mail.messageId, response: '250 taken' });
                }),
              verify: () => this.#called('verify', () => Promise.resolve('fine')),
              close: () => Promise.resolve(),
            })),
        }),
      ),
  };

  #called<T>(what: string, work: () => T): T {
    this.calls.push(what);
    if (this.sealed) throw new Error(`the mail server was asked for ${what}`);
    return work();
  }
}

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/Los_Angeles',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Europe/London',
  null,
];
const NAMES = ['Ann Lee', 'Björn Åkesson', 'Łucja Żak', '山田 太郎', 'Zoë O’Brien', 'Maximiliane von und zu Hohenberg-Schwarzenfels', ''];

/** Leads of many kinds, the same each time: zones, names, opt-outs, missing addresses, colleagues, custom values. */
export async function aCrowd(
  system: SystemDatabase,
  companyId: string,
  size: number,
  now: Date,
  domain = 'crowd.test',
): Promise<{ personId: string; leadId: string }[]> {
  const made = new Date(now.getTime() - 86_400_000);
  const rows = Array.from({ length: size }, (_, i) => {
    const name = NAMES[i % NAMES.length] ?? '';
    return {
      id: newId(),
      lead: newId(),
      log: newId(),
      name: name === '' ? '' : `${name}${i < NAMES.length * 2 ? '' : ` ${numeral(i)}`}`,
      first: name === '' ? null : (name.split(' ')[0] ?? null),
      email: i % 23 === 5 ? null : `person-${i}@${domain}`,
      zone: ZONES[i % ZONES.length] ?? null,
      out: i % 17 === 3,
      custom: { heat: i % 2 === 0 ? 'oil' : 'gas' },
    };
  });
  const json = JSON.stringify(rows);
  const source = `json_to_recordset($1::json) as x (id uuid, lead uuid, log uuid, name text, first text, email text, zone text, "out" boolean, custom jsonb)`;
  await system.write(async (tx) => {
    const run = (text: string) => tx.query({ name: '', text }, [json, companyId, made]);
    await run(
      `insert into people (id, company_id, full_name, first_name, email, time_zone, custom, created_at, updated_at) select id, $2, name, first, email, zone, custom, $3, $3 from ${source}`,
    );
    await run(
      `insert into person_emails (company_id, email, person_id, created_at) select $2, email, id, $3 from ${source} where email is not null`,
    );
    await run(
      `insert into leads (id, company_id, person_id, status, source, created_at, updated_at) select lead, $2, id, 'new', 'website', $3, $3 from ${source}`,
    );
    await run(
      `insert into consent_log (id, company_id, person_id, topic, state, lawful_basis, source, created_at) select log, $2, id, 'marketing', 'withdrawn', 'consent', 'test', $3 from ${source} where "out"`,
    );
    await run(
      `insert into consent_state (company_id, person_id, topic, state, log_id, since) select $2, id, 'marketing', 'withdrawn', log, $3 from ${source} where "out"`,
    );
    await run(`update people set opted_out_at = $3 where company_id = $2 and id in (select id from ${source} where "out")`);
  });
  return rows.map((row) => ({ personId: row.id, leadId: row.lead }));
}

/** Letters only: a digit in a name would make it an unusual one. */
function numeral(i: number): string {
  return [...String(i)].map((digit) => 'abcdefghij'.charAt(Number(digit))).join('');
}

/** A message as both worlds tell of it. */
export interface Told {
  readonly person: string;
  readonly step: string;
  readonly at: string;
  readonly state: string;
  readonly subject: string;
  readonly body: string;
  readonly rules: string;
}

interface Row {
  readonly person: string;
  readonly step: string;
  readonly at: Date;
  readonly state: string;
  readonly subject: string;
  readonly text: string;
  readonly rules: readonly string[];
}

function told(rows: readonly Row[]): Told[] {
  return rows
    .map(({ text, at, rules, ...row }) => ({
      ...row,
      at: at.toISOString(),
      body: createHash('sha256').update(text).digest('hex'),
      rules: rules.join(' '),
    }))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = (one: Told) => `${one.person} ${one.at} ${one.step}`;

/** What a rehearsal said would happen. */
export async function whatWasRehearsed(system: SystemDatabase, rehearsalId: string): Promise<Told[]> {
  return told(
    await system.read((tx) =>
      tx.query<Row>(
        {
          name: '',
          text: 'select person_id as person, step_id as step, at, state, subject, text, rules from rehearsal_messages where rehearsal_id = $1 and own',
        },
        [rehearsalId],
      ),
    ),
  );
}

/** What really happened. */
export async function whatHappened(system: SystemDatabase, workflowId: string, until: Date): Promise<Told[]> {
  return told(
    await system.read((tx) =>
      tx.query<Row>(
        {
          name: '',
          text: `select m.person_id as person, m.step_id as step, m.state, m.subject, m.text,
                   case when m.state in ('sent', 'captured') then m.sent_at when m.state = 'queued' then m.due_at else m.updated_at end as at,
                   array(select why ->> 'rule' from jsonb_array_elements(m.verdict -> 'reasons') why) as rules
                 from messages m join runs r on r.id = m.run_id where r.workflow_id = $1 and m.direction = 'outbound' and m.created_at <= $2`,
        },
        [workflowId, until],
      ),
    ),
  );
}

interface World {
  readonly system: SystemDatabase;
  readonly clock: VirtualClock;
  drain(): Promise<unknown>;
}

/** Lets a real Steward on a virtual clock live from moment to moment, as workers that never sleep would. */
export async function liveThrough(
  { system, clock, drain }: World,
  until: Date,
  acts: readonly { at: Date; act: () => Promise<void> }[] = [],
): Promise<void> {
  let left = [...acts];
  for (;;) {
    await drain();
    const [row] = await system.read((tx) =>
      tx.query<{ at: Date | null }>(
        {
          name: '',
          text: `select least((select min(wake_at) from runs where state = 'waiting'), (select min(due_at) from effects where state = 'reserved' and not held),
                   (select min(due_at) from outbox where failed_at is null)) as at`,
        },
        [],
      ),
    );
    const moments = [...(row?.at == null ? [] : [row.at.getTime()]), ...left.map(({ at }) => at.getTime())];
    const next = Math.min(...moments);
    if (moments.length === 0 || next > until.getTime()) return;
    clock.moveTo(new Date(next));
    for (const { act } of left.filter(({ at }) => at.getTime() <= next)) await act();
    left = left.filter(({ at }) => at.getTime() > next);
  }
}

/** Rows and a digest of each table: equal before and after, nothing was written. `but`: tables that may differ. */
export async function tableDigests(
  sql: <T extends object>(text: string) => Promise<T[]>,
  but: readonly string[],
): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'pgboss') and c.relkind = 'r' order by 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    if (but.includes(name)) continue;
    const [row] = await sql<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as digest from ${name} t`,
    );
    digests[name] = row?.digest ?? '';
  }
  return digests;
}

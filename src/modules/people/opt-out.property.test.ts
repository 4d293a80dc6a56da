import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '#testing/property.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backup } from '#core/database/backup.ts';
import { openDatabase } from '#core/database/open.ts';
import { replayFile } from '#core/database/replay-file.ts';
import { restore } from '#core/database/restore.ts';
import { openSystemDatabase } from '#core/database/system.ts';
import { AppError } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Basis } from './basis/find.ts';
import { captureLead } from '#modules/leads/operations/capture.ts';
import { createForm } from '#modules/leads/operations/forms.ts';
import { addSuppression, listSuppressions, removeSuppression } from '#modules/messages/operations/suppressions.ts';
import { hashPlain, linkToken, openGate, suppress } from '#modules/messages/public.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { emptyDatabase, queryAs } from '#testing/database.ts';
import { normaliseEmail } from './email-address.ts';
import { eraseOperation } from './erasure/operations.ts';
import { applyReplay, replayWriter } from './erasure/replay.ts';
import { mergeOperation, undoMergeOperation } from './merge/operations.ts';
import { setConsent } from './operations/consent.ts';
import { updatePersonOperation } from './operations/people.ts';

/** Sequences of up to this many acts on a handful of addresses; a few hundred stay under a minute on two busy cores. */
const RUNS = 100;
const SHORTEST = 6;
const LONGEST = 12;

let app: TestApp;
let folder: string;
let formId: string;
beforeAll(async () => {
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } });
  folder = await mkdtemp(join(tmpdir(), 'steward-opt-outs-'));
  const fields = [{ name: 'email', label: 'Email', type: 'email' as const, required: true }, { name: 'message', label: 'Message', type: 'textarea' as const, required: false }]; // prettier-ignore
  formId = (await app.call(createForm, { title: 'Ask us', fields, consentWording: 'Yes, write to me' })).id;
  await queryAs(app.target, 'owner', `update workflows set active = false, events = '{}'`);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const rows = <Row extends object>(text: string, ...values: unknown[]) => rowsOf<Row>(app.runtime, text, ...values);
const rowsOf = <Row extends object>(runtime: Runtime, text: string, ...values: unknown[]) =>
  runtime.system.read((tx) => tx.query<Row>({ name: `test.${createHash('sha1').update(text).digest('hex')}`, text }, values));

/** Ways in which people and programs write the four addresses; each row normalises to one. */
const WRITINGS = [
  ['ann@one.test', 'ANN@One.TEST', ' Ann <ann@one.test> ', 'mailto:ann@one.test'],
  ['bob@two.test', 'Bob@TWO.test', 'bob@two.test.', 'b\u200bob@two.test'],
  ['zo\u00eb@m\u00fcnch.test', 'ZOE\u0308@M\u00dcNCH.test', 'zoe\u0308@xn--mnch-0ra.test'],
  ['dan+news@four.test', 'DAN+News@four.test'],
] as const;
const ADDRESSES = WRITINGS.map(([first]) => normaliseEmail(first) ?? '');

type Act =
  | {
      readonly do: 'capture' | 'form' | 'import' | 'importOut' | 'suppressBounce' | 'unlist' | 'suppressOptOut';
      readonly address: number;
      readonly writing: number;
    }
  | {
      readonly do: 'optOut' | 'object' | 'consent' | 'emptyConsent' | 'oneClick' | 'preferences' | 'erase' | 'delete';
      readonly who: number;
    }
  | { readonly do: 'changeEmail' | 'dropEmail'; readonly who: number; readonly address: number }
  | { readonly do: 'merge'; readonly who: number; readonly other: number }
  | { readonly do: 'undo'; readonly which: number }
  | { readonly do: 'drain' | 'snapshot' | 'restore' | 'months' };

const address = fc.nat({ max: WRITINGS.length - 1 });
const who = fc.nat({ max: 5 });
const writing = fc.nat({ max: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('optOut', 'object', 'oneClick'), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('importOut', 'suppressOptOut', 'suppressBounce'), address, writing }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('capture', 'form', 'import', 'unlist'), address, writing }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('emptyConsent', 'delete', 'erase'), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('consent', 'preferences'), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('changeEmail', 'dropEmail'), who, address }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('merge'), who, other: who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('undo'), which: fc.nat({ max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('drain', 'snapshot', 'restore') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('months') }) },
);

/** Somebody is there at first, so that acts find whom to act on; no bias towards the first address and the shortest story. */
const sequence = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2, 3], { minLength: 2 }),
    fc.noBias(fc.array(act, { minLength: SHORTEST, maxLength: LONGEST, size: 'max' })),
  )
  .map(([there, acts]): Act[] => [...there.map((place): Act => ({ do: 'capture', address: place, writing: 0 })), ...acts]);

interface MergeNote {
  readonly id: string;
  readonly into: string;
  readonly absorbed: string;
  readonly before: { readonly into: boolean; readonly absorbed: boolean };
  /** What was said of the one they were: an opt-out or an explicit consent. */
  readonly since: ('out' | 'in')[];
}

/** What must hold, told by hand and without a look at how it is done. */
class Expectation {
  /** Addresses that may not get mail until their owner says otherwise. */
  addresses = new Set<string>();
  /** Of these: whose person was erased and had never said no. She may come back by a form, with a consent given there. */
  erased = new Set<string>();
  /** People who refuse, whatever their address. */
  people = new Map<string, boolean>();
  merges: MergeNote[] = [];

  refuse(email: string): void {
    this.addresses.add(email);
    this.erased.delete(email);
  }
  forget(personId: string, owned: readonly string[]): void {
    const never = this.people.get(personId) !== true && owned.every((email) => !this.addresses.has(email) || this.erased.has(email));
    for (const email of owned) this.addresses.add(email);
    if (never) for (const email of owned) this.erased.add(email);
    else for (const email of owned) this.erased.delete(email);
    this.people.delete(personId);
    this.merges = this.merges.filter((merge) => merge.into !== personId);
  }
  returns(email: string): void {
    if (this.erased.delete(email)) this.addresses.delete(email);
  }
  out(personId: string, owned: readonly string[]): void {
    this.people.set(personId, true);
    for (const email of owned) this.refuse(email);
    for (const merge of this.merges) if (merge.into === personId) merge.since.push('out');
  }
  consents(personId: string, owned: readonly string[]): void {
    this.people.set(personId, false);
    for (const email of owned) {
      this.addresses.delete(email);
      this.erased.delete(email);
    }
    for (const merge of this.merges) if (merge.into === personId) merge.since.push('in');
  }
  /** An address leaves somebody who refuses. */
  leaves(personId: string, owned: readonly string[]): void {
    if (this.people.get(personId) === true) for (const email of owned) this.refuse(email);
  }
  merged(id: string, into: string, absorbed: string): void {
    const before = { into: this.people.get(into) === true, absorbed: this.people.get(absorbed) === true };
    this.merges.push({ id, into, absorbed, before, since: [] });
    this.people.set(into, before.into || before.absorbed);
    this.people.delete(absorbed);
  }
  undone(merge: MergeNote): void {
    const last = merge.since.at(-1);
    this.people.set(merge.into, last === undefined ? merge.before.into : last === 'out');
    this.people.set(merge.absorbed, merge.before.absorbed || merge.since.includes('out'));
    this.merges = this.merges.filter((other) => other !== merge);
  }
}

/** The house and the expectation, side by side. */
class World {
  readonly must = new Expectation();
  readonly file: string;
  readonly write: () => Promise<number>;
  readonly tokens: { readonly token: string; readonly personId: string }[] = [];
  copy: { readonly tables: Map<string, string>; readonly people: Map<string, boolean>; readonly merges: string } | null = null;

  constructor(file: string) {
    this.file = file;
    const write = replayWriter(app.runtime, this.file);
    // one round of what every worker does each ten seconds (messages/replay.ts)
    this.write = async () => {
      await app.runtime.system.write((tx) => hashPlain(tx, app.runtime));
      return write();
    };
  }

  async owners(runtime = app.runtime): Promise<Map<string, string[]>> {
    const found = await rowsOf<{ id: string; emails: string[] }>(
      runtime,
      `select p.id, array(select e.email from person_emails e where e.person_id = p.id order by e.email) as emails from people p order by p.created_at, p.id`,
    );
    return new Map(found.map((row) => [row.id, row.emails]));
  }

  /** One of the people there are, with the addresses. */
  async pick(place: number): Promise<{ id: string; emails: string[] } | null> {
    const all = [...(await this.owners())];
    const [id, emails] = all[place % Math.max(1, all.length)] ?? [];
    return id === undefined || emails === undefined ? null : { id, emails };
  }
}

/** Refusals are the product's good right; anything else is a fault. */
async function tolerant(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return false;
    throw error;
  }
}

const submitForm = () => {
  const found = app.steward.modules.flatMap((module) => module.operations).find((operation) => operation.name === 'forms.submit');
  if (found === undefined) throw new Error('there is no forms.submit');
  return found;
};

async function perform(world: World, step: Act): Promise<void> {
  const { must } = world;
  app.clock.advance({ minutes: 1 });
  switch (step.do) {
    case 'capture':
    case 'form':
    case 'import':
    case 'importOut':
    case 'suppressBounce':
    case 'suppressOptOut':
    case 'unlist': {
      const writings = WRITINGS[step.address] ?? WRITINGS[0];
      return performOnAddress(world, step.do, ADDRESSES[step.address] ?? '', writings[step.writing % writings.length] ?? '');
    }
    case 'changeEmail': {
      const person = await world.pick(step.who);
      if (person !== null) await tolerant(app.call(updatePersonOperation, { personId: person.id, email: ADDRESSES[step.address] ?? '' }));
      return;
    }
    case 'dropEmail': {
      const person = await world.pick(step.who);
      const email = ADDRESSES[step.address] ?? '';
      if (person === null || !person.emails.includes(email)) return;
      await app.runtime.database.write(app.company.companyId, (tx) =>
        tx.query(
          {
            name: 'test.drop_email',
            text: 'with gone as (delete from person_emails where email = $1 returning person_id) update people set email = null where email = $1',
          },
          [email],
        ),
      );
      must.leaves(person.id, [email]);
      return;
    }
    case 'merge': {
      const [into, other] = [await world.pick(step.who), await world.pick(step.other)];
      if (into === null || other === null || into.id === other.id) return;
      const { mergeId } = await app.call(mergeOperation, { personId: into.id, otherId: other.id });
      must.merged(mergeId, into.id, other.id);
      return;
    }
    case 'undo': {
      const merge = must.merges.toReversed()[step.which % Math.max(1, must.merges.length)];
      if (merge !== undefined && (await tolerant(app.call(undoMergeOperation, { mergeId: merge.id })))) must.undone(merge);
      return;
    }
    case 'drain':
      return app.drain();
    case 'months':
      // an enquiry is followed up for six
      app.clock.advance({ days: 100 });
      return;
    case 'snapshot':
      return takeCopy(world);
    case 'restore':
      return putBack(world);
    default:
      return performOnPerson(world, step.do, step.who);
  }
}

async function performOnAddress(world: World, what: string, email: string, written: string): Promise<void> {
  const { companyId } = app.company;
  const owner = [...(await world.owners())].find(([, emails]) => emails.includes(email));
  if (what === 'capture') await app.call(captureLead, { email: written, name: 'Somebody', enrol: false });
  if (what === 'form') {
    const answers = { email: written, message: `hello ${app.clock.now().getTime()}` };
    if (await tolerant(app.call(submitForm(), { formId, answers, consent: true }))) world.must.returns(email);
  }
  if (what === 'import') await app.call(captureLead, { filename: 'a.csv', content: `email,name\n"${written}",From a file\n` });
  if (what === 'importOut') {
    await app.call(captureLead, { filename: 'b.csv', content: `email,name,status\n"${written}",From a file,unsubscribed\n` });
    const now = [...(await world.owners())].find(([, emails]) => emails.includes(email));
    // of somebody who is out already, a file says nothing new: the row is left as it is
    if (now !== undefined && world.must.people.get(now[0]) === true) world.must.refuse(email);
    else if (now !== undefined) world.must.out(now[0], now[1]);
  }
  if (what === 'suppressBounce')
    await app.runtime.database.write(companyId, (tx) =>
      suppress(tx, app.runtime, [{ companyId, address: email, reason: 'bounce', source: 'dsn' }]),
    );
  if (what === 'suppressOptOut') {
    await app.call(addSuppression, { email: written, reason: 'opt_out' });
    world.must.refuse(email);
  }
  if (what === 'unlist') {
    const listed = await app.call(listSuppressions, { email: written });
    for (const { id } of listed.items) await tolerant(app.call(removeSuppression, { suppressionId: id, reason: 'It works again' }));
  }
  const after = [...(await world.owners())].find(([, emails]) => emails.includes(email));
  if (owner === undefined && after !== undefined)
    world.tokens.push({
      personId: after[0],
      token: linkToken(app.runtime.secrets, { companyId, personId: after[0], messageId: crypto.randomUUID() }),
    });
}

const press = (url: string, payload: string) =>
  app.http.inject({ method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload });

async function performOnPerson(world: World, what: string, who: number): Promise<void> {
  const { must } = world;
  if (what === 'oneClick' || what === 'preferences') {
    // A link from an old mail: its person may have been merged, erased, or restored meanwhile.
    const link = world.tokens[who % Math.max(1, world.tokens.length)];
    if (link === undefined) return;
    const owners = await world.owners();
    const merged = await rows<{ id: string }>(
      'select survivor_id as id from person_merges where absorbed_id = $1 and undone_at is null',
      link.personId,
    );
    const id = owners.has(link.personId) ? link.personId : merged[0]?.id;
    const answer = await press(
      what === 'oneClick' ? `/u/${link.token}` : `/p/${link.token}`,
      what === 'oneClick' ? 'List-Unsubscribe=One-Click' : 'topic=news&topic=follow_up',
    );
    expect(answer.statusCode).toBe(200);
    const emails = id === undefined ? undefined : owners.get(id);
    if (id === undefined || emails === undefined) return;
    if (what === 'oneClick') must.out(id, emails);
    else if ((await rows<{ out: boolean }>('select opted_out_at is not null as out from people where id = $1', id))[0]?.out === false)
      must.consents(id, emails);
    return;
  }
  const person = await world.pick(who);
  if (person === null) return;
  const { id: personId, emails } = person;
  if (what === 'optOut' || what === 'object') {
    await app.call(setConsent, { personId, state: what === 'optOut' ? 'withdrawn' : 'objected', evidence: { note: 'said so' } });
    must.out(personId, emails);
  } else if (what === 'consent') {
    await app.call(setConsent, { personId, state: 'granted', evidence: { wording: 'Called and asked for mail again' } });
    must.consents(personId, emails);
  } else if (what === 'emptyConsent') await tolerant(app.call(setConsent, { personId, state: 'granted', evidence: {} }));
  else if (what === 'erase') {
    await app.call(eraseOperation, { personId, confirm: 'erase' });
    must.forget(personId, emails);
  } else if (what === 'delete') {
    await app.runtime.database.write(app.company.companyId, (tx) =>
      tx.query({ name: 'test.delete', text: 'delete from people where id = $1' }, [personId]),
    );
    must.leaves(personId, emails);
    must.people.delete(personId);
    must.merges = must.merges.filter((merge) => merge.into !== personId);
  }
}

/** Parents before children. */
const COPIED = ['people', 'person_emails', 'person_phones', 'consent_log', 'consent_state', 'leads', 'suppressions', 'opt_out_journal', 'person_merges', 'person_merge_rows', 'erasures']; // prettier-ignore

async function takeCopy(world: World): Promise<void> {
  await world.write();
  const tables = new Map<string, string>();
  for (const table of COPIED) {
    const [row] = await rows<{ all: string }>(`select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as all from "${table}" t`);
    tables.set(table, row?.all ?? '[]');
  }
  world.copy = { tables, people: new Map(world.must.people), merges: JSON.stringify(world.must.merges) };
}

const EMPTY = COPIED.toReversed().map((table) => `delete from "${table}"`).join('; '); // prettier-ignore
const triggers = (word: string) => COPIED.map((table) => `alter table "${table}" ${word} trigger user`).join('; '); // prettier-ignore

/** The database is what it was; the list outside of it is not. As restore does: triggers off, rows in, the list before any work. */
async function putBack(world: World): Promise<void> {
  if (world.copy === null) return;
  await world.write();
  const columns = await rows<{ table: string; names: string }>(
    `select c.relname as "table", string_agg(quote_ident(a.attname), ', ' order by a.attnum) as names from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relnamespace = 'public'::regnamespace and c.relname = any($1::text[]) group by 1`,
    COPIED,
  );
  const names = new Map(columns.map((column) => [column.table, column.names]));
  const load = COPIED.map(
    (table) =>
      `insert into "${table}" (${names.get(table)}) select ${names.get(table)} from jsonb_populate_recordset(null::"${table}", $json$${world.copy?.tables.get(table)}$json$)`,
  );
  await queryAs(
    app.target,
    'owner',
    `begin; ${triggers('disable')}; ${EMPTY}; delete from outbox; ${load.join('; ')}; ${triggers('enable')}; commit`,
  );
  world.must.people = new Map(world.copy.people);
  world.must.merges = JSON.parse(world.copy.merges); // as it was written
  await applyReplay(app.runtime, world.file);
}

const TOPICS = ['follow_up', 'news', 'unheard_of'] as const;

interface Pass {
  readonly personId: string;
  readonly email: string;
  readonly topic: (typeof TOPICS)[number];
  readonly basis: Basis | undefined;
}

/** Addresses that the real gate lets pass, asked in the last moment, for whoever has them now, about each topic. */
async function mailable(world: World, runtime: Runtime = app.runtime): Promise<Pass[]> {
  const { companyId } = app.company;
  const asked = [...(await world.owners(runtime))].flatMap(([personId, emails]) =>
    emails.map((address) => ({ companyId, personId, address, messageId: null })),
  );
  return runtime.system.read(async (tx) => {
    const gate = await openGate(tx, runtime, asked, 'hand');
    return asked.flatMap(({ personId, address }) =>
      TOPICS.flatMap((topic): Pass[] => {
        const verdict = gate.ask({
          messageId: null, companyId, class: 'commercial', topic, personId, to: address, subject: 'News', text: 'Hello', unresolved: [],
          draftedAt: app.clock.now(), runStopped: null, runPaused: false,
        }); // prettier-ignore
        return verdict.decision === 'block' ? [] : [{ personId, email: address, topic, basis: verdict.basis }];
      }),
    );
  });
}

interface Facts {
  readonly id: string;
  /** Topics of grants with consent that the log holds. */
  readonly agreed: string[];
  /** The last time they turned to us, or a colleague wrote them down. */
  readonly asked: Date | null;
  /** Rows that are about them. */
  readonly proofs: string[];
}

/** Told from the rows themselves: what passes without a reason that is in them. Nobody here has a country, so nothing but these two counts. */
async function groundless(passes: readonly Pass[], runtime: Runtime = app.runtime): Promise<Pass[]> {
  const facts = await rowsOf<Facts>(
    runtime,
    `select p.id, array(select l.topic from consent_log l where l.person_id = p.id and l.state = 'granted' and l.lawful_basis = 'consent') as agreed,
       (select max(at) from (select i.created_at as at from interactions i where i.person_id = p.id and i.direction = 'inbound'
          union all select l.created_at from leads l where l.person_id = p.id and not l.imported union all select p.created_at where not p.imported) every) as asked,
       array(select l.id::text from consent_log l where l.person_id = p.id union all select i.id::text from interactions i where i.person_id = p.id
             union all select l.id::text from leads l where l.person_id = p.id union all select p.id::text) as proofs
     from people p`,
  );
  const known = new Map(facts.map((row) => [row.id, row]));
  const halfYear = app.clock.now().getTime() - 181 * 86_400_000;
  return passes.filter(({ personId, topic, basis }) => {
    const row = known.get(personId);
    if (row === undefined || basis === undefined || !row.proofs.includes(basis.evidence.id)) return true;
    const agreed = row.agreed.includes('marketing') || row.agreed.includes(topic);
    const asked = topic === 'follow_up' && (row.asked?.getTime() ?? 0) > halfYear - 4 * 86_400_000;
    return basis.basis === 'consent' ? !agreed : !asked;
  });
}

const clear = () =>
  queryAs(
    app.target,
    'owner',
    `begin; ${triggers('disable')}; ${EMPTY}; delete from outbox; delete from form_submissions; ${triggers('enable')}; commit`,
  );

let sequences = 0;
let passes = 0;
const rested = new Map<string, number>();
let blocked = 0;

test.each([
  { by: 'a colleague', no: [{ do: 'suppressOptOut', address: 1, writing: 0 }] },
  {
    by: 'the person, who is deleted then',
    no: [{ do: 'capture', address: 1, writing: 0 }, { do: 'optOut', who: 0 }, { do: 'drain' }, { do: 'delete', who: 0 }],
  },
] as const)('a no that comes after an erasure, from $by, is not undone by a form that anybody can fill in', async ({ by, no }) => {
  await clear();
  const world = new World(join(folder, `no-after-erasure-${by}.jsonl`));
  const bob = { address: 1, writing: 0 };
  for (const step of [{ do: 'capture', ...bob }, { do: 'erase', who: 0 }, ...no, { do: 'form', ...bob }] as const)
    await perform(world, step);
  expect(await mailable(world)).toEqual([]);
});

test('whatever is merged, taken apart, imported, posted, deleted, erased, renamed or restored: no opted-out address becomes mailable without new, later, explicit consent, and no mail goes out without a lawful basis', async () => {
  await fc.assert(
    fc.asyncProperty(sequence, async (steps) => {
      await clear();
      const world = new World(join(folder, `run-${sequences}.jsonl`));
      sequences += 1;
      for (const [place, step] of steps.entries()) {
        await perform(world, step);
        const pass = await mailable(world);
        passes += pass.length;
        blocked += world.must.addresses.size;
        const wrong = pass.filter(({ personId, email }) => world.must.addresses.has(email) || world.must.people.get(personId) === true);
        const baseless = await groundless(pass);
        for (const { basis } of pass) rested.set(basis?.basis ?? 'nothing', (rested.get(basis?.basis ?? 'nothing') ?? 0) + 1);
        const after = steps.slice(0, place + 1);
        expect({ after, wrong, baseless }).toEqual({ after, wrong: [], baseless: [] });
      }
    }),
    { numRuns: RUNS, endOnFailure: false },
  );
  // Not true for want of mail: thousands of questions were answered either way.
  expect(sequences).toBeGreaterThanOrEqual(RUNS);
  expect(passes).toBeGreaterThan(RUNS);
  expect(blocked).toBeGreaterThan(RUNS);
  expect([...rested.keys()].toSorted()).toEqual(['consent', 'inquiry']);
}, 600_000);

test('the same holds of a database that is restored from a real backup, with the list beside it', async () => {
  for (const [round, steps] of fc.sample(sequence, 2).entries()) {
    await clear();
    const home = join(folder, `home-${round}`);
    const world = new World(replayFile(home));
    for (const step of steps) if (step.do !== 'restore' && step.do !== 'snapshot') await perform(world, step);
    const into = join(home, 'backups');
    const directory = await backup(app.target, { into, reason: 'manual', clock: app.clock });
    const then = new Map(world.must.people);

    // What comes after the backup: one opts out by an old mail, one is erased, one is named in a file.
    const after = [
      { do: 'oneClick', who: 0 }, { do: 'erase', who: 1 }, { do: 'capture', address: 3, writing: 1 }, { do: 'importOut', address: 3, writing: 0 }, { do: 'form', address: 3, writing: 0 },
    ] satisfies Act[]; // prettier-ignore
    for (const step of after) await perform(world, step);
    await world.write();
    expect(world.must.addresses.size).toBeGreaterThan(0);

    await using copy = await emptyDatabase();
    const elsewhere = join(folder, `elsewhere-${round}`);
    await restore(copy.target, directory, { home: elsewhere });
    const [database, system] = [openDatabase(copy.target), openSystemDatabase(copy.target)];
    const restored = { ...app.runtime, database, system };
    await applyReplay(restored, replayFile(elsewhere));
    const pass = await mailable(world, restored);
    const wrong = pass.filter(({ personId, email }) => world.must.addresses.has(email) || then.get(personId) === true);
    const baseless = await groundless(pass, restored);
    await Promise.all([database.close(), system.close()]);
    expect({ steps, wrong, baseless }).toEqual({ steps, wrong: [], baseless: [] });
  }
}, 120_000);

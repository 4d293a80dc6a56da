import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureLead } from '#modules/leads/operations/capture.ts';
import { createForm } from '#modules/leads/operations/forms.ts';
import { sendEmail } from '#modules/messages/operations/send.ts';
import { listSuppressions } from '#modules/messages/operations/suppressions.ts';
import { clientConfig } from '#core/database/target.ts';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { blockedHashes } from '../blocked.ts';
import { MARKETING } from '../consent.ts';
import { PersonNotFound } from '../errors.ts';
import { mergeOperation } from '../merge/operations.ts';
import { setConsent } from '../operations/consent.ts';
import { updatePersonOperation } from '../operations/people.ts';
import { consentProof } from '../operations/proof.ts';
import { createNote } from '../operations/notes.ts';
import { personColumns } from '../person-tables.ts';
import { eraseOperation, exportOperation, getErasure } from './operations.ts';
import { applyReplay, replayWriter } from './replay.ts';
import { ELSEWHERE, RULES } from './rules.ts';

let app: TestApp;
let home: string;
beforeAll(async () => {
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } });
  home = await mkdtemp(join(tmpdir(), 'steward-erasure-'));
});
afterAll(async () => {
  await app.close();
  await rm(home, { recursive: true });
});

const rows = <Row extends object>(text: string, ...values: unknown[]) =>
  app.runtime.system.read((tx) => tx.query<Row>({ name: `test.${createHash('sha1').update(text).digest('hex')}`, text }, values));
const aPerson = async (email: string, name: string) => {
  const { lead } = await app.call(captureLead, { email, name, phone: '+49 30 5550001', enrol: false });
  if (lead === null) throw new Error('no lead');
  return lead.personId;
};
const mailable = async (to: string) => (await app.call(sendEmail, { to, template: 'welcome' })).state !== 'blocked';

/** Every text column of every table that still has one of these words, as table.column. */
async function traces(...words: string[]): Promise<string[]> {
  const columns = await rows<{ table: string; column: string }>(
    `select c.relname as "table", a.attname as "column" from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.atttypid in ('text'::regtype, 'jsonb'::regtype, 'text[]'::regtype)`,
  );
  const found: string[] = [];
  for (const { table, column } of columns) {
    const [hit] = await rows<{ n: number }>(
      `select count(*)::int as n from "${table}" where lower("${column}"::text) like any ($1::text[])`,
      words.map((word) => `%${word.toLowerCase()}%`),
    );
    if (hit !== undefined && hit.n > 0) found.push(`${table}.${column}`);
  }
  return found;
}

test('an erased person leaves no trace in any table but keyed hashes, and a certificate that says so', async () => {
  const personId = await aPerson('wanda.unique@erase.test', 'Wanda Unmistakable');
  const twin = await aPerson('wanda.second@erase.test', 'Wanda Unmistakable');
  await app.call(mergeOperation, { personId, otherId: twin });
  await app.call(createNote, { personId, content: 'Unmistakable likes tea' });
  await app.call(updatePersonOperation, { personId, fullName: 'Wanda M. Unmistakable' });
  await app.call(setConsent, { personId, state: 'granted', evidence: { wording: 'Wanda Unmistakable agreed' } });
  await app.call(sendEmail, { to: 'wanda.unique@erase.test', template: 'welcome' });
  await app.drain();
  // What went out to and came in from other programs names her, too.
  await queryAs(
    app.target,
    'owner',
    `insert into webhook_messages (id, company_id, type, body, created_at)
       values ('${newId()}', '${app.company.companyId}', 'person.updated', '{"name": "Wanda Unmistakable", "person_id": "${personId}"}', now());
     insert into workflow_hooks (id, company_id, workflow_id, key, token) select '${newId()}', company_id, id, 'orders', 'a token' from workflows where company_id = '${app.company.companyId}' limit 1;
     insert into hook_requests (id, company_id, hook_id, at, method, headers, body, bytes, verdict)
       select '${newId()}', company_id, id, now(), 'POST', '{}', '{"from": "Wanda.Unique@erase.test", "text": "Unmistakable"}', 60, 'accepted' from workflow_hooks where company_id = '${app.company.companyId}' limit 1`,
  );
  expect((await app.call(exportOperation, { personId })).tables).toMatchObject({
    people: [{ full_name: 'Wanda M. Unmistakable' }],
    messages: [expect.anything()],
  });

  const certificate = await app.call(eraseOperation, { personId, confirm: 'erase' });
  await app.drain();
  expect(await traces('unmistakable', 'wanda.unique', 'wanda.second', '+49305550001')).toEqual([]);
  expect(certificate.tables.map((entry) => entry.table)).toEqual(
    expect.arrayContaining(['people', 'person_emails', 'messages', 'interactions', 'consent_log', 'leads', 'audit_log']),
  );
  expect(certificate.addressHashes).toHaveLength(2);
  expect(JSON.stringify(await app.call(getErasure, { erasureId: certificate.id }))).not.toMatch(/wanda/i);
  await expect(app.call(exportOperation, { personId })).rejects.toThrow(PersonNotFound);
});

test('an erased address stays blocked, however it is written, until the person asks again with proof', async () => {
  const personId = await aPerson('zoë@erase.test', 'Zoe');
  await app.call(eraseOperation, { personId, confirm: 'erase' });
  const blocked = await app.runtime.database.read(app.company.companyId, (tx) =>
    blockedHashes(tx, app.runtime.secrets, app.company.companyId, ['zoë@erase.test', 'ｚｏë@erase.test', 'other@erase.test']),
  );
  expect([...blocked].map(([email, { reason }]) => [email, reason])).toEqual([['zoë@erase.test', 'erased'], ['ｚｏë@erase.test', 'erased']]); // prettier-ignore
  const again = await aPerson('ZOE\u0308@erase.test', 'Zoe');
  expect(await mailable('zoë@erase.test')).toBe(false);
  const grant = { personId: again, state: 'granted', topic: MARKETING } as const;
  await expect(app.call(setConsent, { ...grant, evidence: {} })).rejects.toThrow('evidence.wording');
  app.clock.advance({ days: 8 });
  await app.call(setConsent, { ...grant, evidence: { wording: 'Called us and asked for the newsletter' } });
  expect(await mailable('zoë@erase.test')).toBe(true);
  const proof = await app.call(consentProof, { personId: again });
  expect(proof).toMatchObject({ blocked: [], entries: [{ renews: true, state: 'granted', recordedBy: expect.any(String) }] });
});

test('who was erased comes back by a form of her own as somebody new, and gets mail only with a consent given in it', async () => {
  const form = await app.call(createForm, {
    title: 'Come back',
    fields: [{ name: 'email', label: 'Email', type: 'email' }, { name: 'message', label: 'Message', type: 'textarea' }], // prettier-ignore
    consentWording: 'Yes, write to me',
  });
  const send = (email: string, consent: boolean) =>
    app.http.inject({
      method: 'POST', url: `/api/forms/${form.id}/submissions`, remoteAddress: '10.9.0.1',
      payload: { answers: { email, message: `Hello at ${app.clock.now().getTime()}` }, consent },
    }); // prettier-ignore
  const gone = await aPerson('dora@erase.test', 'Dora Gone');
  await app.call(eraseOperation, { personId: gone, confirm: 'erase' });

  const file = { filename: 'old.csv', content: 'email,name,consent\ndora@erase.test,Dora Gone,yes\n' };
  expect(await app.call(captureLead, file)).toMatchObject({ lead: null });
  expect(await rows('select 1 from person_emails where email = $1', 'dora@erase.test')).toEqual([]);

  app.clock.advance({ days: 8 });
  expect((await send('dora@erase.test', false)).statusCode).toBe(201);
  const [back] = await rows<{ id: string; name: string }>(
    'select p.id, p.full_name as name from people p join person_emails e on e.person_id = p.id where e.email = $1',
    'dora@erase.test',
  );
  expect(back).toMatchObject({ name: '' });
  expect(back?.id).not.toBe(gone);
  expect(await mailable('dora@erase.test')).toBe(false);

  app.clock.advance({ days: 8 });
  expect((await send('dora@erase.test', true)).statusCode).toBe(201);
  expect(await mailable('dora@erase.test')).toBe(true);
  const proof = await app.call(consentProof, { personId: back?.id ?? '' });
  expect(proof.blocked).toEqual([]);
  expect(proof.entries[0]).toMatchObject({ renews: true, source: 'form', evidence: { wording: 'Yes, write to me', version: 1 } });

  // Anybody can type anybody's address: who had said no before the erasure is not asked by a form.
  const refused = await aPerson('edda@erase.test', 'Edda');
  await app.call(setConsent, { personId: refused, state: 'objected', evidence: {} });
  await app.call(eraseOperation, { personId: refused, confirm: 'erase' });
  app.clock.advance({ days: 8 });
  expect((await send('edda@erase.test', true)).statusCode).toBe(201);
  expect(await mailable('edda@erase.test')).toBe(false);
});

test('the list outside misses no line: not of a clock that was set back, not of a transaction that ends late', async () => {
  const file = join(home, 'backups', 'late.jsonl');
  const write = replayWriter(app.runtime, file);
  const company = app.company.companyId;
  const line = (hash: string, at: string) =>
    `insert into opt_out_journal (company_id, kind, address_hash, reason, at) values ('${company}', 'out', '${hash}', 'opt_out', ${at})`;
  const listed = async (hash: string) => (await readFile(file, 'utf8')).split('\n').filter((text) => text.includes(hash)).length;
  await queryAs(app.target, 'owner', line('before', 'now()'));
  await write();
  await queryAs(app.target, 'owner', line('clock-set-back', `now() - interval '1 day'`));
  expect(await write()).toBe(1);

  const late = new Client(clientConfig(app.target, 'owner', 'test'));
  await late.connect();
  await late.query('begin');
  await late.query(line('ends-late', `now() - interval '1 day'`));
  await queryAs(app.target, 'owner', line('came-after', 'now()'));
  expect(await write()).toBe(1);
  // Round after round while it is open: what it holds is not passed by.
  for (let round = 0; round < 3; round += 1) expect(await write()).toBe(0);
  await late.query('commit');
  await late.end();
  expect(await write()).toBe(1);
  for (let round = 0; round < 3; round += 1) expect(await write()).toBe(0);
  for (const hash of ['before', 'clock-set-back', 'ends-late', 'came-after']) expect(await listed(hash), hash).toBe(1);
  // A start begins with what the file lacks, and with nothing else.
  await queryAs(app.target, 'owner', line('while-it-was-down', `now() - interval '2 days'`));
  expect(await replayWriter(app.runtime, file)()).toBe(1);
});

test('of a journal that a wrong clock wrote, the last word counts, not the latest time', async () => {
  const file = join(home, 'backups', 'words.jsonl');
  const line = (kind: string, at: string) => ({ id: newId(), company: app.company.companyId, kind, hash: 'wrong-clock', reason: 'opt_out', person: null, at }); // prettier-ignore
  const words = [line('in', '2026-03-02T10:00:00.000000Z'), line('out', '2026-03-01T10:00:00.000000Z')];
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, words.map((word) => JSON.stringify(word)).join('\n'));
  expect(await applyReplay(app.runtime, file)).toBe(2);
  expect(await rows(`select reason from suppressions where address_hash = 'wrong-clock'`)).toEqual([{ reason: 'opt_out' }]);
});

test('a database restored from before is told of opt-outs and erasures by the list outside of it', async () => {
  const file = join(home, 'backups', 'opt-outs.jsonl');
  const write = replayWriter(app.runtime, file);
  const [out, gone] = [await aPerson('later.out@erase.test', 'Ola'), await aPerson('later.gone@erase.test', 'Gina')];
  const before = await rows<{ all: object }>(`select to_jsonb(p) as all from people p where id = any($1::uuid[])`, [out, gone]);
  await app.call(setConsent, { personId: out, state: 'objected', evidence: {} });
  await app.call(eraseOperation, { personId: gone, confirm: 'erase' });
  await app.drain();
  expect(await write()).toBeGreaterThan(0);
  expect(await write()).toBe(0);
  expect(await readFile(file, 'utf8')).not.toMatch(/erase\.test/);

  // The moment of the backup: neither has said a word, and the database knows nothing of it.
  const owner = (text: string) => queryAs(app.target, 'owner', text);
  await owner(`delete from suppressions where opted_out_at is not null; delete from opt_out_journal; delete from consent_state where person_id = '${out}'; delete from consent_log where person_id = '${out}';
    update people set opted_out_at = null where id = '${out}'; delete from erasures`);
  await owner(
    `insert into people (id, company_id, full_name, email) select (p ->> 'id')::uuid, (p ->> 'company_id')::uuid, p ->> 'full_name', p ->> 'email' from jsonb_array_elements('${JSON.stringify(before.map(({ all }) => all))}') p on conflict do nothing`,
  );
  await owner(`insert into person_emails (company_id, email, person_id) select company_id, email, id from people where id = '${gone}'`);
  app.clock.advance({ days: 8 });
  expect(await mailable('later.out@erase.test')).toBe(true);

  expect(await applyReplay(app.runtime, file)).toBeGreaterThan(0);
  app.clock.advance({ days: 8 });
  expect(await mailable('later.out@erase.test')).toBe(false);
  expect(await rows('select 1 from people where id = $1', gone)).toEqual([]);
  expect(await rows('select opted_out_at is not null as out from people where id = $1', out)).toEqual([{ out: true }]);
  expect(await mailable('later.gone@erase.test')).toBe(false);
  expect(await applyReplay(app.runtime, file)).toBe(0);
  expect((await app.call(listSuppressions, { email: 'later.gone@erase.test' })).items).toMatchObject([
    { address: null, reason: 'opt_out' },
  ]);
});

test('a table that holds people is known to erasure: a new one must be decided on', async () => {
  const columns = await app.runtime.system.read((tx) => personColumns(tx));
  const decided = new Set([...RULES.map((rule) => rule.table), ...Object.keys(ELSEWHERE)]);
  // With the row of people, or deleted by the catalogue (erase.ts); all that is in them is the person's.
  const deleted = [
    'activities', 'approvals', 'away_periods', 'bulk_change_rows', 'clients', 'consent_log', 'consent_state', 'conversation_drafts', 'conversation_presence',
    'conversation_reads', 'conversations', 'conversion_predictions', 'deal_people', 'duplicate_pairs', 'import_identities', 'interactions',
    'lead_assignments', 'lead_scores', 'lead_sources', 'leads', 'message_hits', 'notifications', 'person_emails', 'person_files', 'person_merges', 'person_phones',
    'person_tags', 'rehearsal_messages', 'rehearsal_people', 'retention_holds', 'retention_notices', 'segment_members', 'tickets',
  ]; // prettier-ignore
  expect([...new Set(columns.map((column) => column.table))].filter((table) => !decided.has(table)).toSorted()).toEqual(deleted);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { importLeads, startImport, undoImport } from '../operations/import-runs.ts';
import { createImport } from '../operations/import-uploads.ts';
import { getImportOperation } from '../operations/imports.ts';
import { createLeadOperation as createLead, updateLeadOperation as updateLead } from '../operations/leads.ts';
import { beginImport } from './store.ts';
import { isTarget } from './mapping.ts';

const CHILD = fileURLToPath(new URL('../../../testing/import-child.ts', import.meta.url));
const ROWS = 8_000;
const KILLS = 6;

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

/** Duplicates near and far, opt-outs, consent, numbers, tags, refusals, people without an address, second addresses. */
function file(): string {
  const lines = Array.from({ length: ROWS }, (_row, index) => {
    const who = index % 7 === 6 ? index - (index % 900) : index;
    const email = index % 50 === 49 ? 'no address' : index % 41 === 40 ? '' : `p${who}@crash.example`;
    const second = index % 30 === 29 ? `second${who}@crash.example` : '';
    return `Person ${who},${email},${second},+4930${1_000_000 + who},Firm ${who % 700},${index % 5 === 0 ? 'fair;vip' : ''},"note ${index}",${index % 3 === 0 ? 'yes' : ''},${index % 97 === 0 ? 'yes' : ''}`;
  });
  return ['name,email,email 2,phone,company,tags,notes,consent,unsubscribed', ...lines].join('\n');
}

/** Everything that an import may write, as one text a row: ids and times left out, people named by what they are. */
const HASHES = `
  select 'people' as what, count(*)::int as n, md5(coalesce(string_agg(t, '|' order by t), '')) as hash from (
    select concat_ws('~', p.full_name, p.first_name, p.last_name, p.email, p.phone, p.phone_raw, p.time_zone, p.language, o.name, p.custom, p.opted_out_at is not null,
      p.other_contacts, (select string_agg(e.email, ',' order by e.email) from person_emails e where e.person_id = p.id),
      (select string_agg(n.phone_raw, ',' order by n.phone_raw) from person_phones n where n.person_id = p.id),
      (select string_agg(t.name_key, ',' order by t.name_key) from person_tags g join tags t on t.id = g.tag_id where g.person_id = p.id),
      (select string_agg(concat_ws(':', l.status, l.source, l.notes, l.owner_id), ',' order by l.notes) from leads l where l.person_id = p.id),
      (select string_agg(concat_ws(':', c.topic, c.state, c.source, c.evidence - 'import_id'), ',' order by c.evidence::text) from consent_log c where c.person_id = p.id),
      (select string_agg(concat_ws(':', c.topic, c.state), ',' order by c.topic) from consent_state c where c.person_id = p.id),
      (select string_agg(i.key, ',' order by i.key) from import_identities i where i.person_id = p.id)) as t
    from people p left join organisations o on o.id = p.organisation_id where p.company_id = $1) rows
  union all select 'leads', count(*)::int, '' from leads where company_id = $1
  union all select 'addresses', count(*)::int, '' from person_emails where company_id = $1
  union all select 'consent', count(*)::int, '' from consent_log where company_id = $1
  union all select 'organisations', count(*)::int, md5(coalesce(string_agg(name_key, '|' order by name_key), '')) from organisations where company_id = $1`;
const REFUSED = `select 'refused' as what, count(*)::int as n, md5(string_agg(concat_ws('~', row_number, line, reason, value, cells), '|' order by row_number)) as hash
  from import_errors where company_id = $1`;

async function hashes(company: TestCompany, text = HASHES): Promise<unknown[]> {
  return app.runtime.system.read((tx) => tx.query({ name: `test.hashes.${text.length}`, text }, [company.companyId]));
}

async function uploaded(company: TestCompany, content: string) {
  return app.call(createImport, { filename: 'crash.csv', content }, { as: company.admin });
}

test('killed at six random instants and resumed, it is the import that nobody killed', { timeout: 600_000 }, async () => {
  const whole = await app.aCompany('Whole');
  const killed = await app.aCompany('Killed');
  const content = file();
  const { id: wholeId } = await uploaded(whole, content);
  const straight = await app.call(startImport, { importId: wholeId, withoutEmail: true, wait: true }, { as: whole.admin });
  expect(straight).toMatchObject({ state: 'done', processedRows: ROWS });
  expect(straight.created).toBeGreaterThan(5_000);

  const upload = await uploaded(killed, content);
  const { companyId } = killed;
  await app.runtime.database.write(companyId, (tx) =>
    beginImport(
      tx, companyId, upload.id,
      { mapping: upload.mapping.filter(isTarget), formats: upload.formats, source: null, enrol: false, dryRun: false, withoutEmail: true, tags: [], consent: null, consentTopic: 'marketing' },
      app.clock.now(),
    ),
  ); // prettier-ignore
  const state = () => app.call(getImportOperation, { importId: upload.id }, { as: killed.admin });
  const stood: number[] = [];
  let kills = 0;
  for (; kills < KILLS; kills += 1) {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', CHILD, JSON.stringify({ target: app.target, companyId, importId: upload.id })],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const gone = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), gone]);
    const from = stood.at(-1) ?? 0;
    while (child.exitCode === null && (await state()).processedRows === from) await sleep(5);
    await Promise.race([sleep(Math.random() * 250), gone]);
    child.kill('SIGKILL');
    await gone;
    const now = await state();
    stood.push(now.processedRows);
    if (now.state === 'done') break;
  }
  console.log(`killed ${kills} times, stood at ${stood.join(', ')}`);
  const { runImport } = await import('./run.ts');
  await runImport(app.runtime, companyId, upload.id);
  const done = await state();
  expect(done).toMatchObject({
    state: 'done', created: straight.created, merged: straight.merged, changed: straight.changed, optOutsKept: straight.optOutsKept, refused: straight.refused, processedRows: ROWS,
  }); // prettier-ignore
  expect(await hashes(killed)).toEqual(await hashes(whole));
  expect(await hashes(killed, REFUSED)).toEqual(await hashes(whole, REFUSED));
});

test('undone, the rows are what they were before, and what people changed since stays with a reason', { timeout: 300_000 }, async () => {
  const company = await app.aCompany('Undo');
  const as = company.admin;
  await app.call(
    importLeads,
    { content: 'name,email,notes\n,p1@crash.example,\nKnown,p2@crash.example,here before\n,p2000@crash.example,' },
    { as },
  );
  const before = await hashes(company);
  app.clock.advance({ minutes: 1 });
  const done = await app.call(importLeads, { content: file().split('\n').slice(0, 3_000).join('\n'), withoutEmail: true }, { as });
  expect(done.created).toBeGreaterThan(2_000);
  expect(await hashes(company)).not.toEqual(before);
  app.clock.advance({ minutes: 1 });
  const undone = await app.call(undoImport, { importId: done.id }, { as });
  expect(undone).toMatchObject({ state: 'undone', undo: { leads: done.created, kept: 0 } });
  expect(await hashes(company)).toEqual(before);
  await expect(app.call(undoImport, { importId: done.id }, { as })).rejects.toMatchObject({ code: 'conflict' });

  // Who opted out by that file stays opted out: brought in again, they are kept as they are.
  const again = await app.call(importLeads, { content: 'email\np388@crash.example\np3@crash.example' }, { as });
  expect(again).toMatchObject({ created: 1, optOutsKept: 1 });
  app.clock.advance({ minutes: 1 });
  const lead = await app.call(createLead, { email: 'other@crash.example', enrol: false }, { as });
  const second = await app.call(
    importLeads,
    { content: 'name,email\nTouched,touched@crash.example\nOther,other@crash.example\nGone,gone@crash.example' },
    { as },
  );
  const [touched] = await app.runtime.system.read((tx) =>
    tx.query<{ id: string }>(
      {
        name: 'test.touched',
        text: `select l.id from leads l join people p on p.id = l.person_id where p.company_id = $1 and p.email = 'touched@crash.example'`,
      },
      [company.companyId],
    ),
  );
  app.clock.advance({ minutes: 1 });
  await app.call(updateLead, { leadId: touched?.id ?? '', notes: 'called her' }, { as });
  const kept = await app.call(undoImport, { importId: second.id }, { as });
  expect(kept.undo).toMatchObject({ people: 1, restored: 1, kept: 1, reasons: [{ name: 'Touched', reason: 'was changed as a lead' }] });
  expect(lead.name).toBe('');
});

test('imported again, the same file writes nothing', { timeout: 300_000 }, async () => {
  const company = await app.aCompany('Again');
  const as = company.admin;
  const content = file().split('\n').slice(0, 3_000).join('\n');
  await app.call(importLeads, { content, withoutEmail: true }, { as });
  const marks = async () => {
    const tables = [
      'people',
      'person_emails',
      'person_phones',
      'leads',
      'organisations',
      'consent_log',
      'consent_state',
      'person_tags',
      'tags',
      'import_journal',
      'outbox',
    ];
    const text = tables.map(
      (table) =>
        `select '${table}' as what, count(*)::int as n, max(xmin::text::bigint) as last, max(xmax::text::bigint) as locked from ${table} where company_id = $1`,
    );
    return app.runtime.system.read((tx) => tx.query({ name: 'test.marks', text: text.join(' union all ') }, [company.companyId]));
  };
  const before = await marks();
  const again = await app.call(importLeads, { content, withoutEmail: true }, { as });
  expect(again).toMatchObject({ created: 0, changed: 0 });
  expect(await marks()).toEqual(before);
});

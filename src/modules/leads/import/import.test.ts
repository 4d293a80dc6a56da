import { readFileSync } from 'node:fs';
import fc from '#testing/property.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import {
  createLeadOperation as createLead,
  listLeadsOperation as listLeads,
  updateLeadOperation as updateLead,
} from '../operations/leads.ts';
import { createAssignmentRule, leadOrigin } from '../operations/assignment.ts';
import { captureLead } from '../operations/capture.ts';
import { importLeads, startImport } from '../operations/import-runs.ts';
import { createImport } from '../operations/import-uploads.ts';
import { getImportOperation, importErrors } from '../operations/imports.ts';
import { eventsAbout, operatorHeaders } from '../testing.ts';
import { tendImports } from './resume.ts';
import { beginImport } from './store.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const SAMPLE = readFileSync(new URL('../sample-leads.csv', import.meta.url));
const countsOf = ({
  created,
  merged,
  changed,
  optOutsKept,
  refused,
}: Record<'created' | 'merged' | 'changed' | 'optOutsKept' | 'refused', number>) => [created, merged, changed, optOutsKept, refused];

async function rowsIn(company: TestCompany): Promise<number[]> {
  const tables = ['people', 'person_emails', 'leads', 'organisations', 'consent_log', 'outbox'];
  const text = `select ${tables.map((table) => `(select count(*)::int from ${table} where company_id = $1) as ${table}`).join(', ')}`;
  const [row] = await app.runtime.system.read((tx) => tx.query<Record<string, number>>({ name: 'test.rows', text }, [company.companyId]));
  return Object.values(row ?? {});
}

describe('importing a CSV file', () => {
  test('takes the messy sample, tells what it refused, and writes nothing the second time', async () => {
    const company = await app.aCompany('Sample');
    const as = company.admin;
    await app.drain();
    const empty = await rowsIn(company);
    const dry = await app.call(importLeads, { contentBase64: SAMPLE.toString('base64'), dryRun: true }, { as });
    expect(countsOf(dry)).toEqual([15, 1, 0, 0, 3]);
    expect(await rowsIn(company)).toEqual(empty);

    const real = await app.call(importLeads, { contentBase64: SAMPLE.toString('base64'), source: 'sample' }, { as });
    expect(countsOf(real)).toEqual(countsOf(dry));
    expect(real.errors.map((error) => [error.line, error.field, error.reason, error.value])).toEqual([
      [9, 'email', 'is not an email address', 'farid.haddad@@medina-foods.example'],
      [11, 'email', 'has no email address', null],
      [20, 'email', 'is not an email address', 'pablo@not-an-address'],
    ]);
    const leads = await app.call(listLeads, { limit: 100 }, { as });
    const byEmail = new Map(leads.items.map((lead) => [lead.email, lead]));
    expect(byEmail.get('ava.lindqvist@northwind.example')).toMatchObject({
      name: 'Ava Lindqvist',
      phone: '+46812345678',
      source: 'Trade fair',
      notes: expect.stringContaining('\r\nfor 40'),
    });
    expect(
      byEmail.get('grace@xn--bckerei-mller-cfb0t.example') ??
        byEmail.get([...byEmail.keys()].find((email) => email?.startsWith('grace@')) ?? null),
    ).toMatchObject({ name: 'Grace Müller', status: 'engaged' });
    expect(byEmail.get('mei.chen@lotus-interiors.example')).toMatchObject({ name: 'Mei Chen', status: 'contacted' });
    expect(byEmail.get('iris@dijk-and-co.example')).toMatchObject({ status: 'qualified' });
    expect(byEmail.get('jonas.weber@weber-metall.example')).toMatchObject({ status: 'unsubscribed', optedOut: true });
    expect(byEmail.get('noah@schmidt-optik.example')).toMatchObject({ notes: '"A quote that is never closed' });
    expect(byEmail.get('olga.ivanova@petrov-logistics.example')).toMatchObject({ status: 'converted' });
    expect(byEmail.get('liam@obrien-legal.example')).toMatchObject({ source: 'sample', phone: null });

    await app.drain();
    const before = await rowsIn(company);
    const again = await app.call(importLeads, { contentBase64: SAMPLE.toString('base64') }, { as });
    expect(countsOf(again)).toEqual([0, 15, 0, 1, 3]);
    expect(await rowsIn(company)).toEqual(before);
  });

  test('keeps opt-outs, fills gaps, leaves what is there, and lets the strictest consent win', async () => {
    const { admin: as } = await app.aCompany('Merge');
    const out = await app.call(createLead, { name: 'Out', email: 'out@example.com' }, { as });
    await app.call(updateLead, { leadId: out.id, status: 'unsubscribed' }, { as });
    const known = await app.call(createLead, { name: 'Known', email: 'known@example.com', source: 'web', enrol: false }, { as });
    const stop = await app.call(createLead, { name: 'Stop', email: 'stop@example.com', enrol: false }, { as });
    const won = await app.call(createLead, { name: 'Won', email: 'won@example.com', status: 'converted' }, { as });
    const csv = [
      'name,email,phone,notes,status,source',
      'Renamed,out@example.com,,,new,csv',
      'Other Name,KNOWN@example.com,+43 1 12345,hello,qualified,csv',
      'Stop,stop@example.com,,,unsubscribed,csv',
      'Won,won@example.com,,,new,csv',
      'Fresh,fresh@example.com,,,,csv',
      'Fresh,fresh@example.com,+43 1 54321,,,csv',
    ].join('\n');
    const dry = await app.call(importLeads, { content: csv, dryRun: true }, { as });
    const real = await app.call(importLeads, { content: csv }, { as });
    expect(countsOf(real)).toEqual([1, 4, 3, 1, 0]);
    expect(countsOf(dry)).toEqual(countsOf(real));
    await app.drain();
    const leads = new Map((await app.call(listLeads, {}, { as })).items.map((lead) => [lead.id, lead]));
    expect(leads.get(out.id)).toMatchObject({ name: 'Out', status: 'unsubscribed', optedOut: true });
    expect(leads.get(known.id)).toMatchObject({ name: 'Known', phone: '+43112345', notes: 'hello', status: 'new', source: 'web' });
    expect(leads.get(stop.id)).toMatchObject({ status: 'unsubscribed', optedOut: true });
    expect(leads.get(won.id)).toMatchObject({ status: 'converted', optedOut: false });
    expect([...leads.values()].find((lead) => lead.email === 'fresh@example.com')).toMatchObject({ phone: '+43154321' });
  });

  test('enrols only when the importer ticks it, and never who opted out', async () => {
    const { admin: as } = await app.aCompany('Enrol');
    const enrolOf = async (csv: string, enrol: boolean) => {
      await app.call(importLeads, { content: csv, enrol }, { as });
      const [lead] = (await app.call(listLeads, { limit: 1 }, { as })).items;
      return (await eventsAbout(app, lead?.id ?? ''))[0]?.[1];
    };
    // Nobody listens: the one live workflow wants enrolment.
    expect(await enrolOf('email\none@example.com', false)).toBeUndefined();
    app.clock.advance({ seconds: 1 });
    expect(await enrolOf('email\ntwo@example.com', true)).toMatchObject({ imported: true, enrol: true });
    app.clock.advance({ seconds: 1 });
    expect(await enrolOf('email,unsubscribed\nthree@example.com,yes', true)).toMatchObject({ imported: true, enrol: false });
  });

  test('shows columns and a mapping first, then imports by the one that was chosen', async () => {
    const { admin: as } = await app.aCompany('Mapping');
    const upload = await app.call(createImport, { filename: 'people.csv', content: 'who;where;extra\nAnn Lee;ann@map.example;x' }, { as });
    expect(upload).toMatchObject({
      state: 'ready',
      columns: ['who', 'where', 'extra'],
      mapping: ['ignore', 'email', 'ignore'],
      totalRows: 1,
      sample: [['Ann Lee', 'ann@map.example', 'x']],
    });
    await expect(app.call(startImport, { importId: upload.id, mapping: ['ignore', 'notes', 'ignore'] }, { as })).rejects.toMatchObject({
      code: 'not_importable',
    });
    await expect(app.call(startImport, { importId: upload.id, mapping: ['email'] }, { as })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const done = await app.call(startImport, { importId: upload.id, mapping: ['name', 'email', 'notes'], wait: true }, { as });
    expect(done).toMatchObject({ state: 'done', created: 1, processedRows: 1 });
    expect((await app.call(listLeads, {}, { as })).items).toMatchObject([{ name: 'Ann Lee', email: 'ann@map.example', notes: 'x' }]);
    const { admin: stranger } = await app.aCompany('Stranger');
    await expect(app.call(startImport, { importId: upload.id }, { as: stranger })).rejects.toMatchObject({ code: 'import_not_found' });
    await expect(app.call(importErrors, { importId: upload.id }, { as: stranger })).rejects.toMatchObject({ code: 'import_not_found' });
  });

  test('goes on where a killed process left it, doubling nothing', async () => {
    const company = await app.aCompany('Killed');
    const as = company.admin;
    const csv = ['email', ...Array.from({ length: 2_500 }, (_row, index) => `r${index}@killed.example`)].join('\n');
    const upload = await app.call(createImport, { content: csv }, { as });
    await app.runtime.database.write(company.companyId, (tx) =>
      beginImport(
        tx,
        company.companyId,
        upload.id,
        {
          mapping: ['email'],
          source: null,
          enrol: false,
          dryRun: false,
          formats: {},
          withoutEmail: false,
          tags: [],
          consent: null,
          consentTopic: 'marketing',
        },
        app.clock.now(),
      ),
    );
    await app.call(
      importLeads,
      { content: ['email', ...Array.from({ length: 1_000 }, (_row, index) => `r${index}@killed.example`)].join('\n') },
      { as },
    );
    const text = 'update imports set processed_rows = 1000, created_count = 1000 where id = $1';
    await app.runtime.database.write(company.companyId, (tx) => tx.query({ name: 'test.killed', text }, [upload.id]));
    expect(await tendImports(app.runtime)).toBe(0);
    app.clock.advance({ minutes: 2 });
    expect(await tendImports(app.runtime)).toBe(1);
    expect(await app.call(getImportOperation, { importId: upload.id }, { as })).toMatchObject({
      state: 'done',
      created: 2_500,
      merged: 0,
      processedRows: 2_500,
    });
    expect((await rowsIn(company))[2]).toBe(2_500);
  });

  test('captures from the command line: one by address, many by file', async () => {
    const { admin: as } = await app.aCompany('Capture');
    const one = await app.call(captureLead, { name: 'Ann', email: 'ann@cap.example' }, { as });
    expect(one).toMatchObject({ created: 1, merged: 0, lead: { name: 'Ann' } });
    const many = await app.call(captureLead, { content: 'name,email\nAnn,ann@cap.example\nBob,bob@cap.example\nx,y' }, { as });
    expect(many).toMatchObject({ created: 1, merged: 1, refused: 1, lead: null });
    await expect(app.call(captureLead, {}, { as })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('gives the refused rows as a CSV that a spreadsheet cannot run', async () => {
    const headers = operatorHeaders(app);
    const done = await app.call(importLeads, { content: 'email\n=cmd@\n"a ""b"""' });
    const csv = await app.http.inject({ url: `/api/imports/${done.id}/errors.csv`, headers });
    expect(csv.body).toBe(
      '\ufeff"Steward: why this row was refused","email"\r\n"line 2, email: is not an email address","\'=cmd@"\r\n"line 3, email: is not an email address","a ""b"""\r\n',
    );
    expect((await app.http.inject({ url: `/api/imports/${done.id}/errors.csv` })).statusCode).toBe(401);
    expect((await app.http.inject({ url: `/api/imports/${newId()}/errors.csv`, headers })).statusCode).toBe(404);
    expect((await app.http.inject({ url: '/sample-leads.csv' })).rawPayload.equals(SAMPLE)).toBe(true);
  });

  test('takes the file of refused rows back once it is mended, and remembers what the columns were', async () => {
    const headers = operatorHeaders(app);
    const upload = await app.call(createImport, {
      content: 'wer;wohin;Zusatz\nAnn Lee;ann@@back.example;=1+1\nBob Ray;bob@back.example;x',
    });
    const done = await app.call(startImport, { importId: upload.id, mapping: ['name', 'email', 'notes'], wait: true });
    expect(done).toMatchObject({ created: 1, refused: 1 });
    const file = await app.http.inject({ url: `/api/imports/${done.id}/errors.csv`, headers });
    expect(file.body).toContain('"line 2, wohin: is not an email address";"Ann Lee";"ann@@back.example";"\'=1+1"');
    const mended = await app.call(createImport, { content: file.body.replace('ann@@', 'ann@') });
    expect(mended.mapping).toEqual(['ignore', 'name', 'email', 'notes']);
    expect(await app.call(startImport, { importId: mended.id, wait: true })).toMatchObject({ created: 1, refused: 0 });
    const leads = await app.call(listLeads, { q: 'ann@back' });
    expect(leads.items).toMatchObject([{ name: 'Ann Lee', notes: '=1+1' }]);
  });

  test('keeps tags, second addresses and consent with its proof; an erased or opted-out address never comes back', async () => {
    const { admin: as, companyId } = await app.aCompany('Extras');
    const content =
      'name,email,email 2,tags,consent,consent date\nAnn,ann@extra.example,ann2@extra.example,"vip, fair",yes,31.05.2026\nBob,bob@extra.example,,,no,';
    const done = await app.call(importLeads, { content, tags: ['2026'] }, { as });
    expect(done).toMatchObject({ created: 2, formats: { 5: 'dmy' } });
    const seen = await app.runtime.system.read((tx) =>
      tx.query<object>(
        {
          name: 'test.extras',
          text: `select p.email, array(select e.email from person_emails e where e.person_id = p.id order by 1) as emails,
                   array(select t.name from person_tags g join tags t on t.id = g.tag_id where g.person_id = p.id order by 1) as tags,
                   (select c.evidence ->> 'given_at' from consent_log c where c.person_id = p.id and c.state = 'granted') as given
                 from people p where p.company_id = $1 order by p.email`,
        },
        [companyId],
      ),
    );
    expect(seen).toEqual([
      {
        email: 'ann@extra.example',
        emails: ['ann2@extra.example', 'ann@extra.example'],
        tags: ['2026', 'fair', 'vip'],
        given: '2026-05-31',
      },
      { email: 'bob@extra.example', emails: ['bob@extra.example'], tags: ['2026'], given: null },
    ]);
    // By the second address it is the same person; the opt-out that a file brings stays, whatever a later file says.
    expect(countsOf(await app.call(importLeads, { content: 'email,unsubscribed\nann2@extra.example,yes' }, { as }))).toEqual([
      0, 1, 1, 0, 0,
    ]);
    expect(countsOf(await app.call(importLeads, { content: 'email,consent\nann@extra.example,yes' }, { as }))).toEqual([0, 0, 0, 1, 0]);
  });

  test('survives random bytes: every row is counted once, nothing is half done', async () => {
    const company = await app.aCompany('Fuzz');
    const as = company.admin;
    const word = fc.oneof(
      fc.constantFrom(
        '"',
        '""',
        '\\',
        '\u0000',
        '\ud83d',
        '😀',
        'ann@fuzz.example',
        'bob@fuzz.example',
        '=1+1',
        'yes',
        'unsubscribed',
        'x'.repeat(300),
        '\u2028',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const text = fc
      .array(
        fc.array(word, { maxLength: 6 }).map((row) => row.join(',')),
        { maxLength: 12 },
      )
      .map((rows) => Buffer.from(`email,name,notes,status,phone,company\n${rows.join('\n')}`));
    const bytes = fc
      .uint8Array({ maxLength: 300 })
      .map((tail) => Buffer.concat([Buffer.from('email,name,unsubscribed\n'), Buffer.from(tail)]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, bytes), async (file) => {
        const done = await app.call(importLeads, { contentBase64: file.toString('base64') }, { as });
        expect(done.state).toBe('done');
        expect(done.created + done.merged + done.optOutsKept + done.refused).toBe(done.processedRows);
        expect(done.processedRows).toBe(done.totalRows);
      }),
      { numRuns: 60 },
    );
  });

  test('takes 100,000 rows in batches while others go on working', async () => {
    const { admin: as } = await app.aCompany('Large');
    const rows = Array.from(
      { length: 100_000 },
      (_row, index) => `Person ${index},p${index % 95_000}@large.example,+4930${1_000_000 + index},Firm ${index % 500},"hello, ${index}"`,
    );
    const upload = await app.call(createImport, { content: ['name,email,phone,company,notes', ...rows].join('\n') }, { as });
    expect(upload.totalRows).toBe(100_000);
    await app.call(startImport, { importId: upload.id }, { as });
    const seen = new Set<number>();
    for (;;) {
      const now = await app.call(getImportOperation, { importId: upload.id }, { as });
      seen.add(now.processedRows);
      await app.call(createLead, { email: `meanwhile-${seen.size}-${newId()}@large.example` }, { as });
      if (now.state !== 'running') {
        expect(now).toMatchObject({ state: 'done', created: 95_000, merged: 5_000, changed: 0, refused: 0, processedRows: 100_000 });
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(seen.size).toBeGreaterThan(5);
  }, 600_000);
});

describe('owners of what an import brings', () => {
  test('are chosen by the rules and told once, however many leads came', async () => {
    const company = await app.aCompany('Owners');
    const as = company.admin;
    const [ann, bob] = [newId(), newId()];
    const text = `insert into users (id, company_id, username, email, full_name, hashed_password)
      select id, $1, name, name || '@owners.test', name, 'x' from unnest($2::uuid[], $3::text[]) as e(id, name)`;
    await app.runtime.system.write((tx) =>
      tx.query({ name: 'test.owners', text }, [company.companyId, [ann, bob], ['owner-ann', 'owner-bob']]),
    );
    await app.call(createAssignmentRule, { name: 'In turn', userIds: [ann, bob] }, { as });
    const rows = Array.from({ length: 60 }, (_, index) => `person${index}@owned.test,Person ${index}`);
    const done = await app.call(importLeads, { content: ['email,name', ...rows].join('\n'), source: 'fair' }, { as });
    expect(done).toMatchObject({ created: 60 });
    await app.drain();
    const owned = await app.runtime.system.read((tx) =>
      tx.query({ name: 'test.owned', text: 'select owner_id as owner, count(*)::int as n from leads where company_id = $1 group by 1' }, [
        company.companyId,
      ]),
    );
    expect(owned).toEqual(expect.arrayContaining([{ owner: ann, n: 30 }, { owner: bob, n: 30 }])); // prettier-ignore
    const lead = (await app.call(listLeads, { limit: 1 }, { as })).items[0];
    expect((await app.call(leadOrigin, { leadId: lead?.id ?? '' }, { as })).owner?.reason).toBe('Rule “In turn”: in turn');

    const told = () =>
      app.runtime.system.read((tx) =>
        tx.query(
          { name: 'test.told', text: `select user_id as "user", title, count, link from notifications where company_id = $1 and kind = 'lead_assigned' order by 1` },
          [company.companyId],
        ),
      ); // prettier-ignore
    const once = [ann, bob].map((user) => ({ user, title: 'Leads assigned to you', count: 30, link: '/leads' }));
    expect(await told()).toEqual(once.toSorted((a, b) => (a.user < b.user ? -1 : 1)));
    const mails = await app.runtime.system.read((tx) =>
      tx.query({ name: 'test.mails', text: `select to_email as "to", subject from messages where company_id = $1 order by 1` }, [
        company.companyId,
      ]),
    );
    expect(mails).toEqual(['ann', 'bob'].map((name) => ({ to: `owner-${name}@owners.test`, subject: 'Leads assigned to you (30)' })));

    await app.call(importLeads, { content: ['email,name', ...rows].join('\n'), source: 'fair' }, { as });
    await app.drain();
    expect(await told()).toEqual(once.toSorted((a, b) => (a.user < b.user ? -1 : 1)));
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callByName } from '#testing/by-name.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { fakeHubSpotCrm, type FakeHubSpotCrm } from '#testing/vendors/hubspot-crm.ts';
import { listRuns, runSource } from './operations/runs.ts';
import { createSource } from './operations/sources.ts';
import { tendSources } from './tend.ts';

const CHILD = fileURLToPath(new URL('../../testing/sync-child.ts', import.meta.url));
/** The long form: SYNC_KILLS=30. */
const KILLS = Number(process.env['SYNC_KILLS'] ?? 2);
const CONTACTS = KILLS * 750;

let app: TestApp;
let vendor: FakeHubSpotCrm;
beforeAll(async () => {
  app = await testApp({ start: new Date() });
  vendor = await fakeHubSpotCrm({ check: false });
  for (let i = 0; i < CONTACTS; i += 1) vendor.put(contact(i));
  vendor.clock += 3_600_000;
});
afterAll(async () => {
  await app.close();
  await vendor.close();
});

/** Second records of one person, bad addresses, opt-outs, organisations. */
function contact(i: number) {
  return {
    firstname: `First${i}`,
    lastname: `Last${i}`,
    email: i % 50 === 49 ? 'no address' : `p${i % 20 === 19 ? i - 7 : i}@crash.example`,
    phone: `+4930${1_000_000 + i}`,
    company: `Firm ${i % 300}`,
    hs_email_optout: i % 97 === 0 ? 'true' : '',
  };
}
const MAPPING = [
  ['firstname', 'first_name'],
  ['lastname', 'last_name'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['company', 'organisation'],
  ['hs_email_optout', 'opted_out'],
].map(([from = '', to = '']) => ({ from, to, transform: to === 'opted_out' ? ('yes_no' as const) : ('none' as const) }));

/** Everything that a sync may write, as one hash a table: ids and times left out, people named by what they are. */
const HASHES = `
  select 'people' as what, count(*)::int as n, md5(coalesce(string_agg(t, '|' order by t), '')) as hash from (
    select concat_ws('~', p.full_name, p.email, p.phone, p.phone_raw, p.time_zone, o.name_key, p.opted_out_at is not null, p.other_contacts,
      (select string_agg(e.email, ',' order by e.email) from person_emails e where e.person_id = p.id),
      (select string_agg(concat_ws(':', c.topic, c.state), ',' order by c.topic) from consent_state c where c.person_id = p.id),
      (select string_agg(l.external_id || l.hash || l.base, ',' order by l.external_id) from sync_links l where l.person_id = p.id)) as t
    from people p left join organisations o on o.id = p.organisation_id where p.company_id = $1) rows
  union all select 'addresses', count(*)::int, '' from person_emails where company_id = $1
  union all select 'consent', count(*)::int, '' from consent_log where company_id = $1
  union all select 'links', count(*)::int, '' from sync_links where company_id = $1
  union all select 'organisations', count(*)::int, '' from organisations where company_id = $1
  union all select 'refused', count(*)::int, md5(coalesce(string_agg(concat_ws('~', external_id, field, reason, value, raw), '|' order by external_id), '')) from sync_refusals where company_id = $1`;

const hashes = (company: TestCompany) =>
  app.runtime.system.read((tx) => tx.query<object>({ name: 'test.hashes', text: HASHES }, [company.companyId]));

async function aSource(company: TestCompany): Promise<string> {
  const input = {
    connector: 'hubspot_crm',
    baseUrl: vendor.url,
    credentials: { access_token: 'pat' },
    limit: { requests: 10_000, seconds: 1 },
  };
  const { id: connectionId } = Object(await callByName(app, 'connections.create', input, company.admin));
  const made = await app.call(
    createSource,
    { connectionId, object: 'contacts', kind: 'people', mapping: MAPPING, everyMinutes: null },
    { as: company.admin },
  );
  return made.id;
}

test('killed at random instants and resumed, it is the sync that nobody killed', { timeout: 900_000 }, async () => {
  const [whole, killed] = [await app.aCompany('Whole'), await app.aCompany('Killed')];
  const sourceId = await aSource(killed);
  const last = async () => (await app.call(listRuns, { sourceId }, { as: killed.admin })).items[0];
  /** As if two minutes had gone by: what the killed process held is free. */
  const free = () =>
    app.runtime.system.write((tx) =>
      tx.query({ name: 'test.free', text: `update sync_runs set held_until = null where state = 'running'` }, []),
    );
  await app.call(runSource, { sourceId }, { as: killed.admin });
  const stood: number[] = [];
  let kills = 0;
  while (kills < KILLS) {
    const order = JSON.stringify({ target: app.target });
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, order], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), gone]);
    const from = (await last())?.read ?? 0;
    while (child.exitCode === null && ((await last())?.read ?? 0) === from && (await last())?.state === 'running') await sleep(5);
    await Promise.race([sleep(Math.random() * 200), gone]);
    child.kill('SIGKILL');
    await gone;
    await free();
    kills += 1;
    const run = await last();
    stood.push(run?.read ?? 0);
    // Over before its time: what changed meanwhile is the next one.
    if (run?.state === 'done' && kills < KILLS) {
      for (let i = 0; i < CONTACTS; i += 3) vendor.put({ lastname: `Changed${kills}` }, String(1_001 + i));
      await app.call(runSource, { sourceId }, { as: killed.admin });
    }
  }
  process.stdout.write(`killed ${kills} times, had read ${stood.join(', ')}\n`);
  // The children's clock was the real one; this one stands still behind it.
  await app.runtime.system.write((tx) => tx.query({ name: 'test.turns', text: 'delete from connection_turns' }, []));
  await tendSources(app.runtime);
  if ((await last())?.state === 'done') await app.call(runSource, { sourceId }, { as: killed.admin });
  await tendSources(app.runtime);
  expect(await last()).toMatchObject({ state: 'done', error: null });

  const cleanId = await aSource(whole);
  await app.call(runSource, { sourceId: cleanId }, { as: whole.admin });
  await tendSources(app.runtime);
  const expected = await hashes(whole);
  expect(expected).toMatchObject([{ what: 'people', n: expect.any(Number) }, {}, {}, { n: CONTACTS }, {}, {}]);
  expect(await hashes(killed)).toEqual(expected);
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { PASSWORD, testApp, type TestApp } from '#testing/app.ts';
import { listAudit } from './operations/audit.ts';
import { getDashboard } from './operations/dashboard.ts';
import { getGauges, listBehindGauge } from './operations/gauges.ts';
import { getStats } from './operations/stats.ts';
import { getToday } from './operations/today.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { CRON_SECRET: 'the secret of the cron' } });
});
afterAll(() => app.close());

/** Rows that other modules would write, straight into their tables. */
function given(text: string, values: readonly unknown[]): Promise<unknown> {
  return app.runtime.system.write((tx) => tx.query({ name: createHash('md5').update(text).digest('hex'), text }, values));
}
const ago = (hours: number) => new Date(app.clock.now().getTime() - hours * 3_600_000);

async function bearer(username: string): Promise<{ authorization: string }> {
  const reply = await app.http.inject({ method: 'POST', url: '/token', payload: { username, password: PASSWORD } });
  return { authorization: `Bearer ${reply.json().access_token}` };
}

async function aPerson(companyId: string, name: string): Promise<string> {
  const id = newId();
  await given('insert into people (id, company_id, full_name) values ($1, $2, $3)', [id, companyId, name]);
  return id;
}
async function aWorkflow(companyId: string, title = 'Follow up'): Promise<string> {
  const id = newId();
  await given(`insert into workflows (id, company_id, name, title, subject, active) values ($1, $2, $3, $4, 'lead', true)`, [
    id,
    companyId,
    `w-${id}`,
    title,
  ]);
  return id;
}
async function aRun(
  companyId: string,
  workflowId: string,
  state: string,
  endedAt: Date | null,
  error: string | null = null,
): Promise<string> {
  const id = newId();
  await given(
    `insert into runs (id, company_id, workflow_id, version, subject_type, subject_id, state, since, trigger_type, trigger_id, error, started_at, completed_at, updated_at)
     values ($1, $2, $3, 1, 'lead', $4, $5, $6, 'manual', gen_random_uuid()::text, $7, $6, $8, $6)`,
    [id, companyId, workflowId, newId(), state, ago(5), error, endedAt],
  );
  return id;
}
async function aStep(companyId: string, runId: string, place: number, type: string, state: string, from: Date, to: Date): Promise<void> {
  await given(
    `insert into run_steps (run_id, place, company_id, step_id, type, attempt, state, started_at, finished_at) values ($1, $2, $3, 'a', $4, 1, $5, $6, $7)`,
    [runId, place, companyId, type, state, from, to],
  );
}
async function anInbound(
  companyId: string,
  personId: string,
  at: Date,
  text: string,
  extra: { class?: string; auto?: boolean } = {},
): Promise<string> {
  const id = newId();
  await given(
    `insert into messages (id, company_id, class, direction, state, person_id, from_email, to_email, subject, text, thread_id, reply_class, auto, created_at)
     values ($1, $2, 'transactional', 'inbound', 'received', $3, 'ann@acme.test', 'us@acme.test', 'Re: Offer', $4, $1, $5, $6, $7)`,
    [id, companyId, personId, text, extra.class ?? 'interested', extra.auto ?? false, at],
  );
  return id;
}

test('health is public, names the version, and says that nobody works yet', async () => {
  const reply = await app.http.inject('/api/system/health');
  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toMatchObject({
    status: 'degraded',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    database: { ok: true },
    worker: { ok: false, alive: 0 },
  });
  await given('insert into workers (id, host, pid) values ($1, $2, 1)', [newId(), 'here']);
  expect((await app.http.inject('/api/system/health')).json()).toMatchObject({ status: 'ok', worker: { ok: true, alive: 1 } });
});

test('without a database health answers 503 and still says so in words', async () => {
  const broken = { ...app.runtime, system: { ...app.runtime.system, read: () => Promise.reject(new Error('connection refused')) } };
  const { execute } = await import('#core/operation/execute.ts');
  const { getHealth } = await import('./operations/health.ts');
  const answer = await execute(broken, {
    operation: getHealth,
    principal: { kind: 'public', companyId: null },
    request: { id: '1', face: 'test', ip: null, userAgent: null },
    input: {},
  });
  expect(answer).toMatchObject({ status: 503, body: { status: 'down', database: { ok: false } } });
});

test('Today of a new company is empty, and measures nothing that is not there', async () => {
  const company = await app.aCompany('Fresh');
  expect(await app.call(getToday, {}, { as: company.admin })).toEqual({
    needs: [],
    happened: [],
    next: { messagesByHour: [], firings: [] },
    gauges: { dailySuccess: null, meanRunS: null, manualInterventions: 0, recoveryS: null },
  });
});

test('Today lists what waits for a person: replies without an answer, doubts, failures, tasks', async () => {
  const { companyId, admin } = await app.aCompany('Busy');
  const [ann, bob, cyd, dan] = [
    await aPerson(companyId, 'Ann'),
    await aPerson(companyId, 'Bob'),
    await aPerson(companyId, 'Cyd'),
    await aPerson(companyId, 'Dan'),
  ];
  await anInbound(companyId, ann, ago(30), 'an older one');
  const reply = await anInbound(companyId, ann, ago(3), 'Yes, call me on Monday');
  await anInbound(companyId, bob, ago(3), 'answered since');
  await given(
    `insert into interactions (id, company_id, person_id, type, direction, created_at) values ($1, $2, $3, 'call', 'outbound', $4)`,
    [newId(), companyId, bob, ago(1)],
  );
  await anInbound(companyId, cyd, ago(3), 'has a task');
  await given(
    `insert into tasks (id, company_id, key, title, person_id, due_at, created_at) values ($1, $2, 'k', 'Call Cyd', $3, $4, $5)`,
    [newId(), companyId, cyd, ago(1), ago(2)],
  );
  await anInbound(companyId, dan, ago(3), 'I am away', { class: 'out_of_office', auto: true });
  const workflow = await aWorkflow(companyId);
  const failed = await aRun(companyId, workflow, 'failed', ago(2), 'The mail server said no');
  await given(
    `insert into effects (id, company_id, kind, key, subject_type, subject_id, state, due_at, created_at, reason) values ($1, $2, 'email', 'e', 'message', $3, 'in_doubt', $4, $4, 'The answer was lost')`,
    [newId(), companyId, newId(), ago(4)],
  );
  const { needs } = await app.call(getToday, {}, { as: admin });
  expect(needs).toMatchObject([
    { kind: 'reply', id: reply, title: 'Ann replied: Re: Offer', detail: 'Yes, call me on Monday', link: `/people/${ann}` },
    { kind: 'in_doubt', title: 'A mail may or may not have gone out', detail: 'The answer was lost' },
    { kind: 'failed_run', title: 'Follow up failed for one', detail: 'The mail server said no', link: `/runs/${failed}` },
    { kind: 'task', title: 'Call Cyd', overdue: true, link: `/people/${cyd}` },
  ]);
  expect((await app.call(getToday, {}, { as: (await app.aCompany('Next door')).admin })).needs).toEqual([]);
});

test('branches of a run are no runs of their own, wherever runs are counted', async () => {
  const { companyId, admin: as } = await app.aCompany();
  const workflow = await aWorkflow(companyId);
  const [whole, left, right] = [
    await aRun(companyId, workflow, 'done', ago(1)),
    await aRun(companyId, workflow, 'done', ago(1)),
    await aRun(companyId, workflow, 'failed', ago(1), 'no'),
  ];
  for (const [branch, id] of [left, right].entries())
    await given('update runs set parent_id = $2, parent_place = 0, branch = $3 where id = $1', [id, whole, branch]);
  await aStep(companyId, whole, 0, 'parallel', 'done', ago(3), ago(1));
  await aStep(companyId, left, 0, 'generate', 'done', ago(2), ago(1));
  const today = await app.call(getToday, { since: ago(24) }, { as });
  expect(today.happened).toEqual([expect.objectContaining({ id: 'finished', count: 1, link: '/runs?state=done' })]);
  expect(today.needs).toEqual([]);
  expect(today.gauges).toMatchObject({ dailySuccess: 1, meanRunS: 3_600 });
  const stats = await app.call(getStats, {}, { as });
  expect(stats).toMatchObject({ runs: { done: 1 } });
  expect(stats).not.toMatchObject({ runs: { failed: 1 } });
  expect((await app.call(getDashboard, {}, { as })).runs.byState).toEqual({ done: 1 });
});

test('the gauges: success of the day, seconds worked without waits, hands, time to recover', async () => {
  const { companyId, admin } = await app.aCompany('Measured');
  const workflow = await aWorkflow(companyId);
  const done = await aRun(companyId, workflow, 'done', ago(1));
  await aStep(companyId, done, 1, 'wait', 'done', ago(80), ago(8));
  await aStep(companyId, done, 2, 'generate', 'failed', ago(8), ago(7));
  await aStep(companyId, done, 3, 'generate', 'done', ago(6), new Date(ago(6).getTime() + 30_000));
  await aRun(companyId, workflow, 'done', ago(2));
  await aRun(companyId, workflow, 'done', ago(3));
  await aRun(companyId, workflow, 'failed', ago(4));
  await aRun(companyId, workflow, 'done', ago(40));
  await aRun(companyId, workflow, 'cancelled', ago(1));
  const audit = (operation: string, at: Date) =>
    given(
      `insert into audit_log (id, company_id, at, principal_kind, operation, face, request_id) values ($1, $2, $3, 'user', $4, 'web', 'r')`,
      [newId(), companyId, at, operation],
    );
  await audit('runs.retry', ago(2));
  await audit('leads.update', ago(2));
  await audit('runs.retry', ago(24 * 40));
  const { gauges } = await app.call(getToday, {}, { as: admin });
  expect(gauges).toMatchObject({ dailySuccess: 0.75, manualInterventions: 1 });
  expect(gauges.meanRunS).toBeCloseTo((3_600 + 30) / 4, 3);
  expect(gauges.recoveryS).toBeCloseTo(3_600 + 30, 3);
  const behind = async (gauge: 'failed' | 'work' | 'interventions' | 'recoveries', day?: string) =>
    (await app.call(listBehindGauge, { gauge, ...(day === undefined ? {} : { day }) }, { as: admin })).items;
  const measured = await app.call(getGauges, {}, { as: admin });
  expect(measured.days.reduce((sum, { done, failed }) => sum + done + failed, 0)).toBe(5);
  const failed = await behind('failed');
  expect(failed).toHaveLength(1);
  expect(failed[0]?.link).toMatch(/^\/runs\//);
  const day = measured.days.find((one) => one.failed > 0)?.day;
  expect(await behind('failed', day)).toEqual(failed);
  expect(await behind('failed', '2020-02-02')).toEqual([]);
  const work = await behind('work');
  expect(work.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0) / work.length).toBeCloseTo(measured.meanRunS ?? -1, 3);
  expect(await behind('interventions')).toHaveLength(measured.manualInterventions);
  const recoveries = await behind('recoveries');
  expect(recoveries.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0) / recoveries.length).toBeCloseTo(measured.recoveryS ?? -1, 3);
});

test('what comes next: queued messages by hour and each schedule that fires, once', async () => {
  const { companyId, admin } = await app.aCompany('Planned');
  const now = app.clock.now();
  const queued = (hours: number) =>
    given(
      `insert into messages (id, company_id, class, direction, state, to_email, thread_id, due_at, created_at) values ($1, $2, 'commercial', 'outbound', 'queued', 'a@b.test', $1, $3, $4)`,
      [newId(), companyId, new Date(now.getTime() + hours * 3_600_000), now],
    );
  await Promise.all([queued(-5), queued(0.1), queued(3), queued(30)]);
  const [hourly, daily] = [await aWorkflow(companyId, 'Hourly'), await aWorkflow(companyId, 'Daily')];
  const schedule = (workflowId: string, spec: object, at: Date) =>
    given('insert into schedules (id, company_id, workflow_id, place, spec, next_at) values ($1, $2, $3, 0, $4, $5)', [
      newId(),
      companyId,
      workflowId,
      JSON.stringify(spec),
      at,
    ]);
  await schedule(hourly, { everyS: 3_600, timeZone: 'UTC', missed: { policy: 'skip' } }, new Date(now.getTime() + 60_000));
  await schedule(daily, { cron: '0 9 * * *', timeZone: 'UTC', missed: { policy: 'once' } }, new Date('2026-06-02T09:00:00Z'));
  const { next } = await app.call(getToday, {}, { as: admin });
  expect(next.messagesByHour).toEqual([
    { hour: new Date('2026-06-02T08:00:00Z'), count: 2 },
    { hour: new Date('2026-06-02T11:00:00Z'), count: 1 },
  ]);
  expect(next.firings).toMatchObject([
    { title: 'Hourly', everyS: 3_600 },
    { title: 'Daily', cron: '0 9 * * *' },
  ]);
});

test('the dashboard counts a period, by name', async () => {
  const { companyId, admin } = await app.aCompany('Counted');
  const person = await aPerson(companyId, 'Ann');
  const lead = (status: string, source: string, at: Date) =>
    given('insert into leads (id, company_id, person_id, status, source, created_at) values ($1, $2, $3, $4, $5, $6)', [
      newId(),
      companyId,
      person,
      status,
      source,
      at,
    ]);
  await lead('converted', 'form', ago(10));
  await lead('lost', 'csv', ago(20));
  await lead('new', 'form', ago(24 * 40));
  await anInbound(companyId, person, ago(5), 'Yes');
  const month = await app.call(getDashboard, {}, { as: admin });
  expect(month).toMatchObject({
    leads: { total: 2, byStatus: { converted: 1, lost: 1 }, bySource: { form: 1, csv: 1 } },
    replies: { total: 1, byClass: { interested: 1 } },
  });
  const older = await app.call(getDashboard, { startDate: ago(24 * 50), endDate: ago(24 * 35) }, { as: admin });
  expect(older.leads).toEqual({ total: 1, byStatus: { new: 1 }, bySource: { form: 1 } });
  await expect(app.call(getDashboard, { startDate: ago(1), endDate: ago(2) }, { as: admin })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  expect(await app.call(getStats, {}, { as: admin })).toMatchObject({ leads: 3, people: 1, users: 1, messages: 1 });
});

test('the audit log is listed to admins with names, filtered by noun or full name, and paged', async () => {
  const { admin, companyId, email } = await app.aCompany('Audited');
  const headers = await bearer(email);
  for (const name of ['One', 'Two', 'Three']) {
    app.clock.advance({ seconds: 1 });
    expect((await app.http.inject({ method: 'PUT', url: '/api/company', headers, payload: { name } })).statusCode).toBe(200);
  }
  const first = await app.call(listAudit, { operation: 'companies', limit: 2 }, { as: admin });
  expect(first.items).toMatchObject([
    { operation: 'companies.update', actorKind: 'user', actorName: 'Ada Admin', subjectId: companyId, input: { name: 'Three' } },
    { input: { name: 'Two' } },
  ]);
  const second = await app.call(listAudit, { operation: 'companies.update', limit: 2, cursor: first.nextCursor ?? '' }, { as: admin });
  expect(second).toMatchObject({ items: [{ input: { name: 'One' } }], nextCursor: null });
  expect((await app.call(listAudit, { operation: 'leads' }, { as: admin })).items).toEqual([]);
  const found = await app.call(listAudit, { q: 'company change', limit: 1 }, { as: admin });
  expect(found.items).toMatchObject([{ operation: 'companies.update', says: 'Change your company' }]);
  expect((await app.call(listAudit, { q: 'merge people' }, { as: admin })).items).toEqual([]);
  await expect(
    app.call(listAudit, {}, { as: { ...admin, kind: 'user', companyId, userId: newId(), role: 'manager' } }),
  ).rejects.toMatchObject({ code: 'forbidden' });
});

test('an outside cron ticks with its secret only', async () => {
  const tick = (headers: Record<string, string>) => app.http.inject({ method: 'POST', url: '/api/system/tick', headers });
  expect((await tick({ authorization: 'Bearer the secret of the cron' })).json()).toMatchObject({ status: 'ok' });
  expect((await tick({ 'x-cron-secret': 'the secret of the cron' })).statusCode).toBe(200);
  expect((await tick({ authorization: 'Bearer something else' })).statusCode).toBe(401);
  expect((await tick({})).statusCode).toBe(401);
});

test('backups are the admin’s of the only company, and the operator’s where several share the installation', async () => {
  const alone = await testApp();
  try {
    const ask = async (url: string, headers: Record<string, string>, payload?: object) => {
      const answer = await alone.http.inject({
        method: payload === undefined ? 'GET' : 'POST',
        url,
        headers,
        ...(payload === undefined ? {} : { payload }),
      });
      return { status: answer.statusCode, detail: String(answer.json().detail) };
    };
    const signIn = await alone.http.inject({
      method: 'POST',
      url: '/token',
      payload: { username: alone.company.email, password: PASSWORD },
    });
    const admin = { authorization: `Bearer ${signIn.json().access_token}` };
    const operator = { authorization: 'Bearer operator-token-of-tests' };
    // No data directory is at hand here: whoever may, is told so.
    expect(await ask('/api/system/backup', admin, {})).toMatchObject({ status: 503 });
    // The plan is changed against the version that is on the page.
    const url = '/api/system/backups/plan';
    const change = (version: string, hours: number) =>
      alone.http.inject({ method: 'PUT', url, headers: { ...admin, 'if-match': `"${version}"` }, payload: { every_hours: hours } });
    const { updated_at: read } = (await alone.http.inject({ url, headers: admin })).json();
    alone.clock.advance({ minutes: 1 });
    expect((await change(read, 12)).json()).toMatchObject({ every_hours: 12 });
    expect((await change(read, 24)).json()).toMatchObject({ code: 'version_changed' });
    await alone.aCompany('Another');
    expect(await ask('/api/system/backup', admin, {})).toEqual({ status: 403, detail: expect.stringContaining('npx steward backup') });
    expect(await ask('/api/system/restore', admin, { backup: 'x', replace: true })).toEqual({
      status: 403,
      detail: expect.stringContaining('npx steward restore'),
    });
    for (const path of ['/api/system/backups', '/api/system/backups/plan']) expect(await ask(path, admin)).toMatchObject({ status: 403 });
    expect(await ask('/api/system/backup', operator, {})).toMatchObject({ status: 503 });
  } finally {
    await alone.close();
  }
});

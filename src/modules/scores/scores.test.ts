import fc from '#testing/property.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import type { Principal } from '#core/operation/principal.ts';
import { createInteraction } from '#modules/leads/operations/interactions.ts';
import { createLeadOperation, getLeadOperation } from '#modules/leads/operations/leads.ts';
import { listNotificationsOperation } from '#modules/notifications/operations.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { crossed, scoreOf, type Touch } from './compute.ts';
import { configureModel, getLeadScore, getModel, getPersonScore, previewModel, resetModel } from './operations.ts';
import { BUILT_IN, BUILT_IN_GRADES, MARGIN, type Rule } from './rules.ts';
import { tendScores } from './tend.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const aLead = (as: Principal, more: object = {}) =>
  app.call(createLeadOperation, { name: 'Ann Lee', email: `ann-${newId()}@acme.test`, enrol: false, ...more }, { as });

const meets = (as: Principal, leadId: string, type: 'meeting' | 'call' | 'form' = 'meeting') =>
  app.call(createInteraction, { leadId, type, direction: 'inbound', content: 'spoke' }, { as });

const rule = (id: string, kind: Rule['kind'], points: number, when: Rule['when'], more: Partial<Rule> = {}): Rule => ({
  id, title: id, kind, when, points, halfLifeDays: null, most: null, active: true, ...more,
}); // prettier-ignore
const MEETING = rule('meeting', 'engagement', 80, { field: 'touch.type', is: 'meeting' }, { halfLifeDays: 10, most: 100 });
const GRADES = { a: 70, b: 40, c: 20 };

/** What was told of crossings, oldest first: the outbox keeps nothing, so a handler's traces are what counts. */
async function crossings(company: TestCompany): Promise<string[]> {
  const { items } = await app.call(listNotificationsOperation, { limit: 100 }, { as: company.admin });
  return items
    .filter(({ kind }) => kind === 'hot_lead' || kind === 'score_reached')
    .map(({ title }) => title)
    .toReversed();
}

describe('a score', () => {
  test('has its reasons from the moment the lead is made, and shows them on lead and person', async () => {
    const { admin } = await app.aCompany();
    const lead = await aLead(admin, { phone: '+49 30 1234567' });
    await app.drain();
    const score = await app.call(getLeadScore, { leadId: lead.id }, { as: admin });
    expect(score).toMatchObject({ leadId: lead.id, personId: lead.personId, score: 15, grade: 'D' });
    expect(score.reasons.map(({ title, points }) => [title, points])).toEqual([
      ['Writes from a business address', 10],
      ['Phone number known', 5],
    ]);
    expect(score.history).toEqual([{ day: '2026-06-02', score: 15 }]);
    expect((await app.call(getPersonScore, { personId: lead.personId }, { as: admin })).score).toEqual(score);
  });

  test('counts a touch that no event tells of at the next look', async () => {
    const { admin } = await app.aCompany();
    const lead = await aLead(admin);
    await app.drain();
    await tendScores(app.runtime);
    await meets(admin, lead.id);
    app.clock.advance({ seconds: 20 });
    await tendScores(app.runtime);
    expect(await app.call(getLeadScore, { leadId: lead.id }, { as: admin })).toMatchObject({ score: 40, grade: 'B' });
  });

  test('fades by its half-life as days pass, and keeps its history', async () => {
    const company = await app.aCompany();
    const { admin } = company;
    await app.call(configureModel, { rules: [MEETING], grades: GRADES, routes: [] }, { as: admin });
    const lead = await aLead(admin);
    await meets(admin, lead.id);
    await app.drain();
    await tendScores(app.runtime);
    const at = async () => (await app.call(getLeadScore, { leadId: lead.id }, { as: admin })).score;
    expect(await at()).toBe(80);
    const days: number[] = [];
    for (let day = 0; day < 20; day += 1) {
      await app.advance({ hours: 24 });
      await tendScores(app.runtime);
      days.push(await at());
    }
    expect(days[9]).toBe(40);
    expect(days[19]).toBe(20);
    expect(days).toEqual(days.toSorted((a, b) => b - a));
    const { history, reasons } = await app.call(getLeadScore, { leadId: lead.id }, { as: admin });
    expect(history.map(({ score }) => score)).toEqual([80, ...days]);
    expect(reasons).toMatchObject([{ ruleId: 'meeting', points: 20, count: 1 }]);
  });

  test('falls when nobody was in touch for long, at the hour the rule says', async () => {
    const { admin } = await app.aCompany();
    const rules = [
      rule('address', 'fit', 50, { field: 'person.email', exists: true }),
      rule('silent', 'fit', -30, { field: 'activity.days_since_touch', above: 3 }),
    ];
    await app.call(configureModel, { rules, grades: GRADES, routes: [] }, { as: admin });
    const lead = await aLead(admin);
    await meets(admin, lead.id);
    await app.drain();
    await tendScores(app.runtime);
    const at = async () => (await app.call(getLeadScore, { leadId: lead.id }, { as: admin })).score;
    expect(await at()).toBe(50);
    app.clock.advance({ hours: 71 });
    await tendScores(app.runtime);
    expect(await at()).toBe(50);
    app.clock.advance({ hours: 2 });
    await tendScores(app.runtime);
    expect(await at()).toBe(20);
  });

  test('is made, too, of leads that come with an older moment than the pass over all has reached', async () => {
    const { admin, companyId } = await app.aCompany();
    await aLead(admin);
    await app.drain();
    app.clock.advance({ minutes: 5 });
    await tendScores(app.runtime);
    const [personId, leadId] = [newId(), newId()];
    const old = new Date(app.clock.now().getTime() - 30 * 86_400_000);
    await queryAs(
      app.target,
      'owner',
      `insert into people (id, company_id, full_name, phone, created_at) values ($1, $2, 'Old', '+49301234567', $3)`,
      [personId, companyId, old],
    );
    await queryAs(app.target, 'owner', 'insert into leads (id, company_id, person_id, created_at) values ($1, $2, $3, $4)', [
      leadId,
      companyId,
      personId,
      old,
    ]);
    await tendScores(app.runtime);
    app.clock.advance({ hours: 6 });
    await tendScores(app.runtime);
    expect(await app.call(getLeadScore, { leadId }, { as: admin })).toMatchObject({ leadId, personId });
    const made = await queryAs<{ n: number }>(app.target, 'owner', 'select count(*)::int as n from lead_scores where lead_id = $1', [
      leadId,
    ]);
    expect(made).toEqual([{ n: 1 }]);
  });

  test('of a lead in another company is not there', async () => {
    const [ours, theirs] = [await app.aCompany(), await app.aCompany()];
    const lead = await aLead(theirs.admin);
    await expect(app.call(getLeadScore, { leadId: lead.id }, { as: ours.admin })).rejects.toMatchObject({ status: 404 });
  });
});

describe('coming up to a grade', () => {
  test('is told once: small falls and rises do not repeat it, a real fall and rise does', async () => {
    const company = await app.aCompany();
    const { admin } = company;
    const routes = [{ grade: 'A' as const, notify: true, status: 'qualified' as const, ownerId: null }];
    await app.call(configureModel, { rules: [MEETING], grades: GRADES, routes }, { as: admin });
    const lead = await aLead(admin);
    await app.drain();
    const meetAndLook = async () => {
      await meets(admin, lead.id);
      app.clock.advance({ seconds: 1 });
      await tendScores(app.runtime);
      await app.drain();
    };
    await meetAndLook(); // 80
    expect(await crossings(company)).toEqual(['Ann Lee is hot: score 80']);
    expect(await app.call(getLeadOperation, { leadId: lead.id }, { as: admin })).toMatchObject({ status: 'qualified' });
    await app.advance({ hours: 72 });
    await tendScores(app.runtime); // 65: below A, within the margin
    expect(await app.call(getLeadScore, { leadId: lead.id }, { as: admin })).toMatchObject({ score: 65, grade: 'B' });
    await meetAndLook(); // 100
    await meetAndLook();
    expect(await crossings(company)).toHaveLength(1);
    await app.advance({ hours: 24 * 40 });
    await tendScores(app.runtime);
    await app.drain();
    expect(await app.call(getLeadScore, { leadId: lead.id }, { as: admin })).toMatchObject({ grade: 'D' });
    await meetAndLook();
    expect(await crossings(company)).toHaveLength(2);
  });

  test('starts a workflow with the threshold and the score, and gives the lead to whom the route names', async () => {
    const company = await app.aCompany();
    const { admin, userId } = company;
    const routes = [{ grade: 'B' as const, notify: true, status: null, ownerId: userId }];
    await app.call(configureModel, { rules: [MEETING], grades: { a: 90, b: 60, c: 30 }, routes }, { as: admin });
    const { createWorkflow } = await import('#modules/workflows/operations/workflows.ts');
    const where = { field: 'payload.threshold', is: 60 };
    const workflow = await app.call(
      createWorkflow,
      {
        definition: {
          name: 'call-them', title: 'Call them', subject: 'lead', triggers: [{ on: 'event', event: 'lead.score_reached', where }], stopOn: [], settings: {},
          steps: [{ id: 'warm', title: 'Warm?', type: 'branch', input: { condition: { field: 'lead.score', above: 70 } }, then: [{ id: 'call', title: 'Call', type: 'task', input: { title: 'Call' } }], otherwise: [] }],
        },
        active: true,
      },
      { as: admin },
    ); // prettier-ignore
    const lead = await aLead(admin);
    await app.drain();
    await meets(admin, lead.id);
    app.clock.advance({ seconds: 1 });
    await tendScores(app.runtime);
    await app.drain();
    const { listRuns } = await import('#modules/workflows/operations/runs.ts');
    const { items } = await app.call(listRuns, { workflowId: workflow.id }, { as: admin });
    expect(items).toMatchObject([{ state: 'done' }]);
    const { listTasks } = await import('#modules/workflows/operations/tasks.ts');
    expect((await app.call(listTasks, {}, { as: admin })).items.map((task) => task.title)).toContain('Call');
    expect(await app.call(getLeadOperation, { leadId: lead.id }, { as: admin })).toMatchObject({ ownerId: userId });
    expect(await crossings(company)).toEqual(['Ann Lee came up to grade B: score 80']);
  });

  test('tells nobody when a change of the rules lifts everyone, and every score follows', async () => {
    const company = await app.aCompany();
    const { admin } = company;
    const leads = await Promise.all(Array.from({ length: 5 }, () => aLead(admin)));
    await app.drain();
    app.clock.advance({ minutes: 2 });
    await tendScores(app.runtime);
    const rules = [rule('all', 'fit', 90, { field: 'person.email', exists: true })];
    const preview = await app.call(previewModel, { rules, grades: GRADES }, { as: admin });
    expect(preview).toMatchObject({ looked: 5, all: true, changing: 5, before: { d: 5 }, after: { a: 5 } });
    expect(preview.changes[0]).toMatchObject({ name: 'Ann Lee', from: { score: 10, grade: 'D' }, to: { score: 90, grade: 'A' } });
    await app.call(configureModel, { rules, grades: GRADES, routes: [{ grade: 'A', notify: true }] }, { as: admin });
    await tendScores(app.runtime);
    await app.drain();
    for (const lead of leads)
      expect(await app.call(getLeadScore, { leadId: lead.id }, { as: admin })).toMatchObject({ score: 90, grade: 'A' });
    expect(await crossings(company)).toEqual([]);
    expect(await app.call(resetModel, {}, { as: admin })).toMatchObject({ changed: false, grades: BUILT_IN_GRADES });
  });

  test('holds for any walk of the score: a grade is come up to again only after a fall below the margin', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 60 }), (walk) => {
        let reached = 0;
        let armed = true;
        for (const score of walk) {
          if (score < GRADES.a - MARGIN) armed = true;
          const step = crossed(GRADES, score, reached);
          reached = step.reached;
          const told = step.up.some(({ grade }) => grade === 'A');
          expect(told).toBe(armed && score >= GRADES.a);
          if (told) armed = false;
        }
      }),
    );
  });
});

describe('rules', () => {
  test('are the company’s to change, with who read them last winning', async () => {
    const { admin } = await app.aCompany();
    const model = await app.call(getModel, {}, { as: admin });
    expect(model.changed).toBe(false);
    expect(model.rules.map(({ id }) => id)).toEqual(BUILT_IN.map(({ id }) => id));
    const saved = await app.call(configureModel, { rules: [MEETING], grades: GRADES, routes: [] }, { as: admin });
    expect(saved).toMatchObject({ changed: true, rules: [MEETING], grades: GRADES });
    await expect(app.call(configureModel, { rules: [MEETING, MEETING], grades: GRADES }, { as: admin })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(app.call(configureModel, { rules: [], grades: { a: 10, b: 20, c: 30 } }, { as: admin })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const loop = rule('loop', 'fit', 5, { not: { field: 'lead.score', above: 10 } });
    await expect(app.call(configureModel, { rules: [loop], grades: GRADES }, { as: admin })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  test('give no score below 0 or above 100, and none of an engagement rule more than its most', () => {
    const now = new Date('2026-06-01T00:00:00.000Z');
    const touches: Touch[] = Array.from({ length: 9 }, (_, i) => ({
      type: 'form', direction: 'inbound', status: null, channel: null, class: null, at: new Date(now.getTime() - i * 86_400_000),
    })); // prettier-ignore
    const forms = rule('form', 'engagement', 30, { field: 'touch.type', is: 'form' }, { most: 45 });
    expect(scoreOf({ rules: [forms], grades: GRADES }, {}, touches, now)).toMatchObject({
      score: 45,
      reasons: [{ points: 45, count: 9 }],
      nextAt: null,
    });
    expect(scoreOf({ rules: [{ ...forms, most: null }], grades: GRADES }, {}, touches, now).score).toBe(100);
    expect(scoreOf({ rules: [{ ...forms, points: -30 }], grades: GRADES }, {}, touches, now).score).toBe(0);
    expect(scoreOf({ rules: [{ ...forms, active: false }], grades: GRADES }, {}, touches, now)).toMatchObject({ score: 0, reasons: [] });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decideApproval, listApprovals } from '#modules/approvals/operations.ts';
import { createClient } from '#modules/clients/operations/clients.ts';
import { startOnboarding } from '#modules/onboarding/operations/onboardings.ts';
import { createPlan } from '#modules/onboarding/operations/plans.ts';
import { createPowerReport } from '#modules/reports/operations/reports.ts';
import { createTicket } from '#modules/tickets/operations/create.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { GALLERY, workflowGallery } from '../operations/gallery.ts';
import { getRun, listRuns } from '../operations/runs.ts';
import { createWorkflow, startWorkflow } from '../operations/workflows.ts';

describe('the gallery', () => {
  let app: TestApp;
  let lead: { id: string; personId: string };
  let onboarding: { id: string };
  let client: { id: string };
  let ticket: { id: string };
  let report: { id: string };
  beforeAll(async () => {
    app = await testApp();
    lead = await app.call(createLeadOperation, { name: 'Ann Lee', email: 'ann@firm.example', enrol: false });
    client = await app.call(createClient, { personId: lead.personId });
    ticket = await app.call(createTicket, { personId: lead.personId, subject: 'It is late', text: 'Where is it?' });
    report = await app.call(createPowerReport, {
      clientId: client.id,
      csv: 'timestamp,total_power_mw\n1760000000,5\n1760000009,7\n1760000020,3',
    });
    const plan = await app.call(createPlan, { name: 'Plan', tasks: [{ key: 'sign', title: 'Sign', owner: 'client' }] });
    onboarding = await app.call(startOnboarding, { clientId: client.id, planId: plan.id });
  });
  afterAll(() => app.close());

  test('has ten and more, each with a key, a title and a name of its own', async () => {
    const { items } = await app.call(workflowGallery, {});
    expect(items.length).toBeGreaterThanOrEqual(10);
    for (const of of [items.map((one) => one.key), items.map((one) => one.title), items.map((one) => one.definition['name'])])
      expect(new Set(of).size).toBe(items.length);
  });

  test.each(GALLERY.map((one) => [one.key, one.definition] as const))(
    '%s is taken as it is and runs to its end',
    async (_key, definition) => {
      const made = await app.call(createWorkflow, { definition: JSON.parse(JSON.stringify(definition)), active: true });
      const ids: Readonly<Record<string, string>> = {
        company: app.company.companyId,
        lead: lead.id,
        person: lead.personId,
        onboarding: onboarding.id,
        client: client.id,
        ticket: ticket.id,
        report: report.id,
      };
      const subjectIds = [ids[definition.subject] ?? ''];
      await app.call(startWorkflow, { workflowId: made.id, subjectIds, payload: { body: { email: 'somebody@else.example' } } });
      await app.drain();
      // Whoever is asked says yes.
      for (const { id } of (await app.call(listApprovals, { state: 'waiting' })).items)
        await app.call(decideApproval, { approvalId: id, decision: 'approve' });
      for (let day = 0; day < 60; day += 1) {
        app.clock.advance({ days: 1 });
        await app.drain();
      }
      const runs = (await app.call(listRuns, { workflowId: made.id })).items;
      expect(runs.length).toBeGreaterThan(0);
      const run = runs.find((one) => one.triggerType === 'manual');
      expect({ state: run?.state, error: run?.error, outcome: run?.outcome }).toMatchObject({ state: 'done', error: null });
      const whole = await app.call(getRun, { runId: run?.id ?? '' });
      const last = definition.steps.length;
      expect(whole.actionsPerformed.length).toBeGreaterThanOrEqual(Math.min(2, last));
      expect(run?.outcome).not.toBe('completed');
    },
  );
});

import { z } from 'zod';
import { workflow } from '#core/engine/builder.ts';
import { batchStep, type BuiltInWorkflow, type EventHandler, type StepResult } from '#core/engine/types.ts';
import { CHECKINS } from './names.ts';
import { lookAtContracts } from '../contract/ends.ts';
import { lookAtClients } from '../health/look.ts';
import { givePlans } from './plan.ts';
import { runCheckins } from './run.ts';

/** Notes who is to be heard from today. Run twice, it finds nobody the second time. */
export const checkinsStep = batchStep({
  type: 'client_checkins',
  title: 'Note who is to be heard from',
  description: 'A check-in and a task for each active client whose day has come',
  input: z.object({}),
  facts: false,
  changesFacts: false,
  output: z.object({ due: z.int() }),
  async run(tx, items, runtime) {
    const { made, events } = await runCheckins(tx, runtime.signs, [...new Set(items.map(({ run }) => run.companyId))], runtime.clock.now());
    if (events.length > 0) await runtime.engine.emit(tx, events);
    return items.map(({ run }): StepResult => ({
      kind: 'next',
      output: { due: made.filter(({ companyId }) => companyId === run.companyId).length },
    }));
  },
});

/** Keeps how each active client is, and looks at contracts that end: what is new is told to whoever looks after the client, and to workflows. */
export const lookStep = batchStep({
  type: 'client_look',
  title: 'Look how clients are',
  description: 'Works out the health of each active client, renews contracts, and tells of those that end soon',
  input: z.object({}),
  facts: false,
  changesFacts: false,
  output: z.object({ news: z.int() }),
  async run(tx, items, runtime) {
    const companies = [...new Set(items.map(({ run }) => run.companyId))];
    const now = runtime.clock.now();
    const contracts = await lookAtContracts(tx, companies, now);
    const events = [...contracts, ...(await lookAtClients(tx, runtime.signs, companies, now))];
    if (events.length > 0) await runtime.engine.emit(tx, events);
    return items.map(({ run }): StepResult => ({
      kind: 'next',
      output: { news: events.filter(({ companyId }) => companyId === run.companyId).length },
    }));
  },
});

/** Every day at nine; a day that was missed is made up for once. */
const daily = workflow(
  CHECKINS,
  {
    title: 'Check-ins with clients',
    subject: 'company',
    triggers: [{ on: 'schedule', schedule: { cron: '0 9 * * *', timeZone: 'UTC', missed: { policy: 'once' } } }, { on: 'manual' }],
  },
  (w) => [
    w.act('Look how clients are', lookStep, { id: 'look' }),
    w.act('Note who is to be heard from', checkinsStep, { id: 'note' }),
    w.end('Noted', 'noted', { id: 'end' }),
  ],
);

export const workflows: readonly BuiltInWorkflow[] = [{ definition: daily, active: false }];

const ids = (events: readonly { readonly subject: { readonly id: string } }[]) => events.map(({ subject }) => subject.id);

/** Who becomes an active client is heard from every month, unless somebody says otherwise. */
export const onClientCreated: EventHandler = {
  event: 'client.created',
  name: 'checkins.plan_new',
  handle: (tx, events, runtime) => givePlans(tx, ids(events), runtime.clock.now()),
};
export const onClientActive: EventHandler = {
  event: 'client.status_changed',
  name: 'checkins.plan_active',
  handle: (tx, events, runtime) => givePlans(tx, ids(events), runtime.clock.now()),
};

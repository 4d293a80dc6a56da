import { randomBytes } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { digestOf } from './definition.ts';
import { firingsAfter } from './schedule-times.ts';
import type { BuiltInWorkflow, ScheduleSpec, WorkflowDefinition } from './types.ts';

// One process at a time: two that start together would both find the same company without a workflow.
const LOCK: Statement = { name: 'engine.install_lock', text: `select pg_advisory_xact_lock(7365030)` };
const ADD: Statement = {
  name: 'engine.install_add',
  text: `insert into workflows (id, company_id, name, title, subject, active, built_in, events)
         select gen_random_uuid(), c.id, $2, $3, $4, $5, true, $6 from companies c
          where ($1::uuid[] is null or c.id = any ($1::uuid[])) and not exists (select 1 from workflows w where w.company_id = c.id and w.name = $2)
         on conflict (company_id, name) do nothing
         returning id`,
};
const UPGRADE: Statement = {
  name: 'engine.install_upgrade',
  text: `update workflows w set version = w.version + 1, title = $3, subject = $4, events = $5, updated_at = date_trunc('milliseconds', now())
           from workflow_versions v
          where ($1::uuid[] is null or w.company_id = any ($1::uuid[])) and w.name = $2 and w.built_in and not w.customised
            and v.workflow_id = w.id and v.version = w.version and v.digest <> $6
         returning w.id`,
};
const VERSION: Statement = {
  name: 'engine.install_version',
  text: `insert into workflow_versions (workflow_id, version, company_id, definition, digest, created_by)
         select id, version, company_id, $2::jsonb, $3, $4 from workflows where id = any ($1::uuid[])`,
};

/** Gives companies (all of them: null) the built-in workflows they lack, and new versions of those that nobody changed. System role. */
export async function install(
  tx: Transaction,
  builtIn: readonly BuiltInWorkflow[],
  companyIds: readonly string[] | null,
  now: Date,
): Promise<void> {
  if (builtIn.length === 0) return;
  await tx.query(LOCK, []);
  for (const { definition, active } of builtIn) {
    const { name, title, subject } = definition;
    const events = eventsOf(definition);
    const added = await tx.query<{ id: string }>(ADD, [companyIds, name, title, subject, active, events]);
    const upgraded = await tx.query<{ id: string }>(UPGRADE, [companyIds, name, title, subject, events, digestOf(definition)]);
    const ids = [...added, ...upgraded].map((row) => row.id);
    if (ids.length === 0) continue;
    await writeVersion(tx, ids, definition, null);
    await syncTriggers(tx, ids, definition, now);
  }
}

/** The current version of these workflows gets this definition; `workflows.version` has been set before. */
export async function writeVersion(
  tx: Transaction,
  workflowIds: readonly string[],
  definition: WorkflowDefinition,
  userId: string | null,
): Promise<void> {
  await tx.query(VERSION, [workflowIds, JSON.stringify(definition), digestOf(definition), userId]);
}

/** The events that start runs of it. */
export function eventsOf(definition: WorkflowDefinition): string[] {
  return [...new Set(definition.triggers.flatMap((trigger) => (trigger.on === 'event' ? [trigger.event] : [])))];
}

const ACTIVE: Statement = {
  name: 'engine.triggers_workflows',
  text: `select id, company_id, active from workflows where id = any ($1::uuid[])`,
};
const DROP_HOOKS: Statement = {
  name: 'engine.hooks_drop',
  text: `delete from workflow_hooks where workflow_id = any ($1::uuid[]) and key <> all ($2::text[])`,
};
const ADD_HOOKS: Statement = {
  name: 'engine.hooks_add',
  text: `insert into workflow_hooks (token, company_id, workflow_id, key) select token, company_id, workflow_id, key
           from json_to_recordset($1::json) as x (token text, company_id uuid, workflow_id uuid, key text) on conflict (workflow_id, key) do nothing`,
};
const DROP_SCHEDULES: Statement = {
  name: 'engine.schedules_drop',
  text: `delete from schedules where workflow_id = any ($1::uuid[]) and place <> all ($2::integer[])`,
};
// A schedule that stays as it was keeps its next moment; a changed or switched on one starts anew. One on hold has none until it is released.
const PUT_SCHEDULES: Statement = {
  name: 'engine.schedules_put',
  text: `insert into schedules as s (id, company_id, workflow_id, place, spec, next_at) select id, company_id, workflow_id, place, spec, next_at
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, workflow_id uuid, place integer, spec jsonb, next_at timestamptz)
         on conflict (workflow_id, place) do update set spec = excluded.spec, updated_at = date_trunc('milliseconds', now()),
           hold_next_at = case when s.hold is not null then coalesce(s.hold_next_at, excluded.next_at) end,
           next_at = case when excluded.next_at is null or s.hold is not null then null
                          when s.own_spec is not null or s.spec = excluded.spec then coalesce(s.next_at, excluded.next_at) else excluded.next_at end`,
};
const OWN_SPECS: Statement = {
  name: 'engine.schedules_own',
  text: `select workflow_id, place, own_spec from schedules where workflow_id = any ($1::uuid[]) and own_spec is not null`,
};

/** Makes hooks and schedules what the definition's triggers say. Addresses of hooks that stay do not change. */
export async function syncTriggers(
  tx: Transaction,
  workflowIds: readonly string[],
  definition: WorkflowDefinition,
  now: Date,
): Promise<void> {
  const workflows = await tx.query<{ id: string; company_id: string; active: boolean }>(ACTIVE, [workflowIds]);
  const keys = definition.triggers.flatMap((trigger) => (trigger.on === 'webhook' ? [trigger.key] : []));
  const specs = definition.triggers.flatMap((trigger, place) => (trigger.on === 'schedule' ? [{ place, spec: trigger.schedule }] : []));
  await tx.query(DROP_HOOKS, [workflowIds, keys]);
  await tx.query(DROP_SCHEDULES, [workflowIds, specs.map(({ place }) => place)]);
  if (keys.length > 0) {
    const hooks = workflows.flatMap((row) =>
      keys.map((key) => ({ token: randomBytes(24).toString('base64url'), company_id: row.company_id, workflow_id: row.id, key })),
    );
    await tx.query(ADD_HOOKS, [JSON.stringify(hooks)]);
  }
  if (specs.length > 0) {
    const own = await tx.query<{ workflow_id: string; place: number; own_spec: ScheduleSpec }>(OWN_SPECS, [workflowIds]);
    const ownOf = new Map(own.map((row) => [`${row.workflow_id} ${row.place}`, row.own_spec]));
    const schedules = workflows.flatMap((row) =>
      specs.map(({ place, spec }) => {
        const [next] = row.active ? firingsAfter(ownOf.get(`${row.id} ${place}`) ?? spec, now, 1) : [];
        return { id: newId(), company_id: row.company_id, workflow_id: row.id, place, spec, next_at: next ?? null };
      }),
    );
    await tx.query(PUT_SCHEDULES, [JSON.stringify(schedules)]);
  }
}

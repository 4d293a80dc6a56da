import type { Statement, Transaction } from '#core/database/database.ts';
import { compile, DefinitionSchema, digestOf } from '#core/engine/definition.ts';
import { eventsOf, syncTriggers, writeVersion } from '#core/engine/install.ts';
import { valueAt } from '#core/engine/conditions.ts';
import type { Facts, WorkflowDefinition } from '#core/engine/types.ts';
import { Conflict, InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import type { RunCounts } from './shapes.ts';

/** There is a workflow of this name already. */
export class WorkflowExists extends Conflict {
  override readonly code = 'workflow_exists';
}

export interface WorkflowRow {
  readonly id: string;
  readonly company_id: string;
  readonly name: string;
  readonly title: string;
  readonly subject: string;
  readonly active: boolean;
  readonly paused_at: Date | null;
  readonly version: number;
  readonly built_in: boolean;
  readonly customised: boolean;
  readonly settings: Facts;
  readonly templates: Facts;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly definition: WorkflowDefinition;
}

export const WORKFLOW_SELECT = `select t.*, v.definition from workflows t join workflow_versions v on v.workflow_id = t.id and v.version = t.version`;
const GET: Statement = { name: 'workflows.get', text: `${WORKFLOW_SELECT} where t.company_id = $1 and t.id = $2` };
const LOCK: Statement = { name: 'workflows.lock', text: `${WORKFLOW_SELECT} where t.company_id = $1 and t.id = $2 for update of t` };
const COUNTS: Statement = {
  name: 'workflows.counts',
  text: `select workflow_id, state, count(*)::int as n from runs where workflow_id = any ($1::uuid[]) and branch is null group by workflow_id, state`,
};

/** @throws NotFound */
export async function workflowRow(tx: Transaction, companyId: string, id: string, lock = false): Promise<WorkflowRow> {
  const [row] = await tx.query<WorkflowRow>(lock ? LOCK : GET, [companyId, id]);
  if (row === undefined) throw new NotFound('There is no such workflow');
  return row;
}

const NONE: RunCounts = { running: 0, waiting: 0, paused: 0, done: 0, failed: 0, cancelled: 0 };

/** Rows as the API shows them, with how many runs stand in each state. */
export async function present(tx: Transaction, rows: readonly WorkflowRow[]) {
  const counted = await tx.query<{ workflow_id: string; state: keyof RunCounts; n: number }>(COUNTS, [rows.map((row) => row.id)]);
  const counts = new Map<string, RunCounts>();
  for (const { workflow_id, state, n } of counted) counts.set(workflow_id, { ...(counts.get(workflow_id) ?? NONE), [state]: n });
  return rows.map((row) => ({
    id: row.id,
    companyId: row.company_id,
    name: row.name,
    workflowType: row.name,
    title: row.title,
    subject: row.subject,
    active: row.active,
    paused: row.paused_at !== null,
    version: row.version,
    builtIn: row.built_in,
    customised: row.customised,
    triggers: row.definition.triggers.map(asFacts),
    actions: row.definition.steps.map(asFacts),
    settings: { ...row.definition.settings, ...row.settings },
    templates: row.templates,
    runs: counts.get(row.id) ?? NONE,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

/** Stored JSON, seen as JSON. */
export function asFacts(value: object): Facts {
  return JSON.parse(JSON.stringify(value));
}

/**
 * A definition that came from outside, checked against what the modules offer.
 * @throws InvalidInput naming each field
 */
export function readDefinition(runtime: Runtime, value: unknown): WorkflowDefinition {
  const parsed = DefinitionSchema.safeParse(fromWire(value));
  if (!parsed.success) {
    throw new InvalidInput('This is no workflow definition', {
      fields: parsed.error.issues.map((issue) => ({ path: ['definition', ...issue.path].join('.'), message: issue.message })),
    });
  }
  // JSON knows no undefined, which zod writes into optional fields.
  const definition: WorkflowDefinition = JSON.parse(JSON.stringify(parsed.data));
  try {
    compile(definition, runtime.engine.vocabulary);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.message, {
      fields: error.fields.map((fault) => ({ path: `definition.${fault.path}`, message: fault.message })),
    });
  }
  return definition;
}

/** A definition that was read from the API can be sent back: there its one compound name is `stop_on`. */
export function fromWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('stop_on' in value) || 'stopOn' in value) return value;
  const { stop_on: stopOn, ...rest } = value;
  return { ...rest, stopOn };
}

const EXISTS: Statement = { name: 'workflows.exists', text: `select id from workflows where company_id = $1 and name = $2` };
const INSERT: Statement = {
  name: 'workflows.insert',
  text: `insert into workflows (id, company_id, name, title, subject, active, customised, events, settings, templates) values ($1, $2, $3, $4, $5, $6, true, $7, $8, $9)`,
};
const BUMP: Statement = {
  name: 'workflows.bump',
  text: `update workflows set version = version + 1, title = $3, subject = $4, events = $5, customised = true where company_id = $1 and id = $2`,
};

/** @throws WorkflowExists */
export async function addWorkflow(
  tx: Transaction,
  companyId: string,
  definition: WorkflowDefinition,
  options: { active: boolean; settings: Facts; templates: Facts; userId: string | null; now: Date },
): Promise<string> {
  const [known] = await tx.query<{ id: string }>(EXISTS, [companyId, definition.name]);
  if (known !== undefined)
    throw new WorkflowExists(`There is a workflow ${definition.name} already; change it with PUT /api/workflows/${known.id}`);
  const id = newId();
  const { name, title, subject } = definition;
  await tx.query(INSERT, [
    id,
    companyId,
    name,
    title,
    subject,
    options.active,
    eventsOf(definition),
    JSON.stringify(options.settings),
    JSON.stringify(options.templates),
  ]);
  await writeVersion(tx, [id], definition, options.userId);
  await syncTriggers(tx, [id], definition, options.now);
  return id;
}

/** A new version; runs under way keep theirs. The same definition again is no new version. */
export async function addVersion(tx: Transaction, row: WorkflowRow, definition: WorkflowDefinition, userId: string | null): Promise<void> {
  if (definition.name !== row.name)
    throw new InvalidInput(`The definition is named ${definition.name}; this workflow is ${row.name}`, {
      fields: [{ path: 'definition.name', message: `must be ${row.name}` }],
    });
  if (digestOf(definition) === digestOf(row.definition)) return;
  await tx.query(BUMP, [row.company_id, row.id, definition.title, definition.subject, eventsOf(definition)]);
  await writeVersion(tx, [row.id], definition, userId);
}

/** The name of what a run is about, from its facts. */
export function nameIn(facts: Facts, type: string): string | null {
  for (const path of ['person.name', `${type}.name`, `${type}.title`, 'person.email']) {
    const value = valueAt(facts, path);
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

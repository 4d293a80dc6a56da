import { fill, fillText } from '#modules/requests/public.ts';
import { z } from 'zod';
import { durationMs } from '#core/clock.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { factsFor } from '#core/engine/facts.ts';
import { definite, DurationSchema } from '#core/engine/steps/duration.ts';
import { batchStep, type Json, type StepItem, type StepResult } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { FALLBACKS, RISKS } from './tables.ts';

/** Wakes the run that waits for it; its subject is that run. */
export const APPROVAL_DECIDED = 'approval.decided';
/** Somebody is to be asked: the first of several approvers, the next one, or those to whom it was escalated. */
export const APPROVAL_REQUESTED = 'approval.requested';

const liquid = (max: number) => z.string().max(max).meta({ format: 'liquid' });

export const ApproveInput = z.strictObject({
  title: liquid(300).min(1).meta({ title: 'Question' }).describe('What is to be decided, in a line'),
  body: liquid(20_000).default('').meta({ title: 'Details' }).describe('What whoever decides must know'),
  kind: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .default('decision')
    .meta({ title: 'Kind' })
    .describe('For filters, e.g. message, refund, post'),
  risk: z.enum(RISKS).default('medium').meta({ title: 'Risk' }).describe('Those of low risk may be decided many at once'),
  proposed: z
    .json()
    .optional()
    .meta({ title: 'Proposal', format: 'json' })
    .describe('What may be changed while it is approved, e.g. "{{ steps.write }}"; later steps read steps.<id>.proposed'),
  approvers: z
    .array(z.uuid())
    .max(10)
    .default([])
    .meta({ title: 'Who decides', format: 'users' })
    .describe('One after the other; nobody named: any manager'),
  within: DurationSchema.default({ days: 3 }).meta({ title: 'Within', format: 'duration' }),
  fallback: z
    .enum(FALLBACKS)
    .default('reject')
    .meta({ title: 'When nobody decides in time' })
    .describe('approve, reject, ask others (escalate), or end the run'),
  escalateTo: z
    .array(z.uuid())
    .max(10)
    .default([])
    .meta({ title: 'Others to ask', format: 'users' })
    .describe('Of escalate; nobody named: any manager'),
  rejected: z
    .enum(['end', 'go_on'])
    .default('end')
    .meta({ title: 'When it is rejected' })
    .describe('end: the run ends; go_on: later steps read steps.<id>.decision'),
});
type ApproveInput = z.output<typeof ApproveInput>;

interface Row {
  readonly id: string;
  readonly company_id: string;
  readonly key: string;
  readonly state: 'waiting' | 'approved' | 'rejected' | 'expired';
  readonly proposed: Json;
  readonly approved: Json;
  readonly due_at: Date | null;
  readonly fallback: (typeof FALLBACKS)[number];
  readonly escalated: boolean;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly note: string | null;
}

const INSERT: Statement = {
  name: 'approvals.insert',
  text: `insert into approvals (id, company_id, key, run_id, step_id, kind, risk, title, body, proposed, person_id, approvers, due_at, fallback, escalate_to, created_at, updated_at)
         select id, company_id, key, run_id, step_id, kind, risk, title, body, proposed, person_id, approvers, due_at, fallback, escalate_to, $2::timestamptz, $2::timestamptz
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, key text, run_id uuid, step_id text, kind text, risk text, title text, body text, proposed jsonb,
             person_id uuid, approvers uuid[], due_at timestamptz, fallback text, escalate_to uuid[])
         on conflict (company_id, key) do nothing returning id`,
};
const BY_KEY: Statement = {
  name: 'approvals.by_key',
  text: `select a.id, a.company_id, a.key, a.state, a.proposed, a.approved, a.due_at, a.fallback, a.escalated, a.decided_by, a.decided_at, a.note
           from unnest($1::uuid[], $2::text[]) as k (company_id, key) join approvals a on a.company_id = k.company_id and a.key = k.key`,
};
// In the order of the cases: given to others once, else decided by the deadline itself.
const FALL_BACK: Statement = {
  name: 'approvals.fall_back',
  text: `update approvals a set
           escalated = a.escalated or a.fallback = 'escalate',
           approvers = case when a.fallback = 'escalate' and not a.escalated then a.escalate_to else a.approvers end,
           turn = case when a.fallback = 'escalate' and not a.escalated then 0 else a.turn end,
           due_at = case when a.fallback = 'escalate' and not a.escalated then x.again else a.due_at end,
           state = case when a.fallback = 'escalate' and not a.escalated then 'waiting' when a.fallback = 'approve' then 'approved' when a.fallback = 'end' then 'expired' else 'rejected' end,
           approved = case when a.fallback = 'approve' then a.proposed end,
           decided_at = case when a.fallback = 'escalate' and not a.escalated then null else $2::timestamptz end,
           note = case when a.fallback = 'escalate' and not a.escalated then null else 'nobody decided in time' end,
           version = a.version + 1, updated_at = $2::timestamptz
         from json_to_recordset($1::json) as x (id uuid, again timestamptz)
        where a.id = x.id and a.state = 'waiting' and a.due_at <= $2::timestamptz`,
};

/**
 * Asks a person and waits. It is asked once for each time the step is reached; the deadline is the step's own, looked at when its time has come.
 * Set-based: two statements a batch, four when deadlines have passed.
 */
export const approveStep = batchStep({
  type: 'approve',
  title: 'Ask for approval',
  description: 'Asks people to decide, one after the other, and waits until they have or the time is over',
  input: ApproveInput,
  output: z.object({
    decision: z.enum(['approved', 'rejected', 'expired']),
    proposed: z.json().describe('As it was approved, with what was changed'),
    by: z.string().nullable().describe('Id of the user who decided last; null where the time was over'),
    at: z.string(),
    note: z.string().nullable(),
    approval_id: z.string(),
  }),
  changesFacts: false,
  async run(tx, items, runtime) {
    const now = runtime.clock.now();
    await ask(tx, items, runtime, now);
    let rows = await read(tx, items);
    const late = items.flatMap((item, i) => {
      const row = rows[i];
      const isLate = row?.state === 'waiting' && row.due_at !== null && row.due_at <= now;
      return isLate ? [{ id: row.id, again: new Date(now.getTime() + lengthOf(item.input)), item }] : [];
    });
    if (late.length > 0) {
      await tx.query(FALL_BACK, [JSON.stringify(late.map(({ id, again }) => ({ id, again }))), now]);
      rows = await read(tx, items);
      const asked = late.filter(({ id }) => rows.some((row) => row?.id === id && row.state === 'waiting'));
      await runtime.engine.emit(
        tx,
        asked.map(({ id, item }) => requested(id, item)),
      );
    }
    return items.map((item, i) => resultOf(rows[i], item));
  },
});

async function ask(tx: Transaction, items: readonly StepItem<ApproveInput>[], runtime: Runtime, now: Date): Promise<void> {
  // Those that wait already have been asked.
  const fresh = items.filter(({ run }) => run.signal === null);
  const rows = fresh.map(({ run, input }) => {
    const facts = factsFor(run);
    return {
      id: newId(),
      company_id: run.companyId,
      key: keyOf(run),
      run_id: run.id,
      step_id: run.stepId,
      kind: input.kind,
      risk: input.risk,
      title: fillText(input.title, facts).slice(0, 500),
      body: fillText(input.body, facts),
      proposed: input.proposed === undefined ? null : fill(input.proposed, facts),
      person_id: run.personId,
      approvers: input.approvers,
      due_at: new Date(run.since.getTime() + lengthOf(input)),
      fallback: input.fallback,
      escalate_to: input.escalateTo,
    };
  });
  if (rows.length === 0) return;
  const made = new Set((await tx.query<{ id: string }>(INSERT, [JSON.stringify(rows), now])).map((row) => row.id));
  const events = fresh.flatMap((item, i) => {
    const id = rows[i]?.id;
    return id !== undefined && made.has(id) ? [requested(id, item)] : [];
  });
  if (events.length > 0) await runtime.engine.emit(tx, events);
}

function requested(id: string, { run }: StepItem<ApproveInput>) {
  return {
    name: APPROVAL_REQUESTED,
    companyId: run.companyId,
    subject: { type: 'approval', id },
    payload: { approval_id: id, run_id: run.id },
  };
}

async function read(tx: Transaction, items: readonly StepItem<ApproveInput>[]): Promise<(Row | undefined)[]> {
  const rows = await tx.query<Row>(BY_KEY, [items.map(({ run }) => run.companyId), items.map(({ run }) => keyOf(run))]);
  const byKey = new Map(rows.map((row) => [`${row.company_id} ${row.key}`, row]));
  return items.map(({ run }) => byKey.get(`${run.companyId} ${keyOf(run)}`));
}

/** Each time the step is reached is another question, in each turn of a loop and after a person sent the run back. */
function keyOf(run: { readonly key: string; readonly since: Date }): string {
  return `${run.key}:${run.since.getTime()}`;
}

function lengthOf(input: ApproveInput): number {
  return durationMs(definite(input.within));
}

function resultOf(row: Row | undefined, { input }: StepItem<ApproveInput>): StepResult {
  if (row === undefined) return { kind: 'fail', error: 'The approval was taken away', retry: 'never' };
  if (row.state === 'waiting') return { kind: 'wait', until: row.due_at, events: [APPROVAL_DECIDED], reason: 'waits for an approval' };
  const output = {
    decision: row.state,
    proposed: row.approved ?? row.proposed,
    by: row.decided_by,
    at: row.decided_at?.toISOString() ?? null,
    note: row.note,
    approval_id: row.id,
  };
  const goesOn = row.state === 'approved' || (row.state === 'rejected' && input.rejected === 'go_on');
  return goesOn ? { kind: 'next', output } : { kind: 'end', outcome: row.state, output };
}

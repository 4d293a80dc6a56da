import type { Statement, Transaction } from '#core/database/database.ts';
import { isCaptured } from '#core/engine/rehearsal/captured.ts';
import type { StepType, WorkflowDefinition } from '#core/engine/types.ts';
import type { Finding } from '#modules/workflows/public.ts';
import type { SendingAssumption } from '#modules/messages/public.ts';
import { EDGES, type Edges } from './edge.ts';
import { OWN, type Keeping } from './keep.ts';
import { listSteps } from './steps.ts';
import type { Summary } from './summary.ts';

const statement = (text: string): Statement => ({ name: '', text });

const TOTALS =
  statement(`select count(*) filter (where own and state in ('sent', 'captured'))::int as sent, count(*) filter (where own and state = 'blocked')::int as blocked,
    count(*) filter (where own and state = 'queued')::int as waiting, count(*) filter (where not own)::int as others,
    (select count(*)::int from pg_temp.messages m join pg_temp.runs r on r.id = m.run_id and ${OWN} where m.state in ('sent', 'captured') and m.sent_at > m.created_at) as delayed
  from public.rehearsal_messages where rehearsal_id = $1`);
const DAYS = statement(`with mail as (
    select day, from_email as sender, count(*) filter (where state in ('sent', 'captured'))::int as sent, count(*) filter (where state = 'blocked')::int as blocked
      from public.rehearsal_messages where rehearsal_id = $1 and own and state in ('sent', 'captured', 'blocked') group by 1, 2)
  select day::text, sum(sent)::int as sent, sum(blocked)::int as blocked,
    jsonb_agg(jsonb_build_object('sender', sender, 'sent', sent) order by sent desc) filter (where sent > 0) as senders from mail group by day order by day`);
const HOUR = statement(`select date_trunc('hour', at) as at, count(*)::int as sent from public.rehearsal_messages
  where rehearsal_id = $1 and own and state in ('sent', 'captured') group by 1 order by 2 desc, 1 limit 1`);
const RULES =
  statement(`select m.state, why ->> 'rule' as rule, min(why ->> 'says') as says, min(why ->> 'fix') as fix, count(*)::int as messages, count(distinct m.person_id)::int as people
  from public.rehearsal_messages m cross join jsonb_array_elements(m.reasons) why
 where m.rehearsal_id = $1 and m.own and (m.state = 'blocked' and why ->> 'decision' = 'block' or m.state = 'queued') group by 1, 2 order by 6 desc, 2`);
const REACHED = statement(
  `select s.step_id as "stepId", count(distinct coalesce(r.person_id, r.id))::int as reached, count(*)::int as times from pg_temp.run_steps s join pg_temp.runs r on r.id = s.run_id and ${OWN} group by 1`,
);
const STANDS = statement(
  `select r.step_id as "stepId", r.state, count(*)::int as runs, min(r.error) as error from pg_temp.runs r where ${OWN} and r.parent_id is null group by 1, 2`,
);
const ENDS =
  statement(`select outcome, coalesce(case when outcome = 'failed' then 'failed' when outcome = 'waiting' then '' else detail end, '') as detail, count(*)::int as people
  from public.rehearsal_people where rehearsal_id = $1 group by 1, 2 order by 3 desc, 1, 2`);
const EFFECTS = statement(
  `select kind, count(*)::int as count from pg_temp.effects where created_at >= $1::timestamptz and state = 'confirmed' group by kind order by kind`,
);
const COST =
  statement(`select count(*)::int as calls, min(s.output -> 'estimate' ->> 'model') as model, coalesce(sum((s.output -> 'estimate' ->> 'input_tokens')::int), 0)::int as "inputTokens",
    coalesce(sum((s.output -> 'estimate' ->> 'output_tokens')::int), 0)::int as "outputTokens", sum((s.output -> 'estimate' ->> 'cost_micros')::float8)::float8 as "costMicros"
  from pg_temp.run_steps s join pg_temp.runs r on r.id = s.run_id and ${OWN} where s.output ? 'estimate'`);
const FAULTS = statement(
  `select name, min(error) as error, count(*)::int as n from pg_temp.outbox where error is not null group by name order by name limit 5`,
);

/** What is known before the counting. */
export interface Known {
  readonly keeping: Keeping;
  readonly definition: WorkflowDefinition;
  readonly vocabulary: ReadonlyMap<string, StepType>;
  readonly asked: number;
  readonly entered: number;
  readonly findings: readonly Finding[];
  readonly edges: Edges;
  readonly replies: number;
  readonly endedAt: Date;
  readonly dailyLimit: number | null;
  readonly assumed: readonly SendingAssumption[];
  readonly notes: readonly Summary['warnings'][number][];
}

/** Counts what was kept and where the runs stand, and puts what a person should know into words. */
export async function count(tx: Transaction, known: Known): Promise<Summary> {
  const { keeping, definition } = known;
  const own = [keeping.rehearsalId, keeping.workflowId, keeping.triggers, keeping.start];
  const [totals] = await tx.query<Summary['messages']>(TOTALS, own);
  const days = await tx.query<{ day: string; sent: number; blocked: number; senders: { sender: string; sent: number }[] | null }>(DAYS, [
    keeping.rehearsalId,
  ]);
  const [hour] = await tx.query<{ at: Date; sent: number }>(HOUR, [keeping.rehearsalId]);
  const rules = await tx.query<Summary['blocked'][number] & { state: string }>(RULES, [keeping.rehearsalId]);
  const reached = await tx.query<{ stepId: string; reached: number; times: number }>(REACHED, own);
  const stands = await tx.query<{ stepId: string | null; state: string; runs: number; error: string | null }>(STANDS, own);
  const ends = await tx.query<Summary['ends'][number]>(ENDS, [keeping.rehearsalId]);
  const effects = await tx.query<Summary['effects'][number]>(EFFECTS, [keeping.start]);
  const [cost] = await tx.query<NonNullable<Summary['cost']>>(COST, own);
  const faults = await tx.query<{ name: string; error: string; n: number }>(FAULTS, []);
  const at = (stepId: string, states: readonly string[]) =>
    stands.filter((row) => row.stepId === stepId && states.includes(row.state)).reduce((sum, row) => sum + row.runs, 0);
  const steps = listSteps(definition.steps).map(({ node, depth }) => ({
    stepId: node.id,
    title: node.title,
    type: node.type,
    depth,
    reached: reached.find((row) => row.stepId === node.id)?.reached ?? 0,
    waiting: at(node.id, ['waiting', 'running', 'paused']),
    ended: at(node.id, ['done', 'cancelled']),
    failed: at(node.id, ['failed']),
    captured: isCapturedType(known.vocabulary, node.type),
  }));
  const messages = totals ?? { sent: 0, blocked: 0, waiting: 0, delayed: 0, others: 0 };
  const peak = days.reduce<(typeof days)[number] | null>((most, day) => (day.sent > (most?.sent ?? 0) ? day : most), null);
  const summary: Summary = {
    beganAt: keeping.start.toISOString(),
    endedAt: known.endedAt.toISOString(),
    timeZone: keeping.timeZone,
    asked: known.asked,
    entered: known.entered,
    leftOut: known.asked - known.entered,
    findings: known.findings.map(({ people: _names, ...finding }) => finding),
    messages,
    days: days.map((day) => ({ ...day, senders: day.senders ?? [] })),
    peak: peak === null ? null : { day: peak.day, sent: peak.sent, hour: hour?.at.toISOString() ?? null, hourSent: hour?.sent ?? 0 },
    dailyLimit: known.dailyLimit,
    blocked: rules.filter((row) => row.state === 'blocked').map(withoutState),
    waiting: rules.filter((row) => row.state === 'queued').map(withoutState),
    steps,
    ends,
    effects,
    cost:
      cost === undefined || cost.calls === 0
        ? null
        : { ...cost, costMicros: cost.costMicros === null ? null : Math.round(cost.costMicros) },
    edges: EDGES.flatMap((kind) => (known.edges.found[kind] === undefined ? [] : [{ kind, people: known.edges.found[kind] }])),
    replies: known.replies,
    warnings: [],
  };
  return { ...summary, warnings: warningsOf(summary, known, stands, faults, new Map(reached.map((row) => [row.stepId, row.times]))) };
}

function withoutState({ state: _state, ...row }: Summary['blocked'][number] & { state: string }): Summary['blocked'][number] {
  return { ...row, fix: row.fix ?? '' };
}

function isCapturedType(vocabulary: ReadonlyMap<string, StepType>, type: string): boolean {
  const known = vocabulary.get(type);
  return known !== undefined && isCaptured(known);
}

const plain = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${many}`);

function warningsOf(
  summary: Summary,
  known: Known,
  stands: readonly { stepId: string | null; state: string; runs: number; error: string | null }[],
  faults: readonly { name: string; error: string; n: number }[],
  times: ReadonlyMap<string, number>,
): Summary['warnings'] {
  const titles = new Map(summary.steps.map((step) => [step.stepId, step.title]));
  const warnings: Summary['warnings'] = [...known.assumed.map(({ kind, says }) => ({ kind, says })), ...known.notes];
  const say = (kind: string, says: string) => void warnings.push({ kind, says });
  for (const row of stands) {
    if (row.state !== 'failed') continue;
    say(
      'failed',
      `${plain(row.runs, 'run fails', 'runs fail')} at “${titles.get(row.stepId ?? '') ?? row.stepId}”: ${row.error ?? 'no reason was given'}`,
    );
  }
  for (const step of summary.steps) {
    if (!step.captured || step.reached === 0) continue;
    say(
      'captured',
      `“${step.title}” would reach out ${plain(times.get(step.stepId) ?? step.reached, 'time', 'times')}. It was not carried out; later steps saw a sample of its output`,
    );
  }
  for (const { kind, count: times } of summary.effects) {
    if (kind !== 'email')
      say(
        'captured',
        `${plain(times, 'act', 'acts')} of the kind ${kind} would be done outside. None was; later steps saw a sample of the answer`,
      );
  }
  if (summary.cost !== null)
    say(
      'model',
      `A model would write ${plain(summary.cost.calls, 'letter', 'letters')}; here they are shown by template, without asking it`,
    );
  const { dailyLimit, peak } = summary;
  if (dailyLimit !== null && peak !== null && peak.sent >= dailyLimit) {
    const full = summary.days.filter((day) => day.sent >= dailyLimit).length;
    say(
      'limit',
      `The daily limit of ${dailyLimit.toLocaleString('en')} mails is reached on ${plain(full, 'day', 'days')}; what is above it waits for the next`,
    );
  }
  for (const rule of summary.waiting)
    say('waits_for_you', `${plain(rule.messages, 'message waits', 'messages wait')} until somebody acts: ${rule.says}`);
  const live = summary.ends.filter((end) => end.outcome === 'waiting').reduce((sum, end) => sum + end.people, 0);
  if (live > 0)
    say(
      'under_way',
      `${plain(live, 'person is', 'people are')} still under way when the rehearsal ends; look further ahead to see the rest`,
    );
  if (summary.messages.others > 0)
    say('other_sequences', `${plain(summary.messages.others, 'message', 'messages')} of other sequences go to the same people meanwhile`);
  for (const fault of faults) say('reaction', `${plain(fault.n, 'reaction', 'reactions')} to ${fault.name} failed: ${fault.error}`);
  return warnings;
}

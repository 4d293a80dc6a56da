import type { Statement, Transaction } from '#core/database/database.ts';
import { Stage } from '#core/engine/rehearsal/stage.ts';
import type { WorkflowDefinition } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionsInUse } from '#modules/connections/public.ts';
import { assumeSending, type SendingAssumption } from '#modules/messages/public.ts';
import { candidates, judge, noSubject, watermark, type Candidate, type Finding, type Watermark } from '#modules/workflows/public.ts';
import { audienceOf, cohortOf, type Audience } from './audience.ts';
import { count } from './count.ts';
import { findEdges, type Edges } from './edge.ts';
import { keep, type Keeping } from './keep.ts';
import type { Request } from './request.ts';
import { replyHistory, Script } from './script.ts';
import type { Summary } from './summary.ts';

const DAY_MS = 86_400_000;
/** Runs started in one statement. */
const AT_ONCE = 2_000;
/** Moments of the virtual clock before it is taken for endless: far more than thirty days of ten thousand people have. */
const MOST_MOMENTS = 50_000;

/** A rehearsal as it was asked for. */
export interface Job {
  readonly id: string;
  readonly companyId: string;
  readonly workflowId: string;
  readonly version: number;
  readonly definition: WorkflowDefinition;
  readonly request: Request;
  readonly start: Date;
}

/** Told how far it is, 0 to 1; false: it was cancelled. */
export type Watch = (part: number, people: number) => Promise<boolean>;

export interface Outcome {
  readonly summary: Summary;
  readonly watermark: Watermark;
}

/**
 * Lives through the workflow in a sandbox and keeps what came of it; `finish` joins the transaction that keeps. Null: cancelled, nothing kept.
 * @throws whatever the workflow or the audience makes impossible
 */
export async function carryOut(
  runtime: Runtime,
  job: Job,
  watch: Watch,
  finish: (tx: Transaction, outcome: Outcome) => Promise<void>,
): Promise<Outcome | null> {
  const { companyId } = job;
  const before = await runtime.database.read(companyId, async (tx) => {
    const audience = job.definition.subject === 'company' ? NOBODY : await audienceOf(tx, runtime, companyId, job.request);
    return {
      audience,
      cohort: await cohortOf(tx, companyId, audience, job.start),
      watermark: await watermark(tx, companyId, job.workflowId, job.definition, audience),
      history: await replyHistory(tx, companyId, job.start),
    };
  });
  const sandbox = await runtime.database.sandbox(companyId, {
    personIds: before.cohort,
    slices: runtime.engine.registry.slices ?? {},
    now: job.start,
  });
  try {
    const stage = await Stage.open({
      runtime,
      companyId,
      sandbox,
      start: job.start,
      workflow: { id: job.workflowId, version: job.version, definition: job.definition },
    });
    const entering = await enter(stage, job, before.audience);
    await sandbox.analyze();
    const script = new Script(stage, companyId, job.request, before.history);
    const people = entering.enter.length;
    if (!(await live(stage, script, job, (part) => watch(part, people)))) return null;
    const keeping: Keeping = {
      rehearsalId: job.id,
      companyId,
      workflowId: job.workflowId,
      triggers: [job.id, 'once'],
      start: job.start,
      timeZone: entering.timeZone,
      people: entering.all.map((one) => ({
        person_id: one.personId,
        left_out: entering.leftOut.get(one.personId) ?? null,
        edge: entering.edges.of.get(one.personId) ?? [],
        stamp: before.watermark.stamps.get(one.personId) ?? '',
      })),
    };
    const { history } = before;
    const notes =
      job.request.replies === 'history'
        ? [
            history.replied === 0
              ? { kind: 'replies', says: 'Nobody has replied to commercial mail in the last half year: nobody replies here, either' }
              : {
                  kind: 'replies',
                  says: `${((100 * history.replied) / history.sent).toFixed(1)} % of mails are answered, as in the last half year (${history.replied.toLocaleString('en')} of ${history.sent.toLocaleString('en')})`,
                },
          ]
        : [];
    return await sandbox.publish(async (tx) => {
      await keep(tx, keeping);
      const summary = await count(tx, {
        keeping,
        definition: job.definition,
        vocabulary: runtime.engine.vocabulary.steps,
        asked: job.definition.subject === 'company' ? 1 : entering.all.length,
        entered: people,
        findings: entering.findings,
        edges: entering.edges,
        replies: script.replies,
        endedAt: stage.clock.now(),
        dailyLimit: entering.dailyLimit,
        assumed: entering.assumed,
        notes,
      });
      const outcome = { summary, watermark: before.watermark };
      await finish(tx, outcome);
      return outcome;
    });
  } finally {
    await sandbox.close();
  }
}

const NOBODY: Audience = { personIds: [], leadIds: [] };

interface Entering {
  readonly all: readonly Candidate[];
  readonly enter: readonly { readonly subjectId: string; readonly personId: string | null }[];
  /** Why, by person. */
  readonly leftOut: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
  readonly edges: Edges;
  readonly assumed: readonly SendingAssumption[];
  readonly timeZone: string;
  readonly dailyLimit: number | null;
}

const SETTINGS: Statement = {
  name: 'rehearsals.sending',
  text: `select coalesce(c.settings ->> 'time_zone', 'UTC') as "timeZone", s.daily_limit as "dailyLimit" from companies c left join sending s on s.company_id = c.id where c.id = $1`,
};

/** The same door as an enrolment's: who can not enter stays out, for the same reason. */
async function enter(stage: Stage, job: Job, audience: Audience): Promise<Entering> {
  const { companyId, definition } = job;
  return stage.sandbox.database.write(companyId, async (tx) => {
    const connected = (await connectionsInUse(tx, stage.runtime, [companyId], 'email')).has(companyId);
    const assumed = await assumeSending(tx, stage.runtime, companyId, connected);
    const [settings] = await tx.query<{ timeZone: string; dailyLimit: number | null }>(SETTINGS, [companyId]);
    const about = { assumed, timeZone: settings?.timeZone ?? 'UTC', dailyLimit: settings?.dailyLimit ?? null };
    if (definition.subject === 'company') {
      const itself = [{ subjectId: companyId, personId: null }];
      await start(stage, tx, job, itself);
      return { ...about, all: [], enter: itself, leftOut: new Map(), findings: [], edges: { of: new Map(), found: {} } };
    }
    const all = await candidates(tx, companyId, job.workflowId, definition.subject, audience, job.start);
    const newest = stage.runtime.engine.vocabulary.subjects.get(definition.subject)?.newest;
    const verdict = newest === undefined ? judge(all, definition.subject, null, []) : await whoHasOne(tx, companyId, newest, all);
    const edges = await findEdges(
      tx,
      companyId,
      all.map((one) => one.personId),
      job.workflowId,
      job.start,
    );
    const enters = new Set(verdict.enter);
    const leftOut = new Map<string, string>();
    for (const one of all)
      if (!enters.has(one)) leftOut.set(one.personId, newest === undefined ? barrierNamed(one, definition.subject) : 'no_subject');
    const subjectOf =
      'subjects' in verdict
        ? (one: Candidate) => verdict.subjects.get(one.personId)
        : (one: Candidate) => (definition.subject === 'lead' ? one.leadId : one.personId);
    const entering = verdict.enter.map((one) => ({
      subjectId: subjectOf(one) ?? one.personId,
      personId: one.personId,
    }));
    await start(stage, tx, job, entering);
    return { ...about, all, enter: entering, leftOut, findings: verdict.findings, edges };
  });
}

/** Of a workflow about clients, tickets and the like: the newest of each person. What a message may not do, the gate says; here nobody is kept out but who has none. */
async function whoHasOne(tx: Transaction, companyId: string, newest: Statement, all: readonly Candidate[]) {
  const rows = await tx.query<{ personId: string; id: string }>(newest, [companyId, all.map((one) => one.personId)]);
  const subjects = new Map(rows.map(({ personId, id }) => [personId, id]));
  const without = all.filter((one) => !subjects.has(one.personId));
  return { subjects, enter: all.filter((one) => subjects.has(one.personId)), findings: noSubject(without) };
}

function barrierNamed(one: Candidate, subject: string): string {
  return judge([one], subject, null, []).findings.find((finding) => finding.barrier)?.kind ?? 'left_out';
}

async function start(stage: Stage, tx: Transaction, job: Job, entering: Entering['enter']): Promise<void> {
  const { companyId, definition, request } = job;
  for (let i = 0; i < entering.length; i += AT_ONCE) {
    const subjects = entering
      .slice(i, i + AT_ONCE)
      .map(({ subjectId, personId }) => ({ type: definition.subject, id: subjectId, personId }));
    const trigger = { type: 'manual', id: job.id, payload: request.payload } as const;
    await stage.runtime.engine.start(tx, { companyId, workflow: definition.name, subjects, trigger });
  }
}

/** From moment to moment until the horizon, or until nothing is left to happen. False: cancelled. */
async function live(stage: Stage, script: Script, job: Job, watch: (part: number) => Promise<boolean>): Promise<boolean> {
  const start = job.start.getTime();
  const end = start + job.request.days * DAY_MS;
  for (let moments = 0; moments < MOST_MOMENTS; moments++) {
    const soonest = await stage.settle();
    await script.observe();
    if (!(await watch((stage.clock.now().getTime() - start) / (end - start)))) return false;
    const due = [soonest, script.next()].flatMap((at) => (at === null ? [] : [at.getTime()]));
    const next = Math.min(...due);
    if (due.length === 0 || next > end) return true;
    stage.clock.moveTo(new Date(next));
    await script.act();
  }
  throw new Error(`It does not come to an end: more than ${MOST_MOMENTS.toLocaleString('en')} moments at which something is due`);
}

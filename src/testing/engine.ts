import { VirtualClock } from '#core/clock.ts';
import type { Statement, SystemDatabase } from '#core/database/database.ts';
import { openDatabase } from '#core/database/open.ts';
import { openSystemDatabase } from '#core/database/system.ts';
import type { EffectState } from '#core/effects/types.ts';
import { openEngine } from '#core/engine/open.ts';
import type { Registry } from '#core/engine/parts.ts';
import type { Facts, RunState, SubjectType, WorkflowDefinition } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { openLog } from '#core/log.ts';
import type { Runtime } from '#core/runtime.ts';
import { testDatabase } from './database.ts';

export interface LedgerEntry {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly state: EffectState;
  readonly attempts: number;
  readonly subject: { readonly type: string; readonly id: string };
  readonly payload: Facts;
  readonly reason: string | null;
  readonly receipt: Facts | null;
  readonly dueAt: Date;
}

const LEDGER: Statement = {
  name: 'test.ledger',
  text: `select id, kind, key, state, attempts, subject_type, subject_id, payload, reason, receipt, due_at from effects where company_id = $1 order by id`,
};

/** The ledger of a company, oldest first. */
export async function effectsOf(system: SystemDatabase, companyId: string): Promise<LedgerEntry[]> {
  const rows = await system.read((tx) =>
    tx.query<Omit<LedgerEntry, 'subject' | 'dueAt'> & { subject_type: string; subject_id: string; due_at: Date }>(LEDGER, [companyId]),
  );
  return rows.map(({ subject_type, subject_id, due_at, ...row }) => ({
    ...row,
    subject: { type: subject_type, id: subject_id },
    dueAt: due_at,
  }));
}

export interface RunSeen {
  readonly id: string;
  readonly state: RunState;
  readonly step_id: string | null;
  readonly outcome: string | null;
  readonly error: string | null;
  readonly outputs: Facts;
  readonly subject_id: string;
  readonly wake_at: Date | null;
  readonly attempt: number;
}

export interface JournalSeen {
  readonly step_id: string;
  readonly state: string;
  readonly attempt: number;
  readonly error: string | null;
  readonly reason: string | null;
}

/** The engine alone, on a database of its own: what tests of the engine itself need. */
export async function testEngine(
  registry: Partial<Registry> & { readonly definitions?: readonly WorkflowDefinition[] },
  start = new Date('2026-06-02T08:00:00Z'),
) {
  const { target, drop } = await testDatabase();
  const system = openSystemDatabase(target);
  const database = openDatabase(target);
  const clock = new VirtualClock(start);
  const log = openLog('warn');
  const full: Registry = {
    steps: registry.steps ?? [],
    subjects: [...(registry.subjects ?? []), thing],
    events: registry.events ?? [],
    workflows: [...(registry.workflows ?? []), ...(registry.definitions ?? []).map((definition) => ({ definition, active: true }))],
    effects: registry.effects ?? [],
  };
  const open = () => {
    const opened = openEngine({ system, clock, log, registry: full });
    // Steps and kinds of these tests use the clock, the engine and the databases of the runtime, nothing else.
    opened.bind({ clock, log, system, database, engine: opened.engine, effects: opened.effects } as unknown as Runtime);
    return opened;
  };
  const opened = open();
  const aCompany = async () => {
    const id = newId();
    await system.write(async (tx) => {
      await tx.query({ name: 'test.company', text: `insert into companies (id, name) values ($1, 'Acme')` }, [id]);
      await opened.engine.install(tx, id);
    });
    return id;
  };
  const companyId = await aCompany();
  const sql = <Row extends object>(text: string, values: readonly unknown[] = []) =>
    system.write((tx) => tx.query<Row>({ name: '', text }, values));
  return {
    ...opened,
    companyId,
    aCompany,
    clock,
    system,
    database,
    target,
    log,
    /** A second process on the same database. */
    another: open,
    sql,
    drain: () => opened.worker.drain(),
    async emit(name: string, subjectId: string, payload: Facts = {}, personId?: string) {
      const event = {
        name,
        companyId,
        subject: { type: 'thing', id: subjectId },
        payload,
        ...(personId === undefined ? {} : { personId }),
      };
      await system.write((tx) => opened.engine.emit(tx, [event]));
    },
    runs: () =>
      sql<RunSeen>(
        `select id, state, step_id, outcome, error, outputs, subject_id, wake_at, attempt from runs where company_id = $1 order by id`,
        [companyId],
      ),
    journal: (runId: string) =>
      sql<JournalSeen>(`select step_id, state, attempt, error, reason from run_steps where run_id = $1 order by place`, [runId]),
    ledger: () => effectsOf(system, companyId),
    async close() {
      await opened.worker.stop();
      await Promise.all([system.close(), database.close()]);
      await drop();
    },
  };
}

/** A subject that always is there; its facts say which one. */
const thing: SubjectType = {
  type: 'thing',
  load: (_tx, subjects) =>
    Promise.resolve(new Map(subjects.map((subject) => [subject.id, { personId: null, facts: { thing: { id: subject.id } } }]))),
};

import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import {
  blockedHashes,
  keepNamedOptOuts,
  organisationKey,
  tagKey,
  upsertTags,
  type BlockReason,
  versionsIn,
} from '#modules/people/public.ts';
import { assignOwners } from '../assignment/assign.ts';
import { loadKnown } from './known.ts';
import { ensureOrganisations } from './organisations.ts';
import { addCounts, planBatch, type Counts, type Plan, type Register, type Subject } from './plan.ts';
import { writeErrors, writeProgress } from './progress.ts';
import { Seen } from './seen.ts';
import { writeNew, writeRest, type WriteContext } from './write.ts';
import type { Chunk, Job } from './job.ts';

/** Chunks under way at once: while one writes its indexes the next is read, planned and begins to write its new people. */
const LANES = 2;

const JOURNAL: Statement = {
  name: 'imports.journal.insert',
  text: `insert into import_journal (company_id, import_id, place, person_ids, lead_ids, changes, at) values ($1, $2, $3, $4, $5, $6, $7)`,
};

/**
 * Who is known is planned anew for each chunk: a plan cached while the tables were empty reads them from end to end (100,000 rows on a
 * fresh installation: 47 s against 25 s). Entries of the search index are put by and merged in larger lots than by default, which
 * is twice as quick; searching meanwhile reads at most 32 MB more. A commit does not wait for the disk: rows and progress are one
 * transaction, so that a power cut takes the last chunks with their progress and the import does them again. What ends it does wait.
 */
const SETTINGS: Statement = {
  name: 'imports.settings',
  text: `select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('gin_pending_list_limit', '32MB', true),
           set_config('synchronous_commit', 'off', true)`,
};
/** Before rows are written: the checks of foreign keys and triggers would be planned anew for each row, too, at 30 µs each. */
const KEEP_PLANS: Statement = { name: 'imports.keep_plans', text: `select set_config('plan_cache_mode', 'auto', true)` };

/** Somebody took the import from this process (it was quiet for too long): the other one goes on. */
export class TakenOver extends Error {}

/** Chunks in flight: planned one after the other, written side by side, committed in the order of the file. */
export class Lanes {
  readonly #runtime: Runtime;
  readonly #job: Job;
  readonly #seen: Seen | null;
  #counts: Counts;
  #processed: number;
  #versions: Readonly<Record<string, number>> | undefined;
  /** Who is known by the chunks that have not committed. */
  readonly #flying: { readonly subjects: Map<string, Subject>; readonly done: Promise<void> }[] = [];
  #committed: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  constructor(runtime: Runtime, job: Job) {
    this.#runtime = runtime;
    this.#job = job;
    this.#seen = job.record.dryRun ? new Seen() : null;
    this.#counts = job.record.counts;
    this.#processed = job.record.processedRows;
  }

  /** Answers when the chunk is planned and there is room for another. @throws what an earlier chunk failed with */
  async add(chunk: Chunk): Promise<void> {
    this.#check();
    const planned = Promise.withResolvers<void>();
    const subjects = new Map<string, Subject>();
    const ahead = this.#committed;
    const done = this.#runtime.database
      .write(this.#job.record.companyId, (tx) => this.#work(tx, chunk, subjects, ahead, () => planned.resolve()))
      .then(() => this.#landed(subjects));
    this.#committed = done;
    const flight = { subjects, done };
    this.#flying.push(flight);
    done.catch((error: unknown) => {
      this.#failure ??= { error };
      planned.resolve();
    });
    await planned.promise;
    if (this.#flying.length >= LANES) await this.#flying[0]?.done.catch(() => undefined);
    this.#check();
  }

  #landed(subjects: Map<string, Subject>): void {
    const index = this.#flying.findIndex((flight) => flight.subjects === subjects);
    if (index >= 0) this.#flying.splice(index, 1);
    this.#runtime.engine.nudge();
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  async settle(): Promise<void> {
    await Promise.allSettled(this.#flying.map((flight) => flight.done));
  }

  async end(): Promise<void> {
    await this.settle();
    this.#check();
  }

  async #work(tx: Transaction, chunk: Chunk, subjects: Map<string, Subject>, ahead: Promise<unknown>, planned: () => void): Promise<void> {
    const { record } = this.#job;
    const settings = tx.query(SETTINGS, []);
    const flying = this.#flying.map((flight) => flight.subjects).filter((map) => map !== subjects);
    if (this.#seen !== null) await ahead;
    const plan = await this.#plan(tx, chunk, subjects, flying);
    await Promise.all([settings, tx.query(KEEP_PLANS, [])]);
    const context = this.#seen === null ? await this.#contextOf(plan) : null;
    planned();
    const made = context === null ? [] : await writeNew(tx, context, plan.drafts);
    await ahead;
    const refusals = [...chunk.refusals, ...plan.refusals];
    const before = this.#counts;
    if (context !== null) {
      const written = await writeRest(tx, context, plan.drafts, made);
      await this.#tell(tx, chunk, written, context.at);
      await keepNamedOptOuts(
        tx,
        { companyId: record.companyId, source: 'import', at: context.at },
        plan.named.map(({ personId, row }) => ({
          personId,
          emails: row.emails,
          evidence: { import_id: record.id, filename: context.filename, row: row.rowNumber },
        })),
      );
    }
    await writeErrors(tx, record.companyId, record.id, refusals, before.refused);
    this.#seen?.keep(subjects);
    const counts = addCounts(before, { ...plan.counts, refused: refusals.length });
    const progress = { counts, end: chunk.end, before: this.#processed, at: this.#runtime.clock.now() };
    if (!(await writeProgress(tx, record.companyId, record.id, progress))) throw new TakenOver('this import is not running any more');
    this.#counts = counts;
    this.#processed = chunk.end;
  }

  async #plan(
    tx: Transaction,
    { rows }: Chunk,
    subjects: Map<string, Subject>,
    flying: readonly ReadonlyMap<string, Subject>[],
  ): Promise<Plan> {
    const { companyId } = this.#job.record;
    const keys = new Set<string>();
    for (const row of rows) for (const key of row.keys) keys.add(key);
    const found = await loadKnown(tx, companyId, keys, this.#job.record.consentTopic);
    const seen = this.#seen;
    const overlay = (key: string) => seen?.find(key) ?? flying.reduce<Subject | undefined>((one, map) => map.get(key) ?? one, undefined);
    // A subject that is still in flight is the same object here: what the chunk ahead fills, this one sees.
    const register: Register = {
      find(key) {
        const subject = subjects.get(key) ?? overlay(key);
        if (subject !== undefined && seen === null) subjects.set(key, subject);
        return subject;
      },
      add: (key, subject) => void subjects.set(key, subject),
      blocked: (email) => reasons.get(email),
      newId,
      byNumber: this.#job.byNumber,
    };
    // One object a person, whichever of their keys led to it.
    const inFlight = new Map(flying.flatMap((map) => [...map.values()].map((subject) => [subject.personId, subject] as const)));
    for (const [key, subject] of found) if (overlay(key) === undefined) subjects.set(key, inFlight.get(subject.personId) ?? subject);
    const unknown: string[] = [];
    for (const key of keys) if (key.startsWith('e:') && register.find(key) === undefined) unknown.push(key.slice(2));
    const listed = await blockedHashes(tx, this.#runtime.secrets, companyId, unknown);
    const reasons: ReadonlyMap<string, BlockReason> = new Map([...listed].map(([email, { reason }]) => [email, reason]));
    return planBatch(rows, register);
  }

  /** Organisations and tags are made ahead, in a transaction of their own: two chunks in flight may both need them. */
  /** The wording of the topic that the importer quotes as proof. */
  async #quoted(): Promise<Readonly<Record<string, number>>> {
    const { companyId, consent, consentTopic } = this.#job.record;
    if (consent === null) return {};
    this.#versions ??= await this.#runtime.database.read(companyId, (tx) => versionsIn(tx, companyId, [consentTopic], consent.evidence));
    return this.#versions;
  }

  async #contextOf({ drafts }: Plan): Promise<WriteContext> {
    const { record, organisations, tags } = this.#job;
    const { runtime, companyId, at } = { runtime: this.#runtime, companyId: record.companyId, at: this.#runtime.clock.now() };
    const names = new Map<string, string>();
    const labels = new Map<string, string>();
    for (const draft of drafts) {
      if (draft.organisation !== null) names.set(organisationKey(draft.organisation), draft.organisation);
      for (const tag of draft.tags ?? []) labels.set(tagKey(tag), tag);
    }
    const missing = [...names].filter(([key]) => !organisations.has(key)).map(([, name]) => name);
    const untagged = [...labels].filter(([key]) => !tags.has(key)).map(([, name]) => name);
    if (organisations.size > 200_000) organisations.clear();
    if (missing.length > 0) {
      const made = await runtime.database.write(companyId, (tx) => ensureOrganisations(tx, companyId, record.id, missing, at));
      for (const [key, id] of made) organisations.set(key, id);
    }
    if (untagged.length > 0) {
      const made = await runtime.database.write(companyId, (tx) => upsertTags(tx, companyId, untagged, at));
      for (const [key, tag] of made) tags.set(key, tag.id);
    }
    return {
      companyId,
      importId: record.id,
      filename: record.filename,
      source: record.source,
      at,
      organisations,
      tags,
      consent: record.consent,
      consentTopic: record.consentTopic,
      topicVersions: await this.#quoted(),
      enrol: record.enrol,
    };
  }

  /** Owners, the journal, and what the rest of the house must hear. */
  async #tell(tx: Transaction, chunk: Chunk, written: Awaited<ReturnType<typeof writeRest>>, at: Date): Promise<void> {
    const { record, lists } = this.#job;
    const { companyId, id: importId } = record;
    const leadIds = written.leads.map((lead) => lead.id);
    if (leadIds.length > 0) await assignOwners(tx, companyId, leadIds, at);
    if (leadIds.length > 0 || written.changes.length > 0)
      await tx.query(JOURNAL, [
        companyId,
        importId,
        chunk.end,
        arrayOf(written.personIds),
        arrayOf(leadIds),
        JSON.stringify(written.changes),
        at,
      ]);
    const events: DomainEvent[] = [...written.events];
    if (lists) {
      events.push(
        ...written.leads.map((lead): DomainEvent => ({
          name: 'lead.created', companyId, subject: { type: 'lead', id: lead.id }, personId: lead.personId,
          payload: { source: lead.source, status: lead.status, enrol: record.enrol && lead.status !== 'unsubscribed', imported: true },
        })),
      ); // prettier-ignore
    }
    if (leadIds.length > 0 || written.changes.length > 0) {
      const payload = { import_id: importId, place: chunk.end, created: leadIds.length, changed: written.changes.length };
      events.push({ name: 'leads.imported', companyId, subject: { type: 'import', id: importId }, payload });
    }
    if (events.length > 0) await this.#runtime.engine.emit(tx, events);
  }
}

import { createHmac } from 'node:crypto';
import type { Transaction } from '#core/database/database.ts';
import { Forbidden, InvalidInput, KeyReused, Misconfigured, NoCompany, Unauthenticated, VersionChanged } from '#core/errors.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Ctx, ReplyHints, RequestInfo } from './context.ts';
import { errorCode } from '#core/database/pg-error.ts';
import { recordCall, replayOf, type IdempotencyClaim, type StoredAnswer } from './trace.ts';
import type { AnyOperation, Operation } from './operation.ts';
import { atLeast, NO_COMPANY, type Principal } from './principal.ts';
import { loggedAs } from '#core/log.ts';
import { inChildSpan } from '#core/telemetry/tracing.ts';
import { compileWire, parseInput, type Wire } from './wire.ts';
import type { z } from 'zod';

/** One call as a face hands it over. `input` has wire names, unless `names` says otherwise. */
export interface Call {
  readonly operation: AnyOperation;
  readonly principal: Principal;
  readonly request: RequestInfo;
  readonly input: unknown;
  /** `code`: a call from our own code, camelCase. Default: as on the wire. */
  readonly names?: 'wire' | 'code';
  /** Every scalar of `input` is text (a query string, a form, CLI flags). */
  readonly text?: boolean;
  readonly idempotencyKey?: string | undefined;
  /** Millisecond version from If-Match; undefined when the caller does not care. */
  readonly ifMatch?: number | undefined;
}

export interface Answer {
  readonly status: number;
  /** With wire names; null for 204. */
  readonly body: unknown;
  /** What `run` returned, in code's names; undefined when replayed. */
  readonly result: unknown;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** True when this is the stored answer of an earlier call with the same Idempotency-Key. */
  readonly replayed: boolean;
}

interface Compiled {
  readonly input: Wire;
  readonly output: Wire;
  readonly status: number;
}

const compiled = new WeakMap<AnyOperation, Compiled>();

function compile(operation: AnyOperation): Compiled {
  let found = compiled.get(operation);
  if (found === undefined) {
    found = { input: compileWire(operation.input), output: compileWire(operation.output), status: statusOf(operation) };
    compiled.set(operation, found);
  }
  return found;
}

/** 201 for a POST whose answer has an id, 204 for DELETE, else 200; a declared status wins. */
export function statusOf(operation: AnyOperation): number {
  if (operation.status !== undefined) return operation.status;
  if (operation.http.startsWith('DELETE ')) return 204;
  const output: z.ZodType = operation.output;
  const shape = output._zod.def.type === 'object' && 'shape' in output._zod.def ? output._zod.def.shape : {};
  const creates =
    operation.http.startsWith('POST ') && operation.access !== 'read' && typeof shape === 'object' && shape !== null && 'id' in shape;
  return creates ? 201 : 200;
}

/** `leads.create` + write → `leads:write`. */
export function scopeOf(operation: AnyOperation): string {
  return operation.scope ?? `${operation.name.split('.')[0]}:${operation.access === 'read' ? 'read' : 'write'}`;
}

/** May this principal call it at all? @throws Unauthenticated, Forbidden */
export function authorize(operation: AnyOperation, principal: Principal): void {
  if (operation.access === 'public') return;
  if (principal.kind === 'public')
    throw principal.refusal ?? new Unauthenticated('Sign in first, or send an API key: Authorization: Bearer …');
  if (principal.companyId === NO_COMPANY && operation.installation !== true) {
    const refusal = principal.kind === 'operator' ? principal.refusal : undefined;
    throw (
      refusal ??
      new NoCompany(
        'There is no company yet. Open the set-up link that `npm start` prints, or run: steward companies create --name "Your company"',
      )
    );
  }
  const role = operation.role ?? 'user';
  if (!atLeast(principal.role, role))
    throw new Forbidden(`This needs the role ${role}; yours is ${principal.role}. Ask an admin of your company`);
  if (principal.kind === 'key' && !principal.scopes.includes(scopeOf(operation)) && !principal.scopes.includes('*')) {
    throw new Forbidden(`This API key lacks the scope ${scopeOf(operation)}; make one that has it under Settings → API keys`);
  }
}

/** The one way into an operation, whatever the face. */
export function execute(runtime: Runtime, call: Call): Promise<Answer> {
  const { operation, request, principal } = call;
  const company = principal.companyId;
  const about = { request: request.id, ...(company === null ? {} : { company }) };
  const inSpan = () =>
    inChildSpan({ name: operation.name, attributes: { 'steward.operation': operation.name, 'steward.face': request.face } }, () =>
      carryOut(runtime, call),
    );
  return loggedAs(about, inSpan);
}

async function carryOut(runtime: Runtime, call: Call): Promise<Answer> {
  authorize(call.operation, call.principal);
  const { input: wire, output, status } = compile(call.operation);
  const named = call.names === 'code' ? call.input : wire.in(call.input ?? {}, call.text);
  const input = parseInput(call.operation.input, named);
  const claim = claimOf(runtime, call);
  const work = new Work(runtime, call, claim, (result) => ({
    status: work.status ?? status,
    body: status === 204 ? null : output.out(result),
  }));

  const stored = await work.run(input);
  if (stored.replay !== null) return { ...stored.replay, result: undefined, headers: {}, replayed: true };
  if (runtime.config.checkOutputs) call.operation.output.parse(stored.result);
  await work.afterwards();
  const body = work.status === 204 || status === 204 ? null : output.out(stored.result);
  return {
    status: work.status ?? status,
    body,
    result: stored.result,
    headers: { ...work.headers, ...versionHeader(stored.result) },
    replayed: false,
  };
}

/** The ETag of a row is its `updated_at` as the JSON shows it, so that a row out of a list can be sent back, too. */
function versionHeader(result: unknown): Record<string, string> {
  if (typeof result !== 'object' || result === null || !('updatedAt' in result) || !(result.updatedAt instanceof Date)) return {};
  return { etag: `"${result.updatedAt.toISOString()}"` };
}

/** The hash is keyed, because requests hold passwords: a stored plain hash of one could be guessed at leisure. */
function claimOf(runtime: Runtime, call: Call): IdempotencyClaim | null {
  if (call.idempotencyKey === undefined) return null;
  const hash = createHmac('sha256', runtime.secrets.derive('request hashes'))
    .update(JSON.stringify([call.operation.name, call.input ?? null]))
    .digest('hex');
  return { key: call.idempotencyKey, requestHash: hash, sealed: call.operation.sensitiveOutput === true };
}

interface Subject {
  readonly type: string;
  readonly id: string;
}

/** What one transaction notes about itself while the operation runs. */
interface Trace {
  subject: Subject | null;
  versionChecked: boolean;
}

function idOf(operation: AnyOperation, result: unknown): Subject | null {
  if (typeof result !== 'object' || result === null || !('id' in result) || typeof result.id !== 'string') return null;
  return { type: operation.name.split('.')[0] ?? operation.name, id: result.id };
}

function companyOf(principal: Principal): string {
  if (principal.companyId === null) throw new Misconfigured('This call belongs to no company yet');
  return principal.companyId;
}

function isPgError(error: unknown, ...codes: readonly string[]): boolean {
  const code = errorCode(error);
  return code !== null && codes.includes(code);
}

type Ran = { readonly result: unknown; readonly replay: null } | { readonly result: null; readonly replay: StoredAnswer };

/** Ends a transaction early: the answer is already known. */
class Replay extends Error {
  readonly answer: StoredAnswer;
  constructor(answer: StoredAnswer) {
    super('replay');
    this.answer = answer;
  }
}

/** One execution: opens transactions for the operation and leaves its traces (audit, outbox, idempotency) in them. */
class Work {
  readonly headers: Record<string, string | string[]> = {};
  status: number | undefined;
  readonly #runtime: Runtime;
  readonly #call: Call;
  readonly #claim: IdempotencyClaim | null;
  readonly #answer: (result: unknown) => StoredAnswer;
  readonly #after: (() => void | Promise<void>)[] = [];

  constructor(runtime: Runtime, call: Call, claim: IdempotencyClaim | null, answer: (result: unknown) => StoredAnswer) {
    this.#runtime = runtime;
    this.#call = call;
    this.#claim = claim;
    this.#answer = answer;
  }

  async run(input: unknown): Promise<Ran> {
    const { operation, principal } = this.#call;
    const run: Operation['run'] = operation.run;
    try {
      if (operation.access === 'read') {
        const company = companyOf(principal);
        return { result: await this.#runtime.database.read(company, (tx) => run(this.#context(tx, company, []), input)), replay: null };
      }
      if (operation.access === 'write') return { result: await this.write(companyOf(principal), (ctx) => run(ctx, input)), replay: null };
      if (operation.access === 'public') return { result: await run(this.#outer(), input), replay: null };
      const company = companyOf(principal);
      const claim = this.#claim;
      if (claim !== null) await this.#runtime.database.read(company, (tx) => this.#replayIfKnown(tx, company, claim));
      const result = await run(this.#outer(), input);
      await this.#runtime.database.write(company, (tx) => this.#record(tx, company, null, result));
      return { result, replay: null };
    } catch (error) {
      if (error instanceof Replay) return { result: null, replay: error.answer };
      throw error;
    }
  }

  /**
   * A read-write transaction with everything that belongs to a write: replay check, work, then its traces. What the work
   * returns is the answer that a repeated Idempotency-Key gets. An `outside` operation leaves its traces at its end.
   */
  async write<T>(companyId: string, work: (ctx: Ctx) => Promise<T>): Promise<T> {
    const { database, engine } = this.#runtime;
    let emitted = 0;
    const attempt = () =>
      database.write(companyId, async (tx) => {
        if (this.#claim !== null && this.#call.operation.access !== 'outside') await this.#replayIfKnown(tx, companyId, this.#claim);
        const events: DomainEvent[] = [];
        const trace: Trace = { subject: null, versionChecked: false };
        const result = await work(this.#context(tx, companyId, events, trace));
        if (this.#call.ifMatch !== undefined && !trace.versionChecked)
          throw new InvalidInput(`${this.#call.operation.name} does not know If-Match; leave the header out`);
        emitted = events.length;
        const recorded = this.#call.operation.access === 'outside' ? undefined : this.#record(tx, companyId, trace.subject, result);
        await Promise.all([events.length > 0 ? engine.emit(tx, events) : undefined, recorded]);
        return result;
      });
    const result = await this.#again(attempt);
    if (emitted > 0) engine.nudge();
    return result;
  }

  async afterwards(): Promise<void> {
    for (const work of this.#after) {
      try {
        await work();
      } catch (error) {
        this.#runtime.log.warn({ err: error, operation: this.#call.operation.name }, 'work after commit failed');
      }
    }
  }

  /** One more try after a deadlock. */
  async #again<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (isPgError(error, '40001', '40P01')) return attempt();
      throw error;
    }
  }

  async #replayIfKnown(tx: Transaction, companyId: string, claim: IdempotencyClaim): Promise<void> {
    const known = await replayOf(tx, this.#runtime.secrets, companyId, this.#call, claim);
    if (known === null) return;
    if (known.requestHash !== claim.requestHash)
      throw new KeyReused('This Idempotency-Key was used for another request; make a new key for a new request');
    throw new Replay(known.answer);
  }

  #record(tx: Transaction, companyId: string, subject: Subject | null, result: unknown): Promise<void> {
    const answer = this.#claim === null ? null : this.#answer(result);
    return recordCall(tx, {
      runtime: this.#runtime,
      call: this.#call,
      companyId,
      subject: subject ?? idOf(this.#call.operation, result),
      claim: this.#claim,
      answer,
    });
  }

  #context(tx: Transaction, companyId: string, events: DomainEvent[], trace: Trace = { subject: null, versionChecked: false }): Ctx {
    return {
      ...this.#common(),
      companyId,
      db: tx.db,
      query: (statement, values) => tx.query(statement, values),
      emit: (event) => void events.push({ ...event, companyId }),
      subject: (type, id) => void (trace.subject = { type, id }),
      expectVersion: (row) => {
        trace.versionChecked = true;
        this.#expectVersion(row);
      },
      inCompany: () => Promise.reject(new Misconfigured('A transaction is open already')),
    };
  }

  /** @throws VersionChanged when this is not the row that whoever asks was looking at */
  #expectVersion(row: { readonly updatedAt: Date }): void {
    const { ifMatch } = this.#call;
    if (ifMatch === undefined || row.updatedAt.getTime() === ifMatch) return;
    throw new VersionChanged('Somebody changed this since you read it; read it again, then repeat your change');
  }

  /** For `public` and `outside` operations: no transaction is open; `inCompany` opens one. */
  #outer(): Ctx {
    const { operation, principal } = this.#call;
    const closed = (): never => {
      throw new Misconfigured(`${operation.name} is ${operation.access}: it has no transaction of its own, use ctx.inCompany`);
    };
    return {
      ...this.#common(),
      get companyId() {
        return companyOf(principal);
      },
      get db(): never {
        return closed();
      },
      query: closed,
      emit: closed,
      subject: closed,
      // What it read in a transaction of its own: a version is a version.
      expectVersion: (row) => this.#expectVersion(row),
      inCompany: (companyId, work) => this.write(companyId, work),
    };
  }

  #common() {
    const reply: ReplyHints = {
      status: (code) => void (this.status = code),
      header: (name, value) => void (this.headers[name] = name === 'set-cookie' ? [this.headers[name] ?? [], value].flat() : value),
    };
    return {
      runtime: this.#runtime,
      clock: this.#runtime.clock,
      principal: this.#call.principal,
      request: this.#call.request,
      afterCommit: (work: () => void | Promise<void>) => void this.#after.push(work),
      reply,
    };
  }
}

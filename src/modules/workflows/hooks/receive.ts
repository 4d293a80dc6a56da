import type { Statement, Transaction } from '#core/database/database.ts';
import { WEBHOOK_EVENT } from '#core/engine/dispatcher.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { DomainEvent, Facts, Json } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { currentTrace, type TraceContext } from '#core/telemetry/tracing.ts';
import { Secret } from '#core/secrets.ts';
import type { Runtime } from '#core/runtime.ts';
import { Pace } from './pace.ts';
import { record, type Recorded } from './record.ts';
import { SignatureScheme, verifyRequest } from './signature.ts';

/** A request at a hook's address, as it came. */
export interface Incoming extends SignedRequest {
  readonly token: string;
  readonly query: Facts;
  readonly body: Json;
  readonly telling: Facts;
  /** The caller's own name for this delivery: a second one with it starts nothing. */
  readonly delivery: string | null;
}

export type Verdict = 'accepted' | 'test' | 'unsigned' | 'stale' | 'mismatch' | 'method' | 'too_large' | 'too_many' | 'off';

export interface Received {
  readonly verdict: Verdict | 'unknown';
  readonly retryAfterS: number;
  /** Where the caller waits for the outcome. */
  readonly waitFor: { readonly companyId: string; readonly workflowId: string; readonly triggerId: string; readonly waitS: number } | null;
  readonly methods: readonly string[];
  readonly maxBytes: number;
}

interface HookRow {
  readonly id: string;
  readonly token: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly key: string;
  readonly methods: readonly string[];
  readonly signature: Json;
  readonly sealed_secret: string | null;
  readonly respond: 'at_once' | 'when_done';
  readonly wait_s: number;
  readonly max_bytes: number;
  readonly per_minute: number | null;
  readonly listening_until: Date | null;
  readonly active: boolean;
}

const FIND: Statement = {
  name: 'hooks.find',
  text: `select h.id, h.token, h.company_id, h.workflow_id, h.key, h.methods, h.signature, h.sealed_secret, h.respond, h.wait_s, h.max_bytes, h.per_minute, h.listening_until, w.active
           from workflow_hooks h join workflows w on w.id = h.workflow_id where h.token = any ($1::text[])`,
};

interface Waiting {
  readonly request: Incoming;
  /** Requests are stored together; each stays part of its own trace. */
  readonly trace: TraceContext | undefined;
  accept(received: Received): void;
  refuse(error: unknown): void;
}

/** Requests in one transaction; while it commits the next ones gather. Each is answered after its commit: what was acknowledged is stored. */
const MOST = 500;

export const secretContext = (hookId: string) => `hook ${hookId}`;

export class Hooks {
  readonly #runtime: Runtime;
  readonly #pace = new Pace();
  readonly #recorded = new Pace();
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** What becomes of a request, once that is committed. */
  receive(request: Incoming): Promise<Received> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, trace: currentTrace(), accept: resolve, refuse: reject });
      if (!this.#writing) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#writing = true;
    // Let the requests that came with this one be read first.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST);
      try {
        const received = await this.#store(batch);
        for (const [i, one] of batch.entries()) one.accept(received[i] ?? UNKNOWN);
        this.#runtime.engine.nudge('events');
      } catch (error) {
        for (const one of batch) one.refuse(error);
      }
    }
    this.#writing = false;
  }

  #store(batch: readonly Waiting[]): Promise<Received[]> {
    const requests = batch.map(({ request }) => request);
    return this.#runtime.system.write(async (tx) => {
      const rows = await tx.query<HookRow>(FIND, [[...new Set(requests.map((one) => one.token))]]);
      const byToken = new Map(rows.map((row) => [row.token, row]));
      const events: DomainEvent[] = [];
      const recorded: Recorded[] = [];
      const received = batch.map(({ request, trace }): Received => {
        const hook = byToken.get(request.token);
        if (hook === undefined) return UNKNOWN;
        const { verdict, retryAfterS } = this.#judge(hook, request);
        const triggerId = `${hook.key}:${request.delivery ?? newId()}`;
        if (verdict === 'accepted') events.push(eventOf(hook, request, triggerId, trace));
        if (
          verdict === 'test' ||
          isListening(hook, this.#now()) ||
          this.#recorded.take(`${hook.id} ${verdict === 'accepted'}`, RECORDED_A_MINUTE) === 0
        )
          recorded.push({ hook, request, verdict, triggerId: verdict === 'accepted' ? triggerId : null });
        const waits = verdict === 'accepted' && hook.respond === 'when_done';
        return {
          verdict,
          retryAfterS,
          methods: hook.methods,
          maxBytes: hook.max_bytes,
          waitFor: waits ? { companyId: hook.company_id, workflowId: hook.workflow_id, triggerId, waitS: hook.wait_s } : null,
        };
      });
      await this.#runtime.engine.emit(tx, events);
      await this.#record(tx, recorded);
      return received;
    });
  }

  async #record(tx: Transaction, recorded: readonly Recorded[]): Promise<void> {
    if (recorded.length > 0) await record(tx, this.#runtime, recorded);
  }

  #now(): Date {
    return this.#runtime.clock.now();
  }

  #judge(hook: HookRow, request: Incoming): { verdict: Verdict; retryAfterS: number } {
    const retryAfterS = hook.per_minute === null ? 0 : this.#pace.take(hook.id, hook.per_minute);
    if (retryAfterS > 0) return { verdict: 'too_many', retryAfterS };
    return { verdict: this.#verdict(hook, request), retryAfterS: 0 };
  }

  #verdict(hook: HookRow, request: Incoming): Verdict {
    if (!hook.methods.includes(request.method)) return 'method';
    if (request.rawBody.byteLength > hook.max_bytes) return 'too_large';
    if (hook.signature !== null) {
      const scheme = SignatureScheme.safeParse(hook.signature);
      if (!scheme.success || hook.sealed_secret === null) return 'unsigned';
      const secret = new Secret(this.#runtime.secrets.open(hook.sealed_secret, secretContext(hook.id)));
      const verdict = verifyRequest(scheme.data, request, secret, this.#now());
      if (!verdict.valid) return verdict.reason;
    }
    if (hook.active) return 'accepted';
    return isListening(hook, this.#now()) ? 'test' : 'off';
  }
}

/** A busy hook records this many of its requests a minute, and a few at once. */
const RECORDED_A_MINUTE = 60;
const UNKNOWN: Received = { verdict: 'unknown', retryAfterS: 0, waitFor: null, methods: [], maxBytes: 0 };

const isListening = (hook: HookRow, now: Date) => hook.listening_until !== null && hook.listening_until > now;

function eventOf(
  hook: HookRow,
  { body, query, telling, method }: Incoming,
  delivery: string,
  trace: TraceContext | undefined,
): DomainEvent {
  return {
    name: WEBHOOK_EVENT,
    companyId: hook.company_id,
    subject: { type: 'company', id: hook.company_id },
    payload: hookPayload({ workflowId: hook.workflow_id, key: hook.key, body, query, telling, method, delivery }),
    trace,
  };
}

/** What the outbox holds of a request, and the run sees as its trigger. */
export function hookPayload(one: {
  readonly workflowId: string;
  readonly key: string;
  readonly body: Json;
  readonly query: Facts;
  readonly telling: Facts;
  readonly method: string;
  readonly delivery: string;
}): Facts {
  return {
    workflow_id: one.workflowId,
    hook: one.key,
    body: one.body,
    delivery: one.delivery,
    ...(one.method === 'POST' ? {} : { method: one.method }),
    ...(Object.keys(one.query).length === 0 ? {} : { query: one.query }),
    ...(Object.keys(one.telling).length === 0 ? {} : { headers: one.telling }),
  };
}

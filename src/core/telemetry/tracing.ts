import { AsyncLocalStorage } from 'node:async_hooks';

/** A place in a trace: what W3C Trace Context calls a traceparent. */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the span that is above. */
  readonly spanId: string;
  readonly sampled: boolean;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** Names are low in number: `step message`, never the id of a run. Attributes hold no name, address or text of a person. */
export interface SpanSpec {
  readonly name: string;
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: SpanAttributes;
  /** Default: what is under way here; null begins a trace. */
  readonly parent?: TraceContext | null | undefined;
  /** 16 hex digits, where others must know it beforehand. Default: random. */
  readonly id?: string;
}

export interface OpenSpan {
  readonly context: TraceContext;
  set(attributes: SpanAttributes): void;
  /** `at`: milliseconds since 1970. */
  end(failure?: unknown, at?: number): void;
}

/** Makes spans; the OpenTelemetry SDK, or a test's own. */
export interface Tracer {
  start(spec: SpanSpec & { readonly parent: TraceContext | null }, at?: number): OpenSpan;
}

let tracer: Tracer | null = null;
const here = new AsyncLocalStorage<TraceContext>();

/** One for the process, like the named crash points: the places that make spans know no runtime. Null: nothing is traced, and a span costs one comparison. */
export function installTracer(next: Tracer | null): void {
  tracer = next;
}

export function tracingOn(): boolean {
  return tracer !== null;
}

/** The span that is under way here. */
export function currentTrace(): TraceContext | undefined {
  return tracer === null ? undefined : here.getStore();
}

/** Work inside a span; a failure marks it. */
export async function inSpan<T>(spec: SpanSpec, work: (span: OpenSpan | null) => Promise<T>): Promise<T> {
  if (tracer === null) return work(null);
  const span = tracer.start({ ...spec, parent: spec.parent === undefined ? (here.getStore() ?? null) : spec.parent });
  try {
    const result = await here.run(span.context, () => work(span));
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** The same where something is under way; what runs by itself begins no trace. */
export function inChildSpan<T>(spec: SpanSpec, work: (span: OpenSpan | null) => Promise<T>): Promise<T> {
  return tracer === null || here.getStore() === undefined ? work(null) : inSpan(spec, work);
}

/** A span whose end comes by a callback. Answers null when nothing is traced. */
export function beginSpan(spec: SpanSpec): OpenSpan | null {
  return tracer === null ? null : tracer.start({ ...spec, parent: spec.parent ?? null });
}

/** What `work` starts belongs to the span. */
export function withinSpan(span: OpenSpan, work: () => void): void {
  here.run(span.context, work);
}

/** A span that is over. Moments in milliseconds since 1970. */
export function recordSpan(spec: SpanSpec & { readonly parent: TraceContext }, from: number, to: number, failure?: unknown): void {
  tracer?.start(spec, from).end(failure, Math.max(from, to));
}

/** The span of a run or an event, which others refer to before it is made. */
export function spanIdOf(uuid: string): string {
  return uuid.replaceAll('-', '').slice(16);
}

export function traceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** Undefined for what is none. @see https://www.w3.org/TR/trace-context/#traceparent-header */
export function readTraceparent(text: unknown): TraceContext | undefined {
  const parts = typeof text === 'string' ? /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text) : null;
  const [, traceId = '', spanId = '', flags = '0'] = parts ?? [];
  if (parts === null || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

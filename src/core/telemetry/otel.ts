import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Config } from '#core/config.ts';
import { METRICS, type Reading } from './metrics.ts';
import type { OpenSpan, SpanSpec, TraceContext, Tracer } from './tracing.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

export interface Exporting {
  readonly tracer: Tracer;
  /** Sends what is gathered. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Traces and metrics by OTLP over HTTP (JSON), to OTEL_EXPORTER_OTLP_ENDPOINT. This file is the only one that loads the SDK, and it is imported when an
 * endpoint is set (docs/adr/0034-telemetry.md).
 */
export function openExport(
  config: Pick<
    Config,
    'OTEL_SERVICE_NAME' | 'OTEL_EXPORTER_OTLP_HEADERS' | 'OTEL_TRACES_SAMPLER_ARG' | 'OTEL_METRIC_EXPORT_INTERVAL' | 'ROLE'
  >,
  endpoint: string,
  version: string,
  read: () => Promise<readonly Reading[]>,
): Exporting {
  const base = endpoint.replace(/\/+$/, '');
  const headers = readHeaders(config.OTEL_EXPORTER_OTLP_HEADERS?.reveal() ?? '');
  const resource = resourceFromAttributes({
    'service.name': config.OTEL_SERVICE_NAME,
    'service.version': version,
    'service.instance.id': `${config.ROLE}-${process.pid}`,
  });
  const random = new RandomIdGenerator();
  /** The id that the next span must have; the SDK asks its generator for one while it starts a span. */
  let wanted: string | undefined;
  const provider = new TracerProvider({
    resource,
    idGenerator: { generateTraceId: () => random.generateTraceId(), generateSpanId: () => wanted ?? random.generateSpanId() },
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLER_ARG) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${base}/v1/traces`, headers }), maxQueueSize: 8_192 }),
    ],
  });
  const spans = provider.getTracer('steward', version);
  const start = ({ name, kind, attributes, parent, id }: SpanSpec & { readonly parent: TraceContext | null }, at?: number): OpenSpan => {
    const above =
      parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: flagsOf(parent), isRemote: true });
    wanted = id;
    const span = spans.startSpan(
      name,
      { kind: KINDS[kind ?? 'internal'], attributes: { ...attributes }, ...(at === undefined ? {} : { startTime: at }) },
      above,
    );
    wanted = undefined;
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      context: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
      set: (more) => void span.setAttributes({ ...more }),
      end(failure, endedAt) {
        if (failure !== undefined) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          span.setAttribute('error.type', typeOf(failure));
        }
        span.end(endedAt);
      },
    };
  };

  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url: `${base}/v1/metrics`, headers }),
    exportIntervalMillis: config.OTEL_METRIC_EXPORT_INTERVAL,
    exportTimeoutMillis: Math.min(config.OTEL_METRIC_EXPORT_INTERVAL, 30_000),
  });
  const meters = new MeterProvider({ resource, readers: [reader] });
  observe(meters, version, read);
  return {
    tracer: { start },
    flush: async () => void (await Promise.all([provider.forceFlush(), meters.forceFlush()])),
    stop: async () => void (await Promise.allSettled([provider.shutdown(), meters.shutdown()])),
  };
}

/** The same readings that `/metrics` shows, as instruments that are asked when it is time to export. */
function observe(meters: MeterProvider, version: string, read: () => Promise<readonly Reading[]>): void {
  const meter = meters.getMeter('steward', version);
  const instruments = new Map(
    Object.entries(METRICS).map(([name, { help, unit, type }]) => {
      const options = { description: help, unit };
      return [
        name,
        type === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options),
      ] as const;
    }),
  );
  meter.addBatchObservableCallback(
    async (result) => {
      for (const { name, labels, value } of await read()) {
        const instrument = instruments.get(name);
        if (instrument !== undefined) result.observe(instrument, value, { ...labels });
      }
    },
    [...instruments.values()],
  );
}

function flagsOf({ sampled }: TraceContext): TraceFlags {
  return sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
}

/** A stable code, else the class; never the message. */
function typeOf(failure: unknown): string {
  if (failure instanceof Error && 'code' in failure && typeof failure.code === 'string') return failure.code;
  return failure instanceof Error ? failure.constructor.name : 'unknown';
}

/** `key=value,other=value`, values URL-encoded (the OTLP exporter specification). */
function readHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()] as const);
  return Object.fromEntries(pairs.filter(([name]) => name !== '').map(([name, value]) => [name, decodeURIComponent(value)]));
}

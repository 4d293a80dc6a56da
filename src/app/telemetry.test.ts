import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openExport, type Exporting } from '#core/telemetry/otel.ts';
import { installTracer } from '#core/telemetry/tracing.ts';
import { readMetrics } from '#modules/system/public.ts';
import { PASSWORD, testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';

const Value = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
});
const Attributes = z.array(z.object({ key: z.string(), value: Value })).default([]);
const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: Attributes,
  status: z.object({ code: z.number().optional() }).optional(),
});
type Span = z.output<typeof Span>;
/** OTLP as JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
const Traces = z.object({
  resourceSpans: z.array(
    z.object({ resource: z.object({ attributes: Attributes }), scopeSpans: z.array(z.object({ spans: z.array(Span) })) }),
  ),
});
const Points = z.object({
  dataPoints: z.array(
    z.object({ attributes: Attributes, asDouble: z.number().optional(), asInt: z.union([z.number(), z.string()]).optional() }),
  ),
});
const Metrics = z.object({
  resourceMetrics: z.array(
    z.object({
      scopeMetrics: z.array(
        z.object({ metrics: z.array(z.object({ name: z.string(), unit: z.string(), gauge: Points.optional(), sum: Points.optional() })) }),
      ),
    }),
  ),
});

const spans: Span[] = [];
const heads: unknown[] = [];
const metrics = new Set<string>();
let services = new Set<string | undefined>();
/** A collector, and on another path a service that workflows call. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    if (request.url === '/v1/traces') {
      heads.push(request.headers);
      const { resourceSpans } = Traces.parse(JSON.parse(body));
      services = new Set(
        resourceSpans.flatMap(({ resource }) =>
          resource.attributes.flatMap(({ key, value }) => (key === 'service.name' ? [value.stringValue] : [])),
        ),
      );
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    } else if (request.url === '/v1/metrics')
      for (const { scopeMetrics } of Metrics.parse(JSON.parse(body)).resourceMetrics)
        for (const scope of scopeMetrics) for (const one of scope.metrics) metrics.add(one.name);
    response.setHeader('content-type', 'application/json').end('{}');
  });
});

let app: TestApp;
let exporting: Exporting;
let base: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has a port
  // Not started yet: what the exporter reads is asked for later.
  const read = () => readMetrics(app.runtime.system, app.clock.now());
  const settings = {
    OTEL_SERVICE_NAME: 'steward of tests',
    OTEL_EXPORTER_OTLP_HEADERS: { reveal: () => 'x-team=ops%20%26%20co' },
    OTEL_TRACES_SAMPLER_ARG: 1,
    OTEL_METRIC_EXPORT_INTERVAL: 3_600_000,
    ROLE: 'all',
  } as unknown as Parameters<typeof openExport>[0]; // a secret by what it can do
  exporting = openExport(settings, base, '1.2.3', read);
  installTracer(exporting.tracer);
  app = await testApp({ internalHosts: ['127.0.0.1'] });
});
afterAll(async () => {
  installTracer(null);
  await app.close();
  await exporting.stop();
  server.closeAllConnections();
  server.close();
});

const attributesOf = (span: Span | undefined) =>
  Object.fromEntries(
    (span?.attributes ?? []).map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue]),
  );

async function aHook(): Promise<string> {
  const call = {
    id: 'tell',
    title: 'Tell',
    type: 'http',
    input: { method: 'POST', url: `${base}/orders`, json: { who: '{{ trigger.body.email }}' } },
  };
  const definition = {
    name: 'traced',
    title: 'Traced',
    subject: 'company',
    triggers: [{ on: 'webhook', key: 'in' }],
    stopOn: [],
    settings: {},
    steps: [call],
  };
  const made = await callByName(app, 'workflows.create', { definition, active: true }, app.company.admin);
  const { id } = z.looseObject({ id: z.string() }).parse(made);
  const hooks = z
    .object({ items: z.array(z.looseObject({ path: z.string() })) })
    .parse(await callByName(app, 'hooks.list', { workflowId: id }, app.company.admin));
  return hooks.items[0]?.path ?? '';
}

test('one trace joins the webhook that came in and the request that went out', async () => {
  const path = await aHook();
  spans.length = 0;
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const answer = await app.http.inject({
    method: 'POST',
    url: path,
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    payload: { email: 'ann@secret.test' },
  });
  expect(answer.statusCode).toBe(202);
  await app.drain();
  await exporting.flush();
  expect(heads.at(-1)).toMatchObject({ 'content-type': 'application/json', 'x-team': 'ops & co' });
  const mine = spans.filter((span) => span.traceId === traceId);
  const byName = (name: string) => mine.find((span) => span.name === name);
  const above = (span: Span | undefined) => mine.find((one) => one.spanId === span?.parentSpanId)?.name;
  const request = mine.find((span) => span.kind === 2);
  expect(request?.parentSpanId).toBe('00f067aa0ba902b7');
  expect(attributesOf(request)).toMatchObject({ 'http.request.method': 'POST', 'http.response.status_code': 202 });
  expect(above(byName('event webhook.received'))).toBe(request?.name);
  expect(above(byName('run traced'))).toBe('event webhook.received');
  expect(above(byName('step http'))).toBe('run traced');
  expect(above(byName('effect http'))).toBe('run traced');
  expect(above(byName('POST'))).toBe('effect http');
  expect(attributesOf(byName('POST'))).toMatchObject({ 'server.address': '127.0.0.1', 'http.response.status_code': 200 });
  expect(attributesOf(byName('effect http'))).toMatchObject({ 'steward.effect.kind': 'http', 'steward.effect.state': 'confirmed' });
  expect(mine.filter((span) => span.name === 'transaction').map(above)).toEqual([request?.name]);
  expect(services).toEqual(new Set(['steward of tests']));
});

test('one trace joins the lead that came in, the run, its step, the gate that was asked twice and the mail that was handed over', async () => {
  const steps = [
    { id: 'hello', title: 'Hello', type: 'message', input: { class: 'transactional', subject: 'Hello', text: 'Hello {{ person.name }}' } },
    { id: 'fin', title: 'Fin', type: 'end', input: {} },
  ];
  const definition = { name: 'greets', title: 'Greets', subject: 'lead', triggers: [{ on: 'event', event: 'lead.created' }], steps };
  await callByName(app, 'workflows.create', { definition, active: true }, app.company.admin);
  const signedIn = await app.http.inject({ method: 'POST', url: '/token', payload: { username: app.company.email, password: PASSWORD } });
  const { access_token: token } = z.looseObject({ access_token: z.string() }).parse(signedIn.json());
  spans.length = 0;
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const made = await app.http.inject({
    method: 'POST',
    url: '/api/lead-nurturing/leads',
    headers: { authorization: `Bearer ${token}`, traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    payload: { name: 'Ann Lee', email: 'ann@secret.test' },
  });
  expect(made.statusCode).toBe(201);
  await app.drain();
  await exporting.flush();
  const mine = spans.filter((span) => span.traceId === traceId);
  const run = mine.find((span) => span.name === 'run greets');
  expect(mine.find((span) => span.spanId === run?.parentSpanId)?.name).toBe('event lead.created');
  const below = mine.filter((span) => span.parentSpanId === run?.spanId);
  expect(below.map((span) => span.name)).toEqual(
    expect.arrayContaining(['step message', 'gate draft', 'gate hand', 'effect email', 'step end']),
  );
  const named = (name: string) => attributesOf(below.find((span) => span.name === name));
  expect(named('gate draft')).toMatchObject({ 'steward.gate.decision': 'send' });
  expect(named('gate hand')).toMatchObject({ 'steward.gate.decision': 'send', 'steward.run.id': attributesOf(run)['steward.run.id'] });
  expect(named('effect email')).toMatchObject({ 'steward.effect.kind': 'email', 'steward.effect.state': 'confirmed' });
  expect(JSON.stringify(mine)).not.toMatch(/Ann Lee|ann@secret|Hello/);
});

test('a request holds its operation, which holds its transaction; a failure is marked without its words', async () => {
  spans.length = 0;
  const token = await app.http.inject({ method: 'POST', url: '/token', payload: { username: app.company.email, password: 'not hers' } });
  expect(token.statusCode).toBe(401);
  await app.http.inject({ url: '/api/system/health' });
  await exporting.flush();
  const named = (name: string) => spans.find((span) => span.name === name);
  const health = named('system.health');
  expect(spans.find((span) => span.spanId === health?.parentSpanId)?.name).toBe('GET /api/system/health');
  expect(spans.find((span) => span.parentSpanId === health?.spanId)?.name).toBe('read transaction');
  const signIn = spans.find((span) => span.name.startsWith('POST /token'));
  const refused = spans.find((span) => span.parentSpanId === signIn?.spanId);
  expect(refused?.status?.code).toBe(2);
  expect(JSON.stringify(spans)).not.toContain(app.company.email);
  expect(JSON.stringify(spans)).not.toContain('ann@secret.test');
  for (const span of spans) expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
});

test('metrics travel by OTLP, too', async () => {
  await exporting.flush();
  expect([...metrics]).toEqual(
    expect.arrayContaining(['steward_http_requests_total', 'steward_outbox_waiting', 'steward_workers', 'steward_effects_total']),
  );
});

/** The text format, strictly: https://prometheus.io/docs/instrumenting/exposition_formats/ */
function readPrometheus(text: string): Map<string, { type: string; samples: { labels: Record<string, string>; value: number }[] }> {
  const found = new Map<string, { type: string; samples: { labels: Record<string, string>; value: number }[] }>();
  let helped = '';
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$/.exec(line);
    if (help !== null) helped = help[1] ?? '';
    else if (type !== null) {
      expect(type[1]).toBe(helped);
      expect(found.has(helped)).toBe(false);
      found.set(helped, { type: type[2] ?? '', samples: [] });
    } else {
      const sample =
        /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (-?[0-9.e+-]+|NaN|[+-]Inf)$/.exec(
          line,
        );
      expect(sample, line).not.toBeNull();
      expect(sample?.[1]).toBe(helped);
      const labels = Object.fromEntries(
        [...(sample?.[2] ?? '').matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [name, value]),
      );
      found.get(helped)?.samples.push({ labels, value: Number(sample?.[3]) });
    }
  }
  return found;
}

test('Prometheus reads /metrics from this machine; the labels name no company', async () => {
  const answer = await app.http.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
  const read = readPrometheus(answer.body);
  const requests = read.get('steward_http_requests_total');
  expect(requests?.type).toBe('counter');
  expect(requests?.samples.map(({ labels }) => labels)).toContainEqual({ method: 'POST', status: '2xx' });
  expect(read.get('steward_daily_success_ratio')?.samples[0]?.value).toBe(1);
  expect(read.get('steward_effects_total')?.samples).toContainEqual({ labels: { kind: 'http', state: 'confirmed' }, value: 1 });
  expect(answer.body).not.toContain(app.company.companyId);
  expect((await app.http.inject({ url: '/metrics', remoteAddress: '10.1.2.3' })).statusCode).toBe(403);
  // a proxy on this machine passes strangers on
  const passed = { url: '/metrics', remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': '10.1.2.3' } };
  expect((await app.http.inject(passed)).statusCode).toBe(403);
});

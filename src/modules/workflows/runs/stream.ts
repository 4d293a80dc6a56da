import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { listRuns } from '../operations/runs.ts';

/** What the trigger on `runs` tells: `<company> <workflow> <run>,<run>…`, `*` for many. */
const CHANNEL = 'steward_runs';
/** Proxies cut a quiet connection after a minute or so. */
const BEAT_MS = 25_000;
/** A stream ends after this, and the page opens the next one: by then a session that was ended no longer counts. */
const LONGEST_MS = 300_000;
/** A page is told at most this often, however many runs move. */
const GATHER_MS = 300;
/** While somebody looks, the company stands in run_watchers; renewed twice in that time. */
const WATCHED_S = 60;
const MOST_A_COMPANY = 50;

const WATCH: Statement = {
  name: 'runs.watch',
  text: `insert into run_watchers (company_id, until) values ($1, now() + make_interval(secs => $2)) on conflict (company_id) do update set until = excluded.until`,
};
const STAMP: Statement = {
  name: 'runs.stamp',
  text: `select extract(epoch from updated_at) * 1000 as stamp from runs where company_id = $1 and id = $2`,
};

const Query = z.object({ run_id: z.uuid().optional(), workflow_id: z.uuid().optional() });

interface Page {
  readonly stream: PassThrough;
  readonly runId: string | undefined;
  readonly workflowId: string | undefined;
  pending: NodeJS.Timeout | null;
}

/**
 * `GET /api/runs/stream?run_id=…` or `?workflow_id=…` or neither: server-sent events that say `changed`; the page then reads by the operations. An
 * event's id is a moment: a page that comes back with Last-Event-ID is told at once what it missed. Without a stream a page polls.
 */
export function serveRunStream(http: FastifyInstance, runtime: Runtime): void {
  const open = new Map<string, Set<Page>>();
  let listening: Promise<() => Promise<void>> | null = null;

  const tell = (page: Page) => {
    page.pending ??= setTimeout(() => {
      page.pending = null;
      page.stream.write(`id: ${runtime.clock.now().getTime()}\nevent: changed\ndata: {}\n\n`);
    }, GATHER_MS);
  };
  const hear = (payload: string) => {
    // An empty payload: the listener reconnected and may have missed something.
    if (payload === '') {
      for (const pages of open.values()) for (const page of pages) tell(page);
      return;
    }
    const [company = '', workflow = '', runs = ''] = payload.split(' ');
    const ids = new Set(runs.split(','));
    open.get(company)?.forEach((page) => {
      if (page.workflowId !== undefined && page.workflowId !== workflow) return;
      if (page.runId === undefined || ids.has(page.runId) || runs === '*') tell(page);
    });
  };
  const watch = (companyId: string) => runtime.database.write(companyId, (tx) => tx.query(WATCH, [companyId, WATCHED_S]));
  const renew = setInterval(() => {
    for (const company of open.keys())
      watch(company).catch((error: unknown) => runtime.log.debug({ err: error }, 'runs are not announced; their pages poll'));
  }, BEAT_MS).unref();

  http.get('/api/runs/stream', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    // Rights, scope and company are those of the list of runs.
    await execute(runtime, { operation: listRuns, principal, request: requestInfo(request), input: { limit: 1 }, names: 'code' });
    const asked = Query.safeParse(request.query);
    if (!asked.success || principal.companyId === null)
      throw new InvalidInput('Say which run or workflow by its id', { fields: [{ path: 'run_id', message: 'is no id' }] });
    const { run_id: runId, workflow_id: workflowId } = asked.data;
    const { companyId } = principal;
    await watch(companyId);
    listening ??= runtime.system.listen(CHANNEL, hear);
    await listening;
    const pages = open.get(companyId) ?? new Set();
    const page: Page = { stream: new PassThrough(), runId, workflowId, pending: null };
    open.set(companyId, pages.add(page));
    if (pages.size > MOST_A_COMPANY) [...pages][0]?.stream.end();
    const beat = setInterval(() => page.stream.write(': still here\n\n'), BEAT_MS);
    const end = setTimeout(() => page.stream.end(), LONGEST_MS);
    const forget = () => {
      clearInterval(beat);
      clearTimeout(end);
      if (page.pending !== null) clearTimeout(page.pending);
      pages.delete(page);
      if (pages.size === 0) open.delete(companyId);
    };
    page.stream.once('close', forget).once('end', forget);
    reply.raw.once('close', () => page.stream.end());
    page.stream.write('retry: 3000\n\n');
    if (await missed(runtime, companyId, runId, request.headers['last-event-id'])) tell(page);
    return reply
      .headers({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // With its stream the connection ends, too: one kept alive would hold up a process that stops.
        connection: 'close',
      })
      .send(page.stream);
  });

  http.addHook('preClose', async () => {
    clearInterval(renew);
    for (const pages of open.values()) for (const page of pages) page.stream.end();
    const stop = await listening?.catch(() => undefined);
    await stop?.();
  });
}

/** May something have happened since the page heard last? Of one run its own stamp tells; of lists nobody knows. */
async function missed(
  runtime: Runtime,
  companyId: string,
  runId: string | undefined,
  lastId: string | string[] | undefined,
): Promise<boolean> {
  const last = Number(lastId);
  if (runId === undefined || Number.isNaN(last)) return true;
  const [row] = await runtime.database.read(companyId, (tx) => tx.query<{ stamp: string }>(STAMP, [companyId, runId]));
  return row === undefined || Number(row.stamp) > last;
}

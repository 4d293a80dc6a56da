import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Forbidden } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { countConversations } from './operations/list.ts';
import { CHANNEL } from './tell.ts';

/** Proxies cut a quiet connection after a minute or so. */
const BEAT_MS = 25_000;
/** A stream ends after this, and the page opens the next one: by then a session that was ended no longer counts. */
const LONGEST_MS = 300_000;
/** A page is told at most this often, however much moves. */
const GATHER_MS = 200;
const MOST_A_COMPANY = 100;

interface Page {
  readonly stream: PassThrough;
  pending: NodeJS.Timeout | null;
}

/**
 * `GET /api/conversations/stream`: server-sent events that say `changed` when a conversation of the company did: a message, an assignment, somebody who
 * looks or types. The page then reads by the operations. A page without a stream polls.
 */
export function serveConversationStream(http: FastifyInstance, runtime: Runtime): void {
  const open = new Map<string, Set<Page>>();
  let listening: Promise<() => Promise<void>> | null = null;

  const hear = (payload: string) => {
    const [company = ''] = payload.split(' ');
    // An empty payload: the listener reconnected and may have missed something.
    const told = payload === '' ? [...open.values()].flatMap((pages) => [...pages]) : [...(open.get(company) ?? [])];
    for (const page of told)
      page.pending ??= setTimeout(() => {
        page.pending = null;
        page.stream.write('event: changed\ndata: {}\n\n');
      }, GATHER_MS);
  };

  http.get('/api/conversations/stream', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    // Rights, scope and company are those of the counts.
    await execute(runtime, { operation: countConversations, principal, request: requestInfo(request), input: {}, names: 'code' });
    const { companyId } = principal;
    if (companyId === null) throw new Forbidden('Conversations belong to a company');
    listening ??= runtime.system.listen(CHANNEL, hear);
    await listening;
    const pages = open.get(companyId) ?? new Set();
    const page: Page = { stream: new PassThrough(), pending: null };
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
    page.stream.write('retry: 3000\nevent: changed\ndata: {}\n\n');
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
    for (const pages of open.values()) for (const page of pages) page.stream.end();
    const stop = await listening?.catch(() => undefined);
    await stop?.();
  });
}

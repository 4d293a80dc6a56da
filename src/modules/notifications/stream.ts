import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Forbidden } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { CHANNEL } from './notify.ts';
import { countUnread } from './operations.ts';

/** Proxies cut a quiet connection after a minute or so; a page that hears nothing for longer comes back by itself. */
const BEAT_MS = 25_000;
/** A stream ends after this, and the page opens the next one: by then a session that was ended no longer counts. */
const LONGEST_MS = 300_000;
/** Open pages of one user; the oldest gives way. */
const MOST_A_USER = 10;

/**
 * `GET /api/notifications/stream`: server-sent events that say `changed` when the user's notifications did; the page then reads
 * them by the operations. One LISTEN connection a process, opened with the first page. A page without a stream polls.
 */
export function serveNotificationStream(http: FastifyInstance, runtime: Runtime): void {
  const open = new Map<string, Set<PassThrough>>();
  let listening: Promise<() => Promise<void>> | null = null;

  const hear = (payload: string) => {
    // An empty payload: the listener reconnected and may have missed something.
    for (const user of payload === '' ? open.keys() : payload.split(','))
      open.get(user)?.forEach((stream) => stream.write('event: changed\ndata: {}\n\n'));
  };

  http.get('/api/notifications/stream', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    // Rights and scope are those of notifications.unread; the local operator is no user and has no bell.
    await execute(runtime, { operation: countUnread, principal, request: requestInfo(request), input: {}, names: 'code' });
    if (!('userId' in principal)) throw new Forbidden('Notifications belong to a user');
    listening ??= runtime.system.listen(CHANNEL, hear);
    await listening;
    const stream = new PassThrough();
    const mine = open.get(principal.userId) ?? new Set();
    open.set(principal.userId, mine.add(stream));
    if (mine.size > MOST_A_USER) [...mine][0]?.end();
    const beat = setInterval(() => stream.write(': still here\n\n'), BEAT_MS);
    const end = setTimeout(() => stream.end(), LONGEST_MS);
    const forget = () => {
      clearInterval(beat);
      clearTimeout(end);
      mine.delete(stream);
      if (mine.size === 0) open.delete(principal.userId);
    };
    stream.once('close', forget).once('end', forget);
    reply.raw.once('close', () => stream.end());
    stream.write('retry: 3000\nevent: changed\ndata: {}\n\n');
    return reply
      .headers({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // With its stream the connection ends, too: one kept alive would hold up a process that stops.
        connection: 'close',
      })
      .send(stream);
  });

  http.addHook('preClose', async () => {
    for (const streams of open.values()) for (const stream of streams) stream.end();
    const stop = await listening?.catch(() => undefined);
    await stop?.();
  });
}

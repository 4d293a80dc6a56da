import type { FastifyInstance } from 'fastify';

const WORDS = '<p><strong>Demo:</strong> made-up people, and nothing leaves.</p>';

/** Every answer says that it is the demo: a header for programs, a line or a watermark (styles.css) for people. */
export function markAsDemo(http: FastifyInstance): void {
  http.addHook('onSend', async (_request, reply, payload) => {
    reply.header('x-steward-demo', 'true');
    if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
    // The web app draws its own; the plain public pages say it in a sentence.
    return payload.includes('<div id="root">')
      ? payload.replace('<html', '<html data-demo').replace('<title>', '<title>Demo · ')
      : payload.replace(/<body[^>]*>/, `$&${WORDS}`);
  });
}

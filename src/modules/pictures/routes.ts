import type { FastifyInstance } from 'fastify';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { listPictures } from './operations.ts';

const GET: Statement = { name: 'pictures.get', text: 'select type, bytes from user_pictures where company_id = $1 and user_id::text = $2' };

/** The bytes. Never sniffed, never run, whatever they hold. */
export function servePictures(http: FastifyInstance, runtime: Runtime): void {
  http.get('/api/users/:userId/picture', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    // Rights and scope are those of pictures.list.
    await execute(runtime, { operation: listPictures, principal, request: requestInfo(request), input: {}, names: 'code' });
    const { userId } = Object(request.params);
    const companyId = principal.companyId ?? '';
    const [found] = await runtime.database.read(companyId, (tx) =>
      tx.query<{ type: string; bytes: Buffer }>(GET, [companyId, String(userId)]),
    );
    if (found === undefined) throw new NotFound('This user has no picture');
    return reply
      .headers({
        'content-type': found.type,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'private, max-age=86400',
      })
      .send(found.bytes);
  });
}

import type { FastifyInstance } from 'fastify';
import { NotFound } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { loadLook } from './brand.ts';
import { getBrand } from './operations.ts';
import { sendPicture } from './pictures.ts';

/** The logo as a picture, for users; rights are those of brand.get. */
export function brandRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get('/api/brand/logo', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    await execute(runtime, { operation: getBrand, principal, request: requestInfo(request), input: {}, names: 'code' });
    const companyId = principal.companyId ?? ''; // an authorised caller of a read has one
    const { look } = await runtime.database.read(companyId, (tx) => loadLook(tx, companyId));
    if (look.logo === null) throw new NotFound('There is no logo yet; a manager sets one under Settings, Brand');
    return sendPicture(runtime, reply, companyId, look.logo);
  });
}

import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { ClientNotFound, getClient } from '../client.ts';
import { Health, HealthSign, healthOf, signsOf } from '../health/health.ts';
import { daysOf } from '../health/look.ts';

/** Worked out now, not as the last look found it. */
export const clientHealth = operation({
  name: 'clients.health',
  summary: 'How a client is now, and every sign that says so: also what the next check-in should speak of',
  http: 'GET /api/clients/{client_id}/health',
  cli: 'business clients health',
  access: 'read',
  input: z.object({ clientId: z.uuid().describe('Id of the client') }),
  output: z.object({ clientId: z.uuid(), ...Health.shape, signs: z.array(HealthSign) }),
  errors: [ClientNotFound],
  async run(ctx, input) {
    const client = await getClient(ctx, ctx.companyId, input.clientId);
    const now = ctx.clock.now();
    const [day] = await daysOf(ctx, [ctx.companyId], now);
    const watched = {
      companyId: ctx.companyId,
      clientId: client.id,
      personId: client.personId,
      today: day?.today ?? now.toISOString().slice(0, 10),
    };
    const signs = (await signsOf(ctx, ctx.runtime.signs, [watched], now)).get(client.id) ?? [];
    return { clientId: client.id, ...healthOf(signs), signs: signs.map(({ rule, points, says, link }) => ({ rule, points, says, link })) };
  },
});

import { and, eq } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { openCredentials, sealCredentials } from './credentials.ts';
import { ConnectionNotFound } from './errors.ts';
import { connections } from './tables.ts';

/** Another connection with the credentials of this one and a sign-in of its own: the same app at the vendor, another person. @throws ConnectionNotFound */
export async function connectionLike(ctx: Ctx, id: string, title: string): Promise<string> {
  const [row] = await ctx.db
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), eq(connections.companyId, ctx.companyId)));
  if (row === undefined) throw new ConnectionNotFound('There is no such connection; see GET /api/connections');
  const made = newId();
  const { secrets } = ctx.runtime;
  const { connector, baseUrl, limitRequests, limitSeconds } = row;
  const sealedCredentials = sealCredentials(secrets, made, openCredentials(secrets, row.id, row.sealedCredentials));
  const at = ctx.clock.now();
  await ctx.db
    .insert(connections)
    .values({ id: made, connector, title, sealedCredentials, baseUrl, limitRequests, limitSeconds, createdAt: at, updatedAt: at });
  ctx.emit({ name: 'connection.changed', subject: { type: 'connection', id: made } });
  return made;
}

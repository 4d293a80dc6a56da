import type { Statement } from '#core/database/database.ts';
import { Forbidden } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';

const WHO: Statement = {
  name: 'system.who',
  text: `select (select count(*)::int from companies) as companies, (select full_name from users where id = $1) as name`,
};

/**
 * What concerns every company of this installation: the person at its machine may, or an admin where there is one company only. Answers
 * who that is, for people.
 * @throws Forbidden
 */
export async function requireInstallation(ctx: Ctx, command: string): Promise<string> {
  const { principal } = ctx;
  if (principal.kind === 'operator') return 'the operator of the machine';
  const userId = 'userId' in principal ? principal.userId : null;
  const [who] = await ctx.runtime.system.read((tx) => tx.query<{ companies: number; name: string | null }>(WHO, [userId]));
  if ((who?.companies ?? 0) > 1)
    throw new Forbidden(`Several companies share this installation. On its machine run: npx steward ${command}`);
  return who?.name ?? 'an admin';
}

import { Forbidden } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { atLeast } from '#core/operation/principal.ts';

/** Who may come in is a person's business: a key must not make keys, or end the sessions of the one who made it. @throws Forbidden */
export function requirePerson(ctx: Ctx): void {
  if (ctx.principal.kind === 'user' || ctx.principal.kind === 'operator') return;
  throw new Forbidden('An API key cannot do this; sign in as a person');
}

export function isAdmin(ctx: Ctx): boolean {
  return ctx.principal.kind !== 'public' && atLeast(ctx.principal.role, 'admin');
}

/** The user behind the call; null for the local operator and the engine. */
export function ownId(ctx: Ctx): string | null {
  return 'userId' in ctx.principal ? ctx.principal.userId : null;
}

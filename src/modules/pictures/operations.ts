import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Forbidden, InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { kindOf } from './kind-of.ts';

const MOST_BYTES = 262_144;

const SET: Statement = {
  name: 'pictures.set',
  text: `insert into user_pictures (user_id, company_id, type, bytes, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (user_id) do update set type = excluded.type, bytes = excluded.bytes, updated_at = excluded.updated_at`,
};
const REMOVE: Statement = { name: 'pictures.remove', text: 'delete from user_pictures where user_id = $1 and company_id = $2' };
const LIST: Statement = {
  name: 'pictures.list',
  text: `select user_id as "userId", updated_at as "updatedAt" from user_pictures where company_id = $1 order by user_id`,
};

/** @throws Forbidden the local operator is no user */
function own(ctx: Ctx): string {
  if (!('userId' in ctx.principal)) throw new Forbidden('A picture belongs to a user; sign in, or use an API key of yours');
  return ctx.principal.userId;
}

const Picture = z.object({ userId: z.uuid(), updatedAt: z.date() });

export const setPicture = operation({
  name: 'pictures.set',
  summary: 'Show a picture of yours beside your name: PNG, JPEG or WebP of at most 256 KiB',
  http: 'PUT /api/users/me/picture',
  cli: 'users picture',
  access: 'write',
  bodyLimit: 524_288,
  input: z.object({ contentBase64: z.base64().max(400_000).meta({ 'x-file': true, 'x-cli': 'from-file' }) }),
  output: Picture,
  async run(ctx, { contentBase64 }) {
    const userId = own(ctx);
    const bytes = Buffer.from(contentBase64, 'base64');
    const type = kindOf(bytes);
    const fault = type === null ? 'is no PNG, JPEG or WebP' : bytes.length > MOST_BYTES ? 'is larger than 256 KiB' : null;
    if (type === null || fault !== null)
      throw new InvalidInput(`The picture ${fault ?? ''}; choose another one`, {
        fields: [{ path: 'content_base64', message: fault ?? '' }],
      });
    const now = ctx.clock.now();
    await ctx.query(SET, [userId, ctx.companyId, type, bytes, now]);
    return { userId, updatedAt: now };
  },
});

export const removePicture = operation({
  name: 'pictures.remove',
  summary: 'Show your initials again',
  http: 'DELETE /api/users/me/picture',
  cli: 'users picture-remove',
  access: 'write',
  input: z.object({}),
  output: z.null(),
  async run(ctx) {
    await ctx.query(REMOVE, [own(ctx), ctx.companyId]);
    return null;
  },
});

export const listPictures = operation({
  name: 'pictures.list',
  summary: 'Which users have a picture; each is at /api/users/{user_id}/picture',
  http: 'GET /api/pictures',
  cli: 'users pictures',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Picture), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await ctx.query<z.output<typeof Picture>>(LIST, [ctx.companyId]), nextCursor: null }),
});

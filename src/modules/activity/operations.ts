import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { requireUser } from '#modules/people/public.ts';
import { Activity, feed } from './feed.ts';
import { FEED_KINDS } from './kinds.ts';

export const listActivity = operation({
  name: 'activity.list',
  summary: 'What happened in the company, newest first: touches, status changes, assignments, imports, merges',
  http: 'GET /api/activity',
  cli: 'activity list',
  access: 'read',
  input: z.object({
    ...pageInput,
    kind: z.array(z.enum(FEED_KINDS)).optional().describe('Only these kinds'),
    userId: z.uuid().optional().describe('Only what this user did'),
  }),
  output: pageOf(Activity),
  async run(ctx, { kind, userId, limit, cursor }) {
    if (userId !== undefined) await requireUser(ctx, ctx.companyId, userId);
    return feed(ctx, ctx.companyId, { kinds: kind, userId, limit, cursor });
  },
});

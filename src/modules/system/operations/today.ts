import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { Gauges, gauges } from '../health/gauges.ts';
import { Happened, happened } from '../today/happened.ts';
import { Need, needs } from '../today/needs.ts';
import { Next, next } from '../today/next.ts';

const DAY_MS = 86_400_000;

export const getToday = operation({
  name: 'system.today',
  summary: 'What needs you, what happened, what comes next, and how Steward does',
  http: 'GET /api/system/today',
  cli: 'today',
  access: 'read',
  input: z.object({ since: z.date().optional().describe('What happened since then; default: 24 hours ago, at most 30 days') }),
  output: z.object({ needs: z.array(Need), happened: z.array(Happened), next: Next, gauges: Gauges }),
  async run(ctx, { since }) {
    const now = ctx.clock.now();
    const earliest = now.getTime() - 30 * DAY_MS;
    const from = new Date(Math.max(earliest, since?.getTime() ?? now.getTime() - DAY_MS));
    const [waiting, done, coming, measured] = await Promise.all([
      needs(ctx, ctx.companyId, now),
      happened(ctx, ctx.companyId, from),
      next(ctx, ctx.companyId, now),
      gauges(ctx, ctx.companyId, now),
    ]);
    return { needs: waiting, happened: done, next: coming, gauges: measured };
  },
});

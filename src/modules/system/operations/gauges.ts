import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { Gauges, gauges } from '../health/gauges.ts';
import { behind, Day, days, GaugeRow, GAUGES } from '../health/lists.ts';

export const getGauges = operation({
  name: 'system.gauges',
  summary: 'The four promises, measured: daily success, run time, interventions, recovery; and the last 30 days',
  http: 'GET /api/system/gauges',
  cli: 'gauges',
  access: 'read',
  input: z.object({}),
  output: Gauges.extend({ days: z.array(Day).describe('Days of the company’s zone on which runs ended, the oldest first') }),
  async run(ctx) {
    const now = ctx.clock.now();
    const [measured, ofDays] = await Promise.all([gauges(ctx, ctx.companyId, now), days(ctx, ctx.companyId, now)]);
    return { ...measured, days: ofDays };
  },
});

export const listBehindGauge = operation({
  name: 'system.gauge_rows',
  summary: 'What a gauge counted: failed runs of a day, the longest runs, interventions, recoveries',
  http: 'GET /api/system/gauge-rows',
  cli: 'gauges list',
  access: 'read',
  input: z.object({
    gauge: z.enum(GAUGES),
    day: z.iso.date().optional().describe('Of failed: a day of the company’s zone; default: the last 24 hours'),
  }),
  output: z.object({ items: z.array(GaugeRow), nextCursor: z.null() }),
  run: async (ctx, { gauge, day }) => ({ items: await behind(ctx, ctx.companyId, gauge, day ?? null, ctx.clock.now()), nextCursor: null }),
});

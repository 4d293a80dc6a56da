import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';

/** Workers beat every few seconds; one that was silent this long is gone. Compared with the database's own clock, which also wrote it. */
const BEAT: Statement = {
  name: 'health.beat',
  text: `select max(beat_at) as "lastBeatAt", count(*) filter (where beat_at > now() - interval '90 seconds')::int as alive from workers`,
};

const Health = z.object({
  status: z.enum(['ok', 'degraded', 'down']).describe('degraded: serves, but nobody works on runs and mail; down: no database'),
  version: z.string(),
  time: z.date(),
  held: z.boolean().describe('Nothing leaves and nothing fires until an admin releases it'),
  database: z.object({ ok: z.boolean(), latencyMs: z.number().nullable() }),
  worker: z.object({ ok: z.boolean(), alive: z.int(), lastBeatAt: z.date().nullable() }),
});

/** For load balancers and people at the terminal; 503 while the database is away. Names nothing that a stranger must not know. */
export const getHealth = operation({
  name: 'system.health',
  summary: 'What is up: database, worker, version',
  http: 'GET /api/system/health',
  cli: 'health-check',
  access: 'public',
  input: z.object({}),
  output: Health,
  ratePerMinute: 600,
  async run(ctx) {
    const { runtime } = ctx;
    const facts = { version: runtime.version, time: ctx.clock.now(), held: runtime.standing.held };
    try {
      const started = performance.now();
      const [beat] = await runtime.system.read((tx) => tx.query<{ lastBeatAt: Date | null; alive: number }>(BEAT, []));
      const latencyMs = Math.round((performance.now() - started) * 10) / 10;
      const alive = beat?.alive ?? 0;
      return {
        ...facts,
        status: alive > 0 ? ('ok' as const) : ('degraded' as const),
        database: { ok: true, latencyMs },
        worker: { ok: alive > 0, alive, lastBeatAt: beat?.lastBeatAt ?? null },
      };
    } catch (error) {
      runtime.log.warn({ err: error }, 'health: the database does not answer');
      ctx.reply.status(503);
      return {
        ...facts,
        status: 'down' as const,
        database: { ok: false, latencyMs: null },
        worker: { ok: false, alive: 0, lastBeatAt: null },
      };
    }
  },
});

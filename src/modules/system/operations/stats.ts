import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';

const count = () => z.int().min(0);
const byState = () => z.record(z.string(), count());

/** Counted, not estimated: about 0.1 s at a million rows. $1 company */
const ROWS: Statement = {
  name: 'stats.rows',
  text: `select (select count(*)::int from users where company_id = $1 and deleted_at is null) as users,
                (select count(*)::int from people where company_id = $1) as people,
                (select count(*)::int from organisations where company_id = $1) as organisations,
                (select count(*)::int from leads where company_id = $1) as leads,
                (select count(*)::int from interactions where company_id = $1) as interactions,
                (select count(*)::int from messages where company_id = $1) as messages,
                (select count(*)::int from workflows where company_id = $1) as workflows,
                (select count(*)::int from outbox where company_id = $1 and failed_at is null) as "eventsWaiting",
                (select count(*)::int from outbox where company_id = $1 and failed_at is not null) as "eventsFailed",
                pg_database_size(current_database())::float8 as "databaseBytes"`,
};
const RUNS: Statement = {
  name: 'stats.runs',
  // A branch of a run is no run of its own.
  text: 'select state as name, count(*)::int as count from runs where company_id = $1 and branch is null group by 1',
};
const EFFECTS: Statement = {
  name: 'stats.effects',
  text: 'select state as name, count(*)::int as count from effects where company_id = $1 group by 1',
};

const Rows = z.object({
  users: count(),
  people: count(),
  organisations: count(),
  leads: count(),
  interactions: count(),
  messages: count(),
  workflows: count(),
  eventsWaiting: count().describe('Facts that the engine has not acted on yet'),
  eventsFailed: count(),
  databaseBytes: z.number().describe('Of the whole installation'),
});

export const getStats = operation({
  name: 'system.stats',
  summary: 'How much there is: people, messages, runs by state, effects by state, the size of the database',
  http: 'GET /api/system/stats',
  cli: 'stats',
  access: 'read',
  role: 'admin',
  input: z.object({}),
  output: Rows.extend({ version: z.string(), runs: byState(), effects: byState() }),
  async run(ctx) {
    const [[rows], runs, effects] = await Promise.all([
      ctx.query<z.output<typeof Rows>>(ROWS, [ctx.companyId]),
      ctx.query<{ name: string; count: number }>(RUNS, [ctx.companyId]),
      ctx.query<{ name: string; count: number }>(EFFECTS, [ctx.companyId]),
    ]);
    if (rows === undefined) throw new Error('counting answered no row');
    const table = (counted: readonly { name: string; count: number }[]) => Object.fromEntries(counted.map((row) => [row.name, row.count]));
    return { ...rows, version: ctx.runtime.version, runs: table(runs), effects: table(effects) };
  },
});

import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '#core/clock.ts';
import type { Config } from '#core/config.ts';
import { Unavailable } from '#core/errors.ts';
import type { LocalCommand } from '#core/operation/cli.ts';
import { DEMO_LEADS, markStale, Snapshot, snapshotOf, writeDaily, type DailyPlace } from '#modules/deals/public.ts';
import { connect } from './connect.ts';

/** `steward daily [--demo] [--output DIR]`: the pipeline of today in files that other programs read. */
export function dailyCommand(config: () => Config): LocalCommand {
  return {
    words: 'daily',
    summary: 'Write the pipeline of today to files: sales_pipeline.json, a dated snapshot of it, daily_summary.json',
    configure: (command) =>
      command
        .option('--demo', 'five made-up deals; touches nothing real')
        .option('--output <dir>', 'directory to write to', 'output')
        .option('--company <name>', 'name or id of the company, where there are several'),
    async run(options, terminal) {
      const directory = typeof options['output'] === 'string' ? options['output'] : 'output';
      const place: DailyPlace = { directory, cache: config().SALES_PIPELINE_CACHE ?? join(directory, 'sales_cache') };
      const at = systemClock.now();
      const snapshot =
        options['demo'] === true
          ? snapshotOf(DEMO_LEADS, 'demo', at)
          : await askSteward(config(), typeof options['company'] === 'string' ? options['company'] : null, place, at);
      const { pipeline, summary, snapshot: copy, removed } = await writeDaily(place, snapshot, at);
      const { total_leads, total_value, weighted_value, open_value, won_value, source, demo } = snapshot;
      if (terminal.interactive) terminal.err(`${pipeline}: ${total_leads} deals, ${total_value} in all, ${weighted_value} weighted\n`);
      return {
        total_leads,
        total_value,
        weighted_value,
        open_value,
        won_value,
        source,
        demo,
        files: [pipeline, copy, summary],
        removed_snapshots: removed,
      };
    },
  };
}

/** @throws Unavailable what Steward or the CRM said; the last files stay, marked stale */
async function askSteward(config: Config, company: string | null, place: DailyPlace, at: Date): Promise<Snapshot> {
  const fail = async (reason: string): Promise<never> => {
    const kept = await markStale(place, reason, at);
    throw new Unavailable(
      kept ? `${reason}. The last snapshot stays and is marked stale: ${join(place.directory, 'sales_pipeline.json')}` : reason,
    );
  };
  const transport = await connect(config, company);
  try {
    const answer = await transport.request({ method: 'POST', path: '/api/daily', body: {} });
    if (answer.status >= 400)
      return await fail(z.object({ detail: z.string() }).safeParse(answer.body).data?.detail ?? 'Steward gave no reason');
    return z.object({ snapshot: Snapshot }).parse(answer.body).snapshot;
  } finally {
    await transport.close();
  }
}

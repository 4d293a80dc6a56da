import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import { activityStep, type Facts } from '#core/engine/types.ts';
import { notify } from '#modules/notifications/public.ts';
import { markStale, writeDaily } from './files.ts';
import { takeSnapshot } from './operations.ts';
import { stamp, type Snapshot } from './snapshot.ts';
import type { Statement } from '#core/database/database.ts';

const ADMINS: Statement = {
  name: 'daily.admins',
  text: `select id from users where company_id = $1 and role = 'admin' and is_active and deleted_at is null`,
};

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** The digest in a few lines; Slack and mail read the same. */
function digestOf(snapshot: Snapshot): string {
  const stages = Object.entries(snapshot.stage_breakdown).map(([stage, deals]) => `${stage}: ${deals}`);
  const top = snapshot.leads
    .slice(0, 5)
    .map((lead) => `${lead.name}${lead.company === '' ? '' : `, ${lead.company}`}: ${whole.format(lead.value)} (${lead.stage})`);
  return [
    `${snapshot.total_leads} deals. Open ${whole.format(snapshot.open_value)}, weighted ${whole.format(snapshot.open_weighted_value)}, won ${whole.format(snapshot.won_value)}.`,
    stages.join(' · '),
    ...top,
  ].join('\n');
}

const Output = z.object({
  timestamp: z.string(),
  total_leads: z.number(),
  total_value: z.number(),
  weighted_value: z.number(),
  open_value: z.number(),
  won_value: z.number(),
  text: z.string().describe('The digest, ready for Slack'),
});

/**
 * The daily run as a step: the same files as `steward daily` in the data directory, and the digest to every admin by bell and mail, once a run. Where the CRM does not
 * answer, the last files stay and say that they are stale, and the step is tried again or fails, as the error says.
 */
export const dailyStep = activityStep({
  type: 'daily.snapshot',
  title: 'Daily pipeline',
  description: 'Writes the pipeline of today to files and tells the admins; its text fits a Slack message',
  input: z.object({
    tell: z.boolean().default(true).meta({ title: 'Tell the admins' }).describe('By bell and mail, as each of them chose'),
  }),
  output: Output,
  facts: false,
  rehearse: {
    sample: {
      timestamp: stamp(new Date(0)),
      total_leads: 0,
      total_value: 0,
      weighted_value: 0,
      open_value: 0,
      won_value: 0,
      text: 'The digest of the day',
    },
  },
  async run({ run }, runtime) {
    const { companyId } = run;
    const directory = join(runtime.config.home, 'output', companyId);
    const place = { directory, cache: join(directory, 'sales_cache') };
    // Tests have no data directory.
    const kept = runtime.backups !== null;
    try {
      const snapshot = await takeSnapshot({ runtime, companyId });
      if (kept) await writeDaily(place, snapshot, runtime.clock.now());
      const { timestamp, total_leads, total_value, weighted_value, open_value, won_value } = snapshot;
      const output: Facts = { timestamp, total_leads, total_value, weighted_value, open_value, won_value, text: digestOf(snapshot) };
      return { kind: 'next', output };
    } catch (error) {
      if (kept && error instanceof AppError) await markStale(place, error.message, runtime.clock.now());
      throw error;
    }
  },
  async commit(tx, { run, input }, result, runtime) {
    if (result.kind !== 'next' || !input.tell) return;
    const { text } = Output.parse(result.output);
    const admins = await tx.query<{ id: string }>(ADMINS, [run.companyId]);
    const [title = 'The pipeline of today', ...lines] = text.split('\n');
    await notify(
      tx,
      runtime,
      admins.map(({ id }) => ({
        companyId: run.companyId,
        userId: id,
        kind: 'daily_pipeline' as const,
        title,
        body: lines.join('\n'),
        link: '/pipeline',
        key: `daily:${run.key}`,
      })),
    );
  },
});

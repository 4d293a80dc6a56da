import { z } from 'zod';
import { Unavailable } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';

/** Of the whole installation, all companies; it stays on the machine, in the data directory. */
export const takeBackup = operation({
  name: 'system.backup',
  summary: 'Take a backup of the whole installation into the data directory',
  http: 'POST /api/system/backup',
  cli: 'backup',
  access: 'outside',
  installation: true,
  role: 'admin',
  input: z.object({}),
  output: z.object({ directory: z.string().describe('On the machine that runs Steward'), takenAt: z.date() }),
  errors: [Unavailable],
  status: 201,
  ratePerMinute: 6,
  async run(ctx) {
    const { backup } = ctx.runtime;
    if (backup === null) throw new Unavailable('This process has no data directory at hand; ask the one that serves the web');
    return { directory: await backup('manual'), takenAt: ctx.clock.now() };
  },
});

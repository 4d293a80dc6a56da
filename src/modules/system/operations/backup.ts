import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { Backups } from '#core/backups.ts';
import { Conflict, InvalidInput, NotFound, Unavailable } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { isLate, nextAt, planOf, PlanSettings, setPlan } from '../backups/plan.ts';
import { requireInstallation } from '../installation.ts';

const Backup = z.object({
  name: z.string(),
  takenAt: z.date(),
  reason: z.string().describe('scheduled: by plan; manual: a person asked; before-…: before a change'),
  from: z.string().nullable().describe('Host and data directory where it was taken'),
  serverVersion: z.string(),
  tables: z.int(),
  rows: z.int(),
  bytes: z.int(),
  verifiedAt: z.date().describe('Read back and compared last'),
  drilledAt: z.date().nullable().describe('Restored on trial last'),
  error: z.string().nullable().describe('What is wrong with it'),
});
const name = z
  .string()
  .regex(/^[\w-]{1,200}$/)
  .describe('Name of the backup, as in the list');

function atHand(ctx: Ctx): Backups {
  const { backups } = ctx.runtime;
  if (backups === null) throw new Unavailable('This process has no data directory at hand; ask the one that serves the web');
  return backups;
}

/** Of the whole installation, all companies; it stays on the machine. */
export const takeBackup = operation({
  name: 'system.backup',
  summary: 'Take a backup of the whole installation, and read it back',
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
    await requireInstallation(ctx, 'backup');
    const { directory } = await planOf(ctx.runtime);
    return { directory: await atHand(ctx).take('manual', directory), takenAt: ctx.clock.now() };
  },
});

export const listStoredBackups = operation({
  name: 'backups.list',
  summary: 'Backups of the whole installation, newest first, with when each was last verified',
  http: 'GET /api/system/backups',
  cli: 'backups list',
  access: 'outside',
  installation: true,
  role: 'admin',
  input: z.object({}),
  output: z.object({ items: z.array(Backup), nextCursor: z.null() }),
  errors: [Unavailable],
  status: 200,
  async run(ctx) {
    await requireInstallation(ctx, 'backups list');
    const { directory } = await planOf(ctx.runtime);
    return { items: await atHand(ctx).list(directory), nextCursor: null };
  },
});

const Planned = PlanSettings.extend({
  nextAt: z.date().nullable(),
  late: z.boolean(),
  lastAt: z.date().nullable(),
  failedAt: z.date().nullable(),
  error: z.string().nullable().describe('Why the last one failed; earlier ones are untouched'),
  drilledAt: z.date().nullable(),
  drillError: z.string().nullable(),
  freeBytes: z.int().nullable().describe('Room where they go'),
  updatedAt: z.date(),
});

async function planned(ctx: Ctx): Promise<z.output<typeof Planned>> {
  const plan = await planOf(ctx.runtime);
  const { since: _since, lastName: _lastName, ...shown } = plan;
  const free = await ctx.runtime.backups?.room(plan.directory).catch(() => null);
  return { ...shown, nextAt: nextAt(plan), late: isLate(plan, ctx.clock.now()), freeBytes: free ?? null };
}

export const getBackupPlan = operation({
  name: 'backups.plan.get',
  summary: 'When backups are taken by themselves, and how the last one went',
  http: 'GET /api/system/backups/plan',
  cli: 'backups plan show',
  access: 'outside',
  installation: true,
  role: 'admin',
  input: z.object({}),
  output: Planned,
  status: 200,
  async run(ctx) {
    await requireInstallation(ctx, 'backups plan show');
    return planned(ctx);
  },
});

export const updateBackupPlan = operation({
  name: 'backups.plan.update',
  summary: 'Change when backups are taken, how many are kept, where they go, and how often one is restored on trial',
  http: 'PUT /api/system/backups/plan',
  cli: 'backups plan set',
  access: 'outside',
  installation: true,
  role: 'admin',
  input: PlanSettings.partial(),
  output: Planned,
  async run(ctx, input) {
    await requireInstallation(ctx, 'backups plan set');
    if (input.directory != null && !isAbsolute(input.directory))
      throw new InvalidInput('The directory must be absolute, such as /var/backups/steward', {
        fields: [{ path: 'directory', message: 'must be absolute, such as /var/backups/steward' }],
      });
    ctx.expectVersion(await planOf(ctx.runtime));
    await setPlan(ctx.runtime, input);
    return planned(ctx);
  },
});

export const verifyStoredBackup = operation({
  name: 'backups.verify',
  summary: 'Read a backup back and compare every file with what was written',
  http: 'POST /api/system/backups/verify',
  cli: 'backups verify',
  access: 'outside',
  installation: true,
  role: 'admin',
  input: z.object({ name }),
  output: z.object({ ok: z.boolean(), error: z.string().nullable() }),
  errors: [NotFound],
  status: 200,
  ratePerMinute: 20,
  run: async (ctx, input) =>
    look(ctx, 'backups verify', async (backups, into) => {
      await backups.verify(input.name, into);
    }),
});

export const drillStoredBackup = operation({
  name: 'backups.drill',
  summary: 'Restore a backup on trial into a PostgreSQL of its own, compare every row, and throw the copy away',
  http: 'POST /api/system/backups/drill',
  cli: 'backups drill',
  access: 'outside',
  installation: true,
  role: 'admin',
  input: z.object({ name }),
  output: z.object({ ok: z.boolean(), error: z.string().nullable(), rows: z.int().nullable(), ms: z.int().nullable() }),
  errors: [NotFound, Conflict],
  status: 200,
  ratePerMinute: 4,
  async run(ctx, input) {
    let found: { rows: number; ms: number } | null = null;
    const { ok, error } = await look(ctx, 'backups drill', async (backups, into) => {
      found = await backups.drill(input.name, into);
    });
    // Assigned in the callback above, which TypeScript does not follow.
    const { rows = null, ms = null } = (found as { rows: number; ms: number } | null) ?? {};
    return { ok, error, rows, ms };
  },
});

/** What is wrong with a backup is the answer, not a failure of the call. */
async function look(
  ctx: Ctx,
  command: string,
  work: (backups: Backups, into: string | null) => Promise<void>,
): Promise<{ ok: boolean; error: string | null }> {
  await requireInstallation(ctx, command);
  const backups = atHand(ctx);
  const { directory } = await planOf(ctx.runtime);
  try {
    await work(backups, directory);
    return { ok: true, error: null };
  } catch (error) {
    if (error instanceof NotFound || error instanceof Conflict) throw error;
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

export const restoreBackup = operation({
  name: 'system.restore',
  summary: 'Restore a backup over everything that is here. Steward starts anew, and is then held',
  http: 'POST /api/system/restore',
  access: 'outside',
  installation: true,
  role: 'admin',
  destructive: true,
  input: z.object({
    backup: name,
    replace: z.boolean().default(false).describe('Must be true: what this installation holds is lost, after a backup of it was taken'),
  }),
  output: z.object({ restoring: z.string(), safetyBackup: z.string().describe('Of what was here until now'), next: z.string() }),
  errors: [Conflict, NotFound, Unavailable],
  status: 202,
  ratePerMinute: 4,
  async run(ctx, input) {
    await requireInstallation(ctx, 'restore');
    const backups = atHand(ctx);
    if (!input.replace)
      throw new Conflict('This installation holds companies, and a restore loses them. Say replace: true, or restore into an empty one');
    const { directory } = await planOf(ctx.runtime);
    await backups.verify(input.backup, directory);
    const safetyBackup = await backups.take('before-restore', directory);
    await backups.restore(input.backup, directory);
    return {
      restoring: input.backup,
      safetyBackup,
      next: 'Steward starts anew. Sign in again in a moment: it is held until you release it',
    };
  },
});

import { z } from 'zod';
import { AFTER_HOLD, releaseSchedules } from '#core/engine/schedule/release-all.ts';
import { Conflict } from '#core/errors.ts';
import { sayWhyHeld } from '#core/instance/words.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { WouldFire, wouldFire } from '../hold/preview.ts';
import { requireInstallation } from '../installation.ts';

/** The installation is held already, or it is not: what was asked does not apply. */
export class NotHeld extends Conflict {
  override readonly code = 'not_held';
}

const Hold = z.object({
  held: z.boolean(),
  because: z
    .enum(['restored', 'went_back', 'asked', 'unknown', 'copied', 'moved', 'taken_over'])
    .nullable()
    .describe('How it was found; null: it is not held'),
  says: z.string().nullable().describe('The same in a sentence'),
  since: z.date().nullable(),
  restored: z
    .object({ takenAt: z.date(), from: z.string().nullable(), reason: z.string() })
    .nullable()
    .describe('Of the backup that this database was restored from; `reason` migrated: of the database that it was moved from'),
  home: z.string().describe('Host and data directory of the process that answers'),
  instance: z.uuid(),
  epoch: z.int().describe('Moves with every release; who was admitted under an older one acts no more'),
});

function present(ctx: Ctx): z.output<typeof Hold> {
  const { standing } = ctx.runtime;
  const { why, says, instance, epoch } = standing;
  const restored = why?.restored ?? null;
  return {
    held: why !== null,
    because: why?.because ?? null,
    says: why === null ? null : sayWhyHeld(why),
    since: why?.since ?? null,
    restored: restored === null ? null : { takenAt: new Date(restored.takenAt), from: restored.from, reason: restored.reason },
    home: says,
    instance,
    epoch,
  };
}

export const getHold = operation({
  name: 'system.hold.get',
  summary: 'Whether this installation is held, and how it was found to be a copy',
  http: 'GET /api/system/hold',
  cli: 'hold show',
  access: 'read',
  installation: true,
  input: z.object({}),
  output: Hold,
  run: (ctx) => Promise.resolve(present(ctx)),
});

export const previewRelease = operation({
  name: 'system.hold.preview',
  summary: 'What a release would set going in your company: schedules, runs, messages, webhooks',
  http: 'GET /api/system/hold/preview',
  cli: 'hold preview',
  access: 'read',
  role: 'manager',
  input: z.object({}),
  output: WouldFire,
  run: (ctx) => wouldFire(ctx, ctx.companyId, ctx.clock.now()),
});

export const holdInstallation = operation({
  name: 'system.hold.set',
  summary: 'Hold the whole installation: nothing leaves and nothing fires until it is released',
  http: 'POST /api/system/hold',
  cli: 'hold start',
  access: 'outside',
  installation: true,
  role: 'admin',
  input: z.object({ reason: z.string().trim().max(300).default('') }),
  output: Hold,
  errors: [NotHeld],
  status: 200,
  async run(ctx, input) {
    const by = await requireInstallation(ctx, 'hold');
    const { standing } = ctx.runtime;
    if (standing.held) throw new NotHeld('The installation is held already; release it with: steward release');
    await standing.hold(by, input.reason);
    return present(ctx);
  },
});

const then = z.enum(AFTER_HOLD);

export const releaseInstallation = operation({
  name: 'system.hold.release',
  summary: 'Release a held installation: it acts from now on, and what worked on the same database before it does not',
  http: 'POST /api/system/hold/release',
  cli: 'release',
  access: 'outside',
  installation: true,
  role: 'admin',
  destructive: true,
  input: z.object({
    schedules: then
      .default('skip')
      .describe('What was missed meanwhile: catch_up by the policy of each schedule, skip it, or leave the schedules off'),
    except: z
      .array(z.object({ scheduleId: z.uuid(), then }))
      .max(1_000)
      .default([])
      .describe('Schedules for which it is otherwise'),
  }),
  output: Hold.extend({
    schedules: z.object({ catchUp: z.int(), skip: z.int(), off: z.int() }),
    acting: z.array(z.string()).describe('Host and data directory of those that act now'),
    fenced: z.array(z.string()).describe('Of those that worked on this database before, and no more'),
  }),
  errors: [NotHeld],
  status: 200,
  async run(ctx, input) {
    const by = await requireInstallation(ctx, 'release');
    const { standing, engine } = ctx.runtime;
    if (!standing.held) throw new NotHeld('The installation is not held: it acts');
    const exceptions = new Map(input.except.map((one) => [one.scheduleId, one.then]));
    const chosen = { catch_up: 0, skip: 0, off: 0 };
    const released = await standing.release(by, async (tx) => {
      Object.assign(chosen, await releaseSchedules(tx, (id) => exceptions.get(id) ?? input.schedules, ctx.clock.now()));
    });
    engine.nudge();
    const { acting, fenced } = released;
    return {
      ...present(ctx),
      acting: [...acting],
      fenced: [...fenced],
      schedules: { catchUp: chosen.catch_up, skip: chosen.skip, off: chosen.off },
    };
  },
});

import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

export const PlanSettings = z.object({
  active: z.boolean().describe('Whether backups are taken by themselves'),
  everyHours: z.int().min(1).max(720),
  keep: z.int().min(1).max(365).describe('So many of those taken by plan; older ones are removed once a newer one is verified'),
  directory: z.string().max(500).nullable().describe('Absolute, on the machine that runs Steward; null: backups in its data directory'),
  drillDays: z
    .int()
    .min(1)
    .max(365)
    .nullable()
    .describe('So often one is restored on trial into a PostgreSQL of its own; null: when asked only'),
});
export type PlanSettings = z.output<typeof PlanSettings>;

export interface Plan extends PlanSettings {
  readonly since: Date;
  readonly lastAt: Date | null;
  readonly lastName: string | null;
  readonly failedAt: Date | null;
  readonly error: string | null;
  readonly drilledAt: Date | null;
  readonly drillError: string | null;
  readonly updatedAt: Date;
}

const COLUMNS = `active, every_hours as "everyHours", keep, directory, drill_days as "drillDays", since, last_at as "lastAt", last_name as "lastName",
  failed_at as "failedAt", error, drilled_at as "drilledAt", drill_error as "drillError", updated_at as "updatedAt"`;
const GET: Statement = { name: 'backups.plan', text: `select ${COLUMNS} from backup_plan` };

export async function planOf(runtime: Runtime): Promise<Plan> {
  const [plan] = await runtime.system.read((tx) => tx.query<Plan>(GET, []));
  if (plan === undefined) throw new Error('backup_plan has lost its row');
  return plan;
}

const SET: Statement = {
  name: 'backups.plan_set',
  text: `update backup_plan set active = coalesce($1, active), every_hours = coalesce($2, every_hours), keep = coalesce($3, keep),
                directory = case when $4 then $5 else directory end, drill_days = case when $6 then $7 else drill_days end,
                updated_at = date_trunc('milliseconds', $8::timestamptz) returning ${COLUMNS}`,
};

export async function setPlan(runtime: Runtime, changes: { [K in keyof PlanSettings]?: PlanSettings[K] | undefined }): Promise<void> {
  const { active, everyHours, keep, directory, drillDays } = changes;
  await runtime.system.write((tx) =>
    tx.query(SET, [
      active ?? null,
      everyHours ?? null,
      keep ?? null,
      directory !== undefined,
      directory ?? null,
      drillDays !== undefined,
      drillDays ?? null,
      runtime.clock.now(),
    ]),
  );
}

/** When the next one is due; null: none by itself. */
export function nextAt(plan: Plan): Date | null {
  if (!plan.active) return null;
  return new Date((plan.lastAt ?? plan.since).getTime() + plan.everyHours * 3_600_000);
}

/** Twice the time without one: nobody takes them. */
export function isLate(plan: Plan, now: Date): boolean {
  const next = nextAt(plan);
  return next !== null && now.getTime() - next.getTime() > plan.everyHours * 3_600_000;
}

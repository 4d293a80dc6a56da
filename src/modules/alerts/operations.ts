import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { KIND_NAMES, KINDS, QUIET_MINUTES, type AlertKind } from './kinds.ts';

const Alert = z.object({
  id: z.uuid(),
  kind: z.string().describe('As in the rules; one of an older version, too'),
  title: z.string(),
  body: z.string(),
  link: z.string().describe('Path of the page where one can see to it'),
  count: z.int().describe('How many it stands for: failed runs, acts in doubt'),
  raisedAt: z.date(),
  recoveredAt: z.date().nullable().describe('null: it is still so'),
});

const LIST: Statement = {
  name: 'alerts.list',
  text: `select id, kind, title, body, link, count, raised_at as "raisedAt", recovered_at as "recoveredAt" from alerts
          where company_id = $1 and (not $2 or recovered_at is null) order by (recovered_at is null) desc, id desc limit 100`,
};

export const listAlerts = operation({
  name: 'alerts.list',
  summary: 'What is wrong now, and what was: what is open first, the newest hundred',
  http: 'GET /api/alerts',
  cli: 'alerts list',
  access: 'read',
  input: z.object({ open: z.boolean().default(false).describe('Only what is still so') }),
  output: z.object({ items: z.array(Alert), nextCursor: z.null() }),
  run: async (ctx, { open }) => ({ items: await ctx.query<z.output<typeof Alert>>(LIST, [ctx.companyId, open]), nextCursor: null }),
});

const Rule = z.object({
  kind: z.enum(KIND_NAMES),
  title: z.string(),
  description: z.string(),
  unit: z.enum(['failures', 'percent', 'seconds']).nullable().describe('What its threshold is counted in'),
  enabled: z.boolean(),
  threshold: z.number().nullable(),
  usualThreshold: z.number().nullable(),
  quietMinutes: z.int().describe('The same thing is told again no sooner than this'),
});

const RULES: Statement = {
  name: 'alerts.rules',
  text: `select kind, enabled, threshold, quiet_minutes as "quietMinutes" from alert_rules where company_id = $1`,
};
interface RuleRow {
  readonly kind: string;
  readonly enabled: boolean;
  readonly threshold: number | null;
  readonly quietMinutes: number;
}

async function rules(ctx: Ctx): Promise<z.output<typeof Rule>[]> {
  const rows = await ctx.query<RuleRow>(RULES, [ctx.companyId]);
  return KIND_NAMES.map((kind) => {
    const own = rows.find((row) => row.kind === kind);
    const { title, description, unit, threshold } = KINDS[kind];
    return {
      kind,
      title,
      description,
      unit,
      enabled: own?.enabled ?? true,
      threshold: own?.threshold ?? threshold,
      usualThreshold: threshold,
      quietMinutes: own?.quietMinutes ?? QUIET_MINUTES,
    };
  });
}

export const listAlertRules = operation({
  name: 'alerts.rules',
  summary: 'What the admins are told of when it goes wrong, from when on, and how often',
  http: 'GET /api/alerts/rules',
  cli: 'alerts rules',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Rule), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await rules(ctx), nextCursor: null }),
});

const SET: Statement = {
  name: 'alerts.set_rule',
  text: `insert into alert_rules (company_id, kind, enabled, threshold, quiet_minutes, updated_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (company_id, kind) do update set enabled = excluded.enabled, threshold = excluded.threshold, quiet_minutes = excluded.quiet_minutes, updated_at = excluded.updated_at`,
};

export const setAlertRule = operation({
  name: 'alerts.set_rule',
  summary: 'Say whether to be told of something, from when on, and how often',
  http: 'PUT /api/alerts/rules',
  cli: 'alerts set-rule',
  access: 'write',
  role: 'admin',
  input: z.object({
    kind: z.enum(KIND_NAMES),
    enabled: z.boolean().optional(),
    threshold: z.number().min(0).max(1_000_000).nullable().optional().describe('null: the usual one'),
    quietMinutes: z.int().min(0).max(10_080).optional(),
  }),
  output: Rule,
  async run(ctx, input) {
    const old = (await rules(ctx)).find((rule) => rule.kind === input.kind);
    const threshold = thresholdOf(input.kind, input.threshold === undefined ? (old?.threshold ?? null) : input.threshold);
    await ctx.query(SET, [
      ctx.companyId,
      input.kind,
      input.enabled ?? old?.enabled ?? true,
      threshold === KINDS[input.kind].threshold ? null : threshold,
      input.quietMinutes ?? old?.quietMinutes ?? QUIET_MINUTES,
      ctx.clock.now(),
    ]);
    ctx.subject('alert_rules', input.kind);
    const rule = (await rules(ctx)).find((one) => one.kind === input.kind);
    if (rule === undefined) throw new Error('every kind has a rule');
    return rule;
  },
});

/** @throws InvalidInput a threshold where there is none, or above a hundred per cent */
function thresholdOf(kind: AlertKind, threshold: number | null): number | null {
  const { unit } = KINDS[kind];
  const refuse = (message: string) => new InvalidInput(`threshold ${message}`, { fields: [{ path: 'threshold', message }] });
  if (threshold !== null && unit === null) throw refuse('is not known here: one is enough');
  if (threshold !== null && unit === 'percent' && threshold > 100) throw refuse('is a percentage: at most 100');
  if (threshold !== null && unit === 'failures' && threshold < 1) throw refuse('must be at least 1');
  return threshold;
}

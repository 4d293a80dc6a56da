import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { DEFAULT_SETTINGS, settingsOf } from '../settings.ts';
import { nurturingSettings, TONES, WRITERS } from '../tables.ts';
import { isOn, switchTo } from '../switch.ts';

const line = (most: number) => z.string().trim().max(most);
const lines = (most: number, each: number) => z.array(line(each).min(1)).max(most);

const fields = {
  tone: z.enum(TONES).describe('How letters sound'),
  writtenBy: z.enum(WRITERS).describe('model: each letter by the language model, where one is connected. template: always your templates'),
  language: z
    .string()
    .trim()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { error: 'A language is a code such as en or de' })
    .nullable()
    .describe('Language for people whose own is not known; null: that of the company'),
  whatWeDo: line(2_000).describe('What the business does and for whom, in a sentence or two'),
  offer: line(2_000).describe('What you offer a new lead; only what stands here may be offered'),
  furtherFacts: lines(50, 500).describe('Prices, certificates, references, opening hours: one fact each; only these may be claimed'),
  links: lines(20, 500).describe('Links, mail addresses and phone numbers that may stand in a letter'),
  senderName: line(100).describe('Who signs'),
  senderRole: line(100).describe('Their role'),
  callToAction: line(500).describe('What the reader should do, e.g. Book a call at https://…'),
  revisitDays: z.int().min(1).max(730).describe('Days until a lead who said "not now" comes up again'),
  alertOwner: z.boolean().describe('Mail the owner for each reply'),
  monthlyBudgetMicros: z
    .int()
    .min(0)
    .max(1_000_000_000_000)
    .nullable()
    .describe('Most that models may cost in a month, in millionths of a US dollar; null: no limit'),
};

const NurturingView = z.object({
  active: z.boolean().describe('Are new leads enrolled?'),
  ...fields,
  updatedAt: z.date().nullable(),
});

async function view(ctx: Ctx): Promise<z.output<typeof NurturingView>> {
  const settings = (await settingsOf(ctx, [ctx.companyId]))(ctx.companyId);
  const [row] = await ctx.db
    .select({ updatedAt: nurturingSettings.updatedAt })
    .from(nurturingSettings)
    .where(eq(nurturingSettings.companyId, ctx.companyId));
  return {
    ...DEFAULT_SETTINGS,
    ...settings,
    furtherFacts: [...settings.furtherFacts],
    links: [...settings.links],
    active: await isOn(ctx, ctx.companyId),
    updatedAt: row?.updatedAt ?? null,
  };
}

export const getNurturingSettings = operation({
  name: 'nurturing.settings',
  summary: 'What lead nurturing writes from: facts, tone, sender, call to action',
  http: 'GET /api/lead-nurturing/settings',
  cli: 'nurturing settings',
  access: 'read',
  scope: 'nurturing:read',
  input: z.object({}),
  output: NurturingView,
  run: (ctx) => view(ctx),
});

export const updateNurturingSettings = operation({
  name: 'nurturing.configure',
  summary: 'Change what lead nurturing writes from, or switch it on or off; fields not named stay',
  http: 'PUT /api/lead-nurturing/settings',
  cli: 'nurturing configure',
  access: 'write',
  role: 'manager',
  scope: 'nurturing:write',
  input: z.object({ active: z.boolean(), ...fields }).partial(),
  output: NurturingView,
  async run(ctx, { active, ...changes }) {
    const [row] = await ctx.db
      .select({ updatedAt: nurturingSettings.updatedAt })
      .from(nurturingSettings)
      .where(eq(nurturingSettings.companyId, ctx.companyId))
      .for('update');
    // Settings that nobody changed yet have no version, so that none can be expected of them.
    ctx.expectVersion(row ?? { updatedAt: new Date(0) });
    // What was not sent is undefined, and Drizzle leaves undefined out of an update.
    const set = { ...changes, updatedAt: ctx.clock.now() };
    await ctx.db
      .insert(nurturingSettings)
      .values({ companyId: ctx.companyId, ...set })
      .onConflictDoUpdate({
        target: nurturingSettings.companyId,
        set: Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)),
      });
    if (active !== undefined) await switchTo(ctx, ctx.companyId, active, ctx.clock.now());
    ctx.subject('nurturing_settings', ctx.companyId);
    return view(ctx);
  },
});

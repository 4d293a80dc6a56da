import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { AlreadyTaken } from '../errors.ts';
import { Company, companyName, requireCompany } from '../companies.ts';
import { insertCompanyWithAdmin } from '../create-company.ts';
import { insertInvite } from '../invites.ts';
import { pageLink } from '../links.ts';
import { newPassword } from '../password.ts';
import { changedSettings, CompanySettings, currency, sendingHours, settingsFrom, timeZone } from '../settings.ts';
import { companies } from '../tables.ts';
import { emailAddress, fullName } from '../users.ts';

const facts = {
  industry: z.string().trim().max(200).nullable().optional(),
  website: z.url().max(500).nullable().optional(),
};

export const getCompany = operation({
  name: 'companies.get',
  summary: 'Your company and its settings',
  http: 'GET /api/company',
  cli: 'companies get',
  access: 'read',
  input: z.object({}),
  output: Company,
  run: (ctx) => requireCompany(ctx, ctx.companyId),
});

export const updateCompany = operation({
  name: 'companies.update',
  summary: 'Change your company; only the fields and settings that you name',
  http: 'PUT /api/company',
  cli: 'companies update',
  access: 'write',
  role: 'admin',
  input: z.object({ name: companyName().optional(), ...facts, settings: CompanySettings.optional() }),
  output: Company,
  async run(ctx, { settings, ...changes }) {
    const [row] = await ctx.db.select().from(companies).where(eq(companies.id, ctx.companyId)).for('update');
    const company = row ?? (await requireCompany(ctx, ctx.companyId));
    ctx.expectVersion(company);
    sameCurrency(settings?.currency, company.settings['currency']);
    withinBounds(settings?.keep_runs_days ?? null, ctx.runtime.config.KEEP_RUNS_DAYS_MOST);
    const [updated] = await ctx.db
      .update(companies)
      .set({ ...changes, settings: changedSettings(company.settings, settings ?? {}), updatedAt: ctx.clock.now() })
      .where(eq(companies.id, ctx.companyId))
      .returning();
    ctx.subject('companies', ctx.companyId);
    ctx.emit({ name: 'company.updated', subject: { type: 'company', id: ctx.companyId } });
    return updated ?? company;
  },
});

/** @throws InvalidInput: what is counted in it already would mean something else */
function sameCurrency(asked: string | undefined, is: unknown): void {
  if (asked === undefined || asked === is) return;
  const message = 'is changed under Settings, Currencies (PUT /api/currency-rates), before the first deal, target and issued invoice';
  throw new InvalidInput(`currency ${message}`, { fields: [{ path: 'settings.currency', message }] });
}

/** @throws InvalidInput when the installation keeps nothing for so long */
function withinBounds(days: number | null, most: number | undefined): void {
  if (days === null || most === undefined || days <= most) return;
  const message = `is more than this installation keeps: at most ${most} days`;
  throw new InvalidInput(`keep_runs_days ${message}`, { fields: [{ path: 'settings.keep_runs_days', message }] });
}

/** A person belongs to one company. Only the local operator sees others. */
export const listCompanies = operation({
  name: 'companies.list',
  summary: 'Your company; for the local operator, all companies of this installation',
  http: 'GET /api/companies',
  cli: 'companies list',
  access: 'read',
  installation: true,
  input: z.object({}),
  output: z.object({ items: z.array(Company), nextCursor: z.null() }),
  async run(ctx) {
    if (ctx.principal.kind !== 'operator') return { items: [await requireCompany(ctx, ctx.companyId)], nextCursor: null };
    const items = await ctx.runtime.system.read((tx) =>
      tx.db.select().from(companies).orderBy(asc(companies.createdAt), asc(companies.id)),
    );
    return { items, nextCursor: null };
  },
});

/**
 * One more company beside yours. It shares nothing with yours, so its people get accounts of their own: name its first admin, or hand the
 * `invite_url` to whoever will run it.
 */
export const createCompany = operation({
  name: 'companies.create',
  summary: 'Make one more company, with its first admin or a link for them',
  http: 'POST /api/companies',
  cli: 'companies create',
  access: 'outside',
  installation: true,
  role: 'admin',
  input: z
    .object({
      name: companyName(),
      ...facts,
      postalAddress: z.string().trim().max(500).optional(),
      timeZone: timeZone().optional(),
      currency: currency().optional().describe('Of the time zone’s country when left out'),
      sendingHours: sendingHours().optional(),
      adminEmail: emailAddress().optional(),
      adminPassword: newPassword().optional(),
      adminFullName: fullName().optional(),
    })
    .refine((input) => input.adminPassword === undefined || input.adminEmail !== undefined, {
      path: ['adminEmail'],
      error: 'is needed beside a password',
    }),
  output: Company.extend({
    adminId: z.uuid().nullable(),
    inviteUrl: z.string().nullable().describe('For its first admin, 7 days; null when one was given'),
  }),
  errors: [AlreadyTaken],
  sensitiveOutput: true,
  async run(ctx, input) {
    const { runtime } = ctx;
    const settings = settingsFrom(input);
    const admin =
      input.adminEmail === undefined || input.adminPassword === undefined
        ? undefined
        : { email: input.adminEmail, password: input.adminPassword, fullName: input.adminFullName };
    const made = await runtime.system.write(async (tx) => {
      const { company, admin: user } = await insertCompanyWithAdmin(tx, runtime, {
        name: input.name,
        industry: input.industry,
        website: input.website,
        settings,
        admin,
      });
      if (user !== null) return { ...company, adminId: user.id, inviteUrl: null };
      const { token } = await insertInvite(tx, runtime.clock, {
        companyId: company.id,
        email: input.adminEmail ?? null,
        role: 'admin',
        invitedBy: null,
      });
      return { ...company, adminId: null, inviteUrl: pageLink(runtime.config, 'invite', token) };
    });
    runtime.engine.nudge();
    return made;
  },
});

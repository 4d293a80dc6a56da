import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { atLeast, COUNTRY_RULES, countryName, ENQUIRY_MONTHS, REGIMES, STRICTEST, type Regime } from '../basis/countries.ts';

/** Not a country of ISO 3166. */
export class CountryNotFound extends NotFound {
  override readonly code = 'country_not_found';
}

const Country = z.object({
  country: z.string().describe('ISO 3166, two letters'),
  name: z.string(),
  regime: z.enum(REGIMES).describe('What counts: consent only; clients, too; addresses of firms, too; everybody until they say no'),
  defaultRegime: z.enum(REGIMES),
  clientMonths: z.int().nullable().describe('So long after the purchase somebody is a client; null: without end'),
  enquirer: z.boolean().describe('Who enquired or negotiated counts like a client, for enquiry_months'),
  confirmed: z.boolean().describe('Courts ask for a consent that was confirmed by a mail to the address (double opt-in)'),
  law: z.string(),
  source: z.string(),
  reason: z.string().nullable().describe('Why the company sees it otherwise'),
  setBy: z.string().nullable(),
  updatedAt: z.date().nullable(),
  warning: z.string().nullable(),
});
type Country = z.output<typeof Country>;

interface Own {
  readonly country: string;
  readonly regime: Regime;
  readonly reason: string;
  readonly setBy: string | null;
  readonly updatedAt: Date;
}
const OWN: Statement = {
  name: 'country_rules.list',
  text: `select r.country, r.regime, r.reason, coalesce(nullif(u.full_name, ''), u.username) as "setBy", r.updated_at as "updatedAt"
           from country_rules r left join users u on u.id = r.set_by where r.company_id = $1`,
};

function shown(country: string, own: Own | undefined): Country {
  const rule = COUNTRY_RULES.get(country) ?? STRICTEST;
  const regime = own?.regime ?? rule.regime;
  const laxer = regime !== rule.regime && atLeast(regime, rule.regime);
  const name = countryName(country) ?? country;
  return {
    country,
    name,
    regime,
    defaultRegime: rule.regime,
    clientMonths: rule.clientMonths,
    enquirer: rule.enquirer,
    confirmed: rule.confirmed,
    law: rule.law,
    source: rule.source,
    reason: own?.reason ?? null,
    setBy: own?.setBy ?? null,
    updatedAt: own?.updatedAt ?? null,
    warning: laxer
      ? `More than ${COUNTRY_RULES.has(country) ? rule.law : 'the strictest rule'} allows as we read it. Your company answers for it: have a lawyer confirm it.`
      : null,
  };
}

export const listCountries = operation({
  name: 'countries.list',
  summary: 'What the law of each country asks before commercial mail, with its source and where the company sees it otherwise',
  http: 'GET /api/countries',
  cli: 'countries list',
  access: 'read',
  scope: 'people:read',
  input: z.object({}),
  output: z.object({ items: z.array(Country), enquiryMonths: z.int(), nextCursor: z.null() }),
  async run(ctx) {
    const own = new Map((await ctx.query<Own>(OWN, [ctx.companyId])).map((row) => [row.country, row]));
    const codes = [...new Set([...COUNTRY_RULES.keys(), ...own.keys()])];
    const items = codes.map((code) => shown(code, own.get(code))).toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
    return { items, enquiryMonths: ENQUIRY_MONTHS, nextCursor: null };
  },
});

const SET: Statement = {
  name: 'country_rules.set',
  text: `insert into country_rules (company_id, country, regime, reason, set_by, updated_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (company_id, country) do update set regime = excluded.regime, reason = excluded.reason, set_by = excluded.set_by, updated_at = excluded.updated_at`,
};
const UNSET: Statement = { name: 'country_rules.unset', text: 'delete from country_rules where company_id = $1 and country = $2' };

export const setCountry = operation({
  name: 'countries.set',
  summary: 'See the law of a country otherwise than the default, with the reason; null goes back to the default',
  http: 'PUT /api/countries/{country}',
  cli: 'countries set',
  access: 'write',
  role: 'admin',
  scope: 'people:write',
  input: z.object({
    country: z.string().max(64).toUpperCase().describe('ISO 3166, two letters'),
    regime: z.enum(REGIMES).nullable(),
    reason: z.string().trim().max(1_000).optional().describe('Whose advice it is; kept with your name'),
  }),
  output: Country,
  errors: [CountryNotFound],
  async run(ctx, { country, regime, reason }) {
    if (countryName(country) === undefined) throw new CountryNotFound(`${country} is no country; give two letters such as DE`);
    const [before] = (await ctx.query<Own>(OWN, [ctx.companyId])).filter((row) => row.country === country);
    if (before !== undefined) ctx.expectVersion(before);
    if (regime === null) await ctx.query(UNSET, [ctx.companyId, country]);
    else {
      if (reason === undefined || reason === '')
        throw new InvalidInput('Say why your company sees the law of this country otherwise', {
          fields: [{ path: 'reason', message: 'is needed, such as whose advice it is' }],
        });
      const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
      await ctx.query(SET, [ctx.companyId, country, regime, reason, by, ctx.clock.now()]);
    }
    ctx.subject('country_rules', country);
    const [now] = (await ctx.query<Own>(OWN, [ctx.companyId])).filter((row) => row.country === country);
    return shown(country, now);
  },
});

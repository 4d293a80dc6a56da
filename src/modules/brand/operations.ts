import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { Brand, BrandLink, FONTS, loadLook } from './brand.ts';
import { contrast, darkShades, lightShades } from './colours.ts';
import { FAMILIES } from './letters.ts';
import { keepPicture } from './pictures.ts';

const Shown = z.object({
  accent: z.string().describe('As it is drawn: text and buttons of it can be read'),
  onAccent: z.string().describe('What is written on it'),
  ratio: z.number().describe('Contrast on its ground (WCAG 2.2); text needs 4.5'),
});
const Colours = z.object({
  light: Shown,
  dark: Shown,
  corrected: z.boolean().describe('The colour as given could not be read on white; pages show a darker one'),
  ratio: z.number().describe('Contrast of the colour as given, on white'),
});

const WHITE = '#ffffff';
const DARK_PANEL = '#15171c';
const rounded = (ratio: number): number => Math.floor(ratio * 100) / 100;

function coloursOf(accent: string): z.output<typeof Colours> {
  const [light, dark] = [lightShades({ accent }), darkShades({ accent })];
  return {
    light: { accent: light.accent, onAccent: light.onAccent, ratio: rounded(contrast(light.accent, WHITE)) },
    dark: { accent: dark.accent, onAccent: dark.onAccent, ratio: rounded(contrast(dark.accent, DARK_PANEL)) },
    corrected: light.accent.toLowerCase() !== accent.toLowerCase(),
    ratio: rounded(contrast(accent, WHITE)),
  };
}

const ShownBrand = Brand.extend({
  companyName: z.string(),
  postalAddress: z.string().nullable(),
  website: z.string().nullable(),
  logo: z.string().nullable().describe('SHA-256 of the picture; null: the name stands there'),
  colours: Colours,
  fonts: z.array(z.object({ font: z.enum(FONTS), head: z.string(), body: z.string() })).describe('CSS families of each choice'),
  updatedAt: z.date(),
});

async function shown(ctx: Ctx): Promise<z.output<typeof ShownBrand>> {
  const { look, postalAddress, website, updatedAt } = await loadLook(ctx, ctx.companyId);
  return {
    ...look,
    postalAddress,
    website,
    colours: coloursOf(look.accent),
    fonts: FONTS.map((font) => ({ font, ...FAMILIES[font] })),
    updatedAt,
  };
}

export const getBrand = operation({
  name: 'brand.get',
  summary: 'What everything looks like that others see: name, logo, colour, letters, links',
  http: 'GET /api/brand',
  cli: 'brand get',
  access: 'read',
  input: z.object({}),
  output: ShownBrand,
  run: shown,
});

export const brandColours = operation({
  name: 'brand.colours',
  summary: 'What a colour becomes on light and dark pages, so that it can be read',
  http: 'GET /api/brand/colours',
  cli: 'brand colours',
  access: 'read',
  input: z.object({ accent: Brand.shape.accent.unwrap() }),
  output: Colours,
  run: async (_ctx, { accent }) => coloursOf(accent),
});

const SAVE: Statement = {
  name: 'brand.save',
  text: `insert into brands (company_id, look, updated_at) values ($1, $2::jsonb, $3)
         on conflict (company_id) do update set look = excluded.look, updated_at = excluded.updated_at`,
};
const LOGO: Statement = {
  name: 'brand.logo_save',
  text: `insert into brands (company_id, logo, updated_at) values ($1, $2, $3)
         on conflict (company_id) do update set logo = excluded.logo, updated_at = excluded.updated_at`,
};

export const updateBrand = operation({
  name: 'brand.update',
  summary: 'Change what is to come looks like; what was issued or published stays',
  http: 'PUT /api/brand',
  cli: 'brand update',
  access: 'write',
  role: 'manager',
  // Without their defaults: what is not named stays.
  input: z.object({
    accent: Brand.shape.accent.unwrap().optional(),
    font: Brand.shape.font.unwrap().optional(),
    paper: Brand.shape.paper.unwrap().optional(),
    footer: Brand.shape.footer.unwrap().optional(),
    dark: z.boolean().optional(),
    links: z.array(BrandLink).max(8).optional(),
  }),
  output: ShownBrand,
  async run(ctx, input) {
    const { look, updatedAt } = await loadLook(ctx, ctx.companyId);
    ctx.expectVersion({ updatedAt });
    const named = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const { accent, font, paper, footer, dark, links } = { ...look, ...named };
    await ctx.query(SAVE, [ctx.companyId, JSON.stringify({ accent, font, paper, footer, dark, links }), ctx.clock.now()]);
    ctx.subject('brands', ctx.companyId);
    ctx.emit({ name: 'brand.updated', subject: { type: 'company', id: ctx.companyId } });
    return shown(ctx);
  },
});

export const setLogo = operation({
  name: 'brand.logo',
  summary: 'The logo on what is to come: PNG or JPEG; empty takes it away',
  http: 'PUT /api/brand/logo',
  cli: 'brand logo',
  access: 'write',
  role: 'manager',
  bodyLimit: 4 * 1024 * 1024,
  input: z.object({
    contentBase64: z.base64().max(2_800_000).describe('The picture: PNG or JPEG').meta({ 'x-file': true, 'x-cli': 'from-file' }),
  }),
  output: ShownBrand,
  async run(ctx, { contentBase64 }) {
    const kept = contentBase64 === '' ? null : await keepPicture(ctx, ctx.companyId, contentBase64, ctx.clock.now());
    await ctx.query(LOGO, [ctx.companyId, kept?.picture ?? null, ctx.clock.now()]);
    ctx.subject('brands', ctx.companyId);
    ctx.emit({ name: 'brand.updated', subject: { type: 'company', id: ctx.companyId } });
    return shown(ctx);
  },
});

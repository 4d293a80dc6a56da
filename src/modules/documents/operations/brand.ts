import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { loadLook } from '../brand.ts';
import { Brand } from '../model/brand.ts';
import { keepPicture } from '../pictures.ts';

const ShownBrand = Brand.extend({
  companyName: z.string(),
  logo: z.string().nullable().describe('SHA-256 of the picture; null: the name stands there'),
  updatedAt: z.date(),
});

async function shown(ctx: Ctx): Promise<z.output<typeof ShownBrand>> {
  const { look, updatedAt } = await loadLook(ctx, ctx.companyId);
  return { ...look, updatedAt };
}

export const getBrand = operation({
  name: 'documents.brand',
  summary: 'What all documents look like: colour, letters, paper, logo',
  http: 'GET /api/documents/brand',
  cli: 'documents brand',
  access: 'read',
  input: z.object({}),
  output: ShownBrand,
  run: shown,
});

const SAVE: Statement = {
  name: 'documents.brand_save',
  text: `insert into document_brands (company_id, brand, updated_at) values ($1, $2::jsonb, $3)
         on conflict (company_id) do update set brand = excluded.brand, updated_at = excluded.updated_at`,
};
const LOGO: Statement = {
  name: 'documents.logo_save',
  text: `insert into document_brands (company_id, logo, updated_at) values ($1, $2, $3)
         on conflict (company_id) do update set logo = excluded.logo, updated_at = excluded.updated_at`,
};

export const updateBrand = operation({
  name: 'documents.update_brand',
  summary: 'Change what documents to come look like; what was published stays',
  http: 'PUT /api/documents/brand',
  cli: 'documents update-brand',
  access: 'write',
  role: 'manager',
  // Without their defaults: what is not named stays.
  input: z.object({
    accent: Brand.shape.accent.unwrap().optional(),
    font: Brand.shape.font.unwrap().optional(),
    paper: Brand.shape.paper.unwrap().optional(),
    footer: Brand.shape.footer.unwrap().optional(),
  }),
  output: ShownBrand,
  async run(ctx, input) {
    const { look, updatedAt } = await loadLook(ctx, ctx.companyId);
    ctx.expectVersion({ updatedAt });
    const named = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const { accent, font, paper, footer } = { ...look, ...named };
    await ctx.query(SAVE, [ctx.companyId, JSON.stringify({ accent, font, paper, footer }), ctx.clock.now()]);
    ctx.subject('document_brands', ctx.companyId);
    return shown(ctx);
  },
});

const picture = () => z.base64().max(2_800_000).describe('The picture: PNG or JPEG').meta({ 'x-file': true, 'x-cli': 'from-file' });

export const setDocumentLogo = operation({
  name: 'documents.logo',
  summary: 'The logo on documents to come: PNG or JPEG; empty takes it away',
  http: 'PUT /api/documents/brand/logo',
  cli: 'documents logo',
  access: 'write',
  role: 'manager',
  bodyLimit: 4 * 1024 * 1024,
  input: z.object({ contentBase64: picture() }),
  output: ShownBrand,
  async run(ctx, { contentBase64 }) {
    const kept = contentBase64 === '' ? null : await keepPicture(ctx, ctx.companyId, contentBase64, ctx.clock.now());
    await ctx.query(LOGO, [ctx.companyId, kept?.picture ?? null, ctx.clock.now()]);
    ctx.subject('document_brands', ctx.companyId);
    return shown(ctx);
  },
});

export const addDocumentPicture = operation({
  name: 'documents.add_picture',
  summary: 'Keep a picture for documents; blocks name it by what this answers',
  http: 'POST /api/documents/pictures',
  cli: 'documents add-picture',
  access: 'write',
  bodyLimit: 4 * 1024 * 1024,
  status: 201,
  input: z.object({ contentBase64: picture() }),
  output: z.object({ picture: z.string().describe('SHA-256 of its bytes'), width: z.int(), height: z.int() }),
  async run(ctx, { contentBase64 }) {
    const kept = await keepPicture(ctx, ctx.companyId, contentBase64, ctx.clock.now());
    ctx.subject('document_pictures', ctx.companyId);
    return kept;
  },
});

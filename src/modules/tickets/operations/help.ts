import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { helpUrl } from '../help/page.ts';

/** Another company of this installation has this address of a help page. */
export class HelpAddressTaken extends Conflict {
  override readonly code = 'help_address_taken';
}

const HelpPage = z.object({
  slug: z.string().describe('Its address is /help/<slug>'),
  open: z.boolean().describe('Everybody reads all published articles there'),
  url: z.string(),
  updatedAt: z.date().nullable().describe('null: never set'),
});

const LOAD: Statement = {
  name: 'tickets.help_page',
  text: `select co.name, h.slug, coalesce(h.open, false) as open, h.updated_at as "updatedAt" from companies co left join help_pages h on h.company_id = co.id where co.id = $1`,
};
const SAVE: Statement = {
  name: 'tickets.save_help_page',
  text: `insert into help_pages (company_id, slug, open, updated_at) values ($1, $2, $3, $4)
         on conflict (company_id) do update set slug = excluded.slug, open = excluded.open, updated_at = excluded.updated_at`,
};

/** `Müller & Söhne` becomes `muller-sohne`. */
const slugOf = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60).replace(/-+$/, '') || 'help'; // prettier-ignore

async function load(ctx: Ctx): Promise<z.output<typeof HelpPage>> {
  const [row] = await ctx.query<{ name: string; slug: string | null; open: boolean; updatedAt: Date | null }>(LOAD, [ctx.companyId]);
  if (row === undefined) throw new Error('a company has a row');
  const slug = row.slug ?? slugOf(row.name);
  return { slug, open: row.open, url: helpUrl(ctx.runtime, slug), updatedAt: row.updatedAt };
}

export const getHelpPage = operation({
  name: 'articles.help_page',
  summary: 'The public page of published articles: its address, and whether it is open',
  http: 'GET /api/help-page',
  cli: 'articles help-page',
  access: 'read',
  input: z.object({}),
  output: HelpPage,
  run: (ctx) => load(ctx),
});

export const updateHelpPage = operation({
  name: 'articles.update_help_page',
  summary: 'Open the public page of published articles, close it, or move it to another address',
  http: 'PUT /api/help-page',
  cli: 'articles set-help-page',
  access: 'write',
  role: 'manager',
  input: z.object({
    open: z.boolean().optional(),
    slug: z
      .string()
      .trim()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, 'takes small letters, digits and -, at most 60')
      .optional(),
  }),
  output: HelpPage,
  errors: [HelpAddressTaken],
  async run(ctx, input) {
    const before = await load(ctx);
    if (before.updatedAt !== null) ctx.expectVersion({ updatedAt: before.updatedAt });
    const { slug, open } = { ...before, ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) };
    try {
      await ctx.query(SAVE, [ctx.companyId, slug, open, ctx.clock.now()]);
    } catch (error) {
      if (Reflect.get(Object(error), 'constraint') !== 'help_pages_slug') throw error;
      throw new HelpAddressTaken(`/help/${slug} is another company’s page; choose another address`);
    }
    ctx.subject('help_pages', ctx.companyId);
    return load(ctx);
  },
});

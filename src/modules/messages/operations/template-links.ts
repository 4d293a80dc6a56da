import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { reach } from '../templates/checks/reach.ts';

export const checkLinks = operation({
  name: 'templates.check_links',
  summary: 'Ask each address of a template whether it answers',
  http: 'POST /api/templates/links',
  cli: 'templates check-links',
  access: 'outside',
  status: 200,
  ratePerMinute: 10,
  scope: 'templates:read',
  input: z.object({ urls: z.array(z.string().max(2_000)).max(50).describe('As templates.preview gives them') }),
  output: z.object({ items: z.array(z.object({ url: z.string(), ok: z.boolean(), status: z.int().nullable(), says: z.string() })) }),
  async run(ctx, input) {
    const urls = [...new Set(input.urls)].filter((url) => /^https?:\/\//i.test(url));
    return { items: (await reach(ctx.runtime, urls)).map((one) => ({ ...one })) };
  },
});

import type { FastifyInstance } from 'fastify';
import type { Statement } from '#core/database/database.ts';
import { html, Html } from '#core/portal/html.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';

/** Most that one file may hold is 50,000 (sitemaps.org). */
const MOST = 50_000;
const LISTED: Statement = {
  name: 'landing.site_map',
  text: `select p.slug, p.published_at as at from landing_pages p join landing_versions v on v.page_id = p.id and v.number = p.version
          where (v.content ->> 'indexed')::boolean and coalesce(p.shown_from <= $1, true) and coalesce(p.shown_until > $1, true)
          order by p.published_at desc limit ${MOST}`,
};

/** What search engines may list: published pages of all companies of this address. */
export function siteMapRoutes(http: FastifyInstance, runtime: Runtime): void {
  const base = publicUrl(runtime.config);
  http.get('/sitemap.xml', async (_request, reply) => {
    const rows = await runtime.system.read((tx) => tx.query<{ slug: string; at: Date }>(LISTED, [runtime.clock.now()]));
    const urls = rows.map(({ slug, at }) => html`<url><loc>${base}/go/${slug}</loc><lastmod>${at.toISOString()}</lastmod></url>`);
    const text = html`${new Html('<?xml version="1.0" encoding="UTF-8"?>')}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        >${urls}</urlset
      >`;
    return reply.headers({ 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'public, max-age=300' }).send(text.text);
  });
  http.get('/robots.txt', (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' })
      .send(`User-agent: *\nDisallow: /api/\nDisallow: /d/\nDisallow: /portal/\nDisallow: /go/preview/\nSitemap: ${base}/sitemap.xml\n`),
  );
}

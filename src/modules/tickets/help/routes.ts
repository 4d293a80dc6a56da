import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Statement } from '#core/database/database.ts';
import { spokenIn, type Spoken } from '#core/language.ts';
import { hasRoom, openLimiter } from '#core/operation/limit.ts';
import { requestInfo } from '#core/operation/rest.ts';
import { html, type Html } from '#core/portal/html.ts';
import type { Runtime } from '#core/runtime.ts';
import { loadLook } from '#modules/brand/public.ts';
import { busyPage, card, companyPage, inside, logoOf, missingPage, paragraphs, rows, type WholePage } from '#modules/portal/public.ts';
import { TICKET_WORDS } from '../words.ts';
import { helpPageAt, type HelpPage } from './page.ts';
import { voteOnArticle } from './votes.ts';

const PAGES_PER_MINUTE = 120;
const VOTES_PER_MINUTE = 20;
const MOST = 200;
const MOST_FOUND = 20;
const LONGEST_QUESTION = 300;
const SLUG = /^[a-z0-9-]{1,60}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Line {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

const ALL: Statement = {
  name: 'tickets.help_all',
  text: `select id, title, left(body, 200) as body from ticket_articles where company_id = $1 and state = 'published' order by lower(title), id limit ${MOST}`,
};
const FOUND: Statement = {
  name: 'tickets.help_found',
  text: `select a.id, a.title, left(a.body, 200) as body from steward_articles_found($2, true, ${MOST_FOUND}) f join ticket_articles a on a.id = f.id
          where a.company_id = $1 and a.state = 'published' order by f.rank desc, a.id`,
};
const ONE: Statement = {
  name: 'tickets.help_one',
  text: `select id, title, body from ticket_articles where company_id = $1 and id = $2 and state = 'published'`,
};

/** `/help/<slug>`: published articles for everybody, searched by their words; `/help/<slug>/<id>`: one of them, and whether it helped. No cookie. */
export function helpRoutes(http: FastifyInstance, runtime: Runtime): void {
  const pages = openLimiter(PAGES_PER_MINUTE);
  const votes = openLimiter(VOTES_PER_MINUTE);
  const find = async (request: FastifyRequest): Promise<HelpPage | null> => {
    const slug = param(request, 'slug');
    return SLUG.test(slug) ? runtime.system.read((tx) => helpPageAt(tx, slug)) : null;
  };

  http.get('/help/:slug', async (request, reply) => {
    if (!hasRoom(pages, request.ip)) return send(reply.header('retry-after', '30'), 429, busyPage(30, spokenTo(request)));
    const page = await find(request);
    if (page === null) return send(reply, 404, missingPage(spokenTo(request)));
    const q = asked(request, 'q').replaceAll('\u0000', '').toWellFormed().trim().slice(0, LONGEST_QUESTION);
    const language = spokenTo(request, page);
    const { look, lines } = await runtime.database.read(page.companyId, async (tx) => ({
      look: await loadLook(tx, page.companyId),
      lines: await tx.query<Line>(q === '' ? ALL : FOUND, q === '' ? [page.companyId] : [page.companyId, q]),
    }));
    return send(reply, 200, companyPage({ company: look, home: `/help/${page.slug}`, title: null, heading: TICKET_WORDS[language].help.heading, body: overview(page, q, lines, language), language }));
  }); // prettier-ignore

  http.get('/help/:slug/logo', async (request, reply) => {
    const page = await find(request);
    const logo = page === null ? null : await runtime.database.read(page.companyId, (tx) => logoOf(tx, page.companyId));
    if (logo === null) return send(reply, 404, missingPage(spokenTo(request)));
    const headers = { 'content-type': logo.type, 'content-security-policy': "sandbox; default-src 'none'", 'x-content-type-options': 'nosniff', 'cache-control': 'public, max-age=86400' };
    return reply.headers(headers).send(logo.bytes);
  }); // prettier-ignore

  http.get('/help/:slug/:article', async (request, reply) => {
    if (!hasRoom(pages, request.ip)) return send(reply.header('retry-after', '30'), 429, busyPage(30, spokenTo(request)));
    const page = await find(request);
    const id = param(request, 'article');
    if (page === null || !UUID.test(id)) return send(reply, 404, missingPage(spokenTo(request)));
    const { look, article } = await runtime.database.read(page.companyId, async (tx) => ({
      look: await loadLook(tx, page.companyId),
      article: (await tx.query<Line>(ONE, [page.companyId, id]))[0],
    }));
    if (article === undefined) return send(reply, 404, missingPage(spokenTo(request)));
    const language = spokenTo(request, page);
    const said = asked(request, 'thanks') === '' ? null : TICKET_WORDS[language].help.thanks;
    return send(reply, 200, companyPage({ company: look, home: `/help/${page.slug}`, title: article.title, heading: article.title, body: oneArticle(page, article, said, language), said, language }));
  }); // prettier-ignore

  http.post('/help/:slug/:article', { bodyLimit: 4_096 }, async (request, reply) => {
    const page = await find(request);
    const id = param(request, 'article');
    if (page === null || !UUID.test(id)) return send(reply, 404, missingPage(spokenTo(request)));
    if (!hasRoom(votes, request.ip)) return send(reply.header('retry-after', '30'), 429, busyPage(30, spokenTo(request)));
    const said: unknown = Reflect.get(Object(request.body), 'helpful');
    const { ip, userAgent } = requestInfo(request, 'web');
    if (said === 'yes' || said === 'no')
      await runtime.database.write(page.companyId, (tx) =>
        voteOnArticle(tx, runtime.secrets, {
          companyId: page.companyId,
          articleId: id,
          helpful: said === 'yes',
          ip,
          userAgent: userAgent ?? null,
          at: runtime.clock.now(),
        }),
      );
    return reply.code(303).header('cache-control', 'no-store').header('location', `/help/${page.slug}/${id}?thanks=1`).send();
  });
}

/** As the browser likes it, else the company's: nobody is known here. */
const spokenTo = ({ headers }: FastifyRequest, page: HelpPage | null = null): Spoken =>
  spokenIn({ browser: headers['accept-language'], company: page?.language ?? null });

function overview({ slug }: HelpPage, q: string, lines: readonly Line[], language: Spoken): Html {
  const words = TICKET_WORDS[language].help;
  const none = q === '' ? words.none : words.notFound(q);
  const list =
    lines.length === 0
      ? inside(html`<p class="soft">${none}</p>`)
      : rows(lines.map(({ id, title, body }) => ({ title, detail: beginningOf(body), href: `/help/${slug}/${id}` })));
  return html`<form method="get" action="/help/${slug}" class="find" role="search">
      <label for="q">${words.search}</label>
      <div class="pair">
        <input id="q" name="q" type="search" maxlength="${LONGEST_QUESTION}" value="${q}" /><button type="submit">${words.find}</button>
      </div>
    </form>
    ${card(q === '' ? words.articles : words.count(lines.length), list, q === '' ? null : html`<a href="/help/${slug}">${words.showAll}</a>`)}`;
}

function oneArticle({ slug, language: written }: HelpPage, { id, body }: Line, said: string | null, language: Spoken): Html {
  const words = TICKET_WORDS[language].help;
  const ask = html`<form method="post" action="/help/${slug}/${id}" class="votes">
    <p>${words.helpful}</p>
    <button class="second" type="submit" name="helpful" value="yes">${words.yes}</button>
    <button class="second" type="submit" name="helpful" value="no">${words.no}</button>
  </form>`;
  return html`<article class="card" ${written === null ? null : html` lang="${written}"`}>${inside(paragraphs(body))}</article>
    ${said === null ? ask : null}`;
}

/** The first words, for a list. */
function beginningOf(body: string): string {
  const line = body.replace(/\s+/g, ' ').trim();
  return line.length <= 120 ? line : `${line.slice(0, 119).replace(/\s\S*$/, '')}…`;
}

function send(reply: FastifyReply, status: number, page: WholePage): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': page.policy, 'cache-control': 'no-cache', vary: 'accept-language', 'referrer-policy': 'same-origin' })
    .send(page.html);
} // prettier-ignore

function param(request: FastifyRequest, name: string): string {
  const value: unknown = Reflect.get(Object(request.params), name);
  return typeof value === 'string' ? value : '';
}

function asked(request: FastifyRequest, name: string): string {
  const value: unknown = Reflect.get(Object(request.query), name);
  return typeof value === 'string' ? value : '';
}

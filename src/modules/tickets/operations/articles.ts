import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { helpUrl, openHelpPage } from '../help/page.ts';
import { LANGUAGES } from '../tables.ts';
import { MACRO_COLUMNS, macroText, readMacro, type Macro } from '../macros.ts';
import { requireTicket, ticketId, TicketNotFound } from '../ticket.ts';

/** There is no such article. */
export class ArticleNotFound extends NotFound {
  override readonly code = 'article_not_found';
}

const articleId = () => z.uuid().describe('Id of the article');
const STATES = ['draft', 'published'] as const;
const Article = z.object({
  id: z.uuid(),
  title: z.string(),
  body: z.string(),
  state: z.enum(STATES),
  language: z.enum(LANGUAGES),
  publishedAt: z.date().nullable(),
  helpful: z.int().describe('Voices on the help page that it helped'),
  notHelpful: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
type Article = z.output<typeof Article>;
const COLUMNS = `a.id, a.title, a.body, a.state, a.language, a.published_at as "publishedAt", a.created_at as "createdAt", a.updated_at as "updatedAt",
  (select count(*)::int from article_votes v where v.article_id = a.id and v.company_id = a.company_id and v.helpful) as helpful,
  (select count(*)::int from article_votes v where v.article_id = a.id and v.company_id = a.company_id and not v.helpful) as "notHelpful"`;
const fields = {
  title: z.string().trim().min(1).max(200),
  body: z.string().max(100_000).describe('Plain text'),
  language: z.enum(LANGUAGES).describe('By which its words are cut to their stems; simple: not at all'),
};

const userOf = (ctx: Ctx): string | null => ('userId' in ctx.principal ? ctx.principal.userId : null);

async function requireArticle(ctx: Ctx, id: string): Promise<Article> {
  const [row] = await ctx.query<Article>(
    { name: 'tickets.article', text: `select ${COLUMNS} from ticket_articles a where a.company_id = $1 and a.id = $2` },
    [ctx.companyId, id],
  );
  if (row === undefined) throw new ArticleNotFound('There is no such article; list them with GET /api/articles');
  return row;
}

const LIST = (state: boolean, after: boolean): Statement => ({
  name: `tickets.articles${state ? '.state' : ''}${after ? '.after' : ''}`,
  text: `select ${COLUMNS} from ticket_articles a where a.company_id = $1 ${state ? 'and a.state = $3' : ''} ${
    after ? `and (a.updated_at, a.id) < ($${state ? 4 : 3}::timestamptz, $${state ? 5 : 4}::uuid)` : ''
  } order by a.updated_at desc, a.id desc limit $2`,
});
const FOUND: Statement = {
  name: 'tickets.articles_found',
  text: `select ${COLUMNS} from steward_articles_found($2, $3, $4) f join ticket_articles a on a.id = f.id where a.company_id = $1 order by f.rank desc, a.id`,
};

export const listArticles = operation({
  name: 'articles.list',
  summary: 'Articles of the knowledge base: last changed first, or what fits some words best first',
  http: 'GET /api/articles',
  cli: 'articles list',
  access: 'read',
  input: z.object({
    q: z.string().trim().min(1).max(500).optional().describe('Any of these words; the best come first, all on one page'),
    state: z.enum(STATES).optional(),
    ...pageInput,
  }),
  output: pageOf(Article),
  async run(ctx, { q, state, limit, cursor }) {
    if (q !== undefined) {
      const rows = await ctx.query<Article>(FOUND, [ctx.companyId, q, state === 'published', limit]);
      return { items: rows.filter((row) => state === undefined || row.state === state), nextCursor: null };
    }
    const rows = await ctx.query<Article>(LIST(state !== undefined, cursor !== undefined), [
      ctx.companyId,
      limit + 1,
      ...(state === undefined ? [] : [state]),
      ...(cursor === undefined ? [] : positionOf(cursor)),
    ]);
    return toPage(rows, limit, (row) => [row.updatedAt.getTime(), row.id]);
  },
});

export const getArticle = operation({
  name: 'articles.get',
  summary: 'Read one article',
  http: 'GET /api/articles/{article_id}',
  cli: 'articles get',
  access: 'read',
  input: z.object({ articleId: articleId() }),
  output: Article,
  errors: [ArticleNotFound],
  run: (ctx, input) => requireArticle(ctx, input.articleId),
});

export const createArticle = operation({
  name: 'articles.create',
  summary: 'Write an article; a draft until it is published',
  http: 'POST /api/articles',
  cli: 'articles create',
  access: 'write',
  input: z.object({
    title: fields.title,
    body: fields.body.default(''),
    language: fields.language.default('simple'),
    state: z.enum(STATES).default('draft'),
  }),
  output: Article,
  async run(ctx, input) {
    const id = newId();
    await ctx.query(
      {
        name: 'tickets.create_article',
        text: `insert into ticket_articles (id, company_id, title, body, language, state, published_at, updated_by, created_at, updated_at)
               values ($1, $2, $3, $4, $5, $6, case when $6 = 'published' then $8::timestamptz end, $7, $8, $8)`,
      },
      [id, ctx.companyId, input.title, input.body, input.language, input.state, userOf(ctx), ctx.clock.now()],
    );
    return requireArticle(ctx, id);
  },
});

export const updateArticle = operation({
  name: 'articles.update',
  summary: 'Change an article, publish it, or take it back to a draft',
  http: 'PATCH /api/articles/{article_id}',
  cli: 'articles update',
  access: 'write',
  input: z.object({
    articleId: articleId(),
    title: fields.title.optional(),
    body: fields.body.optional(),
    language: fields.language.optional(),
    state: z.enum(STATES).optional(),
  }),
  output: Article,
  errors: [ArticleNotFound],
  async run(ctx, { articleId: id, ...to }) {
    const before = await requireArticle(ctx, id);
    ctx.expectVersion(before);
    const after = { ...before, ...to };
    await ctx.query(
      {
        name: 'tickets.update_article',
        text: `update ticket_articles set title = $3, body = $4, language = $5, state = $6, published_at = case when $6 = 'published' then coalesce(published_at, $8::timestamptz) end,
                 updated_by = $7, updated_at = $8 where company_id = $1 and id = $2`,
      },
      [ctx.companyId, id, after.title, after.body, after.language, after.state, userOf(ctx), ctx.clock.now()],
    );
    return requireArticle(ctx, id);
  },
});

export const deleteArticle = operation({
  name: 'articles.delete',
  summary: 'Delete an article',
  http: 'DELETE /api/articles/{article_id}',
  cli: 'articles delete',
  access: 'write',
  destructive: true,
  input: z.object({ articleId: articleId() }),
  output: z.object({}),
  errors: [ArticleNotFound],
  async run(ctx, input) {
    await requireArticle(ctx, input.articleId);
    await ctx.query({ name: 'tickets.delete_article', text: 'delete from ticket_articles where company_id = $1 and id = $2' }, [
      ctx.companyId,
      input.articleId,
    ]);
    ctx.subject('ticket_article', input.articleId);
    return {};
  },
});

/** What they last wrote, with the subject: the words that an answer is looked for by. */
const ASKED: Statement = {
  name: 'tickets.asked',
  text: `select coalesce(nullif(e.text, ''), m.new_text, m.text, '') as text from ticket_entries e left join messages m on m.id = e.message_id
          where e.company_id = $1 and e.ticket_id = $2 and e.inbound and not e.auto order by e.created_at desc, e.id desc limit 3`,
};
/** Macros by how many of the asked words stand in them; a company has few. */
const MACROS_FOUND: Statement = {
  name: 'tickets.macros_found',
  text: `with asked as (select replace(plainto_tsquery('simple', left($2, 5000))::text, ' & ', ' | ')::tsquery as query)
         select ${MACRO_COLUMNS} from ticket_macros, asked where company_id = $1 and text <> '' and to_tsvector('simple', title || ' ' || text) @@ asked.query
          order by ts_rank(to_tsvector('simple', title || ' ' || text), asked.query) desc, id limit 3`,
};
const MOST_ARTICLES = 3;

/** What they wrote last, oldest of three last. */
export async function asked(tx: Transaction, companyId: string, ticketId: string): Promise<string> {
  const rows = await tx.query<{ text: string }>(ASKED, [companyId, ticketId]);
  return rows
    .toReversed()
    .map((row) => row.text)
    .join('\n\n');
}

interface Suggestion {
  readonly source: 'article' | 'macro';
  readonly sourceId: string;
  readonly title: string;
  readonly text: string;
  readonly url: string | null;
  readonly problem: string | null;
}

/** Published articles and macros whose words fit what was asked, the best first. */
export async function suggestionsFor(
  tx: Transaction,
  companyId: string,
  ticket: { readonly id: string; readonly subject: string },
  urlOf: (slug: string, articleId: string) => string = () => '',
): Promise<Suggestion[]> {
  const words = `${ticket.subject} ${await asked(tx, companyId, ticket.id)}`.trim();
  const articles = await tx.query<Article>(FOUND, [companyId, words, true, MOST_ARTICLES]);
  const macros = (await tx.query<Macro>(MACROS_FOUND, [companyId, words])).map(readMacro);
  const page = articles.length === 0 ? null : await openHelpPage(tx, companyId);
  const drawn = await Promise.all(
    macros.map(async ({ id, title, text }) => ({
      source: 'macro' as const,
      sourceId: id,
      title,
      url: null,
      ...(await macroText(tx, companyId, ticket.id, text)),
    })),
  );
  const written = articles.map(({ id, title, body }) => ({
    source: 'article' as const,
    sourceId: id,
    title,
    text: body,
    url: page === null ? null : urlOf(page.slug, id),
    problem: null,
  }));
  return [...written, ...drawn];
}

export const suggestAnswers = operation({
  name: 'tickets.suggest',
  summary:
    'Answers that may fit a ticket, each with where it comes from: published articles and macros by their words. Somebody reads them before one is sent',
  http: 'GET /api/tickets/{ticket_id}/suggestions',
  cli: 'tickets suggest',
  access: 'read',
  input: z.object({ ticketId: ticketId() }),
  output: z.object({
    items: z.array(
      z.object({
        source: z.enum(['article', 'macro']),
        sourceId: z.uuid(),
        title: z.string(),
        text: z.string(),
        url: z.string().nullable().describe('Of an article: where everybody reads it, while the help page is open'),
        problem: z.string().nullable().describe('A gap that somebody must fill before it is sent'),
      }),
    ),
    nextCursor: z.null(),
  }),
  errors: [TicketNotFound],
  async run(ctx, input) {
    const ticket = await requireTicket(ctx, input.ticketId);
    return { items: await suggestionsFor(ctx, ctx.companyId, ticket, (slug, id) => helpUrl(ctx.runtime, slug, id)), nextCursor: null };
  },
});

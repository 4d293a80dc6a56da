import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { understoodIn, type Understood } from '#core/language.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { readLinkToken, type LinkSubject } from '../tokens.ts';
import { choose, readerOf, topicsOf, unsubscribe, type LinkReader } from './choices.ts';
import { askPage, donePage, missingPage, PAGE_POLICY, preferencePage } from './page.ts';

const BODY_LIMIT = 16_384;

/**
 * The ways out that stand in every commercial mail. `/u/{token}`: POST acts at once (RFC 8058: no cookie, no redirect, no question), GET only
 * shows a page with a button, because software follows links. `/p/{token}`: what to get, by topic.
 */
export function unsubscribeRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get('/u/:token', async (request, reply) => {
    const found = await find(runtime, request);
    return found === null ? html(reply, 404, missingPage(languageOf(request))) : html(reply, 200, askPage(shown(found, request)));
  });

  http.post('/u/:token', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const found = await find(runtime, request);
    if (found === null) return html(reply, 404, missingPage(languageOf(request)));
    const source = Reflect.get(Object(request.body), 'List-Unsubscribe') === 'One-Click' ? 'one_click' : 'page';
    await runtime.database.write(found.link.companyId, (tx) =>
      unsubscribe(tx, runtime, found.link, found.reader, source, evidenceOf(requestInfo(request))),
    );
    runtime.engine.nudge();
    return html(reply, 200, donePage(shown(found, request)));
  });

  http.get('/p/:token', async (request, reply) => {
    const found = await find(runtime, request);
    if (found === null) return html(reply, 404, missingPage(languageOf(request)));
    return html(reply, 200, preferencePage(shown(found, request), await topics(runtime, found), false));
  });

  http.post('/p/:token', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const found = await find(runtime, request);
    if (found === null) return html(reply, 404, missingPage(languageOf(request)));
    const body: object = Object(request.body);
    const wanted = new Set<string>('none' in body ? [] : [Reflect.get(body, 'topic') ?? []].flat().map(String));
    await runtime.database.write(found.link.companyId, (tx) =>
      choose(tx, runtime, found.link, found.reader, wanted, evidenceOf(requestInfo(request))),
    );
    runtime.engine.nudge();
    const now = await find(runtime, request);
    return html(reply, 200, preferencePage(shown(now ?? found, request), await topics(runtime, now ?? found), true));
  });
}

interface Found {
  readonly token: string;
  readonly link: LinkSubject;
  readonly reader: LinkReader;
}

async function find(runtime: Runtime, request: FastifyRequest): Promise<Found | null> {
  const token: unknown = Reflect.get(Object(request.params), 'token');
  const link = typeof token === 'string' ? readLinkToken(runtime.secrets, token) : null;
  if (link === null || typeof token !== 'string') return null;
  const reader = await runtime.database.read(link.companyId, (tx) => readerOf(tx, link));
  return reader === undefined ? null : { token, link, reader };
}

function topics(runtime: Runtime, { link, reader }: Found) {
  return runtime.database.read(link.companyId, (tx) => topicsOf(tx, link, reader, runtime.clock.now()));
}

function shown({ token, reader }: Found, request: FastifyRequest) {
  const { companyName, address } = reader;
  return { token, companyName, address, language: languageOf(request, reader) };
}

/** As it stands on the person, else as the browser likes it, else the company's. */
const languageOf = ({ headers }: FastifyRequest, reader?: LinkReader): Understood =>
  understoodIn({ person: reader?.language ?? null, browser: headers['accept-language'], company: reader?.companyLanguage ?? null });

function evidenceOf({ ip, userAgent }: { ip: string | null; userAgent: string | null }): Facts {
  return { ip, user_agent: userAgent?.slice(0, 300) ?? null };
}

function html(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    })
    .send(page);
}

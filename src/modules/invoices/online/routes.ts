import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Statement } from '#core/database/database.ts';
import { spokenIn, type Spoken } from '#core/language.ts';
import { hasRoom, openLimiter } from '#core/operation/limit.ts';
import type { Runtime } from '#core/runtime.ts';
import { logoOf, missingPage, type WholePage } from '#modules/portal/public.ts';
import { beginPayment } from './begin.ts';
import { readPayWord } from './link.ts';
import { loadToPay, onwardPage, payPage, type ToPay } from './page.ts';
import { INVOICE_PAGE_WORDS } from '../portal/words.ts';

interface PayRequest {
  Params: { word: string };
  Querystring: Record<string, unknown>;
}

const PAGES_PER_MINUTE = 120;
/** Of one invoice: each may ask the payment service. */
const TRIES_PER_MINUTE = 10;
/** A payer came back: worth a look, though not at every blink. */
const RETURNED: Statement = {
  name: 'checkouts.returned',
  text: `update invoice_checkouts set look_at = $3 where company_id = $1 and invoice_id = $2 and state in ('open', 'processing') and external_id is not null
           and (looked_at is null or looked_at < $3::timestamptz - interval '5 seconds') and look_at > $3`,
};

/**
 * `/pay/<word>`: one invoice, for whoever holds its link. Software follows links, so looking makes nothing: only the button asks the payment service for a page.
 */
export function payRoutes(http: FastifyInstance, runtime: Runtime): void {
  const pages = openLimiter(PAGES_PER_MINUTE);
  const tries = openLimiter(TRIES_PER_MINUTE);

  http.get<PayRequest>('/pay/:word', async (request, reply) => {
    const found = await find(request, reply);
    if (found === null) return reply;
    const { toPay, at, companyId, invoiceId } = found;
    const returned = request.query['from'] === 'payment';
    // A hint, as a webhook is: the service is asked sooner, nothing is taken from the address.
    if (returned) await runtime.database.write(companyId, (tx) => tx.query(RETURNED, [companyId, invoiceId, runtime.clock.now()]));
    const { page, refresh } = payPage(toPay, { at, returned, language: spokenTo(request, toPay) });
    return send(refresh === null ? reply : reply.header('refresh', String(refresh)), page);
  });

  http.get<PayRequest>('/pay/:word/logo', async (request, reply) => {
    const found = await find(request, reply);
    if (found === null) return reply;
    const logo = await runtime.database.read(found.companyId, (tx) => logoOf(tx, found.companyId));
    if (logo === null) return missing(request, reply);
    return reply
      .headers({ 'content-type': logo.type, 'content-security-policy': "sandbox; default-src 'none'", 'cache-control': 'private, max-age=86400' }) // prettier-ignore
      .send(logo.bytes);
  });

  http.post<PayRequest>('/pay/:word', { bodyLimit: 4_096 }, async (request, reply) => {
    const found = await find(request, reply);
    if (found === null) return reply;
    const { toPay, at, companyId, invoiceId } = found;
    const language = spokenTo(request, toPay);
    const words = INVOICE_PAGE_WORDS[language].pay;
    const again = (alert: string, status: number) => send(reply.code(status), payPage(toPay, { at, alert, language }).page);
    if (!hasRoom(tries, invoiceId)) return again(words.tooOften, 429);
    try {
      const begun = await beginPayment(runtime, companyId, invoiceId, Object(request.body)['pays'] === 'all' ? 'all' : 'due');
      if ('url' in begun) return send(reply.header('refresh', `0; url=${begun.url}`), onwardPage(toPay, at, begun.url, language));
      // What stands in the way is what the page says now.
      return reply.code(303).headers({ location: at, 'cache-control': 'no-store' }).send();
    } catch (error) {
      if (!(error instanceof VendorUnavailable || error instanceof VendorRefused || error instanceof CredentialsRejected || error instanceof MaybeDone)) throw error;
      request.log.warn({ err: error }, 'no page to pay at could be made');
      return again(error instanceof VendorRefused ? words.refused : words.unreachable, 503);
    }
  });

  async function find(request: FastifyRequest<PayRequest>, reply: FastifyReply) {
    if (!hasRoom(pages, request.ip)) return missing(request, reply.header('retry-after', '30'), 429);
    const ids = readPayWord(runtime, request.params.word);
    const toPay = ids === null ? null : await runtime.database.read(ids.companyId, (tx) => loadToPay(tx, runtime, ids.companyId, ids.invoiceId));
    return ids === null || toPay === null ? missing(request, reply) : { ...ids, toPay, at: `/pay/${request.params.word}` };
  }
} // prettier-ignore

/** What stands on the client's person, else what the browser likes, else the company's. */
const spokenTo = ({ headers }: Pick<FastifyRequest, 'headers'>, toPay: ToPay | null = null): Spoken =>
  spokenIn({ person: toPay?.whose.language ?? null, browser: headers['accept-language'], company: toPay?.whose.companyLanguage ?? null });

/** A page was sent. */
function missing(request: Pick<FastifyRequest, 'headers'>, reply: FastifyReply, status = 404): null {
  void send(reply.code(status), missingPage(spokenTo(request)));
  return null;
}

function send(reply: FastifyReply, { html, policy }: WholePage): FastifyReply {
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'private, no-store',
      'x-robots-tag': 'noindex, nofollow',
    })
    .send(html);
}

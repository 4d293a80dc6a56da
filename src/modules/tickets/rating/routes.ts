import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { spokenIn, type Spoken } from '#core/language.ts';
import { html } from '#core/portal/html.ts';
import type { Runtime } from '#core/runtime.ts';
import { PAGE_POLICY, plainPage } from '#modules/messages/public.ts';
import { tellPages } from '../tell.ts';
import { TICKET_WORDS } from '../words.ts';
import { readRatingWord, type Rated } from './word.ts';

const BODY_LIMIT = 16_384;
/** For so long after it was solved a rating may be given, and changed. */
const OPEN_DAYS = 60;

const FOUND: Statement = {
  name: 'tickets.rated',
  text: `select t.subject, t.number::float8 as number, c.name as company, r.score, r.comment, t.person_id as "personId", p.language, c.settings ->> 'language' as "companyLanguage",
           coalesce(t.solved_at, t.last_at) > $3::timestamptz - interval '${OPEN_DAYS} days' as open
         from tickets t join companies c on c.id = t.company_id join people p on p.id = t.person_id left join ticket_ratings r on r.ticket_id = t.id where t.company_id = $1 and t.id = $2`,
};
const SAVE: Statement = {
  name: 'tickets.rate',
  text: `insert into ticket_ratings (ticket_id, company_id, score, comment, created_at, updated_at) values ($2, $1, $3, $4, $5, $5)
         on conflict (ticket_id) do update set score = excluded.score, comment = excluded.comment, updated_at = excluded.updated_at`,
};

interface Found {
  readonly subject: string;
  readonly number: number;
  readonly company: string;
  readonly score: number | null;
  readonly comment: string | null;
  readonly personId: string;
  readonly open: boolean;
  /** BCP 47, of the person and of the company. */
  readonly language: string | null;
  readonly companyLanguage: string | null;
}

const Sent = z.object({ score: z.coerce.number().int().min(1).max(5), comment: z.string().max(4_000).default('') });

/** `/rate/{word}`: a GET only shows the page, because software follows links; the button records. */
export function ratingRoutes(http: FastifyInstance, runtime: Runtime): void {
  const find = async (request: FastifyRequest): Promise<{ word: string; rated: Rated; found: Found } | null> => {
    const word: unknown = Reflect.get(Object(request.params), 'word');
    const rated = typeof word === 'string' ? readRatingWord(runtime.secrets, word) : null;
    if (rated === null || typeof word !== 'string') return null;
    const [found] = await runtime.database.read(rated.companyId, (tx) =>
      tx.query<Found>(FOUND, [rated.companyId, rated.ticketId, runtime.clock.now()]),
    );
    return found === undefined || !found.open ? null : { word, rated, found };
  };

  http.get('/rate/:word', async (request, reply) => {
    const found = await find(request);
    return found === null
      ? send(reply, 404, missing(spokenTo(request)))
      : send(reply, 200, ask(found.word, found.found, false, spokenTo(request, found.found)));
  });

  http.post('/rate/:word', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const found = await find(request);
    if (found === null) return send(reply, 404, missing(spokenTo(request)));
    const sent = Sent.safeParse(Object(request.body));
    if (!sent.success) return send(reply, 422, ask(found.word, found.found, true, spokenTo(request, found.found)));
    const { companyId, ticketId } = found.rated;
    const comment = sent.data.comment.replaceAll('\u0000', '').toWellFormed().trim();
    await runtime.database.write(companyId, async (tx) => {
      await tx.query(SAVE, [companyId, ticketId, sent.data.score, comment, runtime.clock.now()]);
      await runtime.engine.emit(tx, [
        {
          name: 'ticket.rated',
          companyId,
          subject: { type: 'ticket', id: ticketId },
          personId: found.found.personId,
          payload: { number: found.found.number, score: sent.data.score },
        },
      ]);
      await tellPages(tx, companyId);
    });
    runtime.engine.nudge();
    return send(reply, 200, thanks(found.word, found.found.company, spokenTo(request, found.found)));
  });
}

/** As it stands on the person, else as the browser likes it, else the company's. */
const spokenTo = ({ headers }: FastifyRequest, found?: Found): Spoken =>
  spokenIn({ person: found?.language ?? null, browser: headers['accept-language'], company: found?.companyLanguage ?? null });

function ask(word: string, { company, subject, score, comment }: Found, refused: boolean, language: Spoken): string {
  const { rate, send: label } = TICKET_WORDS[language];
  return plainPage(
    rate.title(company),
    html`<h1>${rate.title(company)}</h1>
      <p>${rate.about(subject)}</p>
      ${refused ? html`<p role="alert">${rate.chooseFirst}</p>` : null}
      <form method="post" action="/rate/${word}">
        <fieldset>
          <legend>${rate.found}</legend>
          ${rate.faces.map((face, i) => {
            const value = 5 - i;
            return html`<label
              ><input type="radio" name="score" value="${value}" required${score === value ? html` checked` : null} />
              <span>${face}</span></label
            >`;
          })}
        </fieldset>
        <label for="comment">${rate.comment}</label>
        <textarea id="comment" name="comment" rows="4" maxlength="4000">${comment ?? ''}</textarea>
        <button type="submit">${label}</button>
      </form>`.text,
    language,
  );
}

function thanks(word: string, company: string, language: Spoken): string {
  const { rate } = TICKET_WORDS[language];
  return plainPage(
    rate.thanks,
    html`<h1>${rate.thanks}</h1>
      <p>${rate.has(company)}</p>
      <p>${rate.mistake} <a href="/rate/${word}">${rate.change}</a>.</p>`.text,
    language,
  );
}

function missing(language: Spoken): string {
  const { missingTitle, missing: text } = TICKET_WORDS[language].rate;
  return plainPage(
    missingTitle,
    html`<h1>${missingTitle}</h1>
      <p>${text}</p>`.text,
    language,
  );
}

function send(reply: FastifyReply, status: number, page: string): FastifyReply {
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

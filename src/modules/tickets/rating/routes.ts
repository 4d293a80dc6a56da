import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { html } from '#core/portal/html.ts';
import type { Runtime } from '#core/runtime.ts';
import { PAGE_POLICY, plainPage } from '#modules/messages/public.ts';
import { tellPages } from '../tell.ts';
import { readRatingWord, type Rated } from './word.ts';

const BODY_LIMIT = 16_384;
/** For so long after it was solved a rating may be given, and changed. */
const OPEN_DAYS = 60;

const FOUND: Statement = {
  name: 'tickets.rated',
  text: `select t.subject, t.number::float8 as number, c.name as company, r.score, r.comment, t.person_id as "personId",
           coalesce(t.solved_at, t.last_at) > $3::timestamptz - interval '${OPEN_DAYS} days' as open
         from tickets t join companies c on c.id = t.company_id left join ticket_ratings r on r.ticket_id = t.id where t.company_id = $1 and t.id = $2`,
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
}

const Sent = z.object({ score: z.coerce.number().int().min(1).max(5), comment: z.string().max(4_000).default('') });

const FACES = [
  [5, 'Very good'],
  [4, 'Good'],
  [3, 'So-so'],
  [2, 'Bad'],
  [1, 'Very bad'],
] as const;

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
    return found === null ? send(reply, 404, missing()) : send(reply, 200, ask(found.word, found.found, false));
  });

  http.post('/rate/:word', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const found = await find(request);
    if (found === null) return send(reply, 404, missing());
    const sent = Sent.safeParse(Object(request.body));
    if (!sent.success) return send(reply, 422, ask(found.word, found.found, true));
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
    return send(reply, 200, thanks(found.word, found.found.company));
  });
}

function ask(word: string, { company, subject, score, comment }: Found, refused: boolean): string {
  return plainPage(
    `How was the help of ${company}?`,
    html`<h1>How was the help of ${company}?</h1>
      <p>About: ${subject}</p>
      ${refused ? html`<p role="alert">Choose one of the five first.</p>` : null}
      <form method="post" action="/rate/${word}">
        <fieldset>
          <legend>I found it</legend>
          ${FACES.map(
            ([value, label]) =>
              html`<label
                ><input type="radio" name="score" value="${value}" required${score === value ? html` checked` : null} />
                <span>${label}</span></label
              >`,
          )}
        </fieldset>
        <label for="comment">Anything we should know?</label>
        <textarea id="comment" name="comment" rows="4" maxlength="4000">${comment ?? ''}</textarea>
        <button type="submit">Send</button>
      </form>`.text,
  );
}

const thanks = (word: string, company: string): string =>
  plainPage(
    'Thank you',
    html`<h1>Thank you.</h1>
      <p>${company} has your answer.</p>
      <p>A mistake? <a href="/rate/${word}">Change it</a>.</p>`.text,
  );

const missing = (): string =>
  plainPage(
    'Link not found',
    html`<h1>This link is no longer good</h1>
      <p>It has ended, or its address is not complete. Answer the mail instead: it reaches us.</p>`.text,
  );

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

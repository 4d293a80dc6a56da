import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { IANAZone } from 'luxon';
import { AppError, InvalidInput } from '#core/errors.ts';
import { spokenIn, type Spoken } from '#core/language.ts';
import { hasRoom, openLimiter } from '#core/operation/limit.ts';
import type { Runtime } from '#core/runtime.ts';
import { busyPage, logoOf, missingPage, type FormPlace, type WholePage } from '#modules/portal/public.ts';
import { comingCalls, type Call } from '../call.ts';
import { CalendarsUnread, CallPlanned, CallSettled, TimeTaken } from '../errors.ts';
import { drawInvitation, invitationsOf } from '../invitation.ts';
import { offerOf } from '../slots/offer.ts';
import { actOf } from './act.ts';
import { anybody, guestOf, type Guest } from './guest.ts';
import { momentOf, text } from './moment.ts';
import { confirm, guestPage, momentIn, planned, times, type Looked } from './show.ts';
import { CALL_WORDS } from './words.ts';

interface CallRequest {
  Params: { word: string };
  Querystring: Record<string, unknown>;
}

const PAGES_PER_MINUTE = 60;
/** Each asks calendars. */
const POSTS_PER_MINUTE = 12;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SAYS = ['booked', 'moved', 'cancelled'] as const;

/** `/call/<word>`: one person's calls of a kind; `/book/<id>`: anybody's. A GET books nothing: software follows links. */
export function callRoutes(http: FastifyInstance, runtime: Runtime): void {
  const pages = openLimiter(PAGES_PER_MINUTE);
  const posts = openLimiter(POSTS_PER_MINUTE);

  for (const [path, find] of [['/call/:word', guestOf], ['/book/:word', anybody]] as const) {
    const opened = async (request: FastifyRequest<CallRequest>, reply: FastifyReply): Promise<Guest | null> => {
      if (!hasRoom(pages, request.ip)) {
        send(reply.code(429).header('retry-after', '30'), busyPage(30, languageOf(request)));
        return null;
      }
      const guest = await find(runtime, request.params.word);
      if (guest === null) send(reply.code(404), missingPage(languageOf(request)));
      return guest;
    };

    http.get<CallRequest>(path, async (request, reply) => {
      const guest = await opened(request, reply);
      if (guest === null) return reply;
      const done = SAYS.find((one) => one === request.query['done']);
      return send(reply, await draw(guest, request, { said: done === undefined ? null : CALL_WORDS[lookedOf(guest, request).language][done] }));
    });

    http.get<CallRequest>(`${path}/logo`, async (request, reply) => {
      const guest = await opened(request, reply);
      if (guest === null) return reply;
      const logo = await runtime.database.read(guest.companyId, (tx) => logoOf(tx, guest.companyId));
      if (logo === null) return send(reply.code(404), missingPage(languageOf(request)));
      return reply
        .headers({ 'content-type': logo.type, 'content-security-policy': "sandbox; default-src 'none'", 'cache-control': 'private, max-age=86400' })
        .send(logo.bytes);
    });

    http.post<CallRequest>(path, { bodyLimit: 16_384 }, async (request, reply) => {
      const guest = await opened(request, reply);
      if (guest === null) return reply;
      if (!hasRoom(posts, `${request.ip} ${guest.at}`)) return send(reply.code(429).header('retry-after', '60'), busyPage(60, languageOf(request, guest)));
      const sent = textsOf(request.body);
      try {
        const { zone, spoken, language } = lookedOf(guest, request);
        const { said, at } = await actOf(runtime, guest, sent, request.query, zone);
        runtime.engine.nudge();
        const query = new URLSearchParams({ done: said, zone, ...(spoken ? { lang: language } : {}), ...(at === null ? {} : { at: at.toISOString() }) });
        return await reply.code(303).headers({ location: `${guest.at}?${query.toString()}`, 'cache-control': 'no-store' }).send();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const words = CALL_WORDS[languageOf(request, guest)];
        const faults = error instanceof InvalidInput ? error.fields.map(({ path }) => ({ path, message: path === 'email' ? words.emailWrong : words.nameMissing })) : [];
        // Somebody was faster: fresh times at once, and no word of blame.
        const again = error instanceof TimeTaken || error instanceof CallPlanned ? { times: true } : {};
        const page = await draw(guest, request, { alert: wordsFor(guest, error, languageOf(request, guest)), typed: sent, faults, fresh: true, ...again });
        return send(reply.code(error.status), page);
      }
    });
  }

  http.get<CallRequest>('/call/:word/invitation.ics', async (request, reply) => {
    const guest = hasRoom(pages, request.ip) ? await guestOf(runtime, request.params.word) : null;
    const call = guest === null ? undefined : (await callsOf(guest)).find(({ id }) => id === text(request.query['call']));
    if (guest === null || call === undefined) return send(reply.code(404), missingPage(languageOf(request)));
    const [invitation] = await runtime.database.read(guest.companyId, (tx) => invitationsOf(tx, [call]));
    if (invitation === undefined) return send(reply.code(404), missingPage(languageOf(request)));
    const bytes = await drawInvitation(invitation);
    return reply
      .headers({
        'content-type': 'text/calendar; charset=utf-8',
        'content-disposition': 'attachment; filename="invitation.ics"',
        'cache-control': 'private, no-store',
        'x-robots-tag': 'noindex, nofollow',
      })
      .send(bytes);
  });

  const callsOf = ({ companyId, personId, kind }: Guest): Promise<Call[]> =>
    personId === null
      ? Promise.resolve([])
      : runtime.database.read(companyId, async (tx) => {
          const all = await comingCalls(tx, companyId, personId, runtime.clock.now());
          return all.filter((call) => call.kindId === (kind?.id ?? null));
        });

  interface Said extends Partial<Pick<FormPlace, 'typed' | 'faults'>> {
    readonly said?: string | null;
    readonly alert?: string | null;
    readonly fresh?: boolean;
    /** Back to the times, whatever was chosen. */
    readonly times?: boolean;
  }

  async function draw(guest: Guest, request: FastifyRequest<CallRequest>, { said = null, alert = null, typed = {}, faults = [], fresh = false, times: back = false }: Said): Promise<WholePage> {
    const looked = lookedOf(guest, request);
    const { kind } = guest;
    const at = momentOf(request.query['at']);
    const own = await callsOf(guest);
    const query = new URLSearchParams({ ...(at === null ? {} : { at: at.toISOString() }), zone: looked.zone, ...(looked.moving ? { move: '1' } : {}), ...(looked.spoken ? { lang: looked.language } : {}) });
    const words = CALL_WORDS[looked.language];
    const place: FormPlace = { language: looked.language, at: `${guest.at}?${query.toString()}`, once: randomBytes(16).toString('base64url'), typed, faults };
    // Whoever booked without a word of ours is known to nobody here: the mail holds the way back.
    if (said !== null && guest.personId === null && kind !== null)
      return guestPage(guest, looked, { title: kind.title, body: at === null ? '' : words.thanks(momentIn(at, looked.zone, looked.language)), said });
    if (own.length > 0 && !looked.moving) return guestPage(guest, looked, { title: own[0]?.title ?? words.call, body: own.map((call) => planned(guest, call, place, looked)), said, alert });
    if (kind === null) return guestPage(guest, looked, { title: words.call, body: words.none(guest.whose.companyName), said, alert });
    const title = words.with(kind.title, guest.whose.companyName);
    if (at !== null && !back) return guestPage(guest, looked, { title, body: confirm(guest, kind, at, looked, place), alert });
    const [moved] = looked.moving ? own : [];
    const offer = await offerOf(runtime, guest.companyId, kind, { fresh, ...(moved === undefined ? {} : { hostId: moved.hostId, except: moved.id }) });
    return guestPage(guest, looked, { title, body: times(guest, kind, offer, { ...looked, moving: moved !== undefined }), said, alert });
  }
} // prettier-ignore

function wordsFor(guest: Guest, error: AppError, language: Spoken): string {
  const words = CALL_WORDS[language];
  if (error instanceof CallPlanned) return guest.personId === null ? words.known : words.twice;
  if (error instanceof TimeTaken) return words.taken;
  if (error instanceof CallSettled) return words.settled;
  if (error.fields.length > 0) return words.who;
  return error instanceof CalendarsUnread ? words.unread : words.again;
}

/** As chosen on the page, else as it stands on the person, else as the browser likes it. */
const languageOf = ({ query, headers }: FastifyRequest<CallRequest>, guest: Pick<Guest, 'language' | 'whose'> | null = null): Spoken =>
  spokenIn({
    chosen: text(query['lang']),
    person: guest?.language ?? null,
    browser: headers['accept-language'],
    company: guest?.whose.companyLanguage ?? null,
  });

/** In which zone: as chosen, else as it stands on the person, else the company's. */
function lookedOf(guest: Guest, request: FastifyRequest<CallRequest>): Looked {
  const { timeZone } = guest;
  const { query } = request;
  const chosen = text(query['zone']);
  const fits = chosen !== '' && IANAZone.isValidZone(chosen);
  const from = text(query['from']);
  return {
    zone: fits ? chosen : timeZone,
    chosen: fits,
    from: DAY.test(from) ? from : null,
    moving: text(query['move']) !== '',
    language: languageOf(request, guest),
    spoken: text(query['lang']) !== '',
  };
}

function textsOf(body: unknown): Record<string, string> {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(Object(body))) if (typeof value === 'string') fields[name] = value.replaceAll('\u0000', '').toWellFormed();
  return fields;
} // prettier-ignore

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

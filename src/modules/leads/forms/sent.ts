import type { FastifyRequest } from 'fastify';
import { cut } from '#modules/people/public.ts';
import type { Answer } from './answers.ts';
import { ATTRIBUTION_NAMES } from './attribution.ts';

/** What a browser sent, or a link holds: answers apart from what the page itself adds. */
export interface Sent {
  readonly answers: Record<string, Answer>;
  readonly consent: boolean;
  readonly consentVersion: number | undefined;
  readonly token: string | undefined;
  readonly proof: string;
  readonly rendered: string;
  readonly website: string;
  readonly embedded: boolean;
  readonly touch: Record<string, string>;
}

/** Texts and lists of texts; anything else is passed over. */
export function readSent(body: unknown): Sent {
  const { website, rendered, consent, consent_version: version, token, proof, embed, ...rest } = textsOf(body);
  const touch: Record<string, string> = {};
  for (const name of ATTRIBUTION_NAMES) {
    const value = one(rest[name]);
    if (value !== '') touch[name] = cut(value, 1_000);
    delete rest[name];
  }
  return {
    answers: rest,
    consent: one(consent) !== '',
    consentVersion: /^\d{1,6}$/.test(one(version)) ? Number(one(version)) : undefined,
    token: /^[\w-]{8,64}$/.test(one(token)) ? one(token) : undefined,
    proof: one(proof).slice(0, 200),
    rendered: one(rendered),
    website: one(website),
    embedded: one(embed) !== '',
    touch,
  };
}

/** A field that may be sent once counts by its last text. */
const one = (answer: Answer | undefined): string => (typeof answer === 'string' ? answer : (answer?.at(-1) ?? ''));

function textsOf(body: unknown): Record<string, Answer> {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]: [string, unknown]) => {
      const texts = (Array.isArray(value) ? value : [value])
        .filter((text): text is string => typeof text === 'string')
        .map((text) => text.replaceAll('\r\n', '\n'));
      const [first] = texts;
      return first === undefined ? [] : [[name, texts.length === 1 ? first : texts]];
    }),
  );
}

/** What the link says, else what the browser says of the page before. */
export function touchFromUrl(request: FastifyRequest, own: string | undefined): Record<string, string> {
  const { touch } = readSent(request.query);
  const { referer } = request.headers;
  const outside =
    referer !== undefined &&
    URL.canParse(referer) &&
    new URL(referer).host !== request.host &&
    !(own !== undefined && referer.startsWith(own));
  return {
    ...(outside ? { referrer: cut(referer, 1_000) } : {}),
    landing_page: `${request.protocol}://${request.host}${request.url.split('?')[0]}`,
    ...touch,
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidInput, NotFound, TooManyRequests } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { allow, openLimiter, type Limiter } from '#core/operation/limit.ts';
import type { Principal } from '#core/operation/principal.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { submitFormOperation } from '../operations/forms.ts';
import { contactForm, ensureDefaultForm, FormNotFound, publicForm, type StoredForm } from './form.ts';
import { formPage, missingPage, thanksPage, type PageState } from './page.ts';
import { renderedAt, tooSoonMs } from './rendered.ts';
import { STYLES_HASH } from './styles.ts';

const NOBODY: Principal = { kind: 'public', companyId: null };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const BODY_LIMIT = 131_072;
const PAGES_PER_MINUTE = 300;

/** Hosted forms: `/f/{form_id}`, and `/contact` for the first company's contact form. No script, nothing from elsewhere. */
export function formRoutes(http: FastifyInstance, runtime: Runtime): void {
  const limiter = openLimiter(PAGES_PER_MINUTE);
  const byId = (request: FastifyRequest): Promise<StoredForm> => {
    const { formId } = Object(request.params);
    if (typeof formId !== 'string' || !UUID.test(formId)) throw new FormNotFound('There is no such form');
    return runtime.system.read((tx) => publicForm(tx, formId));
  };
  const contact = async (): Promise<StoredForm> => {
    let found = await runtime.system.read(contactForm);
    if (found?.form === null) {
      const { companyId } = found;
      await runtime.database.write(companyId, (tx) => ensureDefaultForm(tx, companyId, runtime.clock.now()));
      found = await runtime.system.read(contactForm);
    }
    if (found?.form?.active !== true) throw new FormNotFound('There is no contact form yet');
    return found.form;
  };
  for (const [url, find] of [
    ['/f/:formId', byId],
    ['/contact', contact],
  ] as const) {
    http.get(url, (request, reply) => orMissing(reply, async () => show(runtime, reply, await find(request), request.url)));
    http.post(url, { bodyLimit: BODY_LIMIT }, (request, reply) =>
      orMissing(reply, async () => receive(runtime, limiter, request, reply, await find(request))),
    );
  }
}

async function orMissing(reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotFound) return html(reply, 404, missingPage(), null);
    throw error;
  }
}

const EMPTY = { values: {}, consent: false, faults: [], alert: null } as const;

function show(
  runtime: Runtime,
  reply: FastifyReply,
  form: StoredForm,
  url: string,
  state: Partial<PageState> = EMPTY,
  status = 200,
): FastifyReply {
  const action = url.split('?')[0] ?? url;
  return html(
    reply,
    status,
    formPage(form, { ...EMPTY, ...state, action, rendered: renderedAt(runtime.secrets, runtime.clock.now()) }),
    form.redirectUrl,
  );
}

/** May be shown in a frame anywhere: that is what the embed snippet does, and nobody is signed in here. */
function html(reply: FastifyReply, status: number, page: string, redirectUrl: string | null): FastifyReply {
  const target = redirectUrl === null ? '' : ` ${new URL(redirectUrl).origin}`;
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': `default-src 'none'; style-src ${STYLES_HASH}; form-action 'self'${target}; base-uri 'none'; frame-ancestors *`,
      'cache-control': 'no-store',
    })
    .send(page);
}

async function receive(
  runtime: Runtime,
  limiter: Limiter,
  request: FastifyRequest,
  reply: FastifyReply,
  form: StoredForm,
): Promise<FastifyReply> {
  const sent = textsOf(request.body);
  const { website = '', rendered = '', consent = '', ...values } = sent;
  const typed = { values, consent: consent !== '' };
  try {
    allow(limiter, submitFormOperation, NOBODY, request.ip);
    await sleep(tooSoonMs(runtime.secrets, rendered, runtime.clock.now()));
    // Only a program fills a field that nobody sees. It is thanked, so that it learns nothing.
    if (website === '') await submit(runtime, request, form, typed);
  } catch (error) {
    if (error instanceof InvalidInput)
      return show(runtime, reply, form, request.url, { ...typed, faults: error.fields, alert: 'Some fields need another look.' }, 422);
    if (error instanceof TooManyRequests) {
      const alert = `That was too often. Please try again in ${error.retryAfterS ?? 60} seconds.`;
      return show(runtime, reply.header('retry-after', String(error.retryAfterS ?? 60)), form, request.url, { ...typed, alert }, 429);
    }
    throw error;
  }
  if (form.redirectUrl !== null) return reply.header('cache-control', 'no-store').redirect(form.redirectUrl, 303);
  return html(reply, 200, thanksPage(form), null);
}

async function submit(
  runtime: Runtime,
  request: FastifyRequest,
  form: StoredForm,
  typed: { values: Record<string, string>; consent: boolean },
): Promise<void> {
  const known = new Set(form.fields.map((field) => field.name));
  const answers = Object.fromEntries(Object.entries(typed.values).filter(([name]) => known.has(name)));
  await execute(runtime, {
    operation: submitFormOperation,
    principal: NOBODY,
    request: requestInfo(request, 'web'),
    input: { form_id: form.id, answers, consent: typed.consent },
  });
}

/** The body as texts; a field sent twice counts once, anything else is passed over. */
function textsOf(body: unknown): Record<string, string> {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]: [string, unknown]) => {
      const text: unknown = Array.isArray(value) ? value.at(-1) : value;
      return typeof text === 'string' ? [[name, text.replaceAll('\r\n', '\n')]] : [];
    }),
  );
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotFound } from '#core/errors.ts';
import { allow, openLimiter, type Limiter } from '#core/operation/limit.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { accentStyle, loadLook, type NamedStyle } from '#modules/brand/public.ts';
import { submitFormOperation } from '../operations/submissions.ts';
import type { Answers } from './answers.ts';
import { EMBED_SCRIPT, FORM_SCRIPT_HASH, WORKER_SCRIPT } from './client.ts';
import { submissionsRoute } from './export.ts';
import { contactForm, ensureDefaultForm, FormNotFound, publicForm, type StoredForm } from './form.ts';
import { confirm, findConfirmation } from './confirm.ts';
import { confirmPage, formPage, missingPage, thanksPage, type PageState } from './page.ts';
import { readSent, touchFromUrl } from './sent.ts';
import { STYLES_HASH } from './styles.ts';
import { drawnState, NOBODY, takeForm } from './take.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const BODY_LIMIT = 131_072;
const PAGES_PER_MINUTE = 300;

/** Hosted forms: `/f/{form_id}`, and `/contact` for the first company's contact form. Nothing from elsewhere. */
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
    http.get(url, (request, reply) => orMissing(reply, async () => begin(runtime, request, reply, await find(request))));
    http.post(url, { bodyLimit: BODY_LIMIT }, (request, reply) =>
      orMissing(reply, async () => receive(runtime, limiter, request, reply, await find(request))),
    );
  }
  for (const [url, script] of [
    ['/f/embed.js', EMBED_SCRIPT],
    ['/f/worker.js', WORKER_SCRIPT],
  ] as const)
    http.get(url, (_request, reply) =>
      reply
        .type('text/javascript; charset=utf-8')
        .headers({ 'cache-control': 'public, max-age=3600', 'cross-origin-resource-policy': 'cross-origin' })
        .send(script),
    );
  submissionsRoute(http, runtime);
  confirmRoutes(http, runtime);
}

/** The link of a mail that asks whether somebody agreed: GET shows a button, POST is the yes. */
function confirmRoutes(http: FastifyInstance, runtime: Runtime): void {
  const limiter = openLimiter(PAGES_PER_MINUTE);
  const wordOf = (request: FastifyRequest) => String(Reflect.get(Object(request.params), 'word'));
  http.get('/confirm/:word', (request, reply) =>
    orMissing(reply, async () => {
      const found = await findConfirmation(runtime, wordOf(request));
      return found === null ? html(reply, 404, missingPage(), null) : html(reply, 200, confirmPage(found, wordOf(request)), null);
    }),
  );
  http.post('/confirm/:word', { bodyLimit: 1_024 }, async (request, reply) => {
    allow(limiter, submitFormOperation, NOBODY, request.ip);
    const found = await findConfirmation(runtime, wordOf(request));
    const { ip, userAgent } = requestInfo(request, 'web');
    const done = found === null ? null : await confirm(runtime, found, { ip, user_agent: userAgent?.slice(0, 300) ?? null });
    runtime.engine.nudge();
    return done === null ? html(reply, 404, missingPage(), null) : html(reply, 200, confirmPage(done, wordOf(request)), null);
  });
}

async function orMissing(reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotFound) return html(reply, 404, missingPage(), null);
    throw error;
  }
}

/** The empty page, or one that a link filled beforehand: `?name=Ann&utm_source=mail`. */
function begin(runtime: Runtime, request: FastifyRequest, reply: FastifyReply, form: StoredForm): Promise<FastifyReply> {
  const { answers, embedded } = readSent(request.query);
  const names = new Set(form.fields.map((field) => field.name));
  const values: Answers = Object.fromEntries(Object.entries(answers).filter(([name]) => names.has(name)));
  return show(runtime, request, reply, form, { values, embedded, touch: touchFromUrl(request, runtime.config.STEWARD_PUBLIC_URL) });
}

const brandOf = async (runtime: Runtime, form: StoredForm): Promise<NamedStyle | null> =>
  accentStyle((await runtime.database.read(form.companyId, (tx) => loadLook(tx, form.companyId))).look);

async function show(
  runtime: Runtime,
  request: FastifyRequest,
  reply: FastifyReply,
  form: StoredForm,
  state: Partial<PageState>,
  status = 200,
): Promise<FastifyReply> {
  const brand = await brandOf(runtime, form);
  const whole = { ...(await drawnState(runtime, form, request.url.split('?')[0] ?? request.url, state)), brand };
  return html(reply, status, formPage(form, whole), form, brand);
}

/** May be shown in a frame where its maker says, else anywhere: that is what the embed code does, and nobody is signed in here. */
function html(reply: FastifyReply, status: number, page: string, form: StoredForm | null, brand: NamedStyle | null = null): FastifyReply {
  const target = form === null || form.redirectUrl === null ? '' : ` ${new URL(form.redirectUrl).origin}`;
  const frames = form === null || form.embedOrigins.length === 0 ? '*' : ["'self'", ...form.embedOrigins].join(' ');
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': [
        "default-src 'none'",
        `style-src ${STYLES_HASH}${brand === null ? '' : ` ${brand.hash}`}`,
        `script-src ${FORM_SCRIPT_HASH}`,
        "worker-src 'self'",
        "connect-src 'self'",
        `form-action 'self'${target}`,
        "base-uri 'none'",
        `frame-ancestors ${frames}`,
      ].join('; '),
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
  const taken = await takeForm(runtime, limiter, request, form);
  if (taken.state !== null) {
    const { retryAfterS, status } = taken;
    return show(
      runtime,
      request,
      retryAfterS === null ? reply : reply.header('retry-after', String(retryAfterS)),
      form,
      taken.state,
      status,
    );
  }
  // A frame goes nowhere by itself: the page around it does.
  if (form.redirectUrl !== null && !taken.embedded) return reply.header('cache-control', 'no-store').redirect(form.redirectUrl, 303);
  const brand = await brandOf(runtime, form);
  return html(reply, 200, thanksPage(form, { embedded: taken.embedded, onwards: form.redirectUrl, brand }), form, brand);
}

import type { FastifyInstance } from 'fastify';
import { NotFound } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { loadLook } from '#modules/brand/public.ts';
import { beginningOf, TEMPLATES } from './beginnings/all.ts';
import { TEXTS } from './beginnings/texts.ts';
import { landingPage } from './html/page.ts';
import { SAMPLE_FORM } from './sample-form.ts';
import { landingTemplates } from './operations/templates.ts';

/** A template as a page in the company's look, for the gallery; rights are those of landing.templates. */
export function galleryRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get<{ Params: { template: string } }>('/api/landing-pages/templates/:template/page', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    await execute(runtime, { operation: landingTemplates, principal, request: requestInfo(request), input: {}, names: 'code' });
    const companyId = principal.companyId ?? ''; // an authorised caller of a read has one
    const template = TEMPLATES.find((one) => one === request.params.template);
    if (template === undefined) throw new NotFound('There is no such template; list them with: steward landing templates');
    const brand = await runtime.database.read(companyId, (tx) => loadLook(tx, companyId));
    const content = { title: TEXTS[template].pageTitle, description: '', language: 'en' as const, indexed: false, blocks: beginningOf(template, null), sizes: {} };
    const page = landingPage({ content, brand: { ...brand, look: { ...brand.look, logo: null } }, form: null, formHtml: SAMPLE_FORM, preview: TEXTS[template].title, address: '', addressOf: () => '' });
    return reply.headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': page.policy, 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex' }).send(page.html);
  });
} // prettier-ignore

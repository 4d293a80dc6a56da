import type { FastifyInstance, FastifyRequest } from 'fastify';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { getBrand, sendPicture } from '#modules/brand/public.ts';
import { getPublished } from './document.ts';
import { drawDraft } from './draft.ts';
import type { Content } from './draw/content.ts';
import { sendFace } from './faces.ts';
import { getDocumentOperation } from './operations/documents.ts';
import { FACES } from './tables.ts';

/** A document as a page, a PDF, a deck or slides, for users: the newest version, or `?draft` as it would be now. */
export function documentRoutes(http: FastifyInstance, runtime: Runtime): void {
  for (const face of FACES)
    http.get<{ Params: { documentId: string }; Querystring: Record<string, unknown> }>(`/api/documents/:documentId/${face}`, async (request, reply) => {
      const companyId = await readerOf(runtime, request, request.params.documentId);
      const content = await contentOf(runtime, companyId, request.params.documentId, request.query);
      return sendFace(runtime, reply, face, content, { companyId, addressOf: (picture) => `/api/documents/pictures/${picture}`, download: 'download' in request.query, pdf: 'draft' in request.query ? 'pdf?draft' : 'pdf', withNotes: true });
    });
  http.get<{ Params: { picture: string } }>('/api/documents/pictures/:picture', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    await execute(runtime, { operation: getBrand, principal, request: requestInfo(request), input: {}, names: 'code' });
    return sendPicture(runtime, reply, principal.companyId ?? '', request.params.picture);
  });
} // prettier-ignore

/** Rights and the 404 of another company are those of documents.get. Answers the company. */
async function readerOf(runtime: Runtime, request: FastifyRequest, documentId: string): Promise<string> {
  const principal = await runtime.authenticate(request);
  await execute(runtime, {
    operation: getDocumentOperation,
    principal,
    request: requestInfo(request),
    input: { documentId },
    names: 'code',
  });
  // An authorised caller of a read has a company.
  return principal.companyId ?? '';
}

async function contentOf(runtime: Runtime, companyId: string, documentId: string, query: Record<string, unknown>): Promise<Content> {
  const number = /^\d{1,6}$/.test(String(query['version'] ?? '')) ? Number(query['version']) : null;
  if (!('draft' in query)) return runtime.database.read(companyId, async (tx) => (await getPublished(tx, companyId, documentId, number)).content);
  return runtime.database.read(companyId, async (tx) => (await drawDraft(tx, runtime, companyId, documentId, runtime.clock.now())).content);
} // prettier-ignore

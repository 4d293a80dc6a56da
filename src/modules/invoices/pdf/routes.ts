import type { FastifyInstance } from 'fastify';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { getInvoiceOperation } from '../operations/invoices.ts';
import { fileNameOf } from './name.ts';

/** The PDF of an invoice; rights and the 404 of another company are those of the operation. What draws it is loaded with the first one. */
export function pdfRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get('/api/invoices/:invoiceId/pdf', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    const { invoiceId } = Object(request.params);
    const { download } = Object(request.query);
    await execute(runtime, {
      operation: getInvoiceOperation,
      principal,
      request: requestInfo(request),
      input: { invoiceId },
      names: 'code',
    });
    // An authorised caller of a read has a company.
    const companyId = principal.companyId ?? '';
    const [{ loadDocument }, { drawInvoice }] = await Promise.all([import('./load.ts'), import('./draw.ts')]);
    const document = await runtime.database.read(companyId, (tx) => loadDocument(tx, companyId, String(invoiceId)));
    const bytes = await drawInvoice(document);
    return reply
      .headers({
        'content-type': 'application/pdf',
        'content-length': bytes.length,
        'content-disposition': `${download === undefined ? 'inline' : 'attachment'}; filename="${fileNameOf(document.invoice)}"`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      })
      .send(bytes);
  });
}

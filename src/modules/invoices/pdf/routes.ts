import type { FastifyInstance } from 'fastify';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { getInvoiceOperation } from '../operations/invoices.ts';
import { getInvoiceSettings } from '../operations/settings.ts';
import { fileNameOf } from './name.ts';

const CURRENT_LOGO: Statement = {
  name: 'invoices.logo_now',
  text: `select l.type, l.bytes from invoice_settings s join invoice_logos l on l.company_id = s.company_id and l.sha256 = s.logo where s.company_id = $1`,
};

/** The logo of the settings, and the PDF of an invoice; rights and the 404 of another company are those of the operation. What draws it is loaded with the first one. */
export function pdfRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get('/api/invoices/settings/logo', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    await execute(runtime, { operation: getInvoiceSettings, principal, request: requestInfo(request), input: {}, names: 'code' });
    const companyId = principal.companyId ?? ''; // an authorised caller of a read has one
    const [logo] = await runtime.database.read(companyId, (tx) => tx.query<{ type: string; bytes: Buffer }>(CURRENT_LOGO, [companyId]));
    if (logo === undefined) throw new NotFound('There is no logo yet; a manager sets one under Settings, Invoices');
    return reply
      .headers({ 'content-type': logo.type, 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store' })
      .send(logo.bytes);
  });
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

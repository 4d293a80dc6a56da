import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { getInvoiceOperation } from '../operations/invoices.ts';
import { loadReceipt, PaymentNotFound, receiptName } from '../receipt/load.ts';
import { fileNameOf } from './name.ts';

interface PdfRequest {
  Params: { invoiceId: string; paymentId: string };
  Querystring: { download?: string };
}

/** The PDFs of an invoice and of its receipts; rights and the 404 of another company are those of the operation. What draws them is loaded with the first one. */
export function pdfRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get<PdfRequest>('/api/invoices/:invoiceId/pdf', async (request, reply) => {
    const companyId = await allowed(request);
    const [{ loadDocument }, { drawInvoice }] = await Promise.all([import('./load.ts'), import('./draw.ts')]);
    const document = await runtime.database.read(companyId, (tx) => loadDocument(tx, companyId, request.params.invoiceId));
    return send(request, reply, fileNameOf(document.invoice), await drawInvoice(document));
  });

  http.get<PdfRequest>('/api/invoices/:invoiceId/payments/:paymentId/receipt', async (request, reply) => {
    const companyId = await allowed(request);
    const { invoiceId, paymentId } = request.params;
    if (!ID.test(paymentId)) throw new PaymentNotFound('There is no such payment');
    const receipt = await runtime.database.read(companyId, (tx) => loadReceipt(tx, companyId, paymentId));
    if (receipt.invoice.id !== invoiceId) throw new PaymentNotFound('This invoice has no such payment');
    const { drawReceipt } = await import('../receipt/draw.ts');
    return send(request, reply, receiptName(receipt.invoice.number, receipt.payment.receivedOn), await drawReceipt(receipt));
  });

  /** Answers the company. @throws InvoiceNotFound, or what authentication throws */
  async function allowed(request: FastifyRequest<PdfRequest>): Promise<string> {
    const principal = await runtime.authenticate(request);
    const { invoiceId } = request.params;
    await execute(runtime, {
      operation: getInvoiceOperation,
      principal,
      request: requestInfo(request),
      input: { invoiceId },
      names: 'code',
    });
    // An authorised caller of a read has a company.
    return principal.companyId ?? '';
  }
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function send(request: FastifyRequest<PdfRequest>, reply: FastifyReply, filename: string, bytes: Buffer): FastifyReply {
  return reply
    .headers({
      'content-type': 'application/pdf',
      'content-length': bytes.length,
      'content-disposition': `${request.query.download === undefined ? 'inline' : 'attachment'}; filename="${filename}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    .send(bytes);
}

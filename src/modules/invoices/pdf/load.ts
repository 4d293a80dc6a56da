import type { Statement, Transaction } from '#core/database/database.ts';
import { linesOf, storedInvoice } from '../invoice.ts';
import { textsOf } from '../issue.ts';
import { loadSettings } from '../settings/load.ts';
import type { InvoiceDocument } from './draw.ts';

const LOGO: Statement = { name: 'invoices.logo_bytes', text: 'select bytes from invoice_logos where company_id = $1 and sha256 = $2' };

/** Everything that stands on the page: of what was issued as it was then. @throws InvoiceNotFound */
export async function loadDocument(tx: Transaction, companyId: string, invoiceId: string): Promise<InvoiceDocument> {
  const invoice = await storedInvoice(tx, companyId, invoiceId);
  const lines = await linesOf(tx, companyId, invoiceId);
  const texts = invoice.state === 'draft' ? textsOf(await loadSettings(tx, companyId)) : invoice.texts;
  const [logo] = texts.logo == null ? [] : await tx.query<{ bytes: Buffer }>(LOGO, [companyId, texts.logo]);
  const origin = invoice.originId === null || invoice.kind !== 'credit_note' ? null : await storedInvoice(tx, companyId, invoice.originId);
  return {
    invoice,
    lines,
    originNumber: origin?.number ?? null,
    intro: texts.intro ?? '',
    footer: texts.footer ?? '',
    logo: logo?.bytes ?? null,
  };
}

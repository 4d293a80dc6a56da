import type { Transaction } from '#core/database/database.ts';
import { pictureBytes } from '#modules/brand/public.ts';
import { linesOf, storedInvoice } from '../invoice.ts';
import { textsOf } from '../issue.ts';
import { loadSettings } from '../settings/load.ts';
import type { InvoiceDocument } from './draw.ts';

/** Everything that stands on the page: of what was issued as it was then. @throws InvoiceNotFound */
export async function loadDocument(tx: Transaction, companyId: string, invoiceId: string): Promise<InvoiceDocument> {
  const invoice = await storedInvoice(tx, companyId, invoiceId);
  const lines = await linesOf(tx, companyId, invoiceId);
  const texts = invoice.state === 'draft' ? textsOf(await loadSettings(tx, companyId)) : invoice.texts;
  const logo = texts.logo == null ? undefined : (await pictureBytes(tx, companyId, [texts.logo])).get(texts.logo);
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

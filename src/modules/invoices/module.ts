import { module } from '#core/module.ts';
import {
  calculateInvoice,
  createInvoice,
  deleteInvoice,
  getInvoiceOperation,
  invoiceAgeing,
  issueInvoice,
  listInvoicesOperation,
  updateInvoice,
} from './operations/invoices.ts';
import { answerQuote, applyCredit, creditInvoice, invoicePaymentsOperation, payInvoice, refundCredit, voidInvoice, writeOffInvoice } from './operations/money.ts'; // prettier-ignore
import { getInvoiceSettings, setInvoiceLogo, updateInvoiceSettings } from './operations/settings.ts';

/** Quotes, invoices and credit notes: gapless numbers, taxes by rule, a ledger that adds up. */
export default module({
  name: 'invoices',
  operations: [
    listInvoicesOperation,
    invoiceAgeing,
    getInvoiceSettings,
    updateInvoiceSettings,
    setInvoiceLogo,
    calculateInvoice,
    getInvoiceOperation,
    createInvoice,
    updateInvoice,
    deleteInvoice,
    issueInvoice,
    payInvoice,
    invoicePaymentsOperation,
    applyCredit,
    refundCredit,
    creditInvoice,
    voidInvoice,
    writeOffInvoice,
    answerQuote,
  ],
});

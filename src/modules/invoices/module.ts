import { module } from '#core/module.ts';
import { together } from '#core/now-and-then.ts';
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
import { applyCredit, creditInvoice, invoicePaymentsOperation, payInvoice, refundCredit, voidInvoice, writeOffInvoice } from './operations/money.ts'; // prettier-ignore
import { decideBankLine, importStatement, listBankLines, lookAtStatement } from './bank/operations.ts';
import { unbookBankLine } from './bank/unbook.ts';
import { onReopened } from './dunning/resume.ts';
import { onReminded, overdueStep, owedStep, remindedStep } from './dunning/steps.ts';
import { invoiceSubject } from './dunning/subject.ts';
import { workflows as dunning } from './dunning/workflows.ts';
import { invoiceLetters } from './mail/letters.ts';
import { workflows as mail } from './mail/workflow.ts';
import { mailInvoice } from './operations/mail.ts';
import { runReminders } from './operations/reminders.ts';
import { pdfRoutes } from './pdf/routes.ts';
import { onChanged, onHinted } from './online/events.ts';
import { startLooking } from './online/look.ts';
import { lookAtPayments, onlinePayments, paymentNotes, refundPayment, settlePaymentNote } from './online/operations.ts';
import { refundEffect } from './online/refund.ts';
import { payRoutes } from './online/routes.ts';
import { invoicesPart } from './portal/part.ts';
import { onAnswered } from './quote/told.ts';
import { extendQuote, noteAnswer, quoteAnswer } from './quote/operations.ts';
import { mailReceipt } from './receipt/operations.ts';
import { paymentSubject } from './receipt/subject.ts';
import { workflows as receipts } from './receipt/workflow.ts';
import { clientStatement, mailStatement } from './statement/operations.ts';
import { statementRoutes } from './statement/routes.ts';
import { statementSubject } from './statement/subject.ts';
import { workflows as statements } from './statement/workflow.ts';
import { startBilling } from './recurring/bill.ts';
import { changePlan, createPlan, getPlan, listPlans, updatePlan } from './recurring/operations.ts';
import { getInvoiceSettings, updateInvoiceSettings } from './operations/settings.ts';
import { invoiceSigns } from './signs.ts';

/** Quotes, invoices and credit notes: gapless numbers, taxes by rule, a ledger that adds up. */
export default module({
  name: 'invoices',
  operations: [
    listInvoicesOperation,
    invoiceAgeing,
    getInvoiceSettings,
    updateInvoiceSettings,
    calculateInvoice,
    getInvoiceOperation,
    createInvoice,
    updateInvoice,
    deleteInvoice,
    issueInvoice,
    mailInvoice,
    payInvoice,
    invoicePaymentsOperation,
    mailReceipt,
    clientStatement,
    mailStatement,
    applyCredit,
    refundCredit,
    creditInvoice,
    voidInvoice,
    writeOffInvoice,
    noteAnswer,
    quoteAnswer,
    extendQuote,
    listPlans,
    getPlan,
    createPlan,
    updatePlan,
    changePlan,
    lookAtStatement,
    importStatement,
    listBankLines,
    decideBankLine,
    unbookBankLine,
    runReminders,
    paymentNotes,
    settlePaymentNote,
    onlinePayments,
    lookAtPayments,
    refundPayment,
  ],
  subjects: [invoiceSubject, paymentSubject, statementSubject],
  workflows: [...dunning, ...mail, ...receipts, ...statements],
  steps: [overdueStep, owedStep, remindedStep],
  events: [onReminded, onReopened, onHinted, ...onChanged, ...onAnswered],
  effects: [refundEffect],
  keeps: {
    // Ten years at most, e.g. § 147 AO; invoices stay when the person goes, but who was billed must be found until then.
    'Invoices of theirs must be kept': `exists (select from clients c join invoices i on i.client_id = c.id where c.person_id = p.id and i.issued_at >= now() - interval '10 years')`,
  },
  portal: [invoicesPart],
  templates: invoiceLetters,
  routes(http, runtime) {
    pdfRoutes(http, runtime);
    payRoutes(http, runtime);
    statementRoutes(http, runtime);
  },
  start: (runtime) => together(startBilling(runtime), startLooking(runtime)),
  slices: { invoices: 't.client_id in (select k.id from public.clients k join rehearsal_cohort c on c.person_id = k.person_id)' },
  signs: invoiceSigns,
});

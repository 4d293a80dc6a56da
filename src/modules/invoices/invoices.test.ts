import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { InvoiceStateRefused, lockInvoice } from './invoice.ts';
import { issueDraft } from './issue.ts';
import { calculateInvoice, createInvoice, deleteInvoice, getInvoiceOperation, invoiceAgeing, issueInvoice, listInvoicesOperation, updateInvoice } from './operations/invoices.ts'; // prettier-ignore
import { noteAnswer } from './quote/operations.ts';
import { applyCredit, creditInvoice, invoicePaymentsOperation, payInvoice, refundCredit, voidInvoice, writeOffInvoice } from './operations/money.ts'; // prettier-ignore
import { updateInvoiceSettings } from './operations/settings.ts';
import { loadSettings } from './settings/load.ts';
import { aPayer, ledgerFaults } from './testing.ts';

let app: TestApp;
let clientId: string;
beforeAll(async () => {
  app = await testApp();
  clientId = await aPayer(app);
});
afterAll(() => app.close());

const issued = (amount: string, as: TestCompany = app.company, to = clientId) =>
  app.call(createInvoice, { clientId: to, amount, issue: true }, { as: as.admin });

test('a draft has no number and may change; what was issued has one and stays', async () => {
  const draft = await app.call(createInvoice, { clientId, amount: '199.00' });
  expect(draft).toMatchObject({ number: null, status: 'draft', netCents: 19_900, taxCents: 3_781, total: '236.81', treatment: 'domestic' });
  await app.call(updateInvoice, {
    invoiceId: draft.id,
    title: 'June',
    lines: [{ description: 'Advice', quantity: 1.5, unitPriceCents: 10_000 }],
  });
  const done = await app.call(issueInvoice, { invoiceId: draft.id });
  expect(done).toMatchObject({
    number: 'INV-2026-0001',
    status: 'issued',
    title: 'June',
    total: '178.50',
    issuedOn: '2026-06-02',
    dueOn: '2026-06-16',
  });
  await expect(app.call(updateInvoice, { invoiceId: draft.id, title: 'July' })).rejects.toThrow(InvoiceStateRefused);
  await expect(app.call(deleteInvoice, { invoiceId: draft.id })).rejects.toThrow(InvoiceStateRefused);
  await expect(app.call(issueInvoice, { invoiceId: draft.id })).rejects.toThrow(InvoiceStateRefused);
  for (const change of ['total_cents = 1', `number = 'INV-2026-0009'`, `issued_on = '2026-01-01'`])
    await expect(queryAs(app.target, 'owner', `update invoices set ${change} where id = '${draft.id}'`)).rejects.toThrow('was issued');
});

test('a page asks the very sums that are stored', async () => {
  const lines = [{ description: 'A', quantity: 3, unitPriceCents: 3_333, taxRate: 7 }, { description: 'B', quantity: 0.25, unitPriceCents: 999 }]; // prettier-ignore
  const shown = await app.call(calculateInvoice, { clientId, lines, discountPercent: 3 });
  const stored = await app.call(createInvoice, { clientId, lines, discountPercent: 3 });
  expect(shown).toMatchObject({ subtotalCents: 10_249, discountCents: 307, taxGroups: [{ rate: 19 }, { rate: 7 }] });
  const { netCents, taxCents, totalCents, taxGroups } = stored;
  expect(shown).toMatchObject({ netCents, taxCents, totalCents, taxGroups });
});

test('parts of a payment add up, what is too much is credit, and credit pays the next one or goes back', async () => {
  const first = await issued('100.00');
  expect(await app.call(payInvoice, { invoiceId: first.id, amount: '19.00' })).toMatchObject({ status: 'partly_paid', balance: '100.00' });
  expect(await app.call(payInvoice, { invoiceId: first.id, amount: '150.00' })).toMatchObject({ status: 'paid', balance: '0.00' });
  await expect(app.call(payInvoice, { invoiceId: first.id })).rejects.toThrow('settled');
  expect(await app.call(invoicePaymentsOperation, { invoiceId: first.id })).toMatchObject({ creditCents: 5_000 });
  const second = await issued('20.00');
  expect(await app.call(applyCredit, { invoiceId: second.id })).toMatchObject({ status: 'paid' });
  await expect(app.call(refundCredit, { invoiceId: second.id, amount: '26.21' })).rejects.toThrow('not so much');
  await app.call(refundCredit, { invoiceId: second.id });
  expect(await app.call(invoicePaymentsOperation, { invoiceId: first.id })).toMatchObject({ creditCents: 0 });
  expect(await ledgerFaults(app)).toEqual([]);
});

test('a payment that is told twice is booked once', async () => {
  const { id } = await issued('10.00');
  const told = { invoiceId: id, amount: '4.00', externalKey: 'statement 7 line 3' };
  await Promise.all([app.call(payInvoice, told), app.call(payInvoice, told)]);
  expect(await app.call(getInvoiceOperation, { invoiceId: id })).toMatchObject({ paidCents: 400 });
});

test('a credit note takes back what is owed first, then becomes credit; never more than the invoice', async () => {
  const invoice = await issued('100.00');
  await app.call(payInvoice, { invoiceId: invoice.id, amount: '69.00' });
  await app.call(creditInvoice, { invoiceId: invoice.id, lines: [{ description: 'Part', unitPriceCents: 5_000 }] });
  expect(await app.call(getInvoiceOperation, { invoiceId: invoice.id })).toMatchObject({
    status: 'paid',
    creditedCents: 5_000,
    balanceCents: 0,
  });
  await expect(app.call(creditInvoice, { invoiceId: invoice.id })).rejects.toThrow('no more than');
  expect(await ledgerFaults(app)).toEqual([]);
});

test('an unpaid invoice can be voided and keeps its number, a bad one is written off', async () => {
  const [one, two] = [await issued('5.00'), await issued('6.00')];
  expect(await app.call(voidInvoice, { invoiceId: one.id })).toMatchObject({ status: 'void', number: one.number, balance: '0.00' });
  await expect(app.call(voidInvoice, { invoiceId: one.id })).rejects.toThrow(InvoiceStateRefused);
  expect(await app.call(writeOffInvoice, { invoiceId: two.id })).toMatchObject({
    status: 'written_off',
    balance: '0.00',
    writtenOffCents: 714,
  });
  expect(await ledgerFaults(app)).toEqual([]);
});

test('an accepted quote becomes a draft invoice with its lines', async () => {
  const quote = await app.call(createInvoice, { clientId, kind: 'quote', amount: '500.00', discountPercent: 10, issue: true });
  expect(quote).toMatchObject({ number: 'Q-2026-0001', status: 'issued', balanceCents: 0 });
  const invoice = await app.call(noteAnswer, { invoiceId: quote.id, answer: 'accepted' });
  expect(invoice).toMatchObject({ kind: 'invoice', originId: quote.id, status: 'draft', total: quote.total, discountPercent: 10 });
});

test('numbers are gapless, however many issue at once and whoever fails on the way', async () => {
  const company = await app.aCompany('Busy');
  const to = await aPayer(app, company);
  const drafts = await Promise.all(
    Array.from({ length: 96 }, () => app.call(createInvoice, { clientId: to, amount: '10.00' }, { as: company.admin })),
  );
  const crash = async (id: string) => {
    await app.runtime.database.write(company.companyId, async (tx) => {
      const row = await lockInvoice(tx, company.companyId, id);
      await issueDraft(tx, row, await loadSettings(tx, company.companyId), app.clock.now());
      throw new Error('the process dies before the commit');
    });
  };
  const queue = [...drafts.entries()];
  const worker = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [i, { id }] = next;
      if (i % 3 === 0) await crash(id).catch(() => undefined);
      await app.call(issueInvoice, { invoiceId: id }, { as: company.admin });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  const rows = await app.runtime.system.read((tx) =>
    tx.query<{ number: string }>({ name: 't.numbers', text: 'select number from invoices where company_id = $1 order by sequence' }, [
      company.companyId,
    ]),
  );
  expect(rows.map((row) => row.number)).toEqual(drafts.map((_, i) => `INV-2026-${String(i + 1).padStart(4, '0')}`));
  expect(await ledgerFaults(app, company.companyId)).toEqual([]);
});

test('an invoice is overdue from the day after its day, in the company’s zone, and ages', async () => {
  const company = await app.aCompany('Late');
  const to = await aPayer(app, company);
  const as = { as: company.admin };
  await app.call(updateInvoiceSettings, { options: { paymentDays: 0 } }, as);
  const { id } = await issued('100.00', company, to);
  const statusNow = async () => (await app.call(getInvoiceOperation, { invoiceId: id }, as)).status;
  app.clock.advance({ hours: 13, minutes: 59 });
  expect(await statusNow()).toBe('issued');
  app.clock.advance({ minutes: 1 });
  expect(await statusNow()).toBe('overdue');
  expect((await app.call(listInvoicesOperation, { status: 'overdue' }, as)).items).toMatchObject([{ id }]);
  app.clock.advance({ days: 45 });
  expect(await app.call(invoiceAgeing, {}, as)).toMatchObject({ items: [{ currency: 'EUR', bucket: '31_60', count: 1, cents: 11_900 }] });
});

test('the books refuse what does not add up, and nobody changes them', async () => {
  const insert = (amount: number) =>
    queryAs(app.target, 'owner', `insert into ledger_entries (id, company_id, posting_id, kind, account, amount_cents, currency, occurred_on)
      select gen_random_uuid(), '${app.company.companyId}', '00000000-0000-4000-8000-000000000001', 'issue', a, n, 'EUR', '2026-06-02' from (values ('cash', 100), ('revenue', ${amount})) v(a, n)`); // prettier-ignore
  await expect(insert(-99)).rejects.toThrow('does not add up');
  const change = { name: 't.change', text: 'update ledger_entries set amount_cents = 0 where company_id = $1' };
  await expect(app.runtime.database.write(app.company.companyId, (tx) => tx.query(change, [app.company.companyId]))).rejects.toMatchObject({
    code: '42501',
  });
});

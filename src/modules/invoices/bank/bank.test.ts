import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { createInvoice, getInvoiceOperation } from '../operations/invoices.ts';
import { invoicePaymentsOperation, refundCredit } from '../operations/money.ts';
import { updateInvoiceSettings } from '../operations/settings.ts';
import { aPayer, ledgerFaults } from '../testing.ts';
import { readCamt } from './camt.ts';
import { guessColumns, readCsv, readTable } from './csv.ts';
import { Finder } from './match.ts';
import { decideBankLine, importStatement, listBankLines, lookAtStatement } from './operations.ts';
import { unbookBankLine } from './unbook.ts';

let app: TestApp;
let clientId: string;
beforeAll(async () => {
  app = await testApp();
  clientId = await aPayer(app);
});
afterAll(() => app.close());

const issue = (amount: string) => app.call(createInvoice, { clientId, amount, issue: true });
const base64 = (text: string) => Buffer.from(text).toString('base64');

const entry = (amount: string, text: string, more = '', sign = 'CRDT') =>
  `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-06-01</Dt></BookgDt>${more}<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
     <RltdPties><Dbtr><Pty><Nm>Payer AG</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`;
const camt = (...entries: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>1</Id><Bal><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>${entries.join('')}</Stmt></BkToCstmrStmt></Document>`;

test('camt.053 is read by what it means: batches, reversals, what is not booked; entities of one’s own are refused', () => {
  const batch = `<c:Document xmlns:c="urn:x"><c:BkToCstmrStmt><c:Stmt><c:Ntry><c:Amt Ccy="EUR">30.00</c:Amt><c:CdtDbtInd>CRDT</c:CdtDbtInd><c:Sts>BOOK</c:Sts><c:BookgDt><c:DtTm>2026-06-03T10:00:00+02:00</c:DtTm></c:BookgDt><c:AcctSvcrRef>B1</c:AcctSvcrRef><c:NtryDtls>
    <c:TxDtls><c:AmtDtls><c:TxAmt><c:Amt Ccy="EUR">10.00000</c:Amt></c:TxAmt></c:AmtDtls><c:RmtInf><c:Ustrd>one &amp; only</c:Ustrd></c:RmtInf></c:TxDtls><c:TxDtls><c:Amt Ccy="EUR">20.00</c:Amt><c:RmtInf><c:Strd><c:CdtrRefInf><c:Ref>RF18INV2</c:Ref></c:CdtrRefInf></c:Strd></c:RmtInf></c:TxDtls></c:NtryDtls></c:Ntry></c:Stmt></c:BkToCstmrStmt></c:Document>`;
  expect(readCamt(batch)).toMatchObject([{ amountCents: 1_000, reference: 'one & only', bookedOn: '2026-06-03' }, { amountCents: 2_000, reference: 'RF18INV2' }]); // prettier-ignore
  const [plain, out, pending] = [
    entry('119.00', 'INV-1'),
    entry('5.00', 'fee', '', 'DBIT'),
    entry('7.00', 'later').replace('BOOK', 'PDNG'),
  ];
  expect(readCamt(camt(plain, out, pending, entry('3.00', 'back', '<RvslInd>true</RvslInd>')))).toMatchObject([
    { amountCents: 11_900, currency: 'EUR', counterparty: 'Payer AG', iban: 'DE89370400440532013000', reference: 'INV-1', bankRef: null },
    { amountCents: -500 },
    { amountCents: -300 },
  ]);
  const evil = camt(entry('1.00', '&x;')).replace('?>', '?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>');
  expect(() => readCamt(evil)).toThrow('no sound XML');
  expect(() => readCamt('<a><b></a>')).toThrow('no sound XML');
  expect(() => readCamt('<html><body>Sign in</body></html>')).toThrow('no statement');
});

test('a CSV is read as its bank writes it: headings under a preamble, commas before the cents, days in any order', () => {
  const german =
    '﻿Kontoauszug;;;\nIBAN;DE89;;\n\nBuchungstag;Beguenstigter/Zahlungspflichtiger;Verwendungszweck;Betrag;Waehrung\n03.06.26;Payer AG;"Rechnung INV; 7";1.234,50;EUR\n04.06.2026;Shop;Kauf;-12,00;EUR\nSumme;;;;\n';
  const table = readTable(german);
  const columns = guessColumns(table);
  expect(columns).toMatchObject({ date: 'Buchungstag', amount: 'Betrag', reference: ['Verwendungszweck'], dates: 'dmy', decimal: ',' });
  if (columns === null) throw new Error('guessed above');
  expect(readCsv(table, columns, 'USD')).toMatchObject({
    lines: [
      { bookedOn: '2026-06-03', amountCents: 123_450, currency: 'EUR', counterparty: 'Payer AG', reference: 'Rechnung INV; 7' },
      { amountCents: -1_200 },
    ],
    passedOver: 1,
  });
  const american = readTable('Date,Description,Amount\n06/13/2026,"INV-9, thanks","$1,234.5"\n');
  expect(readCsv(american, guessColumns(american) ?? columns, 'USD').lines).toMatchObject([
    { bookedOn: '2026-06-13', amountCents: 123_450, currency: 'USD' },
  ]);
});

test('a number is found as people and banks write it, never as a part of another', () => {
  const owed = (number: string, balanceCents: number, clientName = 'Payer AG') => ({
    id: number,
    number,
    currency: 'EUR',
    balanceCents,
    totalCents: balanceCents,
    clientName,
  });
  const finder = new Finder([
    owed('INV-2026-0001', 100),
    owed('INV-2026-0011', 200),
    owed('INV-2026-00011', 50),
    owed('INV-2026-0002', 0),
    owed('INV-2026-0100', 700, 'Zoë & Söhne'),
  ]);
  const find = (reference: string, amountCents: number, counterparty = '') =>
    finder.find({ reference, amountCents, counterparty, currency: 'EUR' });
  for (const text of ['INV-2026-0001', 'inv 2026/0001 Danke', 'Rg.INV20260001', 'INV-2026-00 01', 'Zahlung INV-2026-0001 2 Stück'])
    expect(find(text, 100), text).toMatchObject({ invoiceIds: ['INV-2026-0001'], exact: true });
  expect(find('INV-2026-00019', 100)).toMatchObject({ invoiceIds: [] });
  expect(find('INV-2026-00011', 50)).toMatchObject({ invoiceIds: ['INV-2026-00011'], exact: true });
  expect(find('INV-2026-0001 + INV-2026-0011', 300)).toMatchObject({ invoiceIds: ['INV-2026-0001', 'INV-2026-0011'], exact: false });
  expect(find('INV-2026-0001', 40)).toMatchObject({ exact: false, why: expect.stringContaining('less') });
  expect(find('INV-2026-0002', 40)).toMatchObject({ invoiceIds: ['INV-2026-0002'], exact: false, why: expect.stringContaining('settled') });
  expect(find('thank you', 700, 'ZOE SOHNE')).toMatchObject({ invoiceIds: ['INV-2026-0100'], exact: false });
  expect(find('thank you', 701, 'ZOE SOHNE')).toMatchObject({ invoiceIds: [] });
});

test('a statement books what is exact, proposes the rest, and changes nothing when it comes again; a person decides, with a reason', async () => {
  const [exact, part, over, other] = [await issue('100.00'), await issue('200.00'), await issue('10.00'), await issue('77.00')];
  const file = camt(entry('119.00', `Rechnung ${exact.number}`), entry('100.00', `${part.number} erste Rate`), entry('20.00', `${over.number}`), entry('91.63', 'ohne Nummer'), entry('8.00', 'a gift'), entry('8.00', 'a gift')); // prettier-ignore
  const contentBase64 = base64(file);
  expect(await app.call(lookAtStatement, { contentBase64 })).toMatchObject({ format: 'camt', incoming: 6, outgoing: 0 });
  expect(await app.call(importStatement, { contentBase64, name: 'june.xml' })).toMatchObject({
    lines: 6,
    fresh: 6,
    booked: 1,
    proposed: 3,
    open: 2,
  });
  expect(await app.call(importStatement, { contentBase64 })).toMatchObject({ statementId: null, fresh: 0, booked: 0 });
  // The next statement overlaps with it by a day.
  const more = camt(...(file.match(/<Ntry>.*?<\/Ntry>/gs) ?? []), entry('8.00', 'a gift'));
  expect(await app.call(importStatement, { contentBase64: base64(more) })).toMatchObject({ lines: 7, fresh: 1, open: 1 });
  const status = async (invoiceId: string) => (await app.call(getInvoiceOperation, { invoiceId })).status;
  expect(await Promise.all([exact, part, over, other].map(({ id }) => status(id)))).toEqual(['paid', 'issued', 'issued', 'issued']);

  const lines = async (state: 'open' | 'proposed' | 'ignored') => (await app.call(listBankLines, { state })).items;
  for (const line of await lines('proposed')) await app.call(decideBankLine, { bankLineId: line.id, decision: 'book' });
  expect(await Promise.all([part, over, other].map(({ id }) => status(id)))).toEqual(['partly_paid', 'paid', 'paid']);
  expect(await app.call(invoicePaymentsOperation, { invoiceId: over.id })).toMatchObject({ creditCents: 810 });

  const [gift, second] = await lines('open');
  const about = { bankLineId: gift?.id ?? '' };
  await expect(app.call(decideBankLine, { ...about, decision: 'ignore' })).rejects.toThrow('Say why');
  await expect(app.call(decideBankLine, { ...about, decision: 'book' })).rejects.toThrow('Choose the invoice');
  expect(await app.call(decideBankLine, { ...about, decision: 'ignore', reason: 'From my aunt' })).toMatchObject({
    state: 'ignored',
    reason: 'From my aunt',
  });
  expect(await app.call(decideBankLine, { ...about, decision: 'look_again' })).toMatchObject({ state: 'open' });
  const both = { bankLineId: second?.id ?? '', decision: 'book' as const, invoiceIds: [part.id], reason: 'She told me' };
  const answers = await Promise.allSettled([app.call(decideBankLine, both), app.call(decideBankLine, both)]);
  expect(answers.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await app.call(getInvoiceOperation, { invoiceId: part.id })).toMatchObject({ paidCents: 10_800 });
  expect(await ledgerFaults(app)).toEqual([]);
});

test('money on the wrong invoice is taken back: both bookings stay in its history, and it can be booked anew; spent credit keeps it where it is', async () => {
  const [wrong, right] = [await issue('40.00'), await issue('40.00')];
  const csv = `Date;Text;Amount\n2026-06-08;${wrong.number};60,00\n`;
  expect(await app.call(importStatement, { contentBase64: base64(csv) })).toMatchObject({ fresh: 1, proposed: 1 });
  const line = (await app.call(listBankLines, { state: 'proposed' })).items.find((one) => one.reference.includes(wrong.number ?? '–'));
  const bankLineId = line?.id ?? '';
  await expect(app.call(unbookBankLine, { bankLineId, reason: 'Wrong' })).rejects.toThrow('not booked');
  await app.call(decideBankLine, { bankLineId, decision: 'book' });
  const paid = await app.call(getInvoiceOperation, { invoiceId: wrong.id });
  expect(paid).toMatchObject({ status: 'paid' });
  const back = await app.call(unbookBankLine, { bankLineId, reason: 'It was for the other one' });
  expect(back).toMatchObject({
    state: 'open',
    invoices: [],
    reason: 'It was for the other one',
    why: expect.stringContaining(wrong.number ?? '–'),
  });
  expect(await app.call(getInvoiceOperation, { invoiceId: wrong.id })).toMatchObject({ status: 'issued', paidCents: 0, paidAt: null });
  const told = await app.call(invoicePaymentsOperation, { invoiceId: wrong.id });
  expect(told.items).toMatchObject([
    { kind: 'payment', amountCents: 6_000, reversed: true },
    { kind: 'reversal', amountCents: 6_000, reversed: false },
  ]);
  expect(await ledgerFaults(app)).toEqual([]);

  // Again on the same invoice, by mistake, and then on the right one: each booking is one.
  await app.call(decideBankLine, { bankLineId, decision: 'book', invoiceIds: [wrong.id], reason: 'No, it was right' });
  await app.call(unbookBankLine, { bankLineId, reason: 'It was not' });
  await app.call(decideBankLine, { bankLineId, decision: 'book', invoiceIds: [right.id], reason: 'She told me' });
  expect(await app.call(getInvoiceOperation, { invoiceId: right.id })).toMatchObject({ status: 'paid' });
  const credit = (await app.call(invoicePaymentsOperation, { invoiceId: right.id })).creditCents;
  await app.call(refundCredit, { invoiceId: right.id, amount: (credit / 100).toFixed(2) });
  await expect(app.call(unbookBankLine, { bankLineId, reason: 'Wrong again' })).rejects.toThrow('was spent');
  expect(await ledgerFaults(app)).toEqual([]);
});

test('where a person is to look first nothing is booked by itself', async () => {
  await app.call(updateInvoiceSettings, { options: { bankBooks: 'never' } });
  const { number } = await issue('50.00');
  const csv = `Date;Text;Amount\n2026-06-05;${number};59,50\n`;
  expect(await app.call(importStatement, { contentBase64: base64(csv) })).toMatchObject({ booked: 0, proposed: 1 });
  await expect(app.call(importStatement, { contentBase64: base64('a;b\n1;2\n') })).rejects.toThrow('Say which column');
});

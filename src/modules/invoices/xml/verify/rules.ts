import { all, textOf, textsOf, treeOf, type Node } from './tree.ts';

const SCALE = 8;
const ONE = 10n ** BigInt(SCALE);
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?$/;

/** A decimal as an integer of 10⁻⁸: sums of texts are exact. */
function decimal(text: string): bigint {
  const match = NUMBER.exec(text);
  if (match === null || (match[3] ?? '').length > SCALE) throw new Error(`${text} is no decimal`);
  const value = BigInt(`${match[2]}${(match[3] ?? '').padEnd(SCALE, '0')}`);
  return match[1] === '-' ? -value : value;
}
const sum = (texts: readonly string[]) => texts.reduce((total, text) => total + decimal(text), 0n);
const isMoney = (text: string) => (NUMBER.exec(text)?.[3] ?? '').length <= 2 && NUMBER.test(text);

const HEAD = 'SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement';
const AGREEMENT = 'SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement';
const SUMS = `${HEAD}/SpecifiedTradeSettlementHeaderMonetarySummation`;
const UNTAXED = ['E', 'AE', 'G', 'O'];

/**
 * Business rules of EN 16931-1 that this electronic invoice breaks, by their names in the norm (its section 6.4 and annex): mandatory terms, sums to the cent,
 * digits, and what each category of VAT asks for. Written from the norm, knowing nothing of what wrote the XML. `cent`: the currency's last digit. For tests.
 */
export function brokenRules(xml: string, digits = 2): string[] {
  const root = treeOf(xml);
  const broken = new Set<string>();
  const must = (rule: string, holds: boolean) => {
    if (!holds) broken.add(rule);
  };
  const text = (path: string) => textOf(root, path);
  const lines = all(root, 'SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem');
  terms(root, lines, must);
  parties(root, must);
  const cent = ONE / 10n ** BigInt(digits);
  lines.forEach((line) => lineRules(line, cent, must));
  const of = (charge: boolean) =>
    all(root, `${HEAD}/SpecifiedTradeAllowanceCharge`).filter((one) => textOf(one, 'ChargeIndicator/Indicator') === String(charge));
  const amounts = (list: readonly Node[]) => sum(list.map((one) => textOf(one, 'ActualAmount')));
  const money = (name: string) => decimal(text(`${SUMS}/${name}`) || '0');
  const lineTotal = money('LineTotalAmount');
  must('BR-CO-10', sum(lines.map(netOf)) === lineTotal);
  must('BR-CO-11', amounts(of(false)) === money('AllowanceTotalAmount'));
  must('BR-CO-12', amounts(of(true)) === money('ChargeTotalAmount'));
  must('BR-CO-13', lineTotal - money('AllowanceTotalAmount') + money('ChargeTotalAmount') === money('TaxBasisTotalAmount'));
  const groups = all(root, `${HEAD}/ApplicableTradeTax`);
  must('BR-CO-14', sum(groups.map((group) => textOf(group, 'CalculatedAmount'))) === money('TaxTotalAmount'));
  must('BR-CO-15', money('TaxBasisTotalAmount') + money('TaxTotalAmount') === money('GrandTotalAmount'));
  must('BR-CO-16', money('GrandTotalAmount') - money('TotalPrepaidAmount') + money('RoundingAmount') === money('DuePayableAmount'));
  must('BR-CO-18', groups.length > 0);
  for (const name of ['LineTotalAmount', 'AllowanceTotalAmount', 'ChargeTotalAmount', 'TaxBasisTotalAmount', 'TaxTotalAmount', 'GrandTotalAmount', 'DuePayableAmount'])
    must('BR-DEC', textsOf(root, `${SUMS}/${name}`).every(isMoney)); // prettier-ignore
  for (const allowance of [...of(false), ...of(true)]) {
    must('BR-32', textOf(allowance, 'CategoryTradeTax/CategoryCode') !== '');
    must('BR-33', textOf(allowance, 'Reason') !== '');
    must('BR-DEC', isMoney(textOf(allowance, 'ActualAmount')));
  }
  for (const group of groups) groupRules(root, group, lines, cent, must);
  categories(root, lines, groups, must);
  return [...broken].toSorted();
}

type Must = (rule: string, holds: boolean) => void;
const netOf = (line: Node) => textOf(line, 'SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount');
const categoryOf = (line: Node) => textOf(line, 'SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode');
const rateOf = (line: Node) => textOf(line, 'SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent');

function terms(root: Node, lines: readonly Node[], must: Must): void {
  const text = (path: string) => textOf(root, path);
  must('BR-01', text('ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID') === 'urn:cen.eu:en16931:2017');
  must('BR-02', text('ExchangedDocument/ID') !== '');
  must('BR-03', /^\d{8}$/.test(text('ExchangedDocument/IssueDateTime/DateTimeString')));
  must('BR-04', ['380', '381'].includes(text('ExchangedDocument/TypeCode')));
  must('BR-05', /^[A-Z]{3}$/.test(text(`${HEAD}/InvoiceCurrencyCode`)));
  must('BR-12', text(`${SUMS}/LineTotalAmount`) !== '');
  must('BR-13', text(`${SUMS}/TaxBasisTotalAmount`) !== '');
  must('BR-14', text(`${SUMS}/GrandTotalAmount`) !== '');
  must('BR-15', text(`${SUMS}/DuePayableAmount`) !== '');
  must('BR-16', lines.length > 0);
  must('BR-53', all(root, `${SUMS}/TaxTotalAmount`).every(({ attributes }) => attributes['currencyID'] === text(`${HEAD}/InvoiceCurrencyCode`))); // prettier-ignore
  const [start, end] = ['StartDateTime', 'EndDateTime'].map((name) => text(`${HEAD}/BillingSpecifiedPeriod/${name}/DateTimeString`));
  must('BR-29', !start || !end || start <= end);
  must('BR-CO-19', all(root, `${HEAD}/BillingSpecifiedPeriod`).length === 0 || `${start}${end}` !== '');
  for (const means of all(root, `${HEAD}/SpecifiedTradeSettlementPaymentMeans`)) {
    must('BR-49', textOf(means, 'TypeCode') !== '');
    must('BR-61', !['30', '58'].includes(textOf(means, 'TypeCode')) || textOf(means, 'PayeePartyCreditorFinancialAccount/IBANID') !== '');
  }
  const due = text(`${SUMS}/DuePayableAmount`);
  must('BR-CO-25', !(decimal(due || '0') > 0n) || /^\d{8}$/.test(text(`${HEAD}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString`))); // prettier-ignore
  must(
    'BR-55',
    all(root, `${HEAD}/InvoiceReferencedDocument`).every((one) => textOf(one, 'IssuerAssignedID') !== ''),
  );
}

function parties(root: Node, must: Must): void {
  const seller = all(root, `${AGREEMENT}/SellerTradeParty`)[0];
  const buyer = all(root, `${AGREEMENT}/BuyerTradeParty`)[0];
  must('BR-06', seller !== undefined && textOf(seller, 'Name') !== '');
  must('BR-07', buyer !== undefined && textOf(buyer, 'Name') !== '');
  if (seller === undefined || buyer === undefined) return;
  must('BR-08', all(seller, 'PostalTradeAddress').length === 1);
  must('BR-09', /^[A-Z]{2}$/.test(textOf(seller, 'PostalTradeAddress/CountryID')));
  must('BR-10', all(buyer, 'PostalTradeAddress').length === 1);
  must('BR-11', /^[A-Z]{2}$/.test(textOf(buyer, 'PostalTradeAddress/CountryID')));
  must('BR-CO-26', textOf(seller, 'ID') !== '' || textOf(seller, 'SpecifiedLegalOrganization/ID') !== '' || vatIdOf(seller) !== '');
  must('BR-62', [seller, buyer].every((party) => all(party, 'URIUniversalCommunication/URIID').every(({ attributes }) => attributes['schemeID'] === 'EM'))); // prettier-ignore
  must(
    'BR-CO-09',
    [seller, buyer].every((party) => vatIdOf(party) === '' || /^([A-Z]{2})/.test(vatIdOf(party))),
  );
}

const registration = (party: Node | undefined, scheme: string) =>
  party === undefined ? '' : (all(party, 'SpecifiedTaxRegistration/ID').find(({ attributes }) => attributes['schemeID'] === scheme)?.text ?? ''); // prettier-ignore
const vatIdOf = (party: Node | undefined) => registration(party, 'VA');

function lineRules(line: Node, cent: bigint, must: Must): void {
  const text = (path: string) => textOf(line, path);
  const [quantity, price] = [
    text('SpecifiedLineTradeDelivery/BilledQuantity'),
    text('SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount'),
  ];
  must('BR-21', text('AssociatedDocumentLineDocument/LineID') !== '');
  must('BR-22', NUMBER.test(quantity));
  must('BR-23', all(line, 'SpecifiedLineTradeDelivery/BilledQuantity').every(({ attributes }) => /^[A-Z0-9]{2,3}$/.test(attributes['unitCode'] ?? ''))); // prettier-ignore
  must('BR-24', netOf(line) !== '' && isMoney(netOf(line)));
  must('BR-25', text('SpecifiedTradeProduct/Name') !== '');
  must('BR-26', price !== '');
  must('BR-27', decimal(price || '0') >= 0n);
  must('BR-CO-04', categoryOf(line) !== '');
  let net = (decimal(quantity || '0') * decimal(price || '0')) / ONE;
  for (const one of all(line, 'SpecifiedLineTradeSettlement/SpecifiedTradeAllowanceCharge')) {
    must('BR-42', textOf(one, 'Reason') !== '');
    must('BR-DEC', isMoney(textOf(one, 'ActualAmount')));
    const amount = decimal(textOf(one, 'ActualAmount'));
    must('BR-41', amount >= 0n);
    net += textOf(one, 'ChargeIndicator/Indicator') === 'true' ? amount : -amount;
  }
  // PEPPOL-EN16931-R120, to the half of a cent that rounding takes.
  const off = net - decimal(netOf(line) || '0');
  must('R120', 2n * (off < 0n ? -off : off) <= cent);
}

/** One breakdown by category and rate: what is taxed, and the tax (BR-S-08 and its like, BR-CO-17). */
function groupRules(root: Node, group: Node, lines: readonly Node[], cent: bigint, must: Must): void {
  const [category, rate] = [textOf(group, 'CategoryCode'), textOf(group, 'RateApplicablePercent')];
  must('BR-45', textOf(group, 'BasisAmount') !== '');
  must('BR-46', textOf(group, 'CalculatedAmount') !== '');
  must('BR-47', category !== '');
  must('BR-48', rate !== '' || category === 'O');
  must('BR-DEC', isMoney(textOf(group, 'BasisAmount')) && isMoney(textOf(group, 'CalculatedAmount')));
  const mine = sum(lines.filter((line) => categoryOf(line) === category && rateOf(line) === rate).map(netOf));
  const moved = all(root, `${HEAD}/SpecifiedTradeAllowanceCharge`)
    .filter((one) => textOf(one, 'CategoryTradeTax/CategoryCode') === category && textOf(one, 'CategoryTradeTax/RateApplicablePercent') === rate)
    .reduce((total, one) => total + decimal(textOf(one, 'ActualAmount')) * (textOf(one, 'ChargeIndicator/Indicator') === 'true' ? 1n : -1n), 0n); // prettier-ignore
  must(`BR-${category}-08`, mine + moved === decimal(textOf(group, 'BasisAmount')));
  const exact = decimal(textOf(group, 'BasisAmount')) * decimal(rate === '' ? '0' : rate);
  const off = decimal(textOf(group, 'CalculatedAmount')) * 100n * ONE - exact;
  must('BR-CO-17', 2n * (off < 0n ? -off : off) <= cent * 100n * ONE);
  const reason = textOf(group, 'ExemptionReason') !== '' || textOf(group, 'ExemptionReasonCode') !== '';
  must(`BR-${category}-10`, UNTAXED.includes(category) === reason);
  must(`BR-${category}-05`, category === 'S' ? decimal(rate || '0') > 0n : decimal(rate || '0') === 0n);
}

/** What a category asks of the parties and of the other lines. */
function categories(root: Node, lines: readonly Node[], groups: readonly Node[], must: Must): void {
  const [seller] = all(root, `${AGREEMENT}/SellerTradeParty`);
  const [buyer] = all(root, `${AGREEMENT}/BuyerTradeParty`);
  const used = new Set(lines.map(categoryOf));
  const keyOf = (category: string, rate: string) => `${category} ${rate}`;
  const told = groups.map((group) => keyOf(textOf(group, 'CategoryCode'), textOf(group, 'RateApplicablePercent')));
  must('BR-CO-18', new Set(told).size === told.length);
  for (const line of lines) must(`BR-${categoryOf(line)}-01`, told.includes(keyOf(categoryOf(line), rateOf(line))));
  const taxed = vatIdOf(seller) !== '' || registration(seller, 'FC') !== '';
  for (const category of ['S', 'Z', 'E']) must(`BR-${category}-02`, !used.has(category) || taxed);
  must('BR-AE-02', !used.has('AE') || (taxed && vatIdOf(buyer) !== ''));
  must('BR-G-02', !used.has('G') || vatIdOf(seller) !== '');
  must('BR-O-02', !used.has('O') || (vatIdOf(seller) === '' && vatIdOf(buyer) === ''));
  must(
    'BR-O-05',
    lines.every((line) => categoryOf(line) !== 'O' || rateOf(line) === ''),
  );
  must('BR-O-11', !used.has('O') || used.size === 1);
}

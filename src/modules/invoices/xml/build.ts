import { minorDigits } from '#core/money.ts';
import type { StoredInvoice, StoredLine } from '../invoice.ts';
import { plainAmount } from '../money/currency.ts';
import { divideRounded } from '../money/round.ts';
import type { TaxCategory } from '../money/totals.ts';
import type { Buyer, Seller } from '../parties.ts';

export interface ElectronicInput {
  readonly invoice: StoredInvoice;
  readonly lines: readonly StoredLine[];
  readonly originNumber: string | null;
}

/** What EN 16931 asks for and this invoice lacks, in words; nothing: it has all. Quotes and drafts are no invoices. */
export function lacks({ invoice }: ElectronicInput): string[] {
  const { seller, buyer } = invoice;
  const missing: (readonly [boolean, string])[] = [
    [invoice.number === null || invoice.kind === 'quote', 'an issued invoice or credit note'],
    [minorDigits(invoice.currency) > 2, 'a currency of at most two digits behind the point'],
    [seller.country == null, 'your country (invoice settings)'],
    [seller.city == null, 'your city (invoice settings)'],
    [seller.vatId == null && seller.taxNumber == null, 'your VAT number or tax number (invoice settings)'],
    [buyer.country == null, 'the client’s country'],
    [buyer.city == null, 'the client’s city'],
    [clean(buyer.name) === '', 'the client’s name'],
    [invoice.treatment === 'export' && seller.vatId == null, 'your VAT number (invoice settings)'],
    [invoice.treatment === 'reverse_charge' && (buyer.vatId == null || seller.vatId == null), 'the VAT numbers of both'],
    [invoice.treatment === 'us_sales_tax', 'VAT: sales tax is not what EN 16931 is for'],
  ];
  return missing.flatMap(([is, what]) => (is ? [what] : []));
}

/** Units of UN/ECE Recommendation 20 for the words that people write; C62 is "one". */
const UNITS: Readonly<Record<string, string>> = {
  h: 'HUR', hr: 'HUR', hour: 'HUR', hours: 'HUR', stunde: 'HUR', stunden: 'HUR', std: 'HUR', day: 'DAY', days: 'DAY', tag: 'DAY', tage: 'DAY',
  week: 'WEE', month: 'MON', months: 'MON', monat: 'MON', monate: 'MON', year: 'ANN', kg: 'KGM', g: 'GRM', t: 'TNE', m: 'MTR', km: 'KMT',
  'm²': 'MTK', m2: 'MTK', 'm³': 'MTQ', m3: 'MTQ', l: 'LTR', kwh: 'KWH', min: 'MIN', minute: 'MIN', minutes: 'MIN', piece: 'H87', pieces: 'H87',
  pcs: 'H87', 'stück': 'H87', stk: 'H87',
}; // prettier-ignore

/** VATEX codes and sentences of what is not taxed (EN 16931: BR-AE-10, BR-E-10, BR-G-10, BR-O-10). */
const EXEMPT: Partial<Record<TaxCategory, readonly [code: string | null, says: string]>> = {
  AE: ['VATEX-EU-AE', 'Reverse charge'],
  G: ['VATEX-EU-G', 'Export outside the EU'],
  O: ['VATEX-EU-O', 'Not subject to VAT'],
  E: [null, 'Scheme for small enterprises'],
};

/** Without what XML 1.0 has no place for. */
const clean = (text: string) =>
  // oxlint-disable-next-line no-control-regex -- that is what they are
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').trim();
const escape = (text: string) => text.replace(/[<>&"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const element = (name: string, text: string | null | undefined, attributes = '') => {
  const said = clean(text ?? '');
  return said === '' ? '' : `<${name}${attributes}>${escape(said)}</${name}>`;
};
const group = (name: string, ...inside: readonly string[]) => {
  const text = inside.join('');
  return text === '' ? '' : `<${name}>${text}</${name}>`;
};
const date = (name: string, day: string | null) =>
  day === null ? '' : `<${name}><udt:DateTimeString format="102">${day.replaceAll('-', '')}</udt:DateTimeString></${name}>`;
const percent = (rate: number) => String(rate / 1000);

/**
 * The invoice as UN/CEFACT Cross Industry Invoice D16B, profile EN 16931 (COMFORT) of Factur-X 1.0 / ZUGFeRD 2. Elements stand in the order of the schema.
 * Null when something is missing that the norm asks for: see `lacks`.
 */
export function electronicInvoice(input: ElectronicInput): string | null {
  if (lacks(input).length > 0) return null;
  const { invoice, lines, originNumber } = input;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">${[
    group(
      'rsm:ExchangedDocumentContext',
      group('ram:GuidelineSpecifiedDocumentContextParameter', element('ram:ID', 'urn:cen.eu:en16931:2017')),
    ),
    group(
      'rsm:ExchangedDocument',
      element('ram:ID', invoice.number),
      element('ram:TypeCode', invoice.kind === 'credit_note' ? '381' : '380'),
      date('ram:IssueDateTime', invoice.issuedOn),
      group('ram:IncludedNote', element('ram:Content', [invoice.title, invoice.notes].filter((text) => text !== '').join('\n'))),
    ),
    group(
      'rsm:SupplyChainTradeTransaction',
      ...lines.map((line, i) => tradeLine(line, i, invoice.currency)),
      agreement(invoice),
      delivery(invoice),
      settlement(invoice, originNumber),
    ),
  ].join('')}</rsm:CrossIndustryInvoice>
`;
}

function tradeLine(line: StoredLine, index: number, currency: string): string {
  // A price is never negative (BR-27): of a deduction the quantity is.
  const sign = line.unitPriceCents < 0 ? -1 : 1;
  const gross = Number(divideRounded(BigInt(Math.round(line.quantity * 10_000)) * BigInt(line.unitPriceCents), 10_000n));
  const less = gross - line.netCents;
  const [name = '–', ...more] = clean(line.description)
    .split('\n')
    .filter((text) => text.trim() !== '');
  return group(
    'ram:IncludedSupplyChainTradeLineItem',
    group('ram:AssociatedDocumentLineDocument', element('ram:LineID', String(index + 1))),
    group('ram:SpecifiedTradeProduct', element('ram:Name', name), element('ram:Description', more.join('\n'))), // prettier-ignore
    group('ram:SpecifiedLineTradeAgreement', group('ram:NetPriceProductTradePrice', element('ram:ChargeAmount', plainAmount(Math.abs(line.unitPriceCents), currency)))), // prettier-ignore
    group(
      'ram:SpecifiedLineTradeDelivery',
      element('ram:BilledQuantity', String(line.quantity * sign), ` unitCode="${UNITS[line.unit.toLowerCase()] ?? 'C62'}"`),
    ),
    group(
      'ram:SpecifiedLineTradeSettlement',
      group('ram:ApplicableTradeTax', element('ram:TypeCode', 'VAT'), element('ram:CategoryCode', line.taxCategory), line.taxCategory === 'O' ? '' : element('ram:RateApplicablePercent', percent(line.taxRate))), // prettier-ignore
      less === 0 ? '' : allowance(less, currency, 'Discount', null),
      group('ram:SpecifiedTradeSettlementLineMonetarySummation', element('ram:LineTotalAmount', plainAmount(line.netCents, currency))),
    ),
  );
}

function allowance(cents: number, currency: string, reason: string, tax: string | null): string {
  return group(
    'ram:SpecifiedTradeAllowanceCharge',
    group('ram:ChargeIndicator', element('udt:Indicator', cents < 0 ? 'true' : 'false')),
    element('ram:ActualAmount', plainAmount(Math.abs(cents), currency)),
    element('ram:Reason', reason),
    tax ?? '',
  );
}

/** `untaxed`: outside of VAT, where nobody has a VAT number (BR-O-02). A seller without one is known by an id of its own (BR-CO-26). */
function party(name: string, who: Seller | Buyer, isSeller: boolean, untaxed: boolean): string {
  const contact = 'contact' in who ? who.contact : null;
  const email = who.email ?? null;
  const phone = 'phone' in who ? who.phone : null;
  const taxNumber = 'taxNumber' in who ? who.taxNumber : null;
  const vatId = untaxed ? null : who.vatId;
  return group(
    name,
    isSeller && vatId == null ? element('ram:ID', taxNumber ?? who.vatId) : '',
    element('ram:Name', who.name),
    isSeller || contact != null
      ? group(
          'ram:DefinedTradeContact',
          element('ram:PersonName', contact ?? who.name),
          phone == null ? '' : group('ram:TelephoneUniversalCommunication', element('ram:CompleteNumber', phone)),
          email === null ? '' : group('ram:EmailURIUniversalCommunication', element('ram:URIID', email)),
        )
      : '',
    group(
      'ram:PostalTradeAddress',
      element('ram:PostcodeCode', who.postcode),
      element('ram:LineOne', who.line1),
      element('ram:LineTwo', who.line2),
      element('ram:CityName', who.city),
      element('ram:CountryID', who.country),
      element('ram:CountrySubDivisionName', who.region),
    ),
    email === null ? '' : group('ram:URIUniversalCommunication', element('ram:URIID', email, ' schemeID="EM"')),
    taxNumber == null ? '' : group('ram:SpecifiedTaxRegistration', element('ram:ID', taxNumber, ' schemeID="FC"')),
    vatId == null ? '' : group('ram:SpecifiedTaxRegistration', element('ram:ID', vatId, ' schemeID="VA"')),
  );
}

function agreement({ seller, buyer, reference, taxGroups }: StoredInvoice): string {
  const untaxed = taxGroups.some(({ category }) => category === 'O');
  return group(
    'ram:ApplicableHeaderTradeAgreement',
    element('ram:BuyerReference', reference),
    party('ram:SellerTradeParty', seller, true, untaxed),
    party('ram:BuyerTradeParty', buyer, false, untaxed),
    reference === null ? '' : group('ram:BuyerOrderReferencedDocument', element('ram:IssuerAssignedID', reference)),
  );
}

function delivery({ periodEnd, periodStart, issuedOn }: StoredInvoice): string {
  return group('ram:ApplicableHeaderTradeDelivery', group('ram:ActualDeliverySupplyChainEvent', date('ram:OccurrenceDateTime', periodEnd ?? periodStart ?? issuedOn))); // prettier-ignore
}

function settlement(invoice: StoredInvoice, originNumber: string | null): string {
  const { currency, seller } = invoice;
  const money = (cents: number) => plainAmount(cents, currency);
  return group(
    'ram:ApplicableHeaderTradeSettlement',
    element('ram:PaymentReference', invoice.number),
    element('ram:InvoiceCurrencyCode', currency),
    seller.iban == null
      ? ''
      : group(
          'ram:SpecifiedTradeSettlementPaymentMeans',
          element('ram:TypeCode', currency === 'EUR' ? '58' : '30'),
          group('ram:PayeePartyCreditorFinancialAccount', element('ram:IBANID', seller.iban)),
          seller.bic == null ? '' : group('ram:PayeeSpecifiedCreditorFinancialInstitution', element('ram:BICID', seller.bic)),
        ),
    ...invoice.taxGroups.map(({ category, rate, netCents, taxCents }) => {
      const [code, says] = EXEMPT[category] ?? [null, null];
      return group(
        'ram:ApplicableTradeTax',
        element('ram:CalculatedAmount', money(taxCents)),
        element('ram:TypeCode', 'VAT'),
        element('ram:ExemptionReason', says),
        element('ram:BasisAmount', money(netCents)),
        element('ram:CategoryCode', category),
        element('ram:ExemptionReasonCode', code),
        category === 'O' ? '' : element('ram:RateApplicablePercent', percent(rate)),
      );
    }),
    invoice.periodStart === null && invoice.periodEnd === null
      ? ''
      : group('ram:BillingSpecifiedPeriod', date('ram:StartDateTime', invoice.periodStart), date('ram:EndDateTime', invoice.periodEnd)),
    ...invoice.taxGroups.map(({ category, rate, discountCents }) =>
      discountCents === 0
        ? ''
        : allowance(
            discountCents,
            currency,
            'Discount',
            group('ram:CategoryTradeTax', element('ram:TypeCode', 'VAT'), element('ram:CategoryCode', category), category === 'O' ? '' : element('ram:RateApplicablePercent', percent(rate))), // prettier-ignore
          ),
    ),
    group('ram:SpecifiedTradePaymentTerms', date('ram:DueDateDateTime', invoice.dueOn ?? invoice.issuedOn)),
    group(
      'ram:SpecifiedTradeSettlementHeaderMonetarySummation',
      element('ram:LineTotalAmount', money(invoice.subtotalCents)),
      element('ram:ChargeTotalAmount', money(0)),
      element('ram:AllowanceTotalAmount', money(invoice.discountCents)),
      element('ram:TaxBasisTotalAmount', money(invoice.netCents)),
      element('ram:TaxTotalAmount', money(invoice.taxCents), ` currencyID="${currency}"`),
      element('ram:GrandTotalAmount', money(invoice.totalCents)),
      element('ram:DuePayableAmount', money(invoice.totalCents)),
    ),
    originNumber === null ? '' : group('ram:InvoiceReferencedDocument', element('ram:IssuerAssignedID', originNumber)),
  );
}

import { spokenOf, type InEach } from '#core/language.ts';
import type { PAYMENT_METHODS } from '../tables.ts';
import type { Treatment } from '../tax/treatment.ts';

/** What stands on the page, by language. */
export interface Words {
  readonly invoice: string;
  readonly quote: string;
  readonly creditNote: string;
  readonly number: string;
  readonly date: string;
  readonly due: string;
  readonly validUntil: string;
  readonly supplied: string;
  readonly reference: string;
  readonly corrects: string;
  readonly yourVat: string;
  readonly description: string;
  readonly quantity: string;
  readonly price: string;
  readonly tax: string;
  readonly amount: string;
  readonly subtotal: string;
  readonly discount: string;
  readonly lineDiscount: (percent: string) => string;
  readonly net: string;
  readonly taxAt: (rate: string, base: string) => string;
  readonly total: string;
  readonly pay: (amount: string, due: string) => string;
  readonly payParts: (deposit: string, first: string, rest: string, due: string) => string;
  readonly depositFirst: (deposit: string) => string;
  readonly bank: string;
  readonly purpose: string;
  readonly draft: string;
  readonly receipt: string;
  readonly received: (amount: string, day: string) => string;
  readonly forInvoice: string;
  readonly ofDay: string;
  readonly invoiceTotal: string;
  readonly thisPayment: string;
  readonly intoCredit: string;
  readonly stillOwed: string;
  readonly settled: string;
  readonly how: string;
  readonly methods: Readonly<Record<(typeof PAYMENT_METHODS)[number], string>>;
  readonly page: (page: number, of: number) => string;
  readonly vatId: string;
  readonly taxNumber: string;
  readonly taxNotes: Partial<Record<Treatment, string>>;
}

const en: Words = {
  invoice: 'Invoice',
  quote: 'Quote',
  creditNote: 'Credit note',
  number: 'Number',
  date: 'Date',
  due: 'Due',
  validUntil: 'Valid until',
  supplied: 'Supplied',
  reference: 'Your reference',
  corrects: 'Corrects',
  yourVat: 'Your VAT number',
  description: 'Description',
  quantity: 'Quantity',
  price: 'Price',
  tax: 'Tax',
  amount: 'Amount',
  subtotal: 'Subtotal',
  discount: 'Discount',
  lineDiscount: (percent) => `less ${percent} %`,
  net: 'Net',
  taxAt: (rate, base) => `Tax ${rate} % on ${base}`,
  total: 'Total',
  pay: (amount, due) => `Please pay ${amount} by ${due}.`,
  payParts: (deposit, first, rest, due) => `Please pay a deposit of ${deposit} by ${first}, and the rest, ${rest}, by ${due}.`,
  depositFirst: (deposit) => `A deposit of ${deposit} is paid first.`,
  bank: 'Account',
  purpose: 'Reference',
  draft: 'Draft',
  receipt: 'Receipt',
  received: (amount, day) => `We received ${amount} on ${day}. Thank you.`,
  forInvoice: 'Invoice',
  ofDay: 'Issued',
  invoiceTotal: 'Total of the invoice',
  thisPayment: 'This payment',
  intoCredit: 'Of it kept as your credit',
  stillOwed: 'Still owed',
  settled: 'The invoice is settled.',
  how: 'Paid by',
  methods: { bank: 'Bank transfer', card: 'Card', cash: 'Cash', cheque: 'Cheque', other: 'Other' },
  page: (page, of) => `Page ${page} of ${of}`,
  vatId: 'VAT number',
  taxNumber: 'Tax number',
  taxNotes: {
    reverse_charge: 'Reverse charge: VAT is accounted for by the recipient (Article 196, Directive 2006/112/EC).',
    export: 'Not subject to VAT here: supplied outside of the territory.',
    small_business: 'No VAT is shown: scheme for small enterprises.',
  },
};

const de: Words = {
  invoice: 'Rechnung',
  quote: 'Angebot',
  creditNote: 'Rechnungskorrektur',
  number: 'Nummer',
  date: 'Datum',
  due: 'Fällig',
  validUntil: 'Gültig bis',
  supplied: 'Leistung',
  reference: 'Ihr Zeichen',
  corrects: 'Zu Rechnung',
  yourVat: 'Ihre USt-IdNr.',
  description: 'Beschreibung',
  quantity: 'Menge',
  price: 'Preis',
  tax: 'USt',
  amount: 'Betrag',
  subtotal: 'Zwischensumme',
  discount: 'Rabatt',
  lineDiscount: (percent) => `abzüglich ${percent} %`,
  net: 'Netto',
  taxAt: (rate, base) => `USt ${rate} % auf ${base}`,
  total: 'Gesamt',
  pay: (amount, due) => `Bitte zahlen Sie ${amount} bis zum ${due}.`,
  payParts: (deposit, first, rest, due) =>
    `Bitte zahlen Sie ${deposit} als Anzahlung bis zum ${first} und den Rest, ${rest}, bis zum ${due}.`,
  depositFirst: (deposit) => `Zuerst ist eine Anzahlung von ${deposit} fällig.`,
  bank: 'Konto',
  purpose: 'Verwendungszweck',
  draft: 'Entwurf',
  receipt: 'Zahlungsbestätigung',
  received: (amount, day) => `Wir haben am ${day} ${amount} erhalten. Vielen Dank.`,
  forInvoice: 'Rechnung',
  ofDay: 'Rechnungsdatum',
  invoiceTotal: 'Rechnungsbetrag',
  thisPayment: 'Diese Zahlung',
  intoCredit: 'Davon als Guthaben',
  stillOwed: 'Noch offen',
  settled: 'Die Rechnung ist beglichen.',
  how: 'Bezahlt per',
  methods: { bank: 'Überweisung', card: 'Karte', cash: 'Bar', cheque: 'Scheck', other: 'Sonstiges' },
  page: (page, of) => `Seite ${page} von ${of}`,
  vatId: 'USt-IdNr.',
  taxNumber: 'Steuernummer',
  taxNotes: {
    reverse_charge: 'Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge, Art. 196 MwStSystRL).',
    export: 'Nicht im Inland steuerbar.',
    small_business: 'Kein Ausweis von Umsatzsteuer (§ 19 UStG).',
  },
};

const fr: Words = {
  invoice: 'Facture',
  quote: 'Devis',
  creditNote: 'Facture d’avoir',
  number: 'Numéro',
  date: 'Date',
  due: 'Échéance',
  validUntil: 'Valable jusqu’au',
  supplied: 'Prestation',
  reference: 'Votre référence',
  corrects: 'Facture corrigée',
  yourVat: 'Votre n° de TVA',
  description: 'Désignation',
  quantity: 'Quantité',
  price: 'Prix',
  tax: 'TVA',
  amount: 'Montant',
  subtotal: 'Sous-total',
  discount: 'Remise',
  lineDiscount: (percent) => `remise de ${percent} %`,
  net: 'Total HT',
  taxAt: (rate, base) => `TVA ${rate} % sur ${base}`,
  total: 'Total TTC',
  pay: (amount, due) => `Merci de payer ${amount} au plus tard le ${due}.`,
  payParts: (deposit, first, rest, due) =>
    `Merci de payer un acompte de ${deposit} au plus tard le ${first}, et le solde, ${rest}, au plus tard le ${due}.`,
  depositFirst: (deposit) => `Un acompte de ${deposit} est à payer d’abord.`,
  bank: 'Compte',
  purpose: 'Référence',
  draft: 'Brouillon',
  receipt: 'Reçu',
  received: (amount, day) => `Nous avons reçu ${amount} le ${day}. Merci.`,
  forInvoice: 'Facture',
  ofDay: 'Date de la facture',
  invoiceTotal: 'Total de la facture',
  thisPayment: 'Ce paiement',
  intoCredit: 'Dont gardé à votre crédit',
  stillOwed: 'Reste à payer',
  settled: 'La facture est soldée.',
  how: 'Mode de paiement',
  methods: { bank: 'Virement', card: 'Carte', cash: 'Espèces', cheque: 'Chèque', other: 'Autre' },
  page: (page, of) => `Page ${page} sur ${of}`,
  vatId: 'N° de TVA',
  taxNumber: 'Numéro fiscal',
  taxNotes: {
    reverse_charge: 'Autoliquidation : la TVA est due par le preneur (article 196 de la directive 2006/112/CE).',
    export: 'TVA non applicable : prestation hors du territoire.',
    small_business: 'TVA non applicable : régime des petites entreprises (en France, art. 293 B du CGI).',
  },
};

const es: Words = {
  invoice: 'Factura',
  quote: 'Presupuesto',
  creditNote: 'Factura rectificativa',
  number: 'Número',
  date: 'Fecha',
  due: 'Vencimiento',
  validUntil: 'Válido hasta',
  supplied: 'Prestación',
  reference: 'Su referencia',
  corrects: 'Rectifica la factura',
  yourVat: 'Su NIF-IVA',
  description: 'Descripción',
  quantity: 'Cantidad',
  price: 'Precio',
  tax: 'IVA',
  amount: 'Importe',
  subtotal: 'Subtotal',
  discount: 'Descuento',
  lineDiscount: (percent) => `descuento del ${percent} %`,
  net: 'Base imponible',
  taxAt: (rate, base) => `IVA ${rate} % sobre ${base}`,
  total: 'Total',
  pay: (amount, due) => `Por favor, pague ${amount} antes del ${due}.`,
  payParts: (deposit, first, rest, due) =>
    `Por favor, pague un anticipo de ${deposit} antes del ${first} y el resto, ${rest}, antes del ${due}.`,
  depositFirst: (deposit) => `Primero se paga un anticipo de ${deposit}.`,
  bank: 'Cuenta',
  purpose: 'Concepto',
  draft: 'Borrador',
  receipt: 'Recibo',
  received: (amount, day) => `Hemos recibido ${amount} el ${day}. Gracias.`,
  forInvoice: 'Factura',
  ofDay: 'Fecha de la factura',
  invoiceTotal: 'Total de la factura',
  thisPayment: 'Este pago',
  intoCredit: 'De ello, a su favor',
  stillOwed: 'Pendiente de pago',
  settled: 'La factura está saldada.',
  how: 'Forma de pago',
  methods: { bank: 'Transferencia', card: 'Tarjeta', cash: 'Efectivo', cheque: 'Cheque', other: 'Otra' },
  page: (page, of) => `Página ${page} de ${of}`,
  vatId: 'NIF-IVA',
  taxNumber: 'NIF',
  taxNotes: {
    reverse_charge: 'Inversión del sujeto pasivo: el IVA lo declara el destinatario (artículo 196 de la Directiva 2006/112/CE).',
    export: 'No sujeta a IVA: prestación fuera del territorio.',
    small_business: 'No se repercute IVA: régimen de pequeñas empresas.',
  },
};

const WORDS: InEach<Words> = { en, de, fr, es };
export const wordsOf = (language: string): Words => WORDS[spokenOf(language)];

const each = <T>(make: (locale: string) => T): InEach<T> => ({ en: make('en-GB'), de: make('de'), fr: make('fr'), es: make('es') });
const days = each((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }));
const numbers = each((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }));

/** `2 June 2026`, `2. Juni 2026`. */
export const localDay = (day: string, language: string): string => days[spokenOf(language)].format(new Date(`${day}T00:00:00Z`));

/** `1,234.5`, `1.234,5`. */
export const localNumber = (value: number, language: string): string => numbers[spokenOf(language)].format(value);

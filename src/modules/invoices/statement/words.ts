import { spokenOf, type InEach } from '#core/language.ts';
import type { AGE_BUCKETS, STATEMENT_KINDS } from './shape.ts';

/** What stands on a statement, by language. */
export interface StatementWords {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly opening: string;
  readonly closing: string;
  readonly day: string;
  readonly what: string;
  readonly amount: string;
  readonly balance: string;
  readonly kinds: Readonly<Record<(typeof STATEMENT_KINDS)[number], string>>;
  readonly ages: Readonly<Record<(typeof AGE_BUCKETS)[number] | 'credit', string>>;
  readonly pleasePay: (amount: string) => string;
  readonly credit: (amount: string) => string;
  readonly nothing: string;
}

const en: StatementWords = {
  title: 'Statement of account',
  from: 'From',
  to: 'To',
  currency: 'Currency',
  opening: 'Opening balance',
  closing: 'Balance',
  day: 'Day',
  what: 'What',
  amount: 'Amount',
  balance: 'Balance',
  kinds: { invoice: 'Invoice', credit_note: 'Credit note', payment: 'Payment for', refund: 'Given back for', dispute: 'Taken back by your bank for', reversal: 'Payment taken back for', void: 'Voided', write_off: 'Written off' }, // prettier-ignore
  ages: {
    not_due: 'Not due yet',
    '1_30': '1–30 days late',
    '31_60': '31–60 days',
    '61_90': '61–90 days',
    over_90: 'Over 90 days',
    credit: 'In credit',
  },
  pleasePay: (amount) => `${amount} are owed. If you have paid meanwhile, thank you.`,
  credit: (amount) => `You have ${amount} in credit.`,
  nothing: 'Nothing is owed. Thank you.',
};

const de: StatementWords = {
  title: 'Kontoauszug',
  from: 'Von',
  to: 'Bis',
  currency: 'Währung',
  opening: 'Anfangssaldo',
  closing: 'Saldo',
  day: 'Tag',
  what: 'Vorgang',
  amount: 'Betrag',
  balance: 'Saldo',
  kinds: { invoice: 'Rechnung', credit_note: 'Rechnungskorrektur', payment: 'Zahlung zu', refund: 'Erstattet zu', dispute: 'Von Ihrer Bank zurückgeholt zu', reversal: 'Zahlung zurückgebucht zu', void: 'Storniert', write_off: 'Ausgebucht' }, // prettier-ignore
  ages: {
    not_due: 'Nicht fällig',
    '1_30': '1–30 Tage fällig',
    '31_60': '31–60 Tage',
    '61_90': '61–90 Tage',
    over_90: 'Über 90 Tage',
    credit: 'Guthaben',
  },
  pleasePay: (amount) => `Offen sind ${amount}. Falls Sie inzwischen bezahlt haben, vielen Dank.`,
  credit: (amount) => `Sie haben ein Guthaben von ${amount}.`,
  nothing: 'Es ist nichts offen. Vielen Dank.',
};

const fr: StatementWords = {
  title: 'Relevé de compte',
  from: 'Du',
  to: 'Au',
  currency: 'Devise',
  opening: 'Solde initial',
  closing: 'Solde',
  day: 'Date',
  what: 'Opération',
  amount: 'Montant',
  balance: 'Solde',
  kinds: { invoice: 'Facture', credit_note: 'Facture d’avoir', payment: 'Paiement de', refund: 'Remboursement de', dispute: 'Repris par votre banque pour', reversal: 'Paiement annulé de', void: 'Annulée', write_off: 'Passée en pertes' }, // prettier-ignore
  ages: {
    not_due: 'Non échu',
    '1_30': '1–30 jours de retard',
    '31_60': '31–60 jours',
    '61_90': '61–90 jours',
    over_90: 'Plus de 90 jours',
    credit: 'Crédit',
  },
  pleasePay: (amount) => `Il reste ${amount} à payer. Si vous avez payé entre-temps, merci.`,
  credit: (amount) => `Vous avez un crédit de ${amount}.`,
  nothing: 'Il ne reste rien à payer. Merci.',
};

const es: StatementWords = {
  title: 'Extracto de cuenta',
  from: 'Del',
  to: 'Al',
  currency: 'Moneda',
  opening: 'Saldo inicial',
  closing: 'Saldo',
  day: 'Fecha',
  what: 'Concepto',
  amount: 'Importe',
  balance: 'Saldo',
  kinds: { invoice: 'Factura', credit_note: 'Factura rectificativa', payment: 'Pago de', refund: 'Devuelto de', dispute: 'Retirado por su banco de', reversal: 'Pago anulado de', void: 'Anulada', write_off: 'Dada de baja' }, // prettier-ignore
  ages: {
    not_due: 'No vencido',
    '1_30': '1–30 días de retraso',
    '31_60': '31–60 días',
    '61_90': '61–90 días',
    over_90: 'Más de 90 días',
    credit: 'A su favor',
  },
  pleasePay: (amount) => `Quedan ${amount} por pagar. Si entretanto ha pagado, gracias.`,
  credit: (amount) => `Tiene ${amount} a su favor.`,
  nothing: 'No queda nada por pagar. Gracias.',
};

const WORDS: InEach<StatementWords> = { en, de, fr, es };
export const statementWords = (language: string): StatementWords => WORDS[spokenOf(language)];

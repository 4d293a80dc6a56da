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

export const statementWords = (language: string): StatementWords => (language.startsWith('de') ? de : en);

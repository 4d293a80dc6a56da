import type { InEach } from '#core/language.ts';
import { spokenTemplate, type TemplateText } from '#core/template-text.ts';

/** The mails about invoices, quotes and money. Days and sums are those of the facts, written as the language writes them. */
interface Words {
  readonly hello: string;
  readonly total: string;
  readonly deposit: string;
  readonly due: string;
  readonly account: string;
  readonly payOnline: string;
  readonly crossed: string;
}

const WORDS: InEach<Words> = {
  en: { hello: 'Hello', total: 'Total', deposit: 'Deposit', due: 'Due', account: 'Account', payOnline: 'Pay online', crossed: 'If you have paid meanwhile, thank you: this mail crossed your payment.' },
  de: { hello: 'Guten Tag', total: 'Gesamtbetrag', deposit: 'Anzahlung', due: 'Fällig am', account: 'Konto', payOnline: 'Online bezahlen', crossed: 'Falls Sie inzwischen bezahlt haben, vielen Dank: Dann hat sich diese E-Mail mit Ihrer Zahlung gekreuzt.' },
  fr: { hello: 'Bonjour', total: 'Total\u00a0', deposit: 'Acompte\u00a0', due: 'À payer avant le\u00a0', account: 'Compte\u00a0', payOnline: 'Payer en ligne\u00a0', crossed: 'Si vous avez payé entre-temps, merci : cet e-mail a croisé votre paiement.' },
  es: { hello: 'Hola', total: 'Total', deposit: 'Anticipo', due: 'Vencimiento', account: 'Cuenta', payOnline: 'Pagar en línea', crossed: 'Si entretanto ha pagado, gracias: este correo se ha cruzado con su pago.' },
}; // prettier-ignore

const SELLER = '{{ invoice.seller | default: company.name }}';
const sum = (name: string) => `{{ ${name} | amount }} {{ invoice.currency }}`;

interface InvoiceWords {
  readonly quote: string;
  readonly holds: string;
  readonly answer: string;
  readonly look: string;
  readonly creditNote: string;
  readonly invoice: string;
  readonly attached: string;
  readonly subject: readonly [quote: string, creditNote: string, invoice: string];
}

const INVOICE: InEach<InvoiceWords> = {
  en: {
    quote: 'here is the quote you asked for.',
    holds: 'It holds until {{ invoice.valid_until | day }}.',
    answer: 'We look forward to your answer.',
    look: 'Look at it, accept or decline',
    creditNote: 'here is your credit note.',
    invoice: 'here is our invoice. Thank you for working with us.',
    attached: 'You find it attached as a PDF.',
    subject: ['Quote', 'Credit note', 'Invoice'],
  },
  de: {
    quote: 'hier ist das Angebot, um das Sie gebeten haben.',
    holds: 'Es gilt bis {{ invoice.valid_until | day }}.',
    answer: 'Wir freuen uns auf Ihre Antwort.',
    look: 'Ansehen, annehmen oder ablehnen',
    creditNote: 'hier ist Ihre Rechnungskorrektur.',
    invoice: 'hier ist unsere Rechnung. Vielen Dank für die Zusammenarbeit.',
    attached: 'Das Dokument finden Sie als PDF im Anhang.',
    subject: ['Angebot', 'Rechnungskorrektur', 'Rechnung'],
  },
  fr: {
    quote: 'voici le devis que vous avez demandé.',
    holds: 'Il est valable jusqu’au {{ invoice.valid_until | day }}.',
    answer: 'Nous attendons votre réponse avec plaisir.',
    look: 'Le voir, l’accepter ou le refuser\u00a0',
    creditNote: 'voici votre facture d’avoir.',
    invoice: 'voici notre facture. Merci de votre confiance.',
    attached: 'Vous trouverez le document en pièce jointe (PDF).',
    subject: ['Devis', 'Avoir', 'Facture'],
  },
  es: {
    quote: 'aquí tiene el presupuesto que pidió.',
    holds: 'Es válido hasta el {{ invoice.valid_until | day }}.',
    answer: 'Quedamos a la espera de su respuesta.',
    look: 'Verlo, aceptarlo o rechazarlo',
    creditNote: 'aquí tiene su factura rectificativa.',
    invoice: 'aquí tiene nuestra factura. Gracias por su confianza.',
    attached: 'Encontrará el documento adjunto en PDF.',
    subject: ['Presupuesto', 'Factura rectificativa', 'Factura'],
  },
};

const each = <From, To>(words: InEach<From>, make: (own: From, language: keyof InEach<From>) => To): InEach<To> => ({
  en: make(words.en, 'en'),
  de: make(words.de, 'de'),
  fr: make(words.fr, 'fr'),
  es: make(words.es, 'es'),
});

const invoice = each(INVOICE, ({ quote, holds, answer, look, creditNote, invoice: ours, attached, subject: [q, c, i] }, language) => {
  const { hello, total, deposit, due, account, payOnline } = WORDS[language];
  return {
    subject: `{% if invoice.kind == 'quote' %}${q}{% elsif invoice.kind == 'credit_note' %}${c}{% else %}${i}{% endif %} {{ invoice.number }}`,
    body: `${hello} {{ person.name }},

{% if invoice.kind == 'quote' %}${quote}{% if invoice.valid_until %} ${holds}{% endif %} ${answer}

${total}: ${sum('invoice.total')}{% if invoice.answer_link %}

→ ${look}: {{ invoice.answer_link }}

{% endif %}
{% elsif invoice.kind == 'credit_note' %}${creditNote}
{% else %}${ours}

${total}: ${sum('invoice.total')}
{% if invoice.deposit_open %}${deposit}: ${sum('invoice.due_now')}, ${due.trim().toLowerCase()} {{ invoice.next_due_on | day }}
{% endif %}${due}: {{ invoice.due_on | day }}
{% if invoice.iban %}${account}: {{ invoice.iban }}
{% endif %}{% if invoice.pay_link %}
→ ${payOnline}: {{ invoice.pay_link }}

{% endif %}{% endif %}
${attached}

${SELLER}`,
  };
});

/** Of three reminders: the line above, and how it begins. German: Zahlungserinnerung, then Mahnung. */
type Reminder = readonly [subject: string, opening: string];
const REMIND: InEach<{ readonly of: string; readonly now: string; readonly open: string; readonly letters: readonly [Reminder, Reminder, Reminder] }> = {
  en: {
    of: 'Invoice: {{ invoice.number }} of {{ invoice.issued_on | day }}',
    now: 'Due now, as a deposit',
    open: 'Still open',
    letters: [
      ['Reminder: invoice {{ invoice.number }}', 'our invoice may have slipped your attention. We would be glad if you settled it these days.'],
      ['Second reminder: invoice {{ invoice.number }}', 'the invoice below is still open. Please settle it within a week, or tell us what stands in the way.'],
      ['Last reminder: invoice {{ invoice.number }}', 'despite two reminders the invoice below is unpaid. Please settle it within ten days, so that no further steps are needed.'],
    ],
  },
  de: {
    of: 'Rechnung: {{ invoice.number }} vom {{ invoice.issued_on | day }}',
    now: 'Jetzt fällig, als Anzahlung',
    open: 'Noch offen',
    letters: [
      ['Zahlungserinnerung: Rechnung {{ invoice.number }}', 'unsere Rechnung ist Ihnen vielleicht entgangen. Wir freuen uns, wenn Sie sie in den nächsten Tagen begleichen.'],
      ['Mahnung: Rechnung {{ invoice.number }}', 'die folgende Rechnung ist noch offen. Bitte begleichen Sie sie innerhalb einer Woche, oder sagen Sie uns, was dem entgegensteht.'],
      ['Letzte Mahnung: Rechnung {{ invoice.number }}', 'trotz zweier Erinnerungen ist die folgende Rechnung nicht bezahlt. Bitte begleichen Sie sie innerhalb von zehn Tagen, damit keine weiteren Schritte nötig sind.'],
    ],
  },
  fr: {
    of: 'Facture : {{ invoice.number }} du {{ invoice.issued_on | day }}',
    now: 'À payer maintenant, comme acompte\u00a0',
    open: 'Reste à payer\u00a0',
    letters: [
      ['Rappel : facture {{ invoice.number }}', 'notre facture vous a peut-être échappé. Merci de bien vouloir la régler ces jours-ci.'],
      ['Deuxième rappel : facture {{ invoice.number }}', 'la facture ci-dessous n’est toujours pas réglée. Merci de la payer d’ici une semaine, ou de nous dire ce qui s’y oppose.'],
      ['Dernier rappel avant mise en demeure : facture {{ invoice.number }}', 'malgré deux rappels, la facture ci-dessous reste impayée. Merci de la régler sous dix jours, afin qu’aucune autre démarche ne soit nécessaire.'],
    ],
  },
  es: {
    of: 'Factura: {{ invoice.number }} del {{ invoice.issued_on | day }}',
    now: 'A pagar ahora, como anticipo',
    open: 'Pendiente',
    letters: [
      ['Recordatorio de pago: factura {{ invoice.number }}', 'quizá se le haya pasado nuestra factura. Le agradeceríamos que la pagara estos días.'],
      ['Segundo recordatorio: factura {{ invoice.number }}', 'la siguiente factura sigue pendiente. Por favor, páguela en el plazo de una semana o díganos qué lo impide.'],
      ['Último recordatorio: factura {{ invoice.number }}', 'pese a dos recordatorios, la siguiente factura sigue sin pagar. Por favor, páguela en diez días para que no sean necesarias otras medidas.'],
    ],
  },
}; // prettier-ignore

const reminder = (place: 0 | 1 | 2) =>
  each(REMIND, ({ of, now, open, letters }, language) => {
    const { hello, due, account, payOnline, crossed } = WORDS[language];
    const [subject, opening] = letters[place];
    return {
      subject,
      body: `${hello} {{ person.name }},

${opening}

${of}
${due}: {{ invoice.next_due_on | day }}
{% if invoice.deposit_open %}${now}: ${sum('invoice.due_now')}
{% endif %}${open}: ${sum('invoice.balance')}
{% if invoice.iban %}${account}: {{ invoice.iban }}
{% endif %}{% if invoice.pay_link %}
→ ${payOnline}: {{ invoice.pay_link }}

{% endif %}
${crossed}

{{ company.name }}`,
    };
  });

const RECEIPT: InEach<{ readonly subject: string; readonly received: string; readonly open: string; readonly settled: string; readonly attached: string }> = {
  en: { subject: 'Receipt for invoice {{ invoice.number }}', received: 'we received {{ payment.amount | amount }} {{ payment.currency }} for invoice {{ invoice.number }}. Thank you.', open: `Still open: ${sum('invoice.balance')}, due on {{ invoice.due_on | day }}.`, settled: 'The invoice is settled; there is nothing left to do.', attached: 'You find the receipt attached as a PDF.' },
  de: { subject: 'Zahlungsbestätigung zu Rechnung {{ invoice.number }}', received: 'wir haben {{ payment.amount | amount }} {{ payment.currency }} zu Rechnung {{ invoice.number }} erhalten. Vielen Dank.', open: `Noch offen: ${sum('invoice.balance')}, fällig am {{ invoice.due_on | day }}.`, settled: 'Die Rechnung ist beglichen; es ist nichts weiter zu tun.', attached: 'Die Zahlungsbestätigung finden Sie als PDF im Anhang.' },
  fr: { subject: 'Reçu pour la facture {{ invoice.number }}', received: 'nous avons reçu {{ payment.amount | amount }} {{ payment.currency }} pour la facture {{ invoice.number }}. Merci.', open: `Reste à payer : ${sum('invoice.balance')}, avant le {{ invoice.due_on | day }}.`, settled: 'La facture est soldée ; il n’y a plus rien à faire.', attached: 'Vous trouverez le reçu en pièce jointe (PDF).' },
  es: { subject: 'Recibo de la factura {{ invoice.number }}', received: 'hemos recibido {{ payment.amount | amount }} {{ payment.currency }} por la factura {{ invoice.number }}. Gracias.', open: `Pendiente: ${sum('invoice.balance')}, vence el {{ invoice.due_on | day }}.`, settled: 'La factura está saldada; no queda nada por hacer.', attached: 'Encontrará el recibo adjunto en PDF.' },
}; // prettier-ignore

const receipt = each(RECEIPT, ({ subject, received, open, settled, attached }, language) => ({
  subject,
  body: `${WORDS[language].hello} {{ person.name }},

${received}

{% if invoice.balance_cents > 0 %}${open}
{% else %}${settled}
{% endif %}
${attached}

${SELLER}`,
}));

const [FROM, TO] = ['{{ statement.from | day }}', '{{ statement.to | day }}'];
const OWED = '{{ statement.balance | amount }} {{ statement.currency }}';
const LATE = '{{ statement.overdue | amount }} {{ statement.currency }}';
const STATEMENT: InEach<{ readonly subject: string; readonly here: string; readonly owed: string; readonly late: string; readonly credit: string; readonly nothing: string; readonly attached: string }> = {
  en: { subject: `Statement of account, ${FROM} to ${TO}`, here: `here is your statement of account from ${FROM} to ${TO}.`, owed: `Balance: ${OWED}`, late: `, of which ${LATE} are overdue`, credit: 'You have money in credit with us; the statement says how much.', nothing: 'Nothing is owed. Thank you.', attached: 'You find it attached as a PDF.' },
  de: { subject: `Kontoauszug, ${FROM} bis ${TO}`, here: `hier ist Ihr Kontoauszug vom ${FROM} bis zum ${TO}.`, owed: `Saldo: ${OWED}`, late: `, davon ${LATE} überfällig`, credit: 'Sie haben ein Guthaben bei uns; der Kontoauszug nennt den Betrag.', nothing: 'Es ist nichts offen. Vielen Dank.', attached: 'Sie finden ihn als PDF im Anhang.' },
  fr: { subject: `Relevé de compte du ${FROM} au ${TO}`, here: `voici votre relevé de compte du ${FROM} au ${TO}.`, owed: `Solde : ${OWED}`, late: `, dont ${LATE} en retard`, credit: 'Vous avez un crédit chez nous ; le relevé en indique le montant.', nothing: 'Il ne reste rien à payer. Merci.', attached: 'Vous le trouverez en pièce jointe (PDF).' },
  es: { subject: `Extracto de cuenta del ${FROM} al ${TO}`, here: `aquí tiene su extracto de cuenta del ${FROM} al ${TO}.`, owed: `Saldo: ${OWED}`, late: `, de los cuales ${LATE} están vencidos`, credit: 'Tiene saldo a su favor con nosotros; el extracto dice cuánto.', nothing: 'No queda nada por pagar. Gracias.', attached: 'Lo encontrará adjunto en PDF.' },
}; // prettier-ignore

const statement = each(STATEMENT, ({ subject, here, owed, late, credit, nothing, attached }, language) => ({
  subject,
  body: `${WORDS[language].hello} {{ person.name }},

${here}

{% if statement.balance_cents > 0 %}${owed}{% if statement.overdue_cents > 0 %}${late}{% endif %}.
${WORDS[language].crossed}
{% elsif statement.balance_cents < 0 %}${credit}
{% else %}${nothing}
{% endif %}
${attached}

{{ statement.seller | default: company.name }}`,
}));

const letter = (key: string, title: string, about: string, texts: InEach<{ readonly subject: string; readonly body: string }>) =>
  spokenTemplate({ key, title, class: 'transactional', about }, texts);

/** What the workflows about invoices send, until a company writes its own under the same key. */
export const invoiceLetters: readonly TemplateText[] = [
  letter('invoice-mail', 'Invoice, quote or credit note', 'Sent with the PDF, by the workflow “Invoices by mail”.', invoice),
  letter('invoice-reminder-1', 'Payment reminder', 'The first of the workflow “Payment reminders”.', reminder(0)),
  letter('invoice-reminder-2', 'Second payment reminder', 'The second of the workflow “Payment reminders”.', reminder(1)),
  letter('invoice-reminder-3', 'Last payment reminder', 'The third of the workflow “Payment reminders”.', reminder(2)),
  letter('payment-receipt', 'Receipt', 'Sent with the PDF, by the workflow “Receipts by mail”.', receipt),
  letter('account-statement', 'Statement of account', 'Sent with the PDF, by the workflow “Statements of account by mail”.', statement),
];

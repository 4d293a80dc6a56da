import type { InEach } from '#core/language.ts';

/** What a client reads of invoices and quotes on their own page, and on the page where one is paid. What an invoice itself says: pdf/words.ts. */
export interface InvoicePageWords {
  readonly invoices: string;
  readonly statement: string;
  readonly marks: Readonly<
    Record<
      'overdue' | 'partlyPaid' | 'open' | 'paid' | 'void' | 'lapsed' | 'toAnswer' | 'declined' | 'accepted' | 'settled' | 'underWay',
      string
    >
  >;
  readonly dueOn: (day: string) => string;
  readonly goodUntil: (day: string) => string;
  readonly each: (count: string, price: string) => string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly deposit: string;
  readonly stillOwed: string;
  readonly payments: string;
  readonly openReceipt: string;
  readonly openPdf: string;
  readonly firstLines: (shown: number, all: number) => string;
  readonly please: (owed: {
    readonly sum: string;
    readonly by: string | null;
    readonly account: string | null;
    readonly number: string;
  }) => string;
  readonly pleaseParts: (owed: {
    readonly first: string;
    readonly firstBy: string | null;
    readonly rest: string;
    readonly by: string | null;
    readonly account: string | null;
    readonly number: string;
  }) => string;
  readonly underWay: string;
  readonly payOnline: (sum: string) => string;
  readonly payDeposit: (sum: string) => string;
  readonly payAll: (sum: string) => string;
  readonly pay: {
    readonly title: (sum: string) => string;
    readonly depositDue: (day: string) => string;
    readonly restDue: string;
    readonly due: string;
    readonly thanks: string;
    readonly nothingLeft: string;
    readonly voided: string;
    readonly nothingOwed: string;
    readonly underWay: string;
    readonly asking: string;
    readonly again: string;
    readonly notOnline: string;
    readonly failed: (why: string | null) => string;
    readonly secure: string;
    readonly alone: string;
    readonly moment: string;
    readonly goesOn: string;
    readonly goOn: string;
    readonly byService: string;
    readonly tooOften: string;
    readonly refused: string;
    readonly unreachable: string;
  };
  readonly quote: {
    readonly answered: (answer: 'accepted' | 'declined', by: string | null, when: string) => string;
    readonly held: (day: string) => string;
    readonly holds: (day: string) => string;
    readonly asks: (company: string) => string;
    readonly accept: string;
    readonly name: string;
    readonly agree: string;
    readonly declineIt: string;
    readonly decline: string;
    readonly why: string;
    readonly better: string;
    readonly typeName: string;
    readonly tick: string;
    readonly before: Readonly<Record<'accepted' | 'declined', string>>;
    readonly says: Readonly<Record<'accepted' | 'declined', string>>;
  };
}

const given = (before: string, text: string | null) => (text === null ? '' : `${before}${text}`);

export const INVOICE_PAGE_WORDS: InEach<InvoicePageWords> = {
  en: {
    invoices: 'Invoices',
    statement: 'Statement of account',
    marks: { overdue: 'Overdue', partlyPaid: 'Partly paid', open: 'Open', paid: 'Paid', void: 'Void', lapsed: 'No longer open', toAnswer: 'To answer', declined: 'Declined', accepted: 'Accepted', settled: 'Settled', underWay: 'Under way' },
    dueOn: (day) => `due on ${day}`,
    goodUntil: (day) => `good until ${day}`,
    each: (count, price) => `${count} at ${price}`,
    net: 'Net',
    tax: 'Tax',
    total: 'Total',
    deposit: 'Of it first, as a deposit',
    stillOwed: 'Still owed',
    payments: 'Payments',
    openReceipt: 'Open the receipt',
    openPdf: 'Open the PDF',
    firstLines: (shown, all) => `The first ${shown} of ${all} lines; the PDF has all.`,
    please: ({ sum, by, account, number }) => `Please pay ${sum}${given(' by ', by)}${given(' to ', account)}, and name ${number}.`,
    pleaseParts: ({ first, firstBy, rest, by, account, number }) =>
      `Please pay a deposit of ${first}${given(' by ', firstBy)}, and the rest, ${rest},${given(' by ', by)}${given(' to ', account)}, and name ${number}.`,
    underWay: 'Your payment is under way. It may take some days until it arrives.',
    payOnline: (sum) => `Pay ${sum} online`,
    payDeposit: (sum) => `Pay the deposit, ${sum}, online`,
    payAll: (sum) => `Pay all, ${sum}`,
    pay: {
      title: (sum) => `Pay ${sum}`,
      depositDue: (day) => `Deposit, due on ${day}`,
      restDue: 'The rest is due',
      due: 'Due',
      thanks: 'Thank you. The invoice is paid.',
      nothingLeft: 'There is nothing left to do.',
      voided: 'This invoice was voided. Please do not pay it.',
      nothingOwed: 'Nothing is owed on it.',
      underWay: 'Your payment is under way. It may take some days until it arrives; you need do nothing more.',
      asking: 'One moment: we ask whether your payment has arrived. This page looks again by itself.',
      again: 'Pay again',
      notOnline: 'This invoice can’t be paid online at the moment. Please pay it as it says.',
      failed: (why) => `Your last payment did not go through${given(': ', why)}. You can try again.`,
      secure: 'You go on to a secure page where you choose how to pay.',
      alone: 'Whoever has the address of this page can see and pay this invoice, and nothing else.',
      moment: 'One moment',
      goesOn: 'You go on to the payment page by itself.',
      goOn: 'Go on to pay',
      byService: 'Your payment is taken by a payment service; we never see the number of your card.',
      tooOften: 'That was pressed very often just now. Try again in a minute.',
      refused: 'The payment service does not take this sum. Please pay as the invoice says.',
      unreachable: 'The payment service can’t be reached just now. Nothing was paid. Try again in some minutes.',
    },
    quote: {
      answered: (answer, by, when) => `${answer === 'accepted' ? 'Accepted' : 'Declined'}${given(' by ', by)} on ${when}.`,
      held: (day) => `This quote held until ${day}. Ask us for a new one.`,
      holds: (day) => `It holds until ${day}.`,
      asks: (company) =>
        `Type your name to accept. ${company} keeps what stands on this page, your name, the time and the address of your connection as proof.`,
      accept: 'Accept the quote',
      name: 'Your name',
      agree: 'I accept this quote, and I may do so for whom it is addressed to.',
      declineIt: 'Decline it',
      decline: 'Decline the quote',
      why: 'Why',
      better: 'So that we can do better.',
      typeName: 'Type your name',
      tick: 'Tick the box to agree',
      before: {
        accepted: 'This quote was accepted already; write to us if that has changed',
        declined: 'This quote was declined already; write to us if that has changed',
      },
      says: { accepted: 'Thank you. The quote is accepted.', declined: 'Thank you for telling us. The quote is declined.' },
    },
  },
  de: {
    invoices: 'Rechnungen',
    statement: 'Kontoauszug',
    marks: { overdue: 'Überfällig', partlyPaid: 'Teilweise bezahlt', open: 'Offen', paid: 'Bezahlt', void: 'Storniert', lapsed: 'Abgelaufen', toAnswer: 'Zu beantworten', declined: 'Abgelehnt', accepted: 'Angenommen', settled: 'Erledigt', underWay: 'Unterwegs' },
    dueOn: (day) => `fällig am ${day}`,
    goodUntil: (day) => `gültig bis ${day}`,
    each: (count, price) => `${count} zu ${price}`,
    net: 'Netto',
    tax: 'Umsatzsteuer',
    total: 'Gesamt',
    deposit: 'Davon zuerst als Anzahlung',
    stillOwed: 'Noch offen',
    payments: 'Zahlungen',
    openReceipt: 'Zahlungsbestätigung öffnen',
    openPdf: 'PDF öffnen',
    firstLines: (shown, all) => `Die ersten ${shown} von ${all} Positionen; das PDF enthält alle.`,
    please: ({ sum, by, account, number }) =>
      `Bitte zahlen Sie ${sum}${given(' bis zum ', by)}${given(' auf das Konto ', account)} mit dem Verwendungszweck ${number}.`,
    pleaseParts: ({ first, firstBy, rest, by, account, number }) =>
      `Bitte zahlen Sie ${first} als Anzahlung${given(' bis zum ', firstBy)} und den Rest, ${rest},${given(' bis zum ', by)}${given(' auf das Konto ', account)}, jeweils mit dem Verwendungszweck ${number}.`,
    underWay: 'Ihre Zahlung ist unterwegs. Bis sie ankommt, können einige Tage vergehen.',
    payOnline: (sum) => `${sum} online bezahlen`,
    payDeposit: (sum) => `Anzahlung von ${sum} online bezahlen`,
    payAll: (sum) => `Alles bezahlen, ${sum}`,
    pay: {
      title: (sum) => `${sum} bezahlen`,
      depositDue: (day) => `Anzahlung, fällig am ${day}`,
      restDue: 'Der Rest ist fällig am',
      due: 'Fällig am',
      thanks: 'Vielen Dank. Die Rechnung ist bezahlt.',
      nothingLeft: 'Es ist nichts mehr zu tun.',
      voided: 'Diese Rechnung wurde storniert. Bitte bezahlen Sie sie nicht.',
      nothingOwed: 'Es ist nichts offen.',
      underWay: 'Ihre Zahlung ist unterwegs. Bis sie ankommt, können einige Tage vergehen; Sie brauchen nichts weiter zu tun.',
      asking: 'Einen Moment: Wir fragen, ob Ihre Zahlung angekommen ist. Diese Seite sieht von selbst noch einmal nach.',
      again: 'Noch einmal bezahlen',
      notOnline: 'Diese Rechnung lässt sich gerade nicht online bezahlen. Bitte zahlen Sie, wie auf der Rechnung angegeben.',
      failed: (why) => `Ihre letzte Zahlung ist nicht zustande gekommen${given(': ', why)}. Sie können es noch einmal versuchen.`,
      secure: 'Sie kommen auf eine sichere Seite, auf der Sie wählen, wie Sie bezahlen.',
      alone: 'Wer die Adresse dieser Seite hat, kann diese Rechnung sehen und bezahlen, sonst nichts.',
      moment: 'Einen Moment',
      goesOn: 'Sie kommen von selbst auf die Bezahlseite.',
      goOn: 'Weiter zur Bezahlseite',
      byService: 'Ihre Zahlung nimmt ein Zahlungsdienst entgegen; die Nummer Ihrer Karte sehen wir nie.',
      tooOften: 'Das wurde eben sehr oft gedrückt. Versuchen Sie es in einer Minute noch einmal.',
      refused: 'Der Zahlungsdienst nimmt diesen Betrag nicht an. Bitte zahlen Sie, wie auf der Rechnung angegeben.',
      unreachable: 'Der Zahlungsdienst ist gerade nicht erreichbar. Es wurde nichts bezahlt. Versuchen Sie es in einigen Minuten noch einmal.',
    },
    quote: {
      answered: (answer, by, when) => `${answer === 'accepted' ? 'Angenommen' : 'Abgelehnt'}${given(' von ', by)} am ${when}.`,
      held: (day) => `Dieses Angebot galt bis ${day}. Bitten Sie uns um ein neues.`,
      holds: (day) => `Es gilt bis ${day}.`,
      asks: (company) =>
        `Tippen Sie zum Annehmen Ihren Namen. ${company} bewahrt als Beleg auf, was auf dieser Seite steht, Ihren Namen, die Zeit und die Adresse Ihrer Verbindung.`,
      accept: 'Angebot annehmen',
      name: 'Ihr Name',
      agree: 'Ich nehme dieses Angebot an und darf das für den Empfänger tun.',
      declineIt: 'Ablehnen',
      decline: 'Angebot ablehnen',
      why: 'Warum',
      better: 'Damit wir es besser machen können.',
      typeName: 'Bitte tippen Sie Ihren Namen',
      tick: 'Bitte kreuzen Sie das Kästchen an',
      before: {
        accepted: 'Dieses Angebot wurde schon angenommen; schreiben Sie uns, wenn sich das geändert hat',
        declined: 'Dieses Angebot wurde schon abgelehnt; schreiben Sie uns, wenn sich das geändert hat',
      },
      says: { accepted: 'Vielen Dank. Das Angebot ist angenommen.', declined: 'Vielen Dank für Ihre Antwort. Das Angebot ist abgelehnt.' },
    },
  },
  fr: {
    invoices: 'Factures',
    statement: 'Relevé de compte',
    marks: { overdue: 'En retard', partlyPaid: 'Payée en partie', open: 'À payer', paid: 'Payée', void: 'Annulée', lapsed: 'Expiré', toAnswer: 'À répondre', declined: 'Refusé', accepted: 'Accepté', settled: 'Soldée', underWay: 'En cours' },
    dueOn: (day) => `à payer avant le ${day}`,
    goodUntil: (day) => `valable jusqu’au ${day}`,
    each: (count, price) => `${count} à ${price}`,
    net: 'Total HT',
    tax: 'TVA',
    total: 'Total TTC',
    deposit: 'Dont d’abord, comme acompte',
    stillOwed: 'Reste à payer',
    payments: 'Paiements',
    openReceipt: 'Ouvrir le reçu',
    openPdf: 'Ouvrir le PDF',
    firstLines: (shown, all) => `Les ${shown} premières lignes sur ${all} ; le PDF les contient toutes.`,
    please: ({ sum, by, account, number }) =>
      `Merci de payer ${sum}${given(' avant le ', by)}${given(' sur le compte ', account)}, en indiquant ${number}.`,
    pleaseParts: ({ first, firstBy, rest, by, account, number }) =>
      `Merci de payer un acompte de ${first}${given(' avant le ', firstBy)}, et le solde, ${rest},${given(' avant le ', by)}${given(' sur le compte ', account)}, en indiquant ${number}.`,
    underWay: 'Votre paiement est en cours. Il peut mettre quelques jours à arriver.',
    payOnline: (sum) => `Payer ${sum} en ligne`,
    payDeposit: (sum) => `Payer l’acompte de ${sum} en ligne`,
    payAll: (sum) => `Payer le tout, ${sum}`,
    pay: {
      title: (sum) => `Payer ${sum}`,
      depositDue: (day) => `Acompte, à payer avant le ${day}`,
      restDue: 'Solde à payer avant le',
      due: 'À payer avant le',
      thanks: 'Merci. La facture est payée.',
      nothingLeft: 'Il n’y a plus rien à faire.',
      voided: 'Cette facture a été annulée. Merci de ne pas la payer.',
      nothingOwed: 'Il ne reste rien à payer.',
      underWay: 'Votre paiement est en cours. Il peut mettre quelques jours à arriver ; vous n’avez rien d’autre à faire.',
      asking: 'Un instant : nous demandons si votre paiement est arrivé. Cette page se met à jour d’elle-même.',
      again: 'Payer à nouveau',
      notOnline: 'Cette facture ne peut pas être payée en ligne pour le moment. Merci de la payer comme elle l’indique.',
      failed: (why) => `Votre dernier paiement n’a pas abouti${given(' : ', why)}. Vous pouvez réessayer.`,
      secure: 'Vous passez à une page sécurisée où vous choisissez comment payer.',
      alone: 'Qui connaît l’adresse de cette page peut voir et payer cette facture, et rien d’autre.',
      moment: 'Un instant',
      goesOn: 'Vous passez à la page de paiement automatiquement.',
      goOn: 'Continuer vers le paiement',
      byService: 'Votre paiement est traité par un service de paiement ; nous ne voyons jamais le numéro de votre carte.',
      tooOften: 'Ce bouton vient d’être utilisé très souvent. Réessayez dans une minute.',
      refused: 'Le service de paiement n’accepte pas ce montant. Merci de payer comme la facture l’indique.',
      unreachable: 'Le service de paiement est injoignable pour le moment. Rien n’a été payé. Réessayez dans quelques minutes.',
    },
    quote: {
      answered: (answer, by, when) => `${answer === 'accepted' ? 'Accepté' : 'Refusé'}${given(' par ', by)} le ${when}.`,
      held: (day) => `Ce devis était valable jusqu’au ${day}. Demandez-nous-en un nouveau.`,
      holds: (day) => `Il est valable jusqu’au ${day}.`,
      asks: (company) =>
        `Tapez votre nom pour accepter. ${company} conserve comme preuve ce qui figure sur cette page, votre nom, l’heure et l’adresse de votre connexion.`,
      accept: 'Accepter le devis',
      name: 'Votre nom',
      agree: 'J’accepte ce devis, et je suis habilité(e) à le faire pour son destinataire.',
      declineIt: 'Refuser',
      decline: 'Refuser le devis',
      why: 'Pourquoi',
      better: 'Pour que nous puissions faire mieux.',
      typeName: 'Tapez votre nom',
      tick: 'Cochez la case pour accepter',
      before: {
        accepted: 'Ce devis a déjà été accepté ; écrivez-nous si cela a changé',
        declined: 'Ce devis a déjà été refusé ; écrivez-nous si cela a changé',
      },
      says: { accepted: 'Merci. Le devis est accepté.', declined: 'Merci de nous l’avoir dit. Le devis est refusé.' },
    },
  },
  es: {
    invoices: 'Facturas',
    statement: 'Extracto de cuenta',
    marks: { overdue: 'Vencida', partlyPaid: 'Pagada en parte', open: 'Pendiente', paid: 'Pagada', void: 'Anulada', lapsed: 'Caducado', toAnswer: 'Por responder', declined: 'Rechazado', accepted: 'Aceptado', settled: 'Saldada', underWay: 'En curso' },
    dueOn: (day) => `vence el ${day}`,
    goodUntil: (day) => `válido hasta el ${day}`,
    each: (count, price) => `${count} a ${price}`,
    net: 'Base imponible',
    tax: 'IVA',
    total: 'Total',
    deposit: 'De ello primero, como anticipo',
    stillOwed: 'Pendiente de pago',
    payments: 'Pagos',
    openReceipt: 'Abrir el recibo',
    openPdf: 'Abrir el PDF',
    firstLines: (shown, all) => `Las primeras ${shown} de ${all} líneas; el PDF las tiene todas.`,
    please: ({ sum, by, account, number }) =>
      `Por favor, pague ${sum}${given(' antes del ', by)}${given(' en la cuenta ', account)}, indicando ${number}.`,
    pleaseParts: ({ first, firstBy, rest, by, account, number }) =>
      `Por favor, pague un anticipo de ${first}${given(' antes del ', firstBy)} y el resto, ${rest},${given(' antes del ', by)}${given(' en la cuenta ', account)}, indicando ${number}.`,
    underWay: 'Su pago está en curso. Puede tardar unos días en llegar.',
    payOnline: (sum) => `Pagar ${sum} en línea`,
    payDeposit: (sum) => `Pagar el anticipo de ${sum} en línea`,
    payAll: (sum) => `Pagar todo, ${sum}`,
    pay: {
      title: (sum) => `Pagar ${sum}`,
      depositDue: (day) => `Anticipo, vence el ${day}`,
      restDue: 'El resto vence el',
      due: 'Vence el',
      thanks: 'Gracias. La factura está pagada.',
      nothingLeft: 'No queda nada por hacer.',
      voided: 'Esta factura ha sido anulada. Por favor, no la pague.',
      nothingOwed: 'No queda nada por pagar.',
      underWay: 'Su pago está en curso. Puede tardar unos días en llegar; no tiene que hacer nada más.',
      asking: 'Un momento: preguntamos si su pago ha llegado. Esta página vuelve a mirar por sí sola.',
      again: 'Pagar de nuevo',
      notOnline: 'Esta factura no se puede pagar en línea en este momento. Por favor, páguela como indica.',
      failed: (why) => `Su último pago no se completó${given(': ', why)}. Puede intentarlo de nuevo.`,
      secure: 'Pasará a una página segura donde elige cómo pagar.',
      alone: 'Quien tenga la dirección de esta página puede ver y pagar esta factura, y nada más.',
      moment: 'Un momento',
      goesOn: 'Pasará a la página de pago automáticamente.',
      goOn: 'Continuar al pago',
      byService: 'Su pago lo gestiona un servicio de pago; nunca vemos el número de su tarjeta.',
      tooOften: 'Se ha pulsado muchas veces hace un instante. Inténtelo de nuevo en un minuto.',
      refused: 'El servicio de pago no acepta este importe. Por favor, pague como indica la factura.',
      unreachable: 'No se puede acceder al servicio de pago en este momento. No se ha pagado nada. Inténtelo en unos minutos.',
    },
    quote: {
      answered: (answer, by, when) => `${answer === 'accepted' ? 'Aceptado' : 'Rechazado'}${given(' por ', by)} el ${when}.`,
      held: (day) => `Este presupuesto era válido hasta el ${day}. Pídanos uno nuevo.`,
      holds: (day) => `Es válido hasta el ${day}.`,
      asks: (company) =>
        `Escriba su nombre para aceptar. ${company} guarda como prueba lo que figura en esta página, su nombre, la hora y la dirección de su conexión.`,
      accept: 'Aceptar el presupuesto',
      name: 'Su nombre',
      agree: 'Acepto este presupuesto y puedo hacerlo en nombre de su destinatario.',
      declineIt: 'Rechazarlo',
      decline: 'Rechazar el presupuesto',
      why: 'Por qué',
      better: 'Para que podamos mejorar.',
      typeName: 'Escriba su nombre',
      tick: 'Marque la casilla para aceptar',
      before: {
        accepted: 'Este presupuesto ya fue aceptado; escríbanos si eso ha cambiado',
        declined: 'Este presupuesto ya fue rechazado; escríbanos si eso ha cambiado',
      },
      says: { accepted: 'Gracias. El presupuesto está aceptado.', declined: 'Gracias por decírnoslo. El presupuesto está rechazado.' },
    },
  },
}; // prettier-ignore

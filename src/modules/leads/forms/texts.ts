export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a form's page says by itself; everything else is written by whoever made the form. */
export interface Texts {
  readonly optional: string;
  readonly choose: string;
  readonly next: string;
  readonly back: string;
  /** {step}, {steps}: put in by the page's script. */
  readonly progress: string;
  readonly empty: string;
  readonly savedAsYouGo: (days: number) => string;
  readonly onwards: string;
  readonly again: string;
  readonly agree: string;
  readonly reload: string;
  readonly fillIn: (label: string) => string;
  readonly tick: (label: string) => string;
  readonly tooLong: (letters: number) => string;
  readonly tooOften: (seconds: number) => string;
  readonly badEmail: string;
  readonly badNumber: string;
  readonly badDate: string;
  readonly badUrl: string;
  readonly chooseOption: string;
  readonly confirmSubject: string;
  readonly confirmMail: (company: string, wording: string, link: string) => string;
  readonly confirmTitle: string;
  readonly confirmText: (company: string) => string;
  readonly confirmButton: string;
  readonly confirmedTitle: string;
  readonly confirmedText: string;
  readonly lateTitle: string;
  readonly lateText: string;
  readonly missingTitle: string;
  readonly missingText: string;
}

export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    optional: 'optional',
    choose: 'Please choose',
    next: 'Next',
    back: 'Back',
    progress: 'Step {step} of {steps}',
    empty: 'Leave this empty',
    savedAsYouGo: (days) => `What you enter is saved step by step and deleted after ${days} days if you do not send it.`,
    onwards: 'Continue',
    again: 'Some fields need another look.',
    agree: 'Please agree, so that we may answer you',
    reload: 'This page was used already. Please load it again, then send the form.',
    fillIn: (label) => `Please fill in: ${label}`,
    tick: (label) => `Please tick: ${label}`,
    tooLong: (letters) => `Please use at most ${letters} characters`,
    tooOften: (seconds) => `That was too often. Please try again in ${seconds} seconds.`,
    badEmail: 'Please check this address; write it like ann@example.com',
    badNumber: 'Please write a number, such as 12 or 7.5',
    badDate: 'Please write a date like 2026-11-30',
    badUrl: 'Please write a web address like https://example.com',
    chooseOption: 'Please choose one of the options',
    confirmSubject: 'Please confirm your address',
    confirmMail: (company, wording, link) =>
      `Hello,\n\nsomebody wrote to ${company} by a form, gave this address and agreed to this:\n\n“${wording}”\n\nWas it you? Then say so here:\n${link}\n\nIf not, do nothing: without your yes nothing of the kind is sent to you.`,
    confirmTitle: 'Is this right?',
    confirmText: (company) => `You agree with ${company} to this:`,
    confirmButton: 'Yes, I agree',
    confirmedTitle: 'Thank you, it is confirmed',
    confirmedText: 'You can take it back at any time, by the link in each mail.',
    lateTitle: 'This link is too old',
    lateText: 'It was good for 30 days. Please fill in the form once more.',
    missingTitle: 'This form is not here',
    missingText: 'It was switched off, or the address is not complete. Ask whoever sent you the link.',
  },
  de: {
    optional: 'freiwillig',
    choose: 'Bitte auswählen',
    next: 'Weiter',
    back: 'Zurück',
    progress: 'Schritt {step} von {steps}',
    empty: 'Bitte leer lassen',
    savedAsYouGo: (days) =>
      `Ihre Eingaben werden Schritt für Schritt gespeichert und nach ${days} Tagen gelöscht, wenn Sie sie nicht absenden.`,
    onwards: 'Weiter',
    again: 'Bitte sehen Sie sich die markierten Felder noch einmal an.',
    agree: 'Bitte stimmen Sie zu, damit wir Ihnen antworten dürfen',
    reload: 'Diese Seite wurde schon benutzt. Bitte laden Sie sie neu und senden Sie das Formular dann ab.',
    fillIn: (label) => `Bitte ausfüllen: ${label}`,
    tick: (label) => `Bitte ankreuzen: ${label}`,
    tooLong: (letters) => `Bitte höchstens ${letters} Zeichen`,
    tooOften: (seconds) => `Das war zu oft. Bitte versuchen Sie es in ${seconds} Sekunden noch einmal.`,
    badEmail: 'Bitte prüfen Sie die Adresse; sie sieht aus wie anna@example.com',
    badNumber: 'Bitte eine Zahl eingeben, etwa 12 oder 7,5',
    badDate: 'Bitte ein Datum eingeben wie 2026-11-30',
    badUrl: 'Bitte eine Webadresse eingeben wie https://example.com',
    chooseOption: 'Bitte eine der Möglichkeiten wählen',
    confirmSubject: 'Bitte bestätigen Sie Ihre Adresse',
    confirmMail: (company, wording, link) =>
      `Guten Tag,\n\njemand hat über ein Formular an ${company} geschrieben, diese Adresse angegeben und diesem zugestimmt:\n\n„${wording}“\n\nWaren Sie das? Dann sagen Sie es hier:\n${link}\n\nWenn nicht, brauchen Sie nichts zu tun: Ohne Ihr Ja wird Ihnen nichts dergleichen geschickt.`,
    confirmTitle: 'Ist das richtig?',
    confirmText: (company) => `Sie stimmen ${company} in diesem zu:`,
    confirmButton: 'Ja, ich stimme zu',
    confirmedTitle: 'Vielen Dank, es ist bestätigt',
    confirmedText: 'Sie können es jederzeit zurücknehmen, über den Link in jeder Mail.',
    lateTitle: 'Dieser Link ist zu alt',
    lateText: 'Er galt 30 Tage. Bitte füllen Sie das Formular noch einmal aus.',
    missingTitle: 'Dieses Formular gibt es hier nicht',
    missingText: 'Es wurde abgeschaltet, oder die Adresse ist nicht vollständig. Fragen Sie, wer Ihnen den Link geschickt hat.',
  },
};

import type { Understood } from '#core/language.ts';

/** What the pages say by which somebody says what mail they want, and the lines under a mail that lead there. Topics and their wording are the company's own. */
export interface WayOutWords {
  /** Lines under a mail, as text and as links. */
  readonly noMore: string;
  readonly chooseWhat: string;
  readonly unsubscribe: string;
  readonly unsubscribeFrom: (company: string) => string;
  readonly question: (company: string) => string;
  readonly means: (address: string | null) => string;
  readonly instead: string;
  readonly doneTitle: string;
  readonly done: string;
  readonly none: (company: string, address: string | null) => string;
  readonly mistake: string;
  readonly chooseAgain: string;
  readonly mailFrom: (company: string) => string;
  readonly what: (address: string | null) => string;
  readonly want: string;
  readonly saved: string;
  readonly save: string;
  readonly nothing: string;
  readonly missingTitle: string;
  readonly missing: string;
  /** In few letters that every phone has, for each counts. */
  readonly bySms: string;
}

export const WAY_OUT: Readonly<Record<Understood, WayOutWords>> = {
  en: {
    noMore: 'No more mail',
    chooseWhat: 'Choose what you get',
    unsubscribe: 'Unsubscribe',
    unsubscribeFrom: (company) => `Unsubscribe from ${company}`,
    question: (company) => `No more mail from ${company}?`,
    means: (address) => `${address ?? 'You'} will get no more offers or follow-ups. It takes effect at once.`,
    instead: 'Choose what you get instead',
    doneTitle: 'You are unsubscribed',
    done: 'Done. You are unsubscribed.',
    none: (company, address) => `${company} will send no more offers or follow-ups${address === null ? '' : ` to ${address}`}.`,
    mistake: 'A mistake?',
    chooseAgain: 'Choose what you want to get',
    mailFrom: (company) => `Mail from ${company}`,
    what: (address) => `What may we send ${address === null ? 'you' : `to ${address}`}?`,
    want: 'I want',
    saved: 'Saved. It takes effect at once.',
    save: 'Save',
    nothing: 'Nothing at all',
    missingTitle: 'This link is not complete',
    missing: 'Copy the whole address out of the mail, or answer the mail with the word STOP.',
    bySms: 'Reply STOP to end',
  },
  de: {
    noMore: 'Keine E-Mails mehr',
    chooseWhat: 'Auswählen, was Sie erhalten',
    unsubscribe: 'Abmelden',
    unsubscribeFrom: (company) => `Von ${company} abmelden`,
    question: (company) => `Keine E-Mails mehr von ${company}?`,
    means: (address) =>
      address === null
        ? 'Sie erhalten keine Angebote und kein Nachfassen mehr. Das gilt sofort.'
        : `An ${address} gehen keine Angebote und kein Nachfassen mehr. Das gilt sofort.`,
    instead: 'Lieber auswählen, was Sie erhalten',
    doneTitle: 'Sie sind abgemeldet',
    done: 'Erledigt. Sie sind abgemeldet.',
    none: (company, address) => `${company} schickt keine Angebote und kein Nachfassen mehr${address === null ? '' : ` an ${address}`}.`,
    mistake: 'Ein Versehen?',
    chooseAgain: 'Wählen Sie aus, was Sie erhalten möchten',
    mailFrom: (company) => `E-Mails von ${company}`,
    what: (address) => `Was dürfen wir ${address === null ? 'Ihnen' : `an ${address}`} schicken?`,
    want: 'Ich möchte',
    saved: 'Gespeichert. Das gilt sofort.',
    save: 'Speichern',
    nothing: 'Gar nichts',
    missingTitle: 'Dieser Link ist unvollständig',
    missing: 'Kopieren Sie die ganze Adresse aus der E-Mail, oder antworten Sie auf die E-Mail mit dem Wort STOP.',
    bySms: 'Abmelden: STOP antworten',
  },
  fr: {
    noMore: 'Plus d’e-mails',
    chooseWhat: 'Choisir ce que vous recevez',
    unsubscribe: 'Se désinscrire',
    unsubscribeFrom: (company) => `Se désinscrire de ${company}`,
    question: (company) => `Plus d’e-mails de ${company} ?`,
    means: (address) =>
      `${address === null ? 'Vous ne recevrez' : `${address} ne recevra`} plus d’offres ni de relances. C’est effectif immédiatement.`,
    instead: 'Choisir plutôt ce que vous recevez',
    doneTitle: 'Vous êtes désinscrit(e)',
    done: 'C’est fait. Vous êtes désinscrit(e).',
    none: (company, address) => `${company} n’enverra plus d’offres ni de relances${address === null ? '' : ` à ${address}`}.`,
    mistake: 'Une erreur ?',
    chooseAgain: 'Choisissez ce que vous souhaitez recevoir',
    mailFrom: (company) => `E-mails de ${company}`,
    what: (address) => `Que pouvons-nous ${address === null ? 'vous envoyer' : `envoyer à ${address}`} ?`,
    want: 'Je souhaite recevoir',
    saved: 'Enregistré. C’est effectif immédiatement.',
    save: 'Enregistrer',
    nothing: 'Rien du tout',
    missingTitle: 'Ce lien est incomplet',
    missing: 'Copiez l’adresse entière depuis l’e-mail, ou répondez à l’e-mail par le mot STOP.',
    bySms: 'STOP pour ne plus rien recevoir',
  },
  es: {
    noMore: 'No recibir más correos',
    chooseWhat: 'Elegir qué recibe',
    unsubscribe: 'Darse de baja',
    unsubscribeFrom: (company) => `Darse de baja de ${company}`,
    question: (company) => `¿No quiere más correos de ${company}?`,
    means: (address) => `${address ?? 'Usted'} no recibirá más ofertas ni recordatorios. Tiene efecto inmediato.`,
    instead: 'Elegir qué recibe en su lugar',
    doneTitle: 'Se ha dado de baja',
    done: 'Hecho. Se ha dado de baja.',
    none: (company, address) => `${company} no enviará más ofertas ni recordatorios${address === null ? '' : ` a ${address}`}.`,
    mistake: '¿Ha sido un error?',
    chooseAgain: 'Elija qué quiere recibir',
    mailFrom: (company) => `Correos de ${company}`,
    what: (address) => `¿Qué podemos ${address === null ? 'enviarle' : `enviar a ${address}`}?`,
    want: 'Quiero recibir',
    saved: 'Guardado. Tiene efecto inmediato.',
    save: 'Guardar',
    nothing: 'Nada en absoluto',
    missingTitle: 'Este enlace está incompleto',
    missing: 'Copie la dirección entera del correo, o responda al correo con la palabra STOP.',
    bySms: 'Responda STOP para darse de baja',
  },
  it: {
    noMore: 'Niente più e-mail',
    chooseWhat: 'Scegliere che cosa ricevere',
    unsubscribe: 'Annulla l’iscrizione',
    unsubscribeFrom: (company) => `Annullare l’iscrizione a ${company}`,
    question: (company) => `Niente più e-mail da ${company}?`,
    means: (address) =>
      `${address === null ? 'Non riceverà' : `${address} non riceverà`} più offerte né solleciti commerciali. Ha effetto immediato.`,
    instead: 'Scegliere invece che cosa ricevere',
    doneTitle: 'Iscrizione annullata',
    done: 'Fatto. L’iscrizione è annullata.',
    none: (company, address) => `${company} non invierà più offerte né solleciti commerciali${address === null ? '' : ` a ${address}`}.`,
    mistake: 'Un errore?',
    chooseAgain: 'Scelga che cosa desidera ricevere',
    mailFrom: (company) => `E-mail da ${company}`,
    what: (address) => `Che cosa possiamo ${address === null ? 'inviarle' : `inviare a ${address}`}?`,
    want: 'Desidero ricevere',
    saved: 'Salvato. Ha effetto immediato.',
    save: 'Salva',
    nothing: 'Niente del tutto',
    missingTitle: 'Questo link è incompleto',
    missing: 'Copi l’indirizzo intero dall’e-mail, oppure risponda all’e-mail con la parola STOP.',
    bySms: 'Rispondi STOP per non ricevere altro',
  },
  nl: {
    noMore: 'Geen e-mail meer',
    chooseWhat: 'Kiezen wat u ontvangt',
    unsubscribe: 'Afmelden',
    unsubscribeFrom: (company) => `Afmelden bij ${company}`,
    question: (company) => `Geen e-mail meer van ${company}?`,
    means: (address) =>
      address === null
        ? 'U ontvangt geen aanbiedingen en opvolgmails meer. Dit geldt meteen.'
        : `${address} ontvangt geen aanbiedingen en opvolgmails meer. Dit geldt meteen.`,
    instead: 'Liever kiezen wat u ontvangt',
    doneTitle: 'U bent afgemeld',
    done: 'Klaar. U bent afgemeld.',
    none: (company, address) => `${company} stuurt geen aanbiedingen en opvolgmails meer${address === null ? '' : ` naar ${address}`}.`,
    mistake: 'Een vergissing?',
    chooseAgain: 'Kies wat u wilt ontvangen',
    mailFrom: (company) => `E-mail van ${company}`,
    what: (address) => `Wat mogen we ${address === null ? 'u sturen' : `naar ${address} sturen`}?`,
    want: 'Ik wil graag',
    saved: 'Opgeslagen. Dit geldt meteen.',
    save: 'Opslaan',
    nothing: 'Helemaal niets',
    missingTitle: 'Deze link is niet volledig',
    missing: 'Kopieer het hele adres uit de e-mail, of beantwoord de e-mail met het woord STOP.',
    bySms: 'Antwoord STOP om te stoppen',
  },
  pt: {
    noMore: 'Não receber mais e-mails',
    chooseWhat: 'Escolher o que recebe',
    unsubscribe: 'Cancelar a subscrição',
    unsubscribeFrom: (company) => `Cancelar a subscrição de ${company}`,
    question: (company) => `Não quer mais e-mails de ${company}?`,
    means: (address) =>
      `${address === null ? 'Não receberá' : `${address} não receberá`} mais ofertas nem mensagens de seguimento. Tem efeito imediato.`,
    instead: 'Escolher antes o que recebe',
    doneTitle: 'Subscrição cancelada',
    done: 'Feito. A subscrição foi cancelada.',
    none: (company, address) =>
      `${company} não enviará mais ofertas nem mensagens de seguimento${address === null ? '' : ` para ${address}`}.`,
    mistake: 'Foi engano?',
    chooseAgain: 'Escolha o que quer receber',
    mailFrom: (company) => `E-mails de ${company}`,
    what: (address) => `O que podemos ${address === null ? 'enviar-lhe' : `enviar para ${address}`}?`,
    want: 'Quero receber',
    saved: 'Guardado. Tem efeito imediato.',
    save: 'Guardar',
    nothing: 'Nada mesmo',
    missingTitle: 'Esta ligação está incompleta',
    missing: 'Copie o endereço completo do e-mail, ou responda ao e-mail com a palavra STOP.',
    bySms: 'Responda STOP para parar',
  },
  pl: {
    noMore: 'Bez dalszych wiadomości',
    chooseWhat: 'Wybierz, co otrzymujesz',
    unsubscribe: 'Wypisz się',
    unsubscribeFrom: (company) => `Wypisz się: ${company}`,
    question: (company) => `Bez dalszych wiadomości od ${company}?`,
    means: (address) =>
      address === null
        ? 'Nie będą już przychodzić oferty ani przypomnienia. Działa to od razu.'
        : `Na adres ${address} nie będą już przychodzić oferty ani przypomnienia. Działa to od razu.`,
    instead: 'Wybierz zamiast tego, co otrzymujesz',
    doneTitle: 'Wypisano',
    done: 'Gotowe. Wypisano z listy.',
    none: (company, address) => `${company} nie wyśle już ofert ani przypomnień${address === null ? '' : ` na adres ${address}`}.`,
    mistake: 'To pomyłka?',
    chooseAgain: 'Wybierz, co chcesz otrzymywać',
    mailFrom: (company) => `Wiadomości od ${company}`,
    what: (address) => `Co możemy wysyłać${address === null ? '' : ` na adres ${address}`}?`,
    want: 'Chcę otrzymywać',
    saved: 'Zapisano. Działa to od razu.',
    save: 'Zapisz',
    nothing: 'Nic',
    missingTitle: 'Ten link jest niepełny',
    missing: 'Skopiuj cały adres z wiadomości albo odpowiedz na nią słowem STOP.',
    bySms: 'Koniec? Odpisz STOP',
  },
};

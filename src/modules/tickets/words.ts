import type { InEach } from '#core/language.ts';
import type { TicketState } from './tables.ts';

/** What a client reads of tickets on their own page, on the page where the help is rated and on the public help page. */
export interface TicketWords {
  readonly title: string;
  readonly states: Readonly<Record<TicketState, string>>;
  readonly about: string;
  readonly request: string;
  readonly files: string;
  readonly filesHelp: string;
  readonly send: string;
  readonly answered: { readonly before: string; readonly page: string; readonly after: string };
  readonly askNew: string;
  readonly you: string;
  readonly closed: string;
  readonly answer: string;
  readonly yourAnswer: string;
  readonly says: Readonly<Record<'asked' | 'replied', string>>;
  readonly empty: string;
  readonly tooLong: (letters: number) => string;
  readonly tooManyFiles: string;
  readonly rate: {
    readonly title: (company: string) => string;
    readonly about: (subject: string) => string;
    readonly chooseFirst: string;
    readonly found: string;
    /** Very good to very bad. */
    readonly faces: readonly [string, string, string, string, string];
    readonly comment: string;
    readonly thanks: string;
    readonly has: (company: string) => string;
    readonly mistake: string;
    readonly change: string;
    readonly missingTitle: string;
    readonly missing: string;
  };
  readonly help: {
    readonly heading: string;
    readonly search: string;
    readonly find: string;
    readonly articles: string;
    readonly count: (articles: number) => string;
    readonly showAll: string;
    readonly none: string;
    readonly notFound: (words: string) => string;
    readonly helpful: string;
    readonly yes: string;
    readonly no: string;
    readonly thanks: string;
  };
}

export const TICKET_WORDS: InEach<TicketWords> = {
  en: {
    title: 'Questions and requests',
    states: { open: 'With us', pending: 'Waits for you', on_hold: 'With us', solved: 'Solved', closed: 'Closed' },
    about: 'What is it about?',
    request: 'Your question or request',
    files: 'Files',
    filesHelp: 'A picture or a document, 25 MB together',
    send: 'Send',
    answered: { before: 'Many questions are answered on our ', page: 'help page', after: '.' },
    askNew: 'Ask something new',
    you: 'You',
    closed: 'This is closed. Send a new question from the overview.',
    answer: 'Answer',
    yourAnswer: 'Your answer',
    says: { asked: 'Thank you. We have it and will answer you.', replied: 'Thank you. It is with us.' },
    empty: 'Write a few words',
    tooLong: (letters) => `At most ${letters} characters`,
    tooManyFiles: 'Your files could not be kept: there are too many already. Write without them, and we make room.',
    rate: {
      title: (company) => `How was the help of ${company}?`,
      about: (subject) => `About: ${subject}`,
      chooseFirst: 'Choose one of the five first.',
      found: 'I found it',
      faces: ['Very good', 'Good', 'So-so', 'Bad', 'Very bad'],
      comment: 'Anything we should know?',
      thanks: 'Thank you.',
      has: (company) => `${company} has your answer.`,
      mistake: 'A mistake?',
      change: 'Change it',
      missingTitle: 'This link is no longer good',
      missing: 'It has ended, or its address is not complete. Answer the mail instead: it reaches us.',
    },
    help: {
      heading: 'How can we help?',
      search: 'Search the articles',
      find: 'Search',
      articles: 'Articles',
      count: (articles) => (articles === 1 ? '1 article' : `${articles} articles`),
      showAll: 'Show all',
      none: 'There is nothing here yet.',
      notFound: (words) => `Nothing was found for “${words}”. Try other words, or fewer.`,
      helpful: 'Was this helpful?',
      yes: 'Yes',
      no: 'No',
      thanks: 'Thank you for telling us.',
    },
  },
  de: {
    title: 'Fragen und Anliegen',
    states: { open: 'Bei uns', pending: 'Wartet auf Sie', on_hold: 'Bei uns', solved: 'Gelöst', closed: 'Abgeschlossen' },
    about: 'Worum geht es?',
    request: 'Ihre Frage oder Ihr Anliegen',
    files: 'Dateien',
    filesHelp: 'Ein Bild oder ein Dokument, zusammen 25 MB',
    send: 'Senden',
    answered: { before: 'Viele Fragen beantwortet unsere ', page: 'Hilfeseite', after: '.' },
    askNew: 'Etwas Neues fragen',
    you: 'Sie',
    closed: 'Dieses Anliegen ist abgeschlossen. Stellen Sie eine neue Frage auf der Übersicht.',
    answer: 'Antworten',
    yourAnswer: 'Ihre Antwort',
    says: { asked: 'Vielen Dank. Es ist angekommen, und wir antworten Ihnen.', replied: 'Vielen Dank. Es ist bei uns angekommen.' },
    empty: 'Bitte schreiben Sie einige Worte',
    tooLong: (letters) => `Höchstens ${letters} Zeichen`,
    tooManyFiles: 'Ihre Dateien konnten nicht behalten werden: Es sind schon zu viele. Schreiben Sie ohne sie, dann schaffen wir Platz.',
    rate: {
      title: (company) => `Wie war die Hilfe von ${company}?`,
      about: (subject) => `Es ging um: ${subject}`,
      chooseFirst: 'Bitte wählen Sie zuerst eine der fünf Antworten.',
      found: 'Ich fand sie',
      faces: ['Sehr gut', 'Gut', 'Mittelmäßig', 'Schlecht', 'Sehr schlecht'],
      comment: 'Was sollten wir noch wissen?',
      thanks: 'Vielen Dank.',
      has: (company) => `${company} hat Ihre Antwort erhalten.`,
      mistake: 'Ein Versehen?',
      change: 'Antwort ändern',
      missingTitle: 'Dieser Link gilt nicht mehr',
      missing: 'Er ist abgelaufen, oder die Adresse ist unvollständig. Antworten Sie stattdessen auf die E-Mail: Sie erreicht uns.',
    },
    help: {
      heading: 'Wie können wir helfen?',
      search: 'In den Artikeln suchen',
      find: 'Suchen',
      articles: 'Artikel',
      count: (articles) => `${articles} Artikel`,
      showAll: 'Alle zeigen',
      none: 'Hier ist noch nichts.',
      notFound: (words) => `Zu „${words}“ wurde nichts gefunden. Versuchen Sie andere oder weniger Wörter.`,
      helpful: 'War das hilfreich?',
      yes: 'Ja',
      no: 'Nein',
      thanks: 'Vielen Dank für Ihre Antwort.',
    },
  },
  fr: {
    title: 'Questions et demandes',
    states: { open: 'Chez nous', pending: 'Attend votre réponse', on_hold: 'Chez nous', solved: 'Résolue', closed: 'Close' },
    about: 'De quoi s’agit-il ?',
    request: 'Votre question ou votre demande',
    files: 'Fichiers',
    filesHelp: 'Une image ou un document, 25 Mo en tout',
    send: 'Envoyer',
    answered: { before: 'Beaucoup de questions trouvent leur réponse sur notre ', page: 'page d’aide', after: '.' },
    askNew: 'Poser une nouvelle question',
    you: 'Vous',
    closed: 'Cette demande est close. Posez une nouvelle question depuis la vue d’ensemble.',
    answer: 'Répondre',
    yourAnswer: 'Votre réponse',
    says: { asked: 'Merci. Nous l’avons reçue et vous répondrons.', replied: 'Merci. Nous l’avons bien reçue.' },
    empty: 'Écrivez quelques mots',
    tooLong: (letters) => `${letters} caractères au plus`,
    tooManyFiles: 'Vos fichiers n’ont pas pu être conservés : il y en a déjà trop. Écrivez-nous sans eux, et nous ferons de la place.',
    rate: {
      title: (company) => `Comment était l’aide de ${company} ?`,
      about: (subject) => `Sujet : ${subject}`,
      chooseFirst: 'Choisissez d’abord une des cinq réponses.',
      found: 'Je l’ai trouvée',
      faces: ['Très bonne', 'Bonne', 'Moyenne', 'Mauvaise', 'Très mauvaise'],
      comment: 'Que devrions-nous savoir ?',
      thanks: 'Merci.',
      has: (company) => `${company} a bien reçu votre réponse.`,
      mistake: 'Une erreur ?',
      change: 'Modifier la réponse',
      missingTitle: 'Ce lien n’est plus valable',
      missing: 'Il a expiré, ou l’adresse est incomplète. Répondez plutôt à l’e-mail : il nous parvient.',
    },
    help: {
      heading: 'Comment pouvons-nous vous aider ?',
      search: 'Chercher dans les articles',
      find: 'Chercher',
      articles: 'Articles',
      count: (articles) => (articles <= 1 ? `${articles} article` : `${articles} articles`),
      showAll: 'Tout afficher',
      none: 'Il n’y a encore rien ici.',
      notFound: (words) => `Rien n’a été trouvé pour « ${words} ». Essayez d’autres mots, ou moins de mots.`,
      helpful: 'Cela vous a-t-il aidé ?',
      yes: 'Oui',
      no: 'Non',
      thanks: 'Merci de votre réponse.',
    },
  },
  es: {
    title: 'Preguntas y peticiones',
    states: { open: 'Con nosotros', pending: 'Espera su respuesta', on_hold: 'Con nosotros', solved: 'Resuelta', closed: 'Cerrada' },
    about: '¿De qué se trata?',
    request: 'Su pregunta o petición',
    files: 'Archivos',
    filesHelp: 'Una imagen o un documento, 25 MB en total',
    send: 'Enviar',
    answered: { before: 'Muchas preguntas tienen respuesta en nuestra ', page: 'página de ayuda', after: '.' },
    askNew: 'Hacer otra pregunta',
    you: 'Usted',
    closed: 'Esta petición está cerrada. Envíe una nueva pregunta desde el resumen.',
    answer: 'Responder',
    yourAnswer: 'Su respuesta',
    says: { asked: 'Gracias. La hemos recibido y le responderemos.', replied: 'Gracias. La hemos recibido.' },
    empty: 'Escriba unas palabras',
    tooLong: (letters) => `${letters} caracteres como máximo`,
    tooManyFiles: 'No se han podido guardar sus archivos: ya hay demasiados. Escríbanos sin ellos y haremos sitio.',
    rate: {
      title: (company) => `¿Cómo fue la ayuda de ${company}?`,
      about: (subject) => `Asunto: ${subject}`,
      chooseFirst: 'Elija primero una de las cinco respuestas.',
      found: 'Me pareció',
      faces: ['Muy buena', 'Buena', 'Regular', 'Mala', 'Muy mala'],
      comment: '¿Algo que debamos saber?',
      thanks: 'Gracias.',
      has: (company) => `${company} ha recibido su respuesta.`,
      mistake: '¿Ha sido un error?',
      change: 'Cambiar la respuesta',
      missingTitle: 'Este enlace ya no es válido',
      missing: 'Ha caducado o la dirección está incompleta. Responda al correo: nos llega.',
    },
    help: {
      heading: '¿Cómo podemos ayudarle?',
      search: 'Buscar en los artículos',
      find: 'Buscar',
      articles: 'Artículos',
      count: (articles) => (articles === 1 ? '1 artículo' : `${articles} artículos`),
      showAll: 'Mostrar todo',
      none: 'Aquí aún no hay nada.',
      notFound: (words) => `No se encontró nada para «${words}». Pruebe con otras palabras, o con menos.`,
      helpful: '¿Le ha servido?',
      yes: 'Sí',
      no: 'No',
      thanks: 'Gracias por decírnoslo.',
    },
  },
};

import type { InEach } from '#core/language.ts';

/** What the frame of a page and its forms say by themselves. */
export interface FrameWords {
  readonly optional: string;
  readonly choose: string;
  readonly tooLarge: (megabytes: number) => string;
  readonly tooLong: string;
  readonly sending: string;
  readonly language: string;
  readonly overview: string;
  readonly welcome: string;
  readonly hello: (name: string) => string;
  readonly everything: (company: string) => string;
  readonly yours: string;
  readonly allArticles: string;
  readonly nothingYet: string;
  readonly nothing: string;
  /** Something stood in the way, and its own words are English. */
  readonly refused: string;
  readonly missingTitle: string;
  readonly missing: string;
  readonly busyTitle: string;
  readonly busy: (seconds: number) => string;
}

export const FRAME_WORDS: InEach<FrameWords> = {
  en: {
    optional: 'optional',
    choose: 'Choose …',
    tooLarge: (megabytes) => `This is more than ${megabytes} MB. Choose a smaller file.`,
    tooLong: 'This text is too long. Shorten it.',
    sending: 'Sending …',
    language: 'Language',
    overview: 'Overview',
    welcome: 'Welcome',
    hello: (name) => `Hello ${name}`,
    everything: (company) => `Everything between you and ${company} in one place.`,
    yours: 'This page is yours alone. Do not pass its address on: whoever has it can see what you see.',
    allArticles: 'All articles',
    nothingYet: 'Nothing here yet',
    nothing: 'There is nothing to see or to do at the moment.',
    refused: 'That did not work. Load the page again to see how it stands.',
    missingTitle: 'This link is no longer good',
    missing: 'It has ended, or its address is not complete. Ask who sent it to you for a new one.',
    busyTitle: 'One moment',
    busy: (seconds) => `This was opened very often just now. Try again in ${seconds} seconds.`,
  },
  de: {
    optional: 'freiwillig',
    choose: 'Bitte wählen …',
    tooLarge: (megabytes) => `Das sind mehr als ${megabytes} MB. Wählen Sie eine kleinere Datei.`,
    tooLong: 'Dieser Text ist zu lang. Bitte kürzen Sie ihn.',
    sending: 'Wird gesendet …',
    language: 'Sprache',
    overview: 'Übersicht',
    welcome: 'Willkommen',
    hello: (name) => `Guten Tag ${name}`,
    everything: (company) => `Alles zwischen Ihnen und ${company} an einem Ort.`,
    yours: 'Diese Seite gehört nur Ihnen. Geben Sie ihre Adresse nicht weiter: Wer sie hat, sieht, was Sie sehen.',
    allArticles: 'Alle Artikel',
    nothingYet: 'Hier ist noch nichts',
    nothing: 'Im Moment gibt es nichts zu sehen oder zu tun.',
    refused: 'Das hat nicht geklappt. Laden Sie die Seite neu, um den Stand zu sehen.',
    missingTitle: 'Dieser Link gilt nicht mehr',
    missing: 'Er ist abgelaufen, oder die Adresse ist unvollständig. Bitten Sie, wer ihn geschickt hat, um einen neuen.',
    busyTitle: 'Einen Moment',
    busy: (seconds) => `Diese Seite wurde eben sehr oft geöffnet. Versuchen Sie es in ${seconds} Sekunden noch einmal.`,
  },
  fr: {
    optional: 'facultatif',
    choose: 'Choisir …',
    tooLarge: (megabytes) => `Cela dépasse ${megabytes} Mo. Choisissez un fichier plus petit.`,
    tooLong: 'Ce texte est trop long. Raccourcissez-le.',
    sending: 'Envoi …',
    language: 'Langue',
    overview: 'Vue d’ensemble',
    welcome: 'Bienvenue',
    hello: (name) => `Bonjour ${name}`,
    everything: (company) => `Tout ce qui se passe entre vous et ${company}, au même endroit.`,
    yours: 'Cette page n’est qu’à vous. Ne transmettez pas son adresse : qui la connaît voit ce que vous voyez.',
    allArticles: 'Tous les articles',
    nothingYet: 'Il n’y a encore rien ici',
    nothing: 'Il n’y a rien à voir ni à faire pour le moment.',
    refused: 'Cela n’a pas fonctionné. Rechargez la page pour voir où en sont les choses.',
    missingTitle: 'Ce lien n’est plus valable',
    missing: 'Il a expiré, ou l’adresse est incomplète. Demandez-en un nouveau à la personne qui vous l’a envoyé.',
    busyTitle: 'Un instant',
    busy: (seconds) => `Cette page vient d’être ouverte très souvent. Réessayez dans ${seconds} secondes.`,
  },
  es: {
    optional: 'opcional',
    choose: 'Elegir …',
    tooLarge: (megabytes) => `Supera los ${megabytes} MB. Elija un archivo más pequeño.`,
    tooLong: 'Este texto es demasiado largo. Acórtelo.',
    sending: 'Enviando …',
    language: 'Idioma',
    overview: 'Resumen',
    welcome: 'Le damos la bienvenida',
    hello: (name) => `Hola, ${name}`,
    everything: (company) => `Todo lo que hay entre usted y ${company}, en un solo lugar.`,
    yours: 'Esta página es solo suya. No comparta su dirección: quien la tenga verá lo que usted ve.',
    allArticles: 'Todos los artículos',
    nothingYet: 'Aquí aún no hay nada',
    nothing: 'De momento no hay nada que ver ni que hacer.',
    refused: 'No ha funcionado. Vuelva a cargar la página para ver cómo está.',
    missingTitle: 'Este enlace ya no es válido',
    missing: 'Ha caducado o la dirección está incompleta. Pida uno nuevo a quien se lo envió.',
    busyTitle: 'Un momento',
    busy: (seconds) => `Esta página se ha abierto muchas veces hace un instante. Inténtelo de nuevo en ${seconds} segundos.`,
  },
};

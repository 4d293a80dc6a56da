import type { Spoken } from './language.ts';

/** What the frame of a page and its forms say by themselves. */
export interface FrameWords {
  readonly optional: string;
  readonly choose: string;
  readonly tooLarge: (megabytes: number) => string;
  readonly language: string;
  readonly missingTitle: string;
  readonly missing: string;
  readonly busyTitle: string;
  readonly busy: (seconds: number) => string;
}

export const FRAME_WORDS: Readonly<Record<Spoken, FrameWords>> = {
  en: {
    optional: 'optional',
    choose: 'Choose …',
    tooLarge: (megabytes) => `This is more than ${megabytes} MB. Choose a smaller file.`,
    language: 'Language',
    missingTitle: 'This link is no longer good',
    missing: 'It has ended, or its address is not complete. Ask who sent it to you for a new one.',
    busyTitle: 'One moment',
    busy: (seconds) => `This was opened very often just now. Try again in ${seconds} seconds.`,
  },
  de: {
    optional: 'freiwillig',
    choose: 'Bitte wählen …',
    tooLarge: (megabytes) => `Das sind mehr als ${megabytes} MB. Wählen Sie eine kleinere Datei.`,
    language: 'Sprache',
    missingTitle: 'Dieser Link gilt nicht mehr',
    missing: 'Er ist abgelaufen, oder die Adresse ist unvollständig. Bitten Sie, wer ihn geschickt hat, um einen neuen.',
    busyTitle: 'Einen Moment',
    busy: (seconds) => `Diese Seite wurde eben sehr oft geöffnet. Versuchen Sie es in ${seconds} Sekunden noch einmal.`,
  },
  fr: {
    optional: 'facultatif',
    choose: 'Choisir …',
    tooLarge: (megabytes) => `Cela dépasse ${megabytes} Mo. Choisissez un fichier plus petit.`,
    language: 'Langue',
    missingTitle: 'Ce lien n’est plus valable',
    missing: 'Il a expiré, ou l’adresse est incomplète. Demandez-en un nouveau à la personne qui vous l’a envoyé.',
    busyTitle: 'Un instant',
    busy: (seconds) => `Cette page vient d’être ouverte très souvent. Réessayez dans ${seconds} secondes.`,
  },
  es: {
    optional: 'opcional',
    choose: 'Elegir …',
    tooLarge: (megabytes) => `Supera los ${megabytes} MB. Elija un archivo más pequeño.`,
    language: 'Idioma',
    missingTitle: 'Este enlace ya no es válido',
    missing: 'Ha caducado o la dirección está incompleta. Pida uno nuevo a quien se lo envió.',
    busyTitle: 'Un momento',
    busy: (seconds) => `Esta página se ha abierto muchas veces hace un instante. Inténtelo de nuevo en ${seconds} segundos.`,
  },
};

import type { InEach } from '#core/language.ts';
import type { Task } from '../shapes.ts';
import type { TaskSpec } from '../plan/task.ts';

/** What a client reads of an onboarding; plans, tasks and contracts are the company's own. */
export interface OnboardingWords {
  readonly title: string;
  readonly allDone: string;
  readonly stepsDone: (done: number, total: number) => string;
  readonly toBegin: string;
  readonly needed: string;
  readonly follow: (steps: number) => string;
  readonly ours: (tasks: string) => string;
  readonly until: (day: string) => string;
  readonly skipped: string;
  readonly done: string;
  readonly overdue: string;
  readonly toDo: Readonly<Record<Task['kind'], string>>;
  readonly send: string;
  readonly upload: string;
  readonly file: string;
  readonly atMost: (kind: string, megabytes: number) => string;
  readonly accept: Readonly<Record<NonNullable<TaskSpec['accept']>, string>>;
  readonly sign: string;
  readonly agree: string;
  readonly fullName: string;
  readonly proof: string;
  readonly markDone: string;
  readonly follows: string;
  readonly notNeeded: string;
  readonly closed: string;
  readonly signedBy: { readonly before: string; readonly after: (when: string) => string };
  readonly fingerprint: (hash: string) => string;
  readonly doneOn: (day: string) => string;
  readonly sent: { readonly before: string; readonly after: string };
  readonly says: Readonly<Record<'done' | 'answered' | 'uploaded' | 'signed', string>>;
  readonly doneAlready: string;
  readonly faults: {
    readonly noFile: string;
    readonly tooLarge: (megabytes: number) => string;
    readonly wrongFile: (needed: string) => string;
    readonly noRoom: string;
    readonly agree: string;
    readonly name: string;
    readonly answers: (count: number) => string;
    readonly required: string;
    readonly email: string;
    readonly number: string;
    readonly date: string;
    readonly choice: string;
  };
}

export const ONBOARDING_WORDS: InEach<OnboardingWords> = {
  en: {
    title: 'Getting started',
    allDone: 'All done. Thank you.',
    stepsDone: (done, total) => `${done} of ${total} steps done`,
    toBegin: 'To begin with:',
    needed: 'What we need from you',
    follow: (steps) => `${steps === 1 ? 'One more step follows' : `${steps} more steps follow`} when these are done.`,
    ours: (tasks) => `We are working on: ${tasks}`,
    until: (day) => `Until ${day}`,
    skipped: 'Not needed',
    done: 'Done',
    overdue: 'Overdue',
    toDo: { task: 'To do', form: 'To fill in', sign: 'To sign', upload: 'To upload' },
    send: 'Send',
    upload: 'Upload',
    file: 'File',
    atMost: (kind, megabytes) => `${kind}, at most ${megabytes} MB`,
    accept: { any: 'Any file', pdf: 'A PDF', picture: 'A picture', document: 'A PDF or an office document' },
    sign: 'Sign',
    agree: 'I have read this and agree to it.',
    fullName: 'Your full name, as your signature',
    proof: 'With it we keep the time, your network address and a fingerprint of this text.',
    markDone: 'Mark as done',
    follows: 'This follows when other steps are done.',
    notNeeded: 'This is not needed any more.',
    closed: 'This is closed.',
    signedBy: { before: 'Signed by ', after: (when) => ` on ${when}.` },
    fingerprint: (hash) => `Fingerprint (SHA-256): ${hash}`,
    doneOn: (day) => `Done on ${day}.`,
    sent: { before: 'You sent ', after: '.' },
    says: {
      done: 'Thank you, this is done.',
      answered: 'Thank you, your answers have arrived.',
      uploaded: 'Thank you, your file has arrived.',
      signed: 'Thank you, it is signed.',
    },
    doneAlready: 'This is done already',
    faults: {
      noFile: 'The file is missing; choose one',
      tooLarge: (megabytes) => `The file is larger than ${megabytes} MB`,
      wrongFile: (needed) => `The file does not fit. ${needed} is needed`,
      noRoom: 'The file could not be kept: there are too many files already. Tell us, and we make room',
      agree: 'Say that you have read it and agree',
      name: 'The name is missing; type your full name',
      answers: (count) => (count === 1 ? 'One answer is missing or does not fit' : `${count} answers are missing or do not fit`),
      required: 'is needed',
      email: 'is not an email address',
      number: 'is not a number',
      date: 'is not a day',
      choice: 'is none of the choices',
    },
  },
  de: {
    title: 'Erste Schritte',
    allDone: 'Alles erledigt. Vielen Dank.',
    stepsDone: (done, total) => `${done} von ${total} Schritten erledigt`,
    toBegin: 'Zum Einstieg:',
    needed: 'Was wir von Ihnen brauchen',
    follow: (steps) => `${steps === 1 ? 'Ein weiterer Schritt folgt' : `${steps} weitere Schritte folgen`}, wenn diese erledigt sind.`,
    ours: (tasks) => `Wir arbeiten an: ${tasks}`,
    until: (day) => `Bis ${day}`,
    skipped: 'Nicht nötig',
    done: 'Erledigt',
    overdue: 'Überfällig',
    toDo: { task: 'Zu erledigen', form: 'Auszufüllen', sign: 'Zu unterschreiben', upload: 'Hochzuladen' },
    send: 'Senden',
    upload: 'Hochladen',
    file: 'Datei',
    atMost: (kind, megabytes) => `${kind}, höchstens ${megabytes} MB`,
    accept: { any: 'Eine beliebige Datei', pdf: 'Ein PDF', picture: 'Ein Bild', document: 'Ein PDF oder ein Office-Dokument' },
    sign: 'Unterschreiben',
    agree: 'Ich habe das gelesen und stimme zu.',
    fullName: 'Ihr voller Name als Unterschrift',
    proof: 'Dazu bewahren wir die Zeit, Ihre Netzwerkadresse und einen Fingerabdruck dieses Textes auf.',
    markDone: 'Als erledigt melden',
    follows: 'Das folgt, wenn andere Schritte erledigt sind.',
    notNeeded: 'Das ist nicht mehr nötig.',
    closed: 'Das ist abgeschlossen.',
    signedBy: { before: 'Unterschrieben von ', after: (when) => ` am ${when}.` },
    fingerprint: (hash) => `Fingerabdruck (SHA-256): ${hash}`,
    doneOn: (day) => `Erledigt am ${day}.`,
    sent: { before: 'Sie haben ', after: ' geschickt.' },
    says: {
      done: 'Vielen Dank, das ist erledigt.',
      answered: 'Vielen Dank, Ihre Antworten sind angekommen.',
      uploaded: 'Vielen Dank, Ihre Datei ist angekommen.',
      signed: 'Vielen Dank, es ist unterschrieben.',
    },
    doneAlready: 'Das ist schon erledigt',
    faults: {
      noFile: 'Die Datei fehlt; bitte wählen Sie eine aus',
      tooLarge: (megabytes) => `Die Datei ist größer als ${megabytes} MB`,
      wrongFile: (needed) => `Die Datei passt nicht. Gebraucht wird: ${needed}`,
      noRoom: 'Die Datei konnte nicht behalten werden: Es sind schon zu viele. Sagen Sie es uns, dann schaffen wir Platz',
      agree: 'Bitte bestätigen Sie, dass Sie es gelesen haben und zustimmen',
      name: 'Der Name fehlt; bitte tippen Sie Ihren vollen Namen',
      answers: (count) => (count === 1 ? 'Eine Antwort fehlt oder passt nicht' : `${count} Antworten fehlen oder passen nicht`),
      required: 'wird gebraucht',
      email: 'ist keine E-Mail-Adresse',
      number: 'ist keine Zahl',
      date: 'ist kein Tag',
      choice: 'steht nicht zur Wahl',
    },
  },
  fr: {
    title: 'Premiers pas',
    allDone: 'Tout est fait. Merci.',
    stepsDone: (done, total) => `${done} étapes sur ${total} terminées`,
    toBegin: 'Pour commencer :',
    needed: 'Ce dont nous avons besoin de vous',
    follow: (steps) => `${steps === 1 ? 'Une autre étape suivra' : `${steps} autres étapes suivront`} quand celles-ci seront terminées.`,
    ours: (tasks) => `Nous travaillons à : ${tasks}`,
    until: (day) => `Jusqu’au ${day}`,
    skipped: 'Inutile',
    done: 'Terminé',
    overdue: 'En retard',
    toDo: { task: 'À faire', form: 'À remplir', sign: 'À signer', upload: 'À envoyer' },
    send: 'Envoyer',
    upload: 'Envoyer le fichier',
    file: 'Fichier',
    atMost: (kind, megabytes) => `${kind}, ${megabytes} Mo au plus`,
    accept: { any: 'N’importe quel fichier', pdf: 'Un PDF', picture: 'Une image', document: 'Un PDF ou un document bureautique' },
    sign: 'Signer',
    agree: 'J’ai lu ce texte et je l’accepte.',
    fullName: 'Votre nom complet, comme signature',
    proof: 'Nous conservons avec elle l’heure, votre adresse réseau et une empreinte de ce texte.',
    markDone: 'Marquer comme terminé',
    follows: 'Cette étape suivra quand d’autres seront terminées.',
    notNeeded: 'Ce n’est plus nécessaire.',
    closed: 'C’est clos.',
    signedBy: { before: 'Signé par ', after: (when) => ` le ${when}.` },
    fingerprint: (hash) => `Empreinte (SHA-256) : ${hash}`,
    doneOn: (day) => `Terminé le ${day}.`,
    sent: { before: 'Vous avez envoyé ', after: '.' },
    says: {
      done: 'Merci, c’est fait.',
      answered: 'Merci, vos réponses sont arrivées.',
      uploaded: 'Merci, votre fichier est arrivé.',
      signed: 'Merci, c’est signé.',
    },
    doneAlready: 'C’est déjà fait',
    faults: {
      noFile: 'Le fichier manque ; choisissez-en un',
      tooLarge: (megabytes) => `Le fichier dépasse ${megabytes} Mo`,
      wrongFile: (needed) => `Ce fichier ne convient pas. Il faut : ${needed}`,
      noRoom: 'Le fichier n’a pas pu être conservé : il y en a déjà trop. Dites-le-nous, et nous ferons de la place',
      agree: 'Confirmez que vous l’avez lu et que vous l’acceptez',
      name: 'Le nom manque ; tapez votre nom complet',
      answers: (count) => (count === 1 ? 'Une réponse manque ou ne convient pas' : `${count} réponses manquent ou ne conviennent pas`),
      required: 'est nécessaire',
      email: 'n’est pas une adresse e-mail',
      number: 'n’est pas un nombre',
      date: 'n’est pas une date',
      choice: 'n’est pas un des choix',
    },
  },
  es: {
    title: 'Primeros pasos',
    allDone: 'Todo listo. Gracias.',
    stepsDone: (done, total) => `${done} de ${total} pasos hechos`,
    toBegin: 'Para empezar:',
    needed: 'Lo que necesitamos de usted',
    follow: (steps) => `${steps === 1 ? 'Sigue un paso más' : `Siguen ${steps} pasos más`} cuando estos estén hechos.`,
    ours: (tasks) => `Estamos trabajando en: ${tasks}`,
    until: (day) => `Hasta el ${day}`,
    skipped: 'No hace falta',
    done: 'Hecho',
    overdue: 'Atrasado',
    toDo: { task: 'Por hacer', form: 'Por rellenar', sign: 'Por firmar', upload: 'Por subir' },
    send: 'Enviar',
    upload: 'Subir',
    file: 'Archivo',
    atMost: (kind, megabytes) => `${kind}, ${megabytes} MB como máximo`,
    accept: { any: 'Cualquier archivo', pdf: 'Un PDF', picture: 'Una imagen', document: 'Un PDF o un documento de oficina' },
    sign: 'Firmar',
    agree: 'Lo he leído y estoy de acuerdo.',
    fullName: 'Su nombre completo, como firma',
    proof: 'Con ella guardamos la hora, su dirección de red y una huella de este texto.',
    markDone: 'Marcar como hecho',
    follows: 'Esto sigue cuando otros pasos estén hechos.',
    notNeeded: 'Esto ya no hace falta.',
    closed: 'Esto está cerrado.',
    signedBy: { before: 'Firmado por ', after: (when) => ` el ${when}.` },
    fingerprint: (hash) => `Huella (SHA-256): ${hash}`,
    doneOn: (day) => `Hecho el ${day}.`,
    sent: { before: 'Envió ', after: '.' },
    says: {
      done: 'Gracias, está hecho.',
      answered: 'Gracias, sus respuestas han llegado.',
      uploaded: 'Gracias, su archivo ha llegado.',
      signed: 'Gracias, está firmado.',
    },
    doneAlready: 'Esto ya está hecho',
    faults: {
      noFile: 'Falta el archivo; elija uno',
      tooLarge: (megabytes) => `El archivo supera los ${megabytes} MB`,
      wrongFile: (needed) => `El archivo no sirve. Hace falta: ${needed}`,
      noRoom: 'No se ha podido guardar el archivo: ya hay demasiados. Díganoslo y haremos sitio',
      agree: 'Confirme que lo ha leído y que está de acuerdo',
      name: 'Falta el nombre; escriba su nombre completo',
      answers: (count) => (count === 1 ? 'Falta una respuesta o no es válida' : `Faltan ${count} respuestas o no son válidas`),
      required: 'es necesario',
      email: 'no es una dirección de correo',
      number: 'no es un número',
      date: 'no es una fecha',
      choice: 'no es una de las opciones',
    },
  },
};

import type { InEach } from '#core/language.ts';

/** What the pages of calls say by themselves; titles and descriptions of a kind are the company's own. */
export interface CallWords {
  /** The part of a client's own page. */
  readonly calls: string;
  readonly isPlanned: string;
  readonly free: string;
  readonly withHost: (host: string) => string;
  readonly call: string;
  readonly with: (title: string, company: string) => string;
  readonly anybody: (company: string) => string;
  readonly yours: string;
  readonly booked: string;
  readonly moved: string;
  readonly cancelled: string;
  readonly planned: (minutes: number, host: string | null) => string;
  readonly another: string;
  readonly calendar: string;
  readonly cancel: string;
  readonly answer: string;
  readonly choose: string;
  readonly minutes: (minutes: number) => string;
  readonly beginning: string;
  readonly later: string;
  readonly zone: string;
  readonly show: string;
  readonly blind: (company: string) => string;
  readonly full: (company: string) => string;
  readonly none: (company: string) => string;
  readonly thanks: (moment: string) => string;
  readonly name: string;
  readonly email: string;
  readonly note: string;
  readonly book: string;
  readonly move: string;
  readonly otherTime: string;
  readonly nameMissing: string;
  readonly emailWrong: string;
  readonly who: string;
  readonly taken: string;
  readonly known: string;
  readonly twice: string;
  readonly settled: string;
  readonly unread: string;
  readonly again: string;
}

export const CALL_WORDS: InEach<CallWords> = {
  en: {
    calls: 'Calls',
    isPlanned: 'Planned',
    free: 'Choose a time',
    withHost: (host) => `with ${host}`,
    call: 'Call',
    with: (title, company) => `${title} with ${company}`,
    anybody: (company) => `A call with ${company}. What you enter is used for the call, and to write to you about it.`,
    yours: 'This page is yours alone: whoever has its address can move this call or call it off.',
    booked: 'Thank you, it is booked. The invitation is on its way to you by mail.',
    moved: 'It is moved. A new invitation is on its way to you by mail.',
    cancelled: 'It is called off. A mail takes it out of your calendar.',
    planned: (minutes, host) => `${minutes} minutes${host === null ? '' : ` with ${host}`}`,
    another: 'Choose another time',
    calendar: 'Add to your calendar',
    cancel: 'Call it off',
    answer: 'Another time suits you better? Just answer our mail.',
    choose: 'Choose a time',
    minutes: (minutes) => `${minutes} minutes`,
    beginning: 'From the beginning',
    later: 'Later days',
    zone: 'Times are those of',
    show: 'Show',
    blind: (company) =>
      `We cannot look into our calendar at this moment, and we do not guess. Please try again in a few minutes, or write to ${company}.`,
    full: (company) => `There is no free time in the coming weeks. Please write to ${company}, and we find one.`,
    none: (company) => `No call is planned at the moment. To find a time, write to ${company}.`,
    thanks: (moment) => `${moment}. Should another time suit you better, the mail holds the way.`,
    name: 'Your name',
    email: 'Your email',
    note: 'Anything we should know?',
    book: 'Book this time',
    move: 'Move it here',
    otherTime: 'Another time',
    nameMissing: 'is missing',
    emailWrong: 'is not an email address',
    who: 'Say who you are, so that we can write to you.',
    taken: 'This time was just taken by somebody else, sorry. Here is what is free now.',
    known: 'There is a call with this address already. The mail about it holds the link by which it is moved.',
    twice: 'Such a call is planned already. You can move it here.',
    settled: 'This call is over, or was called off.',
    unread: 'Our calendar cannot be read right now, so nothing is booked on a guess. Try again in a few minutes.',
    again: 'That did not work. Load the page again, and choose a time.',
  },
  de: {
    calls: 'Gespräche',
    isPlanned: 'Geplant',
    free: 'Termin wählen',
    withHost: (host) => `mit ${host}`,
    call: 'Gespräch',
    with: (title, company) => `${title} mit ${company}`,
    anybody: (company) => `Ein Gespräch mit ${company}. Was Sie eintragen, dient dem Gespräch und dazu, Ihnen deswegen zu schreiben.`,
    yours: 'Diese Seite gehört nur Ihnen: Wer ihre Adresse hat, kann das Gespräch verschieben oder absagen.',
    booked: 'Vielen Dank, der Termin steht. Die Einladung ist per E-Mail zu Ihnen unterwegs.',
    moved: 'Das Gespräch ist verschoben. Eine neue Einladung ist per E-Mail zu Ihnen unterwegs.',
    cancelled: 'Das Gespräch ist abgesagt. Eine E-Mail nimmt es aus Ihrem Kalender.',
    planned: (minutes, host) => `${minutes} Minuten${host === null ? '' : ` mit ${host}`}`,
    another: 'Anderen Termin wählen',
    calendar: 'In den Kalender eintragen',
    cancel: 'Absagen',
    answer: 'Ein anderer Termin passt besser? Antworten Sie einfach auf unsere E-Mail.',
    choose: 'Termin wählen',
    minutes: (minutes) => `${minutes} Minuten`,
    beginning: 'Von vorn',
    later: 'Spätere Tage',
    zone: 'Uhrzeiten in der Zeitzone',
    show: 'Anzeigen',
    blind: (company) =>
      `Wir können gerade nicht in unseren Kalender sehen, und wir raten nicht. Versuchen Sie es in einigen Minuten noch einmal, oder schreiben Sie an ${company}.`,
    full: (company) => `In den nächsten Wochen ist kein Termin frei. Schreiben Sie an ${company}, dann finden wir einen.`,
    none: (company) => `Zurzeit ist kein Gespräch geplant. Für einen Termin schreiben Sie an ${company}.`,
    thanks: (moment) => `${moment}. Passt ein anderer Termin besser, finden Sie den Weg dorthin in der E-Mail.`,
    name: 'Ihr Name',
    email: 'Ihre E-Mail-Adresse',
    note: 'Was sollten wir vorher wissen?',
    book: 'Diesen Termin buchen',
    move: 'Hierher verschieben',
    otherTime: 'Anderer Termin',
    nameMissing: 'fehlt',
    emailWrong: 'ist keine E-Mail-Adresse',
    who: 'Sagen Sie uns, wer Sie sind, damit wir Ihnen schreiben können.',
    taken: 'Diesen Termin hat leider eben jemand anderes gebucht. Hier sehen Sie, was jetzt frei ist.',
    known: 'Mit dieser Adresse ist schon ein Gespräch geplant. In der E-Mail dazu steht der Link, mit dem Sie es verschieben.',
    twice: 'Ein solches Gespräch ist schon geplant. Hier können Sie es verschieben.',
    settled: 'Dieses Gespräch ist vorbei oder wurde abgesagt.',
    unread:
      'Unser Kalender lässt sich gerade nicht lesen, und auf Verdacht buchen wir nichts. Versuchen Sie es in einigen Minuten noch einmal.',
    again: 'Das hat nicht geklappt. Laden Sie die Seite neu, und wählen Sie einen Termin.',
  },
  fr: {
    calls: 'Appels',
    isPlanned: 'Prévu',
    free: 'Choisir un horaire',
    withHost: (host) => `avec ${host}`,
    call: 'Appel',
    with: (title, company) => `${title} avec ${company}`,
    anybody: (company) => `Un appel avec ${company}. Ce que vous indiquez sert à cet appel et à vous écrire à son sujet.`,
    yours: 'Cette page n’est qu’à vous : qui connaît son adresse peut déplacer ou annuler cet appel.',
    booked: 'Merci, c’est réservé. L’invitation vous arrive par e-mail.',
    moved: 'L’appel est déplacé. Une nouvelle invitation vous arrive par e-mail.',
    cancelled: 'L’appel est annulé. Un e-mail le retire de votre agenda.',
    planned: (minutes, host) => `${minutes} minutes${host === null ? '' : ` avec ${host}`}`,
    another: 'Choisir un autre horaire',
    calendar: 'Ajouter à votre agenda',
    cancel: 'Annuler l’appel',
    answer: 'Un autre horaire vous convient mieux ? Répondez simplement à notre e-mail.',
    choose: 'Choisir un horaire',
    minutes: (minutes) => `${minutes} minutes`,
    beginning: 'Depuis le début',
    later: 'Jours suivants',
    zone: 'Horaires dans le fuseau',
    show: 'Afficher',
    blind: (company) =>
      `Nous ne pouvons pas consulter notre agenda pour le moment, et nous ne réservons pas au hasard. Réessayez dans quelques minutes, ou écrivez à ${company}.`,
    full: (company) => `Aucun horaire n’est libre dans les semaines à venir. Écrivez à ${company}, nous en trouverons un.`,
    none: (company) => `Aucun appel n’est prévu pour le moment. Pour trouver un horaire, écrivez à ${company}.`,
    thanks: (moment) => `${moment}. Si un autre horaire vous convient mieux, l’e-mail vous indique comment faire.`,
    name: 'Votre nom',
    email: 'Votre e-mail',
    note: 'Que devrions-nous savoir ?',
    book: 'Réserver cet horaire',
    move: 'Déplacer ici',
    otherTime: 'Un autre horaire',
    nameMissing: 'manque',
    emailWrong: 'n’est pas une adresse e-mail',
    who: 'Dites-nous qui vous êtes, pour que nous puissions vous écrire.',
    taken: 'Désolé, quelqu’un vient de prendre cet horaire. Voici ce qui est libre maintenant.',
    known: 'Un appel est déjà prévu avec cette adresse. L’e-mail qui l’annonce contient le lien pour le déplacer.',
    twice: 'Un tel appel est déjà prévu. Vous pouvez le déplacer ici.',
    settled: 'Cet appel est passé ou a été annulé.',
    unread: 'Notre agenda est illisible pour le moment, et nous ne réservons rien au hasard. Réessayez dans quelques minutes.',
    again: 'Cela n’a pas fonctionné. Rechargez la page et choisissez un horaire.',
  },
  es: {
    calls: 'Llamadas',
    isPlanned: 'Prevista',
    free: 'Elegir hora',
    withHost: (host) => `con ${host}`,
    call: 'Llamada',
    with: (title, company) => `${title} con ${company}`,
    anybody: (company) => `Una llamada con ${company}. Lo que escriba sirve para la llamada y para escribirle sobre ella.`,
    yours: 'Esta página es solo suya: quien tenga su dirección puede mover o cancelar esta llamada.',
    booked: 'Gracias, está reservada. La invitación le llegará por correo.',
    moved: 'La llamada se ha movido. Le llegará una nueva invitación por correo.',
    cancelled: 'La llamada está cancelada. Un correo la quita de su calendario.',
    planned: (minutes, host) => `${minutes} minutos${host === null ? '' : ` con ${host}`}`,
    another: 'Elegir otra hora',
    calendar: 'Añadir a su calendario',
    cancel: 'Cancelar la llamada',
    answer: '¿Le viene mejor otra hora? Responda sin más a nuestro correo.',
    choose: 'Elegir una hora',
    minutes: (minutes) => `${minutes} minutos`,
    beginning: 'Desde el principio',
    later: 'Días siguientes',
    zone: 'Horas de la zona',
    show: 'Mostrar',
    blind: (company) =>
      `Ahora mismo no podemos ver nuestro calendario, y no reservamos a ciegas. Inténtelo de nuevo en unos minutos o escriba a ${company}.`,
    full: (company) => `No hay horas libres en las próximas semanas. Escriba a ${company} y encontraremos una.`,
    none: (company) => `De momento no hay ninguna llamada prevista. Para encontrar una hora, escriba a ${company}.`,
    thanks: (moment) => `${moment}. Si le viene mejor otra hora, el correo le dice cómo cambiarla.`,
    name: 'Su nombre',
    email: 'Su correo electrónico',
    note: '¿Algo que debamos saber?',
    book: 'Reservar esta hora',
    move: 'Mover aquí',
    otherTime: 'Otra hora',
    nameMissing: 'falta',
    emailWrong: 'no es una dirección de correo',
    who: 'Díganos quién es, para que podamos escribirle.',
    taken: 'Lo sentimos, alguien acaba de reservar esta hora. Esto es lo que queda libre.',
    known: 'Ya hay una llamada con esta dirección. El correo que la anuncia contiene el enlace para moverla.',
    twice: 'Ya hay una llamada así prevista. Aquí puede moverla.',
    settled: 'Esta llamada ya pasó o fue cancelada.',
    unread: 'Ahora mismo no se puede leer nuestro calendario, y no reservamos a ciegas. Inténtelo de nuevo en unos minutos.',
    again: 'No ha funcionado. Vuelva a cargar la página y elija una hora.',
  },
};

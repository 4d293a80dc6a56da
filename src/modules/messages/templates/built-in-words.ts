import type { InEach } from '#core/language.ts';

/** The mails of `built-in.ts` in the languages that we speak; English stands there. */
type Others = Omit<InEach<{ readonly subject: string; readonly body: string }>, 'en'>;

const about = `{% if company.settings.business_description %}{{ company.settings.business_description }}{% else %}`;
const ask = (reply: string) => `{% if company.settings.call_to_action %}{{ company.settings.call_to_action }}{% else %}${reply}{% endif %}`;
const signed = (regards: string) => `${regards}
{{ sender.name | default: company.name }}{% if company.settings.signature %}
{{ company.settings.signature }}{% endif %}`;

const de = (paragraphs: readonly string[]) =>
  [
    'Guten Tag{% if person.name %} {{ person.name }}{% endif %},',
    ...paragraphs,
    ask('Antworten Sie einfach auf diese E-Mail: Sie erreicht einen Menschen.'),
    signed('Mit freundlichen Grüßen'),
  ].join('\n\n');
const fr = (paragraphs: readonly string[]) =>
  [
    'Bonjour{% if person.name %} {{ person.name }}{% endif %},',
    ...paragraphs,
    ask('Répondez simplement à cet e-mail : il parvient à une personne.'),
    signed('Cordialement'),
  ].join('\n\n');
const es = (paragraphs: readonly string[]) =>
  [
    'Hola{% if person.name %} {{ person.name }}{% endif %}:',
    ...paragraphs,
    ask('Responda sin más a este correo: le llega a una persona.'),
    signed('Un cordial saludo'),
  ].join('\n\n');

export const WELCOME: Others = {
  de: {
    subject: 'Willkommen bei {{ company.name }}',
    body: de([
      'vielen Dank für Ihr Interesse an {{ company.name }}. Wir freuen uns, dass Sie uns gefunden haben.',
      `${about}Wenn Sie uns in ein, zwei Zeilen sagen, was Sie suchen, können wir mit etwas Nützlichem antworten statt mit einem Prospekt.{% endif %}`,
    ]),
  },
  fr: {
    subject: 'Bienvenue chez {{ company.name }}',
    body: fr([
      'merci de votre intérêt pour {{ company.name }}. Nous sommes heureux que vous nous ayez trouvés.',
      `${about}Si vous nous dites en une ou deux lignes ce que vous cherchez, nous pourrons répondre par quelque chose d’utile plutôt que par une brochure.{% endif %}`,
    ]),
  },
  es: {
    subject: 'Le damos la bienvenida a {{ company.name }}',
    body: es([
      'gracias por su interés en {{ company.name }}. Nos alegra que nos haya encontrado.',
      `${about}Si nos dice en una o dos líneas qué busca, podremos responder con algo útil en lugar de un folleto.{% endif %}`,
    ]),
  },
};

export const CHECKIN: Others = {
  de: {
    subject: 'Wie läuft es?',
    body: de([
      'unser letztes Gespräch liegt eine Weile zurück, und ich möchte wissen, wie es Ihnen geht.',
      'Können wir etwas besser machen, oder steht etwas Neues an? Zwei Zeilen genügen.',
    ]),
  },
  fr: {
    subject: 'Comment cela se passe-t-il ?',
    body: fr([
      'notre dernier échange remonte à quelque temps, et j’aimerais savoir comment vous allez.',
      'Y a-t-il quelque chose que nous pourrions mieux faire, ou un nouveau projet chez vous ? Deux lignes suffisent.',
    ]),
  },
  es: {
    subject: '¿Cómo va todo?',
    body: es([
      'ha pasado un tiempo desde la última vez que hablamos y me gustaría saber cómo le va.',
      '¿Hay algo que podamos hacer mejor, o algo nuevo en su lista? Dos líneas bastan.',
    ]),
  },
};

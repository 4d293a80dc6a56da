import { spokenTemplate, type TemplateText } from '#core/template-text.ts';

const subject = '{{ ticket.subject }}';
const about = 'Sent in the thread of the ticket, under its subject.';

/** What the workflows about tickets send, until a company writes its own under the same key. */
export const ticketLetters: readonly TemplateText[] = [
  spokenTemplate(
    { key: 'ticket-received', title: 'Ticket: it was received', class: 'transactional', about },
    {
      en: { subject, body: 'Hello,\n\nwe have your message and look into it. Its number is #{{ ticket.number }}; answer this mail to add to it.\n\n{{ company.name }}' },
      de: { subject, body: 'Guten Tag,\n\nIhre Nachricht ist angekommen, und wir kümmern uns darum. Sie hat die Nummer #{{ ticket.number }}; antworten Sie auf diese E-Mail, wenn Sie etwas ergänzen möchten.\n\n{{ company.name }}' },
      fr: { subject, body: 'Bonjour,\n\nnous avons bien reçu votre message et nous nous en occupons. Son numéro est #{{ ticket.number }} ; répondez à cet e-mail pour le compléter.\n\n{{ company.name }}' },
      es: { subject, body: 'Hola:\n\nhemos recibido su mensaje y nos ocupamos de él. Su número es #{{ ticket.number }}; responda a este correo para añadir algo.\n\n{{ company.name }}' },
    },
  ),
  spokenTemplate(
    { key: 'ticket-still-open', title: 'Ticket: do they still need help?', class: 'transactional', about },
    {
      en: { subject, body: 'Hello,\n\ndo you still need our help with this? Answer this mail and we go on.\n\n{{ company.name }}' },
      de: { subject, body: 'Guten Tag,\n\nbrauchen Sie dabei noch unsere Hilfe? Antworten Sie auf diese E-Mail, dann machen wir weiter.\n\n{{ company.name }}' },
      fr: { subject, body: 'Bonjour,\n\navez-vous encore besoin de notre aide à ce sujet ? Répondez à cet e-mail et nous continuons.\n\n{{ company.name }}' },
      es: { subject, body: 'Hola:\n\n¿sigue necesitando nuestra ayuda con esto? Responda a este correo y continuamos.\n\n{{ company.name }}' },
    },
  ),
  spokenTemplate(
    { key: 'ticket-survey', title: 'Ticket: how was the help?', class: 'transactional', about: `${about} The link to the page with one to five follows it.` },
    {
      en: { subject, body: 'Hello,\n\nhow did you find our help with “{{ ticket.subject }}”? It takes ten seconds:' },
      de: { subject, body: 'Guten Tag,\n\nwie fanden Sie unsere Hilfe zu „{{ ticket.subject }}“? Es dauert zehn Sekunden:' },
      fr: { subject, body: 'Bonjour,\n\ncomment avez-vous trouvé notre aide au sujet de « {{ ticket.subject }} » ? Cela prend dix secondes :' },
      es: { subject, body: 'Hola:\n\n¿qué le pareció nuestra ayuda con «{{ ticket.subject }}»? Son diez segundos:' },
    },
  ),
]; // prettier-ignore

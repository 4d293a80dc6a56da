import { spokenTemplate, type TemplateText } from '#core/template-text.ts';

/** What the workflow “Reports by mail” sends, until a company writes its own under the same key. */
export const reportLetters: readonly TemplateText[] = [
  spokenTemplate(
    { key: 'report-mail', title: 'Report by mail', class: 'transactional', about: 'Sent with the PDF, by the workflow “Reports by mail”.' },
    {
      en: {
        subject: '{{ report.title }}',
        body: `Hello {{ person.name }},

here is your report “{{ report.title }}”. You find it attached as a PDF.
{% if report.advice > 0 %}
Something in it stands out; its first page says what, and what to do about it.
{% endif %}
We will be in touch in a month. Until then, just answer this mail.

{{ company.name }}`,
      },
      de: {
        subject: '{{ report.title }}',
        body: `Guten Tag {{ person.name }},

hier ist Ihr Bericht „{{ report.title }}“. Sie finden ihn als PDF im Anhang.
{% if report.advice > 0 %}
Etwas darin fällt auf; die erste Seite sagt, was es ist und was zu tun ist.
{% endif %}
Wir melden uns in einem Monat. Bis dahin antworten Sie einfach auf diese E-Mail.

{{ company.name }}`,
      },
      fr: {
        subject: '{{ report.title }}',
        body: `Bonjour {{ person.name }},

voici votre rapport « {{ report.title }} ». Vous le trouverez en pièce jointe (PDF).
{% if report.advice > 0 %}
Un point y ressort ; la première page dit lequel, et que faire.
{% endif %}
Nous reprendrons contact dans un mois. D’ici là, répondez simplement à cet e-mail.

{{ company.name }}`,
      },
      es: {
        subject: '{{ report.title }}',
        body: `Hola {{ person.name }},

aquí tiene su informe «{{ report.title }}». Lo encontrará adjunto en PDF.
{% if report.advice > 0 %}
Algo en él llama la atención; la primera página dice qué es y qué hacer.
{% endif %}
Le escribiremos dentro de un mes. Hasta entonces, responda sin más a este correo.

{{ company.name }}`,
      },
    },
  ),
];

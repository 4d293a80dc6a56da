import { spokenTemplate, type TemplateText } from '#core/template-text.ts';

/** What the workflows about calls send, until a company writes its own under the same key. */
export const callLetters: readonly TemplateText[] = [
  spokenTemplate(
    {
      key: 'call-invitation',
      title: 'Invitation to a call',
      class: 'transactional',
      about: 'Sent when a call is booked or moved, with what calendars understand.',
    },
    {
      en: {
        subject: 'Our call on {{ call.text }}',
        body: `Hello {{ person.first_name | default: person.name }},

here is our call: {{ call.text }}, {{ call.minutes }} minutes{% if call.host %} with {{ call.host }}{% endif %}.
{% if call.place %}
Where: {{ call.place }}
{% endif %}
The invitation is attached. Another time, or not at all: {{ call.link }}

{{ company.name }}`,
      },
      de: {
        subject: 'Unser Gespräch am {{ call.text }}',
        body: `Guten Tag {{ person.name }},

hier ist unser Gespräch: {{ call.text }}, {{ call.minutes }} Minuten{% if call.host %} mit {{ call.host }}{% endif %}.
{% if call.place %}
Wo: {{ call.place }}
{% endif %}
Die Einladung finden Sie im Anhang. Ein anderer Termin oder doch nicht: {{ call.link }}

{{ company.name }}`,
      },
      fr: {
        subject: 'Notre appel du {{ call.text }}',
        body: `Bonjour {{ person.name }},

voici notre appel : {{ call.text }}, {{ call.minutes }} minutes{% if call.host %} avec {{ call.host }}{% endif %}.
{% if call.place %}
Où : {{ call.place }}
{% endif %}
L’invitation est jointe. Pour un autre horaire, ou pour annuler : {{ call.link }}

{{ company.name }}`,
      },
      es: {
        subject: 'Nuestra llamada del {{ call.text }}',
        body: `Hola {{ person.name }},

esta es nuestra llamada: {{ call.text }}, {{ call.minutes }} minutos{% if call.host %} con {{ call.host }}{% endif %}.
{% if call.place %}
Dónde: {{ call.place }}
{% endif %}
Adjuntamos la invitación. Para otra hora, o para cancelarla: {{ call.link }}

{{ company.name }}`,
      },
    },
  ),
  spokenTemplate(
    {
      key: 'call-cancelled',
      title: 'A call is off',
      class: 'transactional',
      about: 'Sent when a call is called off, with what takes it out of the calendar.',
    },
    {
      en: {
        subject: 'Called off: our call on {{ call.text }}',
        body: `Hello {{ person.first_name | default: person.name }},

our call on {{ call.text }} does not take place. What is attached takes it out of your calendar.
Another time: {{ call.link }}

{{ company.name }}`,
      },
      de: {
        subject: 'Abgesagt: unser Gespräch am {{ call.text }}',
        body: `Guten Tag {{ person.name }},

unser Gespräch am {{ call.text }} findet nicht statt. Der Anhang nimmt es aus Ihrem Kalender.
Ein anderer Termin: {{ call.link }}

{{ company.name }}`,
      },
      fr: {
        subject: 'Annulé : notre appel du {{ call.text }}',
        body: `Bonjour {{ person.name }},

notre appel du {{ call.text }} n’aura pas lieu. La pièce jointe le retire de votre agenda.
Un autre horaire : {{ call.link }}

{{ company.name }}`,
      },
      es: {
        subject: 'Cancelada: nuestra llamada del {{ call.text }}',
        body: `Hola {{ person.name }},

nuestra llamada del {{ call.text }} no tendrá lugar. El adjunto la quita de su calendario.
Otra hora: {{ call.link }}

{{ company.name }}`,
      },
    },
  ),
];

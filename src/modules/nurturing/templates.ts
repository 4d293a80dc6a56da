import type { TemplateText } from '#core/template-text.ts';
import { LETTER_KINDS, type LetterKind } from './prompts/letter.ts';

const SIGN_EN = `Kind regards,
{{ nurturing.sender_name }}{% if nurturing.sender_role %}
{{ nurturing.sender_role }}{% endif %}{% if nurturing.sender_name != company.name %}
{{ company.name }}{% endif %}`;
const SIGN_DE = SIGN_EN.replace('Kind regards,', 'Freundliche Grüße');
const HELLO_EN = '{% if person.first_name %}Hello {{ person.first_name }},{% else %}Hello,{% endif %}';
const HELLO_DE = '{% if person.first_name %}Guten Tag {{ person.first_name }},{% else %}Guten Tag,{% endif %}';
const ASK_EN =
  '{% if nurturing.call_to_action %}{{ nurturing.call_to_action }}{% else %}Would you reply with a line or two about what you need?{% endif %}';
const ASK_DE =
  '{% if nurturing.call_to_action %}{{ nurturing.call_to_action }}{% else %}Mögen Sie in ein, zwei Sätzen antworten, worum es Ihnen geht?{% endif %}';

interface Letter {
  readonly subject: string;
  readonly text: string;
}

const ENGLISH: Record<LetterKind, Letter> = {
  first: {
    subject: 'Your enquiry to {{ company.name }}',
    text: `${HELLO_EN}

thank you for getting in touch with {{ company.name }}.{% if nurturing.what_we_do %} In short, this is what we do: {{ nurturing.what_we_do }}{% endif %}{% if nurturing.offer %}

What we can offer you: {{ nurturing.offer }}{% endif %}

So that I can answer you properly, it helps to know a little more: what would you like to get done, and is there a time by which it matters to you? A few words are enough. Your answer comes straight to me, and you can ask whatever you like to know about us and how we work.

${ASK_EN}

${SIGN_EN}`,
  },
  follow_up_1: {
    subject: 'Did my mail reach you?',
    text: `${HELLO_EN}

a few days ago I wrote to you about your enquiry to {{ company.name }}, and I would like to make sure that my mail has not been lost among others.{% if nurturing.offer %}

Once more in short, what we can offer you: {{ nurturing.offer }}{% endif %}

If you already have what you need, a brief line is enough and I will close the matter. If something is still open, or if the first mail did not answer your question, just tell me what is missing, and I will do my best to help.

${ASK_EN}

${SIGN_EN}`,
  },
  follow_up_2: {
    subject: 'One short question',
    text: `${HELLO_EN}

I know how quickly a mail slips down the list, so this one is short. You had got in touch with {{ company.name }}, and I would like to understand where things stand on your side.

Is the topic still open for you? One word is enough: “yes”, “later” or “no”. With a “yes” I will suggest how to go on, with a “later” I will leave you in peace for a while, and with a “no” I will put the matter to rest.

${ASK_EN}

${SIGN_EN}`,
  },
  follow_up_3: {
    subject: 'My last mail about your enquiry',
    text: `${HELLO_EN}

as I have not heard from you, I take it that the moment is not right, and that is perfectly fine. This is my last mail about your enquiry to {{ company.name }}, so that your inbox is not filled with reminders.

Should the topic come up again, simply answer this mail, now or in a few months. It reaches me, and we can pick up where we left off without you having to explain everything from the beginning. Until then I wish you all the best.

${ASK_EN}

${SIGN_EN}`,
  },
};

const GERMAN: Record<LetterKind, Letter> = {
  first: {
    subject: 'Ihre Anfrage an {{ company.name }}',
    text: `${HELLO_DE}

vielen Dank, dass Sie sich an {{ company.name }} gewandt haben.{% if nurturing.what_we_do %} Kurz gesagt machen wir Folgendes: {{ nurturing.what_we_do }}{% endif %}{% if nurturing.offer %}

Das können wir Ihnen anbieten: {{ nurturing.offer }}{% endif %}

Damit ich Ihnen gut antworten kann, hilft es mir, etwas mehr zu wissen: Was möchten Sie erreichen, und gibt es einen Zeitpunkt, der für Sie wichtig ist? Ein paar Worte genügen. Ihre Antwort kommt direkt bei mir an, und Sie können alles fragen, was Sie über uns und unsere Arbeit wissen möchten.

${ASK_DE}

${SIGN_DE}`,
  },
  follow_up_1: {
    subject: 'Ist meine Mail angekommen?',
    text: `${HELLO_DE}

vor einigen Tagen habe ich Ihnen zu Ihrer Anfrage an {{ company.name }} geschrieben und möchte sichergehen, dass meine Mail nicht zwischen anderen untergegangen ist.{% if nurturing.offer %}

Noch einmal kurz, was wir Ihnen anbieten können: {{ nurturing.offer }}{% endif %}

Falls Sie schon haben, was Sie brauchen, genügt eine kurze Zeile. Falls noch etwas offen ist oder die erste Mail Ihre Frage nicht beantwortet hat, schreiben Sie mir einfach, was fehlt.

${ASK_DE}

${SIGN_DE}`,
  },
  follow_up_2: {
    subject: 'Eine kurze Frage',
    text: `${HELLO_DE}

ich weiß, wie schnell eine Mail nach unten rutscht, deshalb nur kurz. Sie hatten sich an {{ company.name }} gewandt, und ich möchte verstehen, wie es bei Ihnen steht.

Ist das Thema für Sie noch offen? Ein Wort genügt: „ja“, „später“ oder „nein“. Bei „ja“ schlage ich Ihnen vor, wie es weitergeht, bei „später“ lasse ich Sie eine Weile in Ruhe, und bei „nein“ lege ich die Sache ab.

${ASK_DE}

${SIGN_DE}`,
  },
  follow_up_3: {
    subject: 'Meine letzte Mail zu Ihrer Anfrage',
    text: `${HELLO_DE}

da ich nichts von Ihnen gehört habe, nehme ich an, dass es gerade nicht passt, und das ist völlig in Ordnung. Dies ist meine letzte Mail zu Ihrer Anfrage an {{ company.name }}.

Sollte das Thema wieder aufkommen, antworten Sie einfach auf diese Mail, jetzt oder in ein paar Monaten. Sie erreicht mich, und wir machen dort weiter, wo wir waren. Bis dahin wünsche ich Ihnen alles Gute.

${ASK_DE}

${SIGN_DE}`,
  },
};

const TITLES: Record<LetterKind, string> = {
  first: 'Lead nurturing: first letter',
  follow_up_1: 'Lead nurturing: after 3 days',
  follow_up_2: 'Lead nurturing: after a week',
  follow_up_3: 'Lead nurturing: last letter, after two weeks',
};

/** The template of a place in the sequence. */
export function letterKey(kind: LetterKind): string {
  return `lead-nurturing-${kind.replaceAll('_', '-')}`;
}

/** What is sent where no model writes, as it comes with Steward. */
export const letterTemplates: readonly TemplateText[] = LETTER_KINDS.map((kind) => ({
  key: letterKey(kind),
  title: TITLES[kind],
  about: 'Sent where no language model writes the letter: none is connected, its month is spent, or its draft failed the check.',
  class: 'commercial',
  subject: ENGLISH[kind].subject,
  body: ENGLISH[kind].text,
  html: null,
  inLanguages: [{ language: 'de', subject: GERMAN[kind].subject, body: GERMAN[kind].text }],
}));

import type { LetterKind } from './prompts/letter.ts';

export interface LetterTemplate {
  readonly id: string;
  readonly version: number;
  readonly subject: string;
  readonly text: string;
}

const SIGN_EN = `Kind regards,
{{ sender_name }}{% if sender_role != "" %}
{{ sender_role }}{% endif %}{% if sender_name != company_name %}
{{ company_name }}{% endif %}`;
const SIGN_DE = SIGN_EN.replace('Kind regards,', 'Freundliche Grüße');
const HELLO_EN = '{% if first_name != "" %}Hello {{ first_name }},{% else %}Hello,{% endif %}';
const HELLO_DE = '{% if first_name != "" %}Guten Tag {{ first_name }},{% else %}Guten Tag,{% endif %}';
const ASK_EN =
  '{% if call_to_action != "" %}{{ call_to_action }}{% else %}Would you reply with a line or two about what you need?{% endif %}';
const ASK_DE =
  '{% if call_to_action != "" %}{{ call_to_action }}{% else %}Mögen Sie in ein, zwei Sätzen antworten, worum es Ihnen geht?{% endif %}';

const ENGLISH: Record<LetterKind, Omit<LetterTemplate, 'id' | 'version'>> = {
  first: {
    subject: 'Your enquiry to {{ company_name }}',
    text: `${HELLO_EN}

thank you for getting in touch with {{ company_name }}.{% if what_we_do != "" %} In short, this is what we do: {{ what_we_do }}{% endif %}{% if offer != "" %}

What we can offer you: {{ offer }}{% endif %}

So that I can answer you properly, it helps to know a little more: what would you like to get done, and is there a time by which it matters to you? A few words are enough. Your answer comes straight to me, and you can ask whatever you like to know about us and how we work.

${ASK_EN}

${SIGN_EN}`,
  },
  follow_up_1: {
    subject: 'Did my mail reach you?',
    text: `${HELLO_EN}

a few days ago I wrote to you about your enquiry to {{ company_name }}, and I would like to make sure that my mail has not been lost among others.{% if offer != "" %}

Once more in short, what we can offer you: {{ offer }}{% endif %}

If you already have what you need, a brief line is enough and I will close the matter. If something is still open, or if the first mail did not answer your question, just tell me what is missing, and I will do my best to help.

${ASK_EN}

${SIGN_EN}`,
  },
  follow_up_2: {
    subject: 'One short question',
    text: `${HELLO_EN}

I know how quickly a mail slips down the list, so this one is short. You had got in touch with {{ company_name }}, and I would like to understand where things stand on your side.

Is the topic still open for you? One word is enough: “yes”, “later” or “no”. With a “yes” I will suggest how to go on, with a “later” I will leave you in peace for a while, and with a “no” I will put the matter to rest.

${ASK_EN}

${SIGN_EN}`,
  },
  follow_up_3: {
    subject: 'My last mail about your enquiry',
    text: `${HELLO_EN}

as I have not heard from you, I take it that the moment is not right, and that is perfectly fine. This is my last mail about your enquiry to {{ company_name }}, so that your inbox is not filled with reminders.

Should the topic come up again, simply answer this mail, now or in a few months. It reaches me, and we can pick up where we left off without you having to explain everything from the beginning. Until then I wish you all the best.

${ASK_EN}

${SIGN_EN}`,
  },
};

const GERMAN: Record<LetterKind, Omit<LetterTemplate, 'id' | 'version'>> = {
  first: {
    subject: 'Ihre Anfrage an {{ company_name }}',
    text: `${HELLO_DE}

vielen Dank, dass Sie sich an {{ company_name }} gewandt haben.{% if what_we_do != "" %} Kurz gesagt machen wir Folgendes: {{ what_we_do }}{% endif %}{% if offer != "" %}

Das können wir Ihnen anbieten: {{ offer }}{% endif %}

Damit ich Ihnen gut antworten kann, hilft es mir, etwas mehr zu wissen: Was möchten Sie erreichen, und gibt es einen Zeitpunkt, der für Sie wichtig ist? Ein paar Worte genügen. Ihre Antwort kommt direkt bei mir an, und Sie können alles fragen, was Sie über uns und unsere Arbeit wissen möchten.

${ASK_DE}

${SIGN_DE}`,
  },
  follow_up_1: {
    subject: 'Ist meine Mail angekommen?',
    text: `${HELLO_DE}

vor einigen Tagen habe ich Ihnen zu Ihrer Anfrage an {{ company_name }} geschrieben und möchte sichergehen, dass meine Mail nicht zwischen anderen untergegangen ist.{% if offer != "" %}

Noch einmal kurz, was wir Ihnen anbieten können: {{ offer }}{% endif %}

Falls Sie schon haben, was Sie brauchen, genügt eine kurze Zeile. Falls noch etwas offen ist oder die erste Mail Ihre Frage nicht beantwortet hat, schreiben Sie mir einfach, was fehlt.

${ASK_DE}

${SIGN_DE}`,
  },
  follow_up_2: {
    subject: 'Eine kurze Frage',
    text: `${HELLO_DE}

ich weiß, wie schnell eine Mail nach unten rutscht, deshalb nur kurz. Sie hatten sich an {{ company_name }} gewandt, und ich möchte verstehen, wie es bei Ihnen steht.

Ist das Thema für Sie noch offen? Ein Wort genügt: „ja“, „später“ oder „nein“. Bei „ja“ schlage ich Ihnen vor, wie es weitergeht, bei „später“ lasse ich Sie eine Weile in Ruhe, und bei „nein“ lege ich die Sache ab.

${ASK_DE}

${SIGN_DE}`,
  },
  follow_up_3: {
    subject: 'Meine letzte Mail zu Ihrer Anfrage',
    text: `${HELLO_DE}

da ich nichts von Ihnen gehört habe, nehme ich an, dass es gerade nicht passt, und das ist völlig in Ordnung. Dies ist meine letzte Mail zu Ihrer Anfrage an {{ company_name }}.

Sollte das Thema wieder aufkommen, antworten Sie einfach auf diese Mail, jetzt oder in ein paar Monaten. Sie erreicht mich, und wir machen dort weiter, wo wir waren. Bis dahin wünsche ich Ihnen alles Gute.

${ASK_DE}

${SIGN_DE}`,
  },
};

/** The letter that is sent when no model writes one. English unless the language is German. */
export function templateFor(kind: LetterKind, language: string): LetterTemplate {
  const german = language.toLowerCase().startsWith('de');
  return { id: `${kind}.${german ? 'de' : 'en'}`, version: 1, ...(german ? GERMAN : ENGLISH)[kind] };
}

import type { TemplateText } from '#core/template-text.ts';
import { CHECKIN, WELCOME } from './built-in-words.ts';

/** Greets by first name where there is one. "Hi there" is honest; "Hi null" is not. */
const GREETING = `Hi {{ person.first_name | default: "there" }},`;

const SIGNATURE = `Best regards,
{{ sender.name | default: company.name }}{% if company.settings.signature %}
{{ company.settings.signature }}{% endif %}`;

const ASK = `{% if company.settings.call_to_action %}{{ company.settings.call_to_action }}{% else %}Just reply to this mail: it reaches a person.{% endif %}`;

const text = (
  key: string,
  title: string,
  kind: TemplateText['class'],
  subject: string,
  paragraphs: readonly string[],
  others: Partial<typeof WELCOME> = {},
): TemplateText => ({
  key,
  title,
  class: kind,
  subject,
  body: [GREETING, ...paragraphs, SIGNATURE].join('\n\n'),
  html: null,
  inLanguages: Object.entries(others).map(([language, own]) => ({ language, ...own })),
});

/** What every company starts with, besides what other modules bring. */
export const BUILT_IN: readonly TemplateText[] = [
  text(
    'welcome',
    'Welcome',
    'commercial',
    'Welcome to {{ company.name }}',
    [
      `thank you for your interest in {{ company.name }}. We are glad that you found us.`,
      `{% if company.settings.business_description %}{{ company.settings.business_description }}{% else %}If you tell us in a line or two what you are looking for, we can answer with something useful instead of a brochure.{% endif %}`,
      ASK,
    ],
    WELCOME,
  ),
  text(
    'nurture-first',
    'Hello to a lead',
    'commercial',
    '{% if organisation.name %}{{ organisation.name }} and {{ company.name }}{% else %}Your enquiry at {{ company.name }}{% endif %}',
    [
      `thank you for getting in touch with {{ company.name }}{% if lead.source == "referral" %} on a recommendation{% endif %}. I have your message in front of me and would like to help.`,
      `So that I can come back with something concrete, it would help to know two things: what you would like to get done, and by when. A rough answer is plenty.`,
      ASK,
    ],
  ),
  text('nurture-follow-up-1', 'Follow-up: still open?', 'commercial', 'Did my note reach you?', [
    `I wrote to you a few days ago and would not want my mail to be lost under others. Is the matter still open on your side?`,
    `If it is, one sentence about where you stand is enough for me to suggest a next step. If the timing is wrong, tell me when it suits you better and I will come back then.`,
    ASK,
  ]),
  text('nurture-follow-up-2', 'Follow-up: one thought', 'commercial', 'One thought on your enquiry', [
    `a short thought, in case it helps: most people who write to us are held up by one open question rather than by the whole project. If there is such a question on your side, send it to me as it is; I will answer it plainly.`,
    `And should somebody else in {{ organisation.name | default: "your company" }} be looking after this, a name is all I need.`,
    ASK,
  ]),
  text('nurture-follow-up-3', 'Follow-up: the last one', 'commercial', 'Shall I close your enquiry?', [
    `I have not heard from you, so I assume that this is not the right moment. That is perfectly all right, and this is my last mail about it.`,
    `If things change, reply to this mail whenever you like: it will reach me, and we go on from where we are.`,
    `All the best until then.`,
  ]),
  text(
    'checkin',
    'Check-in',
    'commercial',
    'How are things going?',
    [
      `it has been a while since we last spoke, and I would like to know how you are getting on.`,
      `Is there anything that we could do better, or something new on your list? Two lines are enough.`,
      ASK,
    ],
    CHECKIN,
  ),
];

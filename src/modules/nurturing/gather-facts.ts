import type { Facts } from '#core/engine/types.ts';
import { textAt, type DraftFacts } from './facts.ts';
import type { NurturingSettings } from './settings.ts';

const MOST_NOTES = 2_000;

/** The company's own words and what is known of the lead, for one letter. Settings of the sequence win over those of the company. */
export function gatherFacts(settings: NurturingSettings, facts: Facts): DraftFacts {
  const companyName = textAt(facts, 'company', 'name');
  const website = textAt(facts, 'company', 'website');
  const own = (key: string) => textAt(facts, 'company', 'settings', key);
  return {
    business: {
      companyName,
      whatWeDo: settings.whatWeDo || own('business_description'),
      offer: settings.offer,
      furtherFacts: settings.furtherFacts,
      links: [...settings.links, ...(website === '' ? [] : [website])],
      senderName: settings.senderName || companyName,
      senderRole: settings.senderRole,
      callToAction: settings.callToAction || own('call_to_action'),
      industry: textAt(facts, 'company', 'industry'),
    },
    lead: {
      firstName: personName(textAt(facts, 'person', 'first_name')),
      name: personName(textAt(facts, 'person', 'name')),
      organisation: personName(textAt(facts, 'organisation', 'name')),
      source: textAt(facts, 'lead', 'source').slice(0, 100),
      notes: textAt(facts, 'lead', 'notes').slice(0, MOST_NOTES),
    },
  };
}

/** Theirs, else that of the sequence, else the company's. */
export function languageFor(settings: NurturingSettings, facts: Facts): string {
  return textAt(facts, 'person', 'language') || settings.language || textAt(facts, 'company', 'settings', 'language') || 'en';
}

/**
 * A name as it may stand in a letter. Forms are used to send strangers' advertisements in the name field, so what has an address, digits or
 * is too long is no name.
 */
function personName(text: string): string {
  return /^[\p{L}\p{M}][\p{L}\p{M}' .&-]{0,59}$/u.test(text) && !/\b(www|https?|com)\b|\.\w{2,}$/i.test(text) ? text : '';
}

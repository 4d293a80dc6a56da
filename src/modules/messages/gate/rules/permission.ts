import { consentTo } from '#modules/people/public.ts';
import type { Rule } from '../types.ts';

const day = (at: Date) => at.toISOString().slice(0, 10);

/** Hard bounces, complaints, opt-outs, and what an admin put on the list: no mail at all but for opt-outs, see below. */
export const suppression: Rule = {
  id: 'suppression',
  check({ suppressed, class: kind, to }) {
    if (suppressed === null) return null;
    // Who opted out of marketing still gets the answer to a password reset.
    if (kind === 'transactional' && suppressed.reason === 'opt_out') return null;
    const why: Record<string, string> = {
      opt_out: 'opted out',
      bounce: 'does not exist any more (hard bounce)',
      complaint: 'complained about our mail',
    };
    return {
      decision: 'block',
      value: { reason: suppressed.reason, since: suppressed.since.toISOString() },
      says: `${to ?? 'This address'} ${why[suppressed.reason] ?? 'is on the suppression list'} (since ${day(suppressed.since)})`,
      fix:
        suppressed.reason === 'opt_out' || suppressed.reason === 'complaint'
          ? 'Nothing: a person must ask for mail themselves before you may write again'
          : 'Correct the address, or take it off the suppression list if it works again',
    };
  },
};

/** Art. 21 (3) GDPR: who objects gets no more, whatever the basis was. Withdrawal and objection beat every grant. */
export const objection: Rule = {
  id: 'objection',
  commercialOnly: true,
  check({ person, topic, channel }) {
    if (person === null) return null;
    const { consent: said } = person.grounds;
    const onChannel = said[`marketing.${channel}`];
    const state = [said['marketing'], onChannel, said[topic]].find(isNo)?.state;
    if (state === undefined && person.optedOutAt === null) return null;
    const all = person.optedOutAt !== null || isNo(said['marketing']) || isNo(onChannel);
    const what = channel === 'sms' ? 'SMS' : 'mail';
    return {
      decision: 'block',
      value: { topic: all ? 'marketing' : topic, state: state ?? 'withdrawn' },
      says: all ? `This person does not want commercial ${what}` : `This person does not want ${what} about ${topic}`,
      fix: 'Nothing: they must ask for it themselves, on their preference page or to you in writing',
    };
  },
};

/** Where the company asks for opt-in, silence is no consent. */
export const consent: Rule = {
  id: 'consent',
  commercialOnly: true,
  channel: 'email', // an SMS needs it whatever the company's basis, see smsConsent
  check({ person, topic, settings }) {
    if (settings.basis !== 'opt_in' || person === null) return null;
    const { consent: said } = person.grounds;
    if ([said['marketing'], said['marketing.email'], said[topic]].some((one) => one?.state === 'granted')) return null;
    return {
      decision: 'block',
      value: { basis: 'opt_in', consent: said['marketing']?.state ?? null },
      says: 'Your company writes only to people who opted in, and this person has not',
      fix: 'Record their consent on the person page with its evidence, or change the basis under Settings → Sending',
    };
  },
};

/**
 * Advertising by SMS needs consent that covers it, in the United States (47 CFR 64.1200) as in the EU (2002/58/EC, art. 13): no enquiry and no
 * legitimate interest stands in for it.
 */
export const smsConsent: Rule = {
  id: 'sms_consent',
  commercialOnly: true,
  channel: 'sms',
  check({ person, topic, settings }) {
    if (person === null || consentTo(settings, topic, person.grounds, 'sms') !== null) return null;
    return {
      decision: 'block',
      value: { topic, consent: person.grounds.consent['marketing.sms']?.state ?? null },
      says: 'Commercial SMS needs consent, and this person has given none',
      fix: 'Record their consent on the person page with its evidence, or write a mail instead',
    };
  },
};

/** Commercial mail goes to someone we know: without a person there is no consent, no way out and no history. */
export const recipient: Rule = {
  id: 'recipient',
  check({ to, person, class: kind, channel }) {
    if (to === null) {
      const what = channel === 'sms' ? 'phone number with its country code' : 'email address';
      return { decision: 'block', value: null, says: `This person has no ${what}`, fix: 'Add one on the person page' };
    }
    if (kind === 'commercial' && person === null) {
      return {
        decision: 'block',
        value: to,
        says: `Commercial ${channel === 'sms' ? 'SMS' : 'mail'} needs a person behind the address`,
        fix: 'Capture the person as a lead first',
      };
    }
    return null;
  },
};

function isNo(said: { readonly state: string } | undefined): boolean {
  return said !== undefined && said.state !== 'granted';
}

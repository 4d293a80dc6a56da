import { basisFor } from '../basis.ts';
import type { Rule } from '../types.ts';

/** Commercial mail needs a lawful basis: for its topic, where the person is, now. See docs/adr/0013-lawful-basis.md. */
export const basis: Rule = {
  id: 'lawful_basis',
  channel: 'email', // an SMS needs consent, see smsConsent
  commercialOnly: true,
  check(candidate) {
    const found = basisFor(candidate);
    if (found === null || found.basis !== null) return null;
    const { says, fix, country, expired } = found;
    return {
      decision: 'block',
      value: { topic: candidate.topic, country, expired: expired === null ? null : { basis: expired.basis, until: expired.expires } },
      says,
      fix,
    };
  },
};

/** People agree to a topic on a channel: who reads a topic by SMS has not asked for mail. */
export const channel: Rule = {
  id: 'topic_channel',
  commercialOnly: true,
  check({ topic, settings, channel: by }) {
    const found = settings.topics.find((one) => one.key === topic);
    if (found === undefined || found.channels.includes(by)) return null;
    const way = by === 'sms' ? 'SMS' : 'email';
    return {
      decision: 'block',
      value: [...found.channels],
      says: `“${found.title}” does not go out by ${way}`,
      fix: `Choose another topic, or let this one go out by ${way} under Settings → Topics`,
    };
  },
};

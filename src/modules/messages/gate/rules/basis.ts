import { basisFor } from '../basis.ts';
import type { Rule } from '../types.ts';

/** Commercial mail needs a lawful basis: for its topic, where the person is, now. See docs/adr/0013-lawful-basis.md. */
export const basis: Rule = {
  id: 'lawful_basis',
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
  check({ topic, settings }) {
    const found = settings.topics.find((one) => one.key === topic);
    if (found === undefined || found.channels.includes('email')) return null;
    return {
      decision: 'block',
      value: [...found.channels],
      says: `“${found.title}” does not go out by email`,
      fix: 'Choose another topic, or let this one go out by email under Settings → Topics',
    };
  },
};

import type { Rule } from '../types.ts';

/** What the choice of a sender found against sending: see senders/choose.ts. */
const about = (id: 'sender' | 'sender_health' | 'sender_limit'): Rule => ({
  id,
  channel: 'email',
  check: ({ choice }) => (choice?.kind === 'waits' && choice.rule === id ? choice.finding : null),
});

/** Some sender must be there that carries it, with a connection that works. */
export const sender: Rule = about('sender');
/** A sender that is complained about, or whose mail comes back, is stopped until a person lets it go on. */
export const health: Rule = about('sender_health');
/** What its provider lets through in a day, and what its ramp-up allows. */
export const limit: Rule = about('sender_limit');

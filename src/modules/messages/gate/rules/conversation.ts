import type { Rule } from '../types.ts';

/** The run was ended (a reply, a conversion, a person's click) while its message waited. */
export const run: Rule = {
  id: 'run',
  check({ runStopped, runPaused }) {
    if (runStopped !== null) {
      const says = `The sequence that wrote this was stopped: ${runStopped}`;
      return { decision: 'block', value: runStopped, says, fix: 'Start the sequence again if it should go on' };
    }
    if (runPaused)
      return { decision: 'later', until: null, value: 'paused', says: 'The sequence that wrote this is paused', fix: 'Resume its run' };
    return null;
  },
};

/** Who answered must not get what was written before the answer. */
export const reply: Rule = {
  id: 'reply',
  commercialOnly: true,
  check({ history, draftedAt }) {
    if (history.repliedAt === null || history.repliedAt < draftedAt) return null;
    return {
      decision: 'block',
      value: history.repliedAt.toISOString(),
      says: 'They have written to you since this was drafted',
      fix: 'Read their mail and answer it yourself',
    };
  },
};

/** One firm, one conversation. */
export const colleague: Rule = {
  id: 'colleague_reply',
  commercialOnly: true,
  check({ history }) {
    if (history.colleague === null) return null;
    return {
      decision: 'block',
      value: { name: history.colleague.name, at: history.colleague.at.toISOString() },
      says: `${history.colleague.name}, of the same organisation, has answered meanwhile`,
      fix: 'Go on in that conversation; start the sequence again if this person should be written to all the same',
    };
  },
};

import type { Rule } from '../types.ts';

/** An opt-out this soon after a message was drawn from it. */
const OWN_MS = 5_000;

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

/**
 * An answer rests on what they wrote (docs/adr/0050-answers-by-hand.md): a no that came with that message or after it ends it. Who said no and asks
 * something later is answered.
 */
export const answer: Rule = {
  id: 'answer',
  check({ answers, person, suppressed }) {
    if (answers === null) return null;
    // A person who read it and says that it is no stop outweighs the opt-out that the rules drew from that very message.
    const since = answers.stop === false ? new Date(answers.at.getTime() + OWN_MS) : answers.at;
    const outs = [person?.optedOutAt, suppressed?.reason === 'opt_out' ? suppressed.since : null];
    const said = answers.stop === true ? answers.at : outs.find((at) => at != null && at >= since);
    if (said == null) return null;
    return {
      decision: 'block',
      value: { answers: answers.at.toISOString(), opted_out: said.toISOString() },
      says: 'They asked for no more messages, in the message that you answer or after it',
      fix: 'Nothing: answer when they write again',
    };
  },
};

import { bestMoment, explain } from '../../send-time/best.ts';
import type { Rule } from '../types.ts';
import { windowOf } from './timing.ts';

/**
 * Where it is asked for: wait for the hour of the week at which this person most likely answers. Only when a message is written: whatever keeps it longer,
 * it is not put off again. Never outside of the hours, days and holidays that hold anyway.
 */
export const sendTime: Rule = {
  id: 'send_time',
  channel: 'email',
  commercialOnly: true,
  check(candidate) {
    const { stage, now, times } = candidate;
    if (stage !== 'draft' || times == null) return null;
    const { zone, opening } = windowOf(candidate);
    const best = bestMoment(now, zone, times.company, times.person, opening);
    if (best === null) return null;
    return {
      decision: 'later',
      until: best.at,
      value: { zone, expected: Number(best.expected.toFixed(4)), now: Number(best.now.toFixed(4)) },
      says: `It waits for a better hour (${explain(best.slot, times.company, times.person)})`,
      fix: 'Wait, or switch the best hour off in the workflow or under Settings → Sending',
    };
  },
};

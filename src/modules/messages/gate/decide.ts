import { basisOf } from './basis.ts';
import { answer, colleague, reply, run } from './rules/conversation.ts';
import { empty, variables } from './rules/content.ts';
import { basis, channel } from './rules/basis.ts';
import { consent, objection, recipient, smsConsent, suppression } from './rules/permission.ts';
import { health, limit, sender } from './rules/senders.ts';
import { connection, dailyLimit, from, launched, paused, postalAddress, stream, unsubscribe } from './rules/sender.ts';
import { sendTime } from './rules/send-time.ts';
import { cap, holiday, hours, quiet } from './rules/timing.ts';
import type { Candidate, Reason, Rule, StoredVerdict } from './types.ts';

/** Every rule, in the order in which a person wants to read them. */
export const RULES: readonly Rule[] = [
  recipient,
  suppression,
  objection,
  consent,
  smsConsent,
  channel,
  basis,
  answer,
  run,
  reply,
  colleague,
  variables,
  empty,
  from,
  postalAddress,
  unsubscribe,
  connection,
  stream,
  launched,
  paused,
  hours,
  holiday,
  quiet,
  sendTime,
  cap,
  dailyLimit,
  sender,
  health,
  limit,
];

/**
 * The one check that every message passes. All rules are asked, so that a person sees all that stands in the way; the
 * strictest wins: block over later over send. `later` waits for the last of the moments, and without an end when one of them has none.
 */
export function decide(candidate: Candidate): StoredVerdict {
  const reasons: Reason[] = [];
  const passed: string[] = [];
  for (const rule of RULES) {
    const finding = applies(rule, candidate) ? rule.check(candidate) : null;
    if (finding === null) {
      passed.push(rule.id);
      continue;
    }
    const { decision, value, says, fix } = finding;
    reasons.push({ rule: rule.id, decision, until: finding.until?.toISOString() ?? null, value, says, fix });
  }
  const blocked = reasons.some((reason) => reason.decision === 'block');
  const waits = reasons.map((reason) => reason.until);
  const last = waits.reduce((latest, until) => (until !== null && (latest === null || until > latest) ? until : latest), null);
  return {
    decision: blocked ? 'block' : reasons.length > 0 ? 'later' : 'send',
    stage: candidate.stage,
    at: candidate.now.toISOString(),
    until: blocked || waits.length === 0 || waits.includes(null) ? null : last,
    reasons,
    passed,
    ...(blocked ? {} : basisOf(candidate)),
    ...senderOf(candidate),
  };
}

function applies(rule: Rule, { class: kind, channel: by, settings }: Candidate): boolean {
  if (rule.channel !== undefined && rule.channel !== by) return false;
  if (rule.commercialOnly === true && kind !== 'commercial') return false;
  return !(rule.realOnly === true && settings.mode === 'capture');
}

/** For the stored verdict. */
function senderOf({ choice }: Candidate): Pick<StoredVerdict, 'sender'> {
  if (choice == null || choice.sender === null) return {};
  const { id, address } = choice.sender;
  return { sender: { id, address, because: choice.kind === 'by' ? choice.because : 'it is planned for it' } };
}

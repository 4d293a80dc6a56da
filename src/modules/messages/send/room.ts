import type { Transaction } from '#core/database/database.ts';
import { PROBE_TOPIC } from '../doctor/probe/topic.ts';
import type { Asking, Gate, Sending } from '../gate/ask.ts';
import type { StoredVerdict } from '../gate/types.ts';
import { dayIn, type Sender } from '../senders/allowance.ts';
import { takeRoom, type Taking } from '../senders/take.ts';
import type { QueuedRow } from './hand.ts';

/** Another process took the last room of a sender meanwhile, and others still have some: looked at again this soon, with what is left then. */
const AGAIN_MS = 1_000;

/** What binds a queued message to a sender. */
export function sendingOf(row: QueuedRow, senders: readonly Sender[]): Sending {
  const planned = senders.find(({ id }) => id === row.senderId);
  const whole = planned === undefined ? '' : `${row.subject}\n${row.text}\n${row.html ?? ''}`;
  return {
    bound: row.threadSenderId ?? (row.threadId === row.id && row.topic !== PROBE_TOPIC ? null : row.senderId),
    planned: row.senderId,
    signed: planned !== undefined && (whole.includes(planned.address) || (named(planned, senders) && whole.includes(planned.name))),
    holds: planned !== undefined && row.handedAt != null && dayIn(row.handedAt, planned.timeZone) === planned.today.day,
  };
}

/** Where all senders bear the same name, it signs nobody in particular. */
function named({ name }: Sender, senders: readonly Sender[]): boolean {
  return name !== '' && senders.some((one) => one.state !== 'retired' && one.name !== name);
}

interface Judged {
  readonly row: QueuedRow;
  readonly asking: Asking;
  readonly verdict: StoredVerdict;
}

/**
 * Takes room for what may go, in the transaction that hands it over. A message that was handed over before on this day has its room. What others were quicker
 * for is asked about again: it waits, with the reason.
 */
export async function takeFor(
  tx: Transaction,
  gate: Gate,
  judged: readonly Judged[],
  now: Date,
): Promise<ReadonlyMap<string, StoredVerdict>> {
  const verdicts = new Map(judged.map(({ row, verdict }) => [row.id, verdict]));
  const wanting = judged.filter(
    ({ asking, verdict }) =>
      verdict.decision === 'send' &&
      verdict.sender !== undefined &&
      !(asking.sending?.holds === true && asking.sending.planned === verdict.sender.id),
  );
  if (wanting.length === 0) return verdicts;
  const takings = [...Map.groupBy(wanting, ({ verdict }) => verdict.sender?.id ?? '')].flatMap(([id, own]): Taking[] => {
    const [first] = own;
    const sender = gate.settings.get(first?.row.companyId ?? '')?.senders.find((one) => one.id === id);
    if (first === undefined || sender === undefined) return [];
    const commercial = own.filter(({ row }) => row.class === 'commercial').length;
    return [{ companyId: first.row.companyId, sender, commercial, transactional: own.length - commercial }];
  });
  const granted = await takeRoom(tx, takings);
  for (const { sender, companyId } of takings) {
    for (const kind of ['transactional', 'commercial'] as const) {
      const own = wanting.filter(({ row, verdict }) => verdict.sender?.id === sender.id && row.class === kind);
      const late = own.slice(granted.get(sender.id)?.[kind] ?? 0);
      if (late.length === 0) continue;
      gate.empty(companyId, sender.id, kind);
      for (const { row, asking } of late) verdicts.set(row.id, putOff(gate.ask(asking), sender.address, now));
    }
  }
  return verdicts;
}

function putOff(verdict: StoredVerdict, address: string, now: Date): StoredVerdict {
  if (verdict.decision !== 'send') return verdict;
  const until = new Date(now.getTime() + AGAIN_MS).toISOString();
  const says = `The last mails of ${address} for today went out this moment`;
  return {
    ...verdict,
    decision: 'later',
    until,
    reasons: [
      { rule: 'sender_limit', decision: 'later', until, value: address, says, fix: 'Nothing: another sender takes it in a moment' },
    ],
    passed: verdict.passed.filter((rule) => rule !== 'sender_limit'),
  };
}

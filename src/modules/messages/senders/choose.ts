import { createHash } from 'node:crypto';
import type { Finding } from '../gate/types.ts';
import { roomOf, tomorrowIn, type Sender } from './allowance.ts';

/** Who asks for a sender. */
export interface Wanting {
  readonly class: 'commercial' | 'transactional';
  /** The sender of the conversation it belongs to: no other will do. */
  readonly bound: string | null;
  /** The one it was planned for, when it was written. */
  readonly planned: string | null;
  /** The one whose mail the person had last. */
  readonly last: string | null;
  /** Its text names the planned one: nobody else may sign it. */
  readonly signed: boolean;
  /** Handed over before on this day by the planned one: its room is taken already. */
  readonly holds: boolean;
  /** Spreads those that nothing binds: the person, or the address. */
  readonly key: string;
}

export type Choice =
  | { readonly kind: 'by'; readonly sender: Sender; readonly because: string }
  /** None can take it now. `rule` names the rule of the gate that says so. */
  | {
      readonly kind: 'waits';
      readonly rule: 'sender' | 'sender_health' | 'sender_limit';
      readonly sender: Sender | null;
      readonly finding: Finding;
    };

type Waits = Omit<Extract<Choice, { kind: 'waits' }>, 'kind'>;

/** What the choice depends on besides the senders. */
export interface Moment {
  readonly now: Date;
  readonly stage: 'draft' | 'hand';
  /** Nothing can leave at all, so nobody needs a connection. */
  readonly capture: boolean;
  /** Connections whose credentials are rejected. */
  readonly rejected: ReadonlySet<string>;
}

/**
 * Which sender a mail leaves by. A conversation stays with its sender, whatever it costs in time. A first mail goes to the sender whose mail the person had
 * last, else to one that is drawn by what the senders have left of the day; when it is handed over and that one is full, to whoever has most left.
 * Null: the company has no sender for this class, and the connection in use takes it.
 */
export function chooseSender(senders: readonly Sender[], wanting: Wanting, moment: Moment): Choice | null {
  const { class: kind, bound, planned, last } = wanting;
  const standing = senders.filter((one) => one.state !== 'retired');
  const mine = bound === null ? undefined : standing.find((one) => one.id === bound);
  if (mine !== undefined) {
    const why = obstacle(mine, wanting, moment);
    return why === null ? { kind: 'by', sender: mine, because: 'this conversation is with it' } : { kind: 'waits', ...why };
  }
  const candidates = carriersOf(standing, kind);
  if (candidates.length === 0) return standing.length === 0 || kind === 'transactional' ? null : { kind: 'waits', ...nobodyCarries };
  const good = candidates.filter((one) => obstacle(one, wanting, moment) === null);
  const plan = candidates.find((one) => one.id === planned);
  if (plan !== undefined && (good.includes(plan) || wanting.signed)) {
    const why = obstacle(plan, wanting, moment);
    if (why !== null) return { kind: 'waits', ...why };
    return { kind: 'by', sender: plan, because: plan.id === last ? LAST : leftOf(plan, kind, candidates.length) };
  }
  const known = good.find((one) => one.id === last);
  if (known !== undefined) return { kind: 'by', sender: known, because: LAST };
  const [first = null, ...others] = good;
  if (first !== null) {
    const sender =
      moment.stage === 'draft' ? draw(good, wanting) : others.reduce((a, b) => (share(b, kind) > share(a, kind) ? b : a), first);
    return { kind: 'by', sender, because: leftOf(sender, kind, candidates.length) };
  }
  // The one that is soonest open again; whoever waits for a person to do something comes last.
  const waits = candidates.flatMap((one) => obstacle(one, wanting, moment) ?? []);
  const soonest = waits.toSorted((a, b) => at(a) - at(b))[0];
  return soonest === undefined ? null : { kind: 'waits', ...soonest };
}

const LAST = 'their last mail came from it';
const at = ({ finding }: Waits) => finding.until?.getTime() ?? Infinity;

/** Streams are kept apart: where some carry this class alone, it does not go by those that carry both. */
export function carriersOf(senders: readonly Sender[], kind: 'commercial' | 'transactional'): readonly Sender[] {
  const all = senders.filter(({ carries }) => carries.includes(kind));
  const pure = all.filter(({ carries }) => carries.length === 1);
  return pure.length > 0 ? pure : all;
}

const nobodyCarries: Waits = {
  rule: 'sender',
  sender: null,
  finding: {
    decision: 'later',
    until: null,
    value: null,
    says: 'None of your senders carries commercial mail',
    fix: 'Let one carry it, or add another, under Settings → Senders',
  },
};

/** What keeps this sender from taking it now; null: nothing. */
function obstacle(sender: Sender, wanting: Wanting, { now, capture, rejected }: Moment): Waits | null {
  const { address, today } = sender;
  const wait = (rule: Waits['rule'], says: string, fix: string, until: Date | null = null, value: Finding['value'] = address): Waits => ({
    rule,
    sender,
    finding: { decision: 'later', until, value, says, fix },
  });
  if (sender.state === 'paused') return wait('sender', `The sender ${address} is paused`, 'Resume it under Settings → Senders');
  if (sender.connectionId === null && !capture)
    return wait('sender', `The connection of the sender ${address} is gone`, 'Give it another one under Settings → Senders');
  if (sender.connectionId !== null && rejected.has(sender.connectionId))
    return wait(
      'sender',
      `The mail service of the sender ${address} rejects our credentials`,
      'Enter them anew under Connections and press Test',
    );
  const commercial = wanting.class === 'commercial';
  if (sender.health === 'stopped' && commercial)
    return wait(
      'sender_health',
      `The sender ${address} is stopped: ${sender.because?.says ?? 'too many of its mails came back or were complained about'}`,
      'See to the cause, then let it go on under Settings → Senders',
      null,
      { sender: address, ...sender.because?.counted },
    );
  if (wanting.holds && wanting.planned === sender.id) return null;
  if (roomOf(today, wanting.class) >= 1) return null;
  const full = today.limit !== null && today.taken >= today.limit;
  const most = full || today.allowed === null ? today.limit : today.allowed;
  const value = { sender: address, day: today.day, sent_today: full ? today.taken : today.commercial, limit: most };
  const why =
    sender.health === 'slowed' ? ', slowed while complaints or bounces are many' : !full && sender.ramp !== null ? ', on its way up' : '';
  return wait(
    'sender_limit',
    `The ${most} mails of ${address} for today are used up${why}`,
    'Wait until tomorrow, raise its limit, or add another sender under Settings → Senders',
    tomorrowIn(now, sender.timeZone),
    value,
  );
}

/** Weights for those that no limit binds: as many as a large mailbox sends in a day. */
const UNLIMITED = 2_000;

function share(sender: Sender, kind: 'commercial' | 'transactional'): number {
  const { today } = sender;
  const most = (kind === 'commercial' ? today.allowed : today.limit) ?? UNLIMITED;
  const used = kind === 'commercial' ? today.commercial : today.taken;
  return Math.min(roomOf(today, kind), Math.max(most - used, 1)) / most;
}

/**
 * By lot, weighted by the room that is left: rendezvous hashing with weights (Thaler and Ravishankar 1998; weights by -w / ln h), so that the same
 * person draws the same sender as long as their room is about the same.
 */
function draw(senders: readonly Sender[], { key, class: kind }: Wanting): Sender {
  const scored = senders.map((sender) => {
    const hash = createHash('sha256').update(`${sender.id} ${key}`).digest().readUInt32BE(0);
    const room = roomOf(sender.today, kind);
    return { sender, score: -Math.min(room, UNLIMITED) / Math.log((hash + 1) / 4_294_967_298) };
  });
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).sender;
}

function leftOf(sender: Sender, kind: 'commercial' | 'transactional', of: number): string {
  const room = roomOf(sender.today, kind);
  const left = room === Infinity ? 'it has no limit' : `it has room for ${room} more today`;
  return of === 1 ? left : `${left}; one of ${of} senders`;
}

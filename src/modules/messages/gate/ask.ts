import type { Runtime } from '#core/runtime.ts';
import type { Transaction } from '#core/database/database.ts';
import { decide } from './decide.ts';
import { loadFacts, type GateFacts, type loadPeople } from './facts.ts';
import { loadSettings, type SenderSettings } from './settings.ts';
import type { Sender } from '../senders/allowance.ts';
import { chooseSender, type Choice } from '../senders/choose.ts';
import { loadSendTimes } from '../send-time/load.ts';
import { after, emptied } from '../senders/take.ts';
import type { Channel } from '../tables.ts';
import type { Candidate, SendingMode, Stage, StoredVerdict } from './types.ts';

/** A message that wants to pass. */
export interface Asking {
  /** Null while it has no row yet. */
  readonly messageId: string | null;
  readonly companyId: string;
  readonly class: 'commercial' | 'transactional';
  readonly topic: string | null;
  readonly personId: string | null;
  readonly to: string | null;
  readonly subject: string;
  readonly text: string;
  readonly unresolved: readonly string[];
  readonly draftedAt: Date;
  readonly runStopped: string | null;
  readonly runPaused: boolean;
  /** See Candidate. Default: it answers nothing. */
  readonly answers?: Candidate['answers'];
  /** Its workflow has it wait for the hour at which people answer. */
  readonly sendTime?: boolean;
  /** Who may send it; absent: nobody is planned yet. */
  readonly sending?: Sending;
}

/** What binds a message to one of the company's senders. */
export interface Sending {
  /** The one of its conversation. */
  readonly bound: string | null;
  /** The one it was written for. */
  readonly planned: string | null;
  /** Its text names the planned one. */
  readonly signed: boolean;
  /** It was handed over before on this day, by the planned one. */
  readonly holds: boolean;
}

/** An open gate for one batch: settings and facts are loaded, verdicts cost no query. */
export interface Gate {
  readonly settings: ReadonlyMap<string, SenderSettings>;
  readonly facts: GateFacts;
  /** What is let go counts at once against the caps of those that follow; against the limit of a day only when it is handed over. */
  ask(asking: Asking): StoredVerdict;
  /** The settings as whoever sends this message: what its frame and its connection are taken from. */
  as(companyId: string, verdict: Pick<StoredVerdict, 'sender'>): SenderSettings | undefined;
  /** Who would send it, before it is written: its text may name them. Null: the company has no senders. */
  plan(asking: Pick<Asking, 'companyId' | 'class' | 'personId' | 'to'>, bound: string | null): string | null;
  /** Others were quicker: this sender has nothing left for the class. What is asked from now on goes by another, or waits. */
  empty(companyId: string, senderId: string, kind: 'commercial' | 'transactional'): void;
}

/** Loads all that the rules look at, for any number of messages, in a handful of queries. */
export async function openGate(
  tx: Transaction,
  runtime: Runtime,
  asked: readonly {
    readonly companyId: string;
    readonly personId: string | null;
    readonly address: string | null;
    readonly messageId: string | null;
    readonly sendTime?: boolean;
  }[],
  stage: Stage,
  known?: Awaited<ReturnType<typeof loadPeople>>,
  /** For a rehearsal: as if sending stood like this. */
  mode?: SendingMode,
  channel: Channel = 'email',
): Promise<Gate> {
  // Sent together: a round of the ledger waits for these before any mail can leave.
  const [settings, facts] = await Promise.all([
    loadSettings(
      tx,
      runtime,
      asked.map((one) => one.companyId),
      channel,
    ),
    loadFacts(tx, runtime, asked, stage, channel, known),
  ]);
  const waiting =
    stage === 'draft' && channel === 'email'
      ? asked.flatMap((one) => {
          const own = settings.get(one.companyId);
          return own !== undefined && (one.sendTime === true || own.sendTime === true) ? [{ ...one, timeZone: own.timeZone }] : [];
        })
      : [];
  const times = waiting.length === 0 ? null : await loadSendTimes(tx, runtime, waiting);
  const timesOf = ({ companyId, personId, sendTime }: Asking) =>
    times !== null && (sendTime === true || settings.get(companyId)?.sendTime === true) ? times.of(companyId, personId) : null;
  const letToday = new Map<string, number>();
  /** Senders as this batch has left them. */
  const left = new Map([...settings].map(([id, { senders }]) => [id, senders]));
  const now = runtime.clock.now();
  const settingsOf = (companyId: string): SenderSettings => {
    const own = settings.get(companyId);
    if (own === undefined) throw new Error('the gate was opened without this company');
    return own;
  };
  const change = (companyId: string, senderId: string, how: (sender: Sender) => Sender) =>
    void left.set(
      companyId,
      (left.get(companyId) ?? []).map((one) => (one.id === senderId ? how(one) : one)),
    );
  const choose = ({
    companyId,
    class: kind,
    personId,
    to,
    sending,
  }: Pick<Asking, 'companyId' | 'class' | 'personId' | 'to' | 'sending'>): Choice | null => {
    const senders = left.get(companyId) ?? [];
    if (senders.length === 0) return null;
    const { rejected, mode: stands } = settingsOf(companyId);
    const last = personId === null ? null : (facts.person(personId, now)?.history.senderId ?? null);
    const binding = sending ?? { bound: null, planned: null, signed: false, holds: false };
    return chooseSender(
      senders,
      { class: kind, ...binding, last, key: personId ?? to ?? '' },
      { now, stage, capture: (mode ?? stands) === 'capture', rejected },
    );
  };
  return {
    settings,
    facts,
    as: (companyId, { sender }) => settings.get(companyId)?.as(sender?.id),
    plan(asking, bound) {
      return choose({ ...asking, sending: { bound, planned: null, signed: false, holds: false } })?.sender?.id ?? null;
    },
    empty: (companyId, senderId, kind) => change(companyId, senderId, (sender) => emptied(sender, kind)),
    ask(asking) {
      const choice = choose(asking);
      const own = settingsOf(asking.companyId).as(choice?.sender?.id);
      const gone = letToday.get(asking.companyId) ?? 0;
      const verdict = decide(
        candidateOf(asking, { ...own, mode: mode ?? own.mode, sentToday: own.sentToday + gone }, facts, {
          stage,
          channel,
          now,
          choice,
          times: timesOf(asking),
        }),
      );
      if (verdict.decision === 'send') {
        // Drafts are many at once, in no order that means anything: who of them gets today's room is settled when they are handed over.
        if (stage === 'hand') {
          letToday.set(asking.companyId, gone + 1);
          if (choice?.kind === 'by' && !(asking.sending?.holds === true && asking.sending.planned === choice.sender.id))
            change(asking.companyId, choice.sender.id, (sender) => after(sender, asking.class));
        }
        if (asking.personId !== null && asking.class === 'commercial') facts.let(asking.personId, now);
      }
      return verdict;
    },
  };
}

function candidateOf(
  asking: Asking,
  settings: SenderSettings,
  facts: GateFacts,
  { stage, channel, now, choice, times }: Pick<Candidate, 'stage' | 'channel' | 'now' | 'times'> & { readonly choice: Choice | null },
): Candidate {
  const known = asking.personId === null ? undefined : facts.person(asking.personId, asking.draftedAt);
  return {
    now,
    stage,
    class: asking.class,
    channel,
    topic: asking.topic ?? 'marketing',
    to: asking.to,
    subject: asking.subject,
    text: asking.text,
    unresolved: asking.unresolved,
    draftedAt: asking.draftedAt,
    runStopped: asking.runStopped,
    runPaused: asking.runPaused,
    answers: asking.answers ?? null,
    person: known?.person ?? null,
    suppressed: asking.to === null ? null : facts.suppression(asking.companyId, asking.to),
    history: known?.history ?? { commercial: [], repliedAt: null, colleague: null },
    settings,
    ...(choice === null ? {} : { choice }),
    times: times ?? null,
  };
}

import type { Runtime } from '#core/runtime.ts';
import type { Transaction } from '#core/database/database.ts';
import { decide } from './decide.ts';
import { loadFacts, type GateFacts, type loadPeople } from './facts.ts';
import { loadSettings, type SenderSettings } from './settings.ts';
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
}

/** An open gate for one batch: settings and facts are loaded, verdicts cost no query. */
export interface Gate {
  readonly settings: ReadonlyMap<string, SenderSettings>;
  readonly facts: GateFacts;
  /** What is let go counts at once against the caps of those that follow; against the limit of a day only when it is handed over. */
  ask(asking: Asking): StoredVerdict;
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
  const letToday = new Map<string, number>();
  const now = runtime.clock.now();
  return {
    settings,
    facts,
    ask(asking) {
      const own = settings.get(asking.companyId);
      if (own === undefined) throw new Error('the gate was opened without this company');
      const gone = letToday.get(asking.companyId) ?? 0;
      const verdict = decide(
        candidateOf(asking, { ...own, mode: mode ?? own.mode, sentToday: own.sentToday + gone }, facts, { stage, channel, now }),
      );
      if (verdict.decision === 'send') {
        // Drafts are many at once, in no order that means anything: who of them gets today's room is settled when they are handed over.
        if (stage === 'hand') letToday.set(asking.companyId, gone + 1);
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
  { stage, channel, now }: Pick<Candidate, 'stage' | 'channel' | 'now'>,
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
  };
}

import type { Json } from '#core/engine/types.ts';
import type { Choice } from '../senders/choose.ts';
import type { Hours } from '../send-time/best.ts';
import type { Calendar } from './holidays.ts';
import type { Channel } from '../tables.ts';
import type { Basis, BasisSettings, Grounds } from '#modules/people/public.ts';

/**
 * - `draft`: when a step, a person or an operation makes the message. - `hand`: the last moment before it is handed to the mail
 * server. Both ask the same rules; only the facts are newer.
 */
export type Stage = 'draft' | 'hand';

/** `capture`: no real connection, nothing leaves. `held`: connected, but nobody has launched sending. */
export type SendingMode = 'capture' | 'held' | 'live' | 'paused';

export type Decision = 'send' | 'later' | 'block';

/** What a rule found against sending. The strictest of all findings wins. */
export interface Finding {
  readonly decision: 'later' | 'block';
  /** Only of `later`: when to ask again; null means when somebody changes something. */
  readonly until?: Date | null;
  /** The datum that decided. */
  readonly value: Json;
  /** One sentence for a person. */
  readonly says: string;
  /** What a person may do about it. */
  readonly fix: string;
}

export interface Rule {
  /** Stable; stored with every verdict. */
  readonly id: string;
  /** Transactional mail passes by. */
  readonly commercialOnly?: true;
  /** Only when mail can really leave (`live`, `held`, `paused`): a captured message hurts nobody. */
  readonly realOnly?: true;
  /** Only for this channel. */
  readonly channel?: Channel;
  check(candidate: Candidate): Finding | null;
}

/** A company's settings as the gate needs them, loaded once a batch. */
export interface GateSettings extends BasisSettings {
  readonly companyId: string;
  readonly companyName: string;
  readonly mode: SendingMode;
  readonly pauseReason: string | null;
  /** `09:00-17:00` or `always`. */
  readonly hours: string;
  /** ISO week days. */
  readonly days: readonly number[];
  /** Zone of the company: fallback for people without one. */
  readonly timeZone: string;
  readonly capPerDay: number;
  readonly capPerWeek: number;
  readonly dailyLimit: number | null;
  /** Mails that left today, by the company's calendar; counted only when there is a limit. */
  readonly sentToday: number;
  /** `opt_in`: only who agreed, whatever topic and country let through. */
  readonly basis: 'by_country' | 'opt_in';
  readonly from: { readonly name: string; readonly address: string } | null;
  readonly replyTo: string | null;
  readonly postalAddress: string | null;
  readonly publicUrl: string | null;
  /** The mail server is on this machine: a test installation. */
  readonly loopback: boolean;
  readonly connectionId: string | null;
  readonly connectionRejected: boolean;
  /** Commercial mail waits for the hour at which people answer, whatever the workflow says. */
  readonly sendTime?: boolean;
  /** The days that commercial mail keeps off where somebody is; absent: none. */
  calendar?(country: string | null): Calendar | null;
  /** The service in use carries transactional mail only; its name. */
  readonly transactionalOnly?: string | null;
}

/** The person as the gate needs them. */
export interface GatePerson {
  readonly id: string;
  readonly timeZone: string | null;
  readonly optedOutAt: Date | null;
  /** What they said to each topic (`marketing` stands for all of them), and what else may make mail to them lawful. */
  readonly grounds: Grounds;
  /** The country of their number; see phoneCountries. */
  readonly phoneCountry: (phone: string) => string | null;
}

/** What passed between us lately. */
export interface GateHistory {
  /** Commercial messages to this person in the last seven days that left or are about to, newest first; never this one. */
  readonly commercial: readonly Date[];
  /** Their last mail that a human wrote. */
  readonly repliedAt: Date | null;
  /** A colleague's answer since we began to write to this person. */
  readonly colleague: { readonly name: string; readonly at: Date } | null;
  /** The sender whose mail they had last. */
  readonly senderId?: string | null;
}

/** Of an answer that a person typed: the message of theirs that it answers. */
export interface Answered {
  readonly id: string;
  readonly at: Date;
  /** It asks for no more messages; false: a person said that it does not, whatever the rules found. */
  readonly stop: boolean | null;
}

/** One message before the gate, with every fact the rules look at: they ask no database. */
export interface Candidate {
  readonly now: Date;
  readonly stage: Stage;
  readonly class: 'commercial' | 'transactional';
  readonly channel: Channel;
  readonly topic: string;
  readonly to: string | null;
  readonly subject: string;
  readonly text: string;
  /** Names that the template asked for and nobody knew. */
  readonly unresolved: readonly string[];
  readonly draftedAt: Date;
  readonly answers: Answered | null;
  /** The run that wrote it was stopped meanwhile: its outcome in words. */
  readonly runStopped: string | null;
  /** A person has the run stand still for now. */
  readonly runPaused: boolean;
  readonly person: GatePerson | null;
  readonly suppressed: { readonly reason: string; readonly since: Date } | null;
  readonly history: GateHistory;
  readonly settings: GateSettings;
  /** When mail was answered; absent: the best hour is not asked for. */
  readonly times?: { readonly company: Hours; readonly person: Hours } | null;
  /** Absent: there are no senders, and the connection in use takes it. */
  readonly choice?: Choice | null;
}

/** A reason as stored: with the rule that gave it. */
export interface Reason {
  readonly rule: string;
  readonly decision: 'later' | 'block';
  readonly until: string | null;
  readonly value: Json;
  readonly says: string;
  readonly fix: string;
}

/** As stored with the message: JSON, times in ISO 8601. */
export interface StoredVerdict {
  readonly decision: Decision;
  readonly stage: Stage;
  readonly at: string;
  readonly until: string | null;
  readonly reasons: readonly Reason[];
  /** Rules that had nothing against it. */
  readonly passed: readonly string[];
  /** Of a commercial message that is not blocked: what it rests on, with the row that proves it. */
  readonly basis?: Basis;
  /** Which of the company's senders it leaves by, and why this one. */
  readonly sender?: { readonly id: string; readonly address: string; readonly because: string };
}

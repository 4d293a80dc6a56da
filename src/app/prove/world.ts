import type { Victim } from './victim.ts';

/** Work that Steward is killed in the midst of, and the witness outside who counts what came of it. The witness outlives what is killed. */
export interface World {
  /** Settings that Steward needs for it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Once, before the first kill. */
  prepare(victim: Victim): Promise<void>;
  /** Brings in work up to this share of the whole, 0 to 1. Each round brings some, so that every kill has work to interrupt. */
  feed(victim: Victim, share: number): Promise<void>;
  /** Until some of what was brought in has been done since the call: kills fall while work is on its way. */
  underWay(): Promise<void>;
  /** Calls open right now, calls opened so far, and the most that were open at once since `resetPeak`. */
  readonly open: number;
  readonly opened: number;
  readonly peak: number;
  resetPeak(): void;
  /** So many calls were open at a kill. */
  cutOff(calls: number): void;
  /** After a round: in a few words, how things stand. The database may be on its way back. */
  look(victim: Victim): Promise<string>;
  /** Until all has come to an end, or no more comes. */
  settle(victim: Victim, progress: (line: string) => void): Promise<void>;
  close(): Promise<void>;
}

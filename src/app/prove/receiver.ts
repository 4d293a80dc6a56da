/** Whoever takes messages in the proof, and counts them. It outlives what is killed, so its count is the truth. */
export interface Receiver {
  readonly url: string;
  /** How often each recipient was delivered to, by address or number. */
  readonly delivered: ReadonlyMap<string, number>;
  /** How often each mail arrived, by address and Message-ID, where it sees one. */
  readonly arrivals?: ReadonlyMap<string, number>;
  /** Conversations open right now: sessions or connections that a client holds. */
  open(): number;
  /** How many were opened in all. */
  opened(): number;
  /** Most conversations open at once since `resetPeak`: for a process that chooses its own moment to die. */
  peak(): number;
  resetPeak(): void;
  /** Messages whose answer it lost by itself, taken or not. */
  lost(): number;
  /** Messages that came again under their key, and were answered from memory. */
  again(): number;
  /** Questions whether a message went out that it answered with yes. */
  found(): number;
  close(): Promise<void>;
}

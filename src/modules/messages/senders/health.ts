/** What was counted about a sender, and what it came to. Stored with the sender and with each verdict that rests on it. */
export interface Feedback {
  /** A sentence without its full stop. */
  readonly says: string;
  readonly counted: {
    readonly sent: number;
    readonly complaints: number;
    readonly recent: number;
    readonly bounces: number;
  };
}

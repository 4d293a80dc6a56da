import type { ReplyClass } from '../verdict.ts';

/** One labelled reply. Received on Saturday 21 November 2026 unless it says otherwise. */
export interface LabelledReply {
  readonly lang: string;
  readonly text: string;
  readonly label: ReplyClass;
  readonly subject?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Out of office: first day back, `2026-12-07`; null when none is given. */
  readonly back?: string | null;
}

import type { StoredVerdict } from './types.ts';

/** A verdict in the trace of the run that wrote the message: at which stage, what, and by which rules. No word of the message, and nobody's name. */
export function verdictSpans(asked: readonly { readonly runId: string | null; readonly verdict: StoredVerdict }[]) {
  return asked.flatMap(({ runId, verdict }) =>
    runId === null
      ? []
      : [
          {
            runId,
            name: `gate ${verdict.stage}`,
            attributes: {
              'steward.gate.decision': verdict.decision,
              'steward.gate.rules': verdict.reasons.map(({ rule }) => rule).join(' '),
            },
          },
        ],
  );
}

import type { Transaction } from '#core/database/database.ts';
import type { Moving } from '#core/engine/moving.ts';
import { recordSpan, spanIdOf, type SpanAttributes, type TraceContext } from './tracing.ts';
import { tracesOf } from './links.ts';

/** The span of a run, as what happens in it sees it. */
export function belowRun(runId: string, trace: TraceContext): TraceContext {
  return { ...trace, spanId: spanIdOf(runId) };
}

export function runAttributes(row: {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly version: number;
}): SpanAttributes {
  return {
    'steward.run.id': row.id,
    'steward.company.id': row.company_id,
    'steward.workflow.id': row.workflow_id,
    'steward.workflow.version': row.version,
  };
}

/** Spans of what a batch did: each attempt of a step that ended, and each run that did. Steps at the network have theirs already. */
export async function recordBatch(tx: Transaction, moving: readonly Moving[], from: number, to: number): Promise<void> {
  const traces = await tracesOf(
    tx,
    moving.map((one) => one.row.id),
  );
  if (traces.size === 0) return;
  for (const one of moving) {
    const { row, compiled, journal } = one;
    const above = traces.get(row.id);
    if (above === undefined) continue;
    const attributes = runAttributes(row);
    for (const entry of journal) {
      if (entry.finished_at === null || compiled?.steps.get(entry.step_id)?.type.mode === 'activity') continue;
      const failed = entry.error === null ? undefined : STEP_FAILED;
      recordSpan(
        {
          name: `step ${entry.type}`,
          parent: belowRun(row.id, above),
          attributes: {
            ...attributes,
            'steward.step.id': entry.step_id,
            'steward.step.type': entry.type,
            'steward.step.state': entry.state,
          },
        },
        from,
        to,
        failed,
      );
    }
    if (row.completed_at === null) continue;
    recordSpan(
      {
        name: `run ${compiled?.definition.name ?? 'of a broken definition'}`,
        id: spanIdOf(row.id),
        parent: above,
        attributes: { ...attributes, 'steward.run.state': row.state },
      },
      beganAt(row.id),
      to,
      row.state === 'failed' ? STEP_FAILED : undefined,
    );
  }
}

/** Says that it failed, and nothing of what stood in the error: texts of vendors hold addresses. */
const STEP_FAILED = Object.assign(new Error('failed'), { code: 'failed' });

/** The first 48 bits of a UUIDv7 are the millisecond in which it was made (RFC 9562, 5.7). */
function beganAt(uuid: string): number {
  return Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
}

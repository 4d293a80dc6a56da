import { Link } from '@tanstack/react-router';
import type { Output } from '#web/kit/api.ts';
import { count, words } from '#web/kit/format.ts';

type Results = Output<'workflows.results'>;
export type StepResults = Results['steps'][number];

/** What a run's end is called in a sentence about people. */
const ends: Record<string, string> = {
  under_way: 'under way',
  'message.replied': 'replied',
  'message.bounced': 'bounced',
  'person.opted_out': 'opted out',
  'lead.converted': 'converted',
  'lead.status_changed': 'left by a change of status',
  no_reply: 'no reply',
};

export function outcomeWords(outcome: string): string {
  return ends[outcome] ?? words(outcome).toLowerCase();
}

/** Why a run was ended; what an event ended is kept under its name. */
export function reasonWords(reason: string): string {
  return reason.startsWith('ended by ') ? outcomeWords(reason.slice('ended by '.length)) : reason;
}

/** How it went for those who came in lately; each number opens its people. */
export function Outcomes({ workflowId, results }: { workflowId: string; results: Results }) {
  if (results.runs === 0) return null;
  return (
    <section aria-label="Results" className="mb-4 rounded-xl border bg-panel p-4 shadow-raise">
      <h2 className="mb-3 text-sm text-ink-2">
        <span className="num font-semibold text-ink">{count(results.runs)}</span> came in within 90 days
      </h2>
      <ul className="flex flex-wrap gap-x-7 gap-y-3">
        {results.outcomes.map(({ outcome, count: people }) => (
          <li key={outcome}>
            <Link to="/sequences/$workflowId" params={{ workflowId }} search={{ tab: 'people', outcome }} className="group block">
              <span className="num block text-xl font-semibold tracking-tight group-hover:underline">{count(people)}</span>
              <span className="text-xs text-ink-2">
                {outcomeWords(outcome)} · {share(people, results.runs)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One line below a step: whom its message reached. Steps without messages say nothing. */
export function StepLine({ workflowId, results }: { workflowId: string; results: StepResults | undefined }) {
  if (results === undefined || results.sent + results.blocked + results.bounced === 0) return null;
  const parts = [
    ['sent', results.sent, null],
    ['replied', results.replied, share(results.replied, results.sent)],
    ['blocked', results.blocked, null],
    ['bounced', results.bounced, null],
  ] as const;
  return (
    <div className="num flex flex-wrap gap-x-3 pt-0.5 text-xs text-ink-2">
      {parts.map(([result, people, rate]) =>
        people === 0 && result !== 'replied' ? null : (
          <Link
            key={result}
            to="/sequences/$workflowId"
            params={{ workflowId }}
            search={{ tab: 'people', result, step: results.step_id }}
            className="hover:text-ink hover:underline"
          >
            {count(people)} {result}
            {rate === null ? '' : ` (${rate})`}
          </Link>
        ),
      )}
    </div>
  );
}

export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(part === 0 || part === whole ? 0 : 1)} %`;
}

import { Clock, Flag, GitBranch, Mail, PenLine, Split, Workflow as Gear } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { count } from '#web/kit/format.ts';
import type { RehearsalSummary } from './words.ts';

const icons: Record<string, ReactNode> = {
  message: <Mail />,
  wait: <Clock />,
  branch: <GitBranch />,
  parallel: <Split />,
  generate: <PenLine />,
  end: <Flag />,
};

/** How many come to each step, and where they stay or end. */
export function Funnel({ summary, onStep }: { summary: RehearsalSummary; onStep: (filter: { reached?: string; step?: string }) => void }) {
  const whole = Math.max(1, summary.entered);
  return (
    <ol aria-label="People by step" className="divide-y">
      {summary.steps.map((step) => (
        <li
          key={step.step_id}
          className="flex items-center gap-3 px-4 py-2"
          style={{ paddingLeft: `${1 + Math.min(step.depth, 3) * 1.1}rem` }}
        >
          <span aria-hidden className="shrink-0 text-ink-3 [&_svg]:size-4">
            {icons[step.type] ?? <Gear />}
          </span>
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-center gap-x-2 text-sm">
              <span className="truncate">{step.title}</span>
              {step.captured && step.reached > 0 ? <Badge tone="warn">not carried out</Badge> : null}
              {step.failed > 0 ? <Badge tone="bad">{count(step.failed)} fail</Badge> : null}
              {step.waiting > 0 ? (
                <button type="button" className="text-xs text-ink-2 hover:underline" onClick={() => onStep({ step: step.step_id })}>
                  {count(step.waiting)} still here
                </button>
              ) : null}
              {step.ended > 0 ? (
                <button type="button" className="text-xs text-ink-2 hover:underline" onClick={() => onStep({ step: step.step_id })}>
                  {count(step.ended)} end here
                </button>
              ) : null}
            </div>
            <div aria-hidden className="mt-1 h-1 overflow-hidden rounded-full bg-sunken">
              <div className="h-full rounded-full bg-accent" style={{ width: `${(100 * step.reached) / whole}%` }} />
            </div>
          </div>
          <button
            type="button"
            disabled={step.reached === 0}
            onClick={() => onStep({ reached: step.step_id })}
            aria-label={`${count(step.reached)} people come to ${step.title}`}
            className="num w-14 shrink-0 text-right text-sm font-medium enabled:hover:underline disabled:text-ink-3"
          >
            {count(step.reached)}
          </button>
        </li>
      ))}
    </ol>
  );
}

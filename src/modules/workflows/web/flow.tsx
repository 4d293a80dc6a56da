import { Link } from '@tanstack/react-router';
import { Clock, GitBranch, ListTodo, Mail, Pencil, Play, Sparkles, Square, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dot } from '#web/kit/badge.tsx';
import { cn } from '#web/kit/cn.ts';
import { count } from '#web/kit/format.ts';
import { StepLine, type StepResults } from './results.tsx';
import { stepDetail, waysOf, type Step } from './step-words.ts';

const icons: Record<string, ReactNode> = {
  message: <Mail />,
  wait: <Clock />,
  branch: <GitBranch />,
  generate: <Sparkles />,
  update: <Pencil />,
  task: <ListTodo />,
  end: <Square />,
};

export function stepIcon(type: string): ReactNode {
  return (
    icons[type] ??
    (type.includes('write') || type.includes('generate') || type.includes('classify') ? (
      <Sparkles />
    ) : type.includes('message') ? (
      <Mail />
    ) : (
      <Zap />
    ))
  );
}

/** Runs that stand at a step now. */
export interface StepCount {
  waiting: number;
  failed: number;
}

export interface FlowProps {
  workflowId: string;
  starts: readonly string[];
  stops: readonly string[];
  steps: readonly Step[];
  counts: ReadonlyMap<string, StepCount>;
  results: ReadonlyMap<string, StepResults>;
}

/** The definition from top to bottom, as it runs. Each number opens the people behind it. */
export function Flow({ workflowId, starts, stops, steps, counts, results }: FlowProps) {
  return (
    <div className="rounded-xl border bg-panel p-4 shadow-raise sm:p-6">
      <ol aria-label="Steps" className="mx-auto max-w-xl">
        <Node icon={<Play />} accent title={starts.length === 0 ? 'Started by hand' : `Starts when: ${starts.join(', ')}`} />
        <Steps workflowId={workflowId} steps={steps} counts={counts} results={results} />
        <Node last icon={<Square />} title="Done" detail={stops.length === 0 ? null : `ends at once on ${stops.join(', ')}`} />
      </ol>
    </div>
  );
}

function Steps({
  workflowId,
  steps,
  counts,
  results,
  inner,
}: Pick<FlowProps, 'workflowId' | 'steps' | 'counts' | 'results'> & { inner?: boolean }) {
  return steps.map((step) => (
    <li key={step.id} className="group/step relative list-none">
      <Node
        as="div"
        inner={inner === true}
        icon={stepIcon(step.type)}
        title={step.title}
        detail={stepDetail(step)}
        below={<StepLine workflowId={workflowId} results={results.get(step.id)} />}
        aside={<Here workflowId={workflowId} step={step.id} count={counts.get(step.id)} />}
      />
      {waysOf(step).length === 0 ? null : (
        <div className="relative grid gap-3 pb-5 pl-11 sm:grid-cols-2">
          <span aria-hidden className="absolute -top-px bottom-0 left-[15px] w-px bg-line-strong" />
          {waysOf(step).map(({ title: label, steps: branch }) => (
            <div key={label} className="min-w-0 rounded-lg border border-dashed p-3">
              <div className="mb-2 text-xs font-medium text-ink-3">{label}</div>
              {branch.length === 0 ? (
                <p className="text-xs text-ink-3">goes on</p>
              ) : (
                <ol>
                  <Steps inner workflowId={workflowId} steps={branch} counts={counts} results={results} />
                </ol>
              )}
            </div>
          ))}
        </div>
      )}
    </li>
  ));
}

function Node({
  icon,
  title,
  detail,
  below,
  aside,
  accent,
  last,
  inner,
  as: Tag = 'li',
}: {
  icon: ReactNode;
  title: string;
  detail?: string | null;
  below?: ReactNode;
  aside?: ReactNode;
  accent?: boolean;
  last?: boolean;
  /** Inside a branch: its last step has no line below. */
  inner?: boolean;
  as?: 'li' | 'div';
}) {
  return (
    <Tag className="relative flex list-none items-start gap-3 pb-5">
      {last === true ? null : (
        <span
          aria-hidden
          className={cn('absolute top-8 bottom-0 left-[15px] w-px bg-line-strong', inner === true && 'group-last/step:hidden')}
        />
      )}
      <span
        aria-hidden
        className={cn(
          'flex size-8 shrink-0 items-center justify-center rounded-lg border bg-panel shadow-raise [&_svg]:size-4',
          accent === true ? 'border-accent text-accent-ink' : 'text-ink-2',
        )}
      >
        {icon}
      </span>
      <div className="min-w-0 flex-1 pt-1.5">
        <div className="text-sm font-medium">{title}</div>
        {detail === null || detail === undefined ? null : <div className="text-xs text-ink-3">{detail}</div>}
        {below}
      </div>
      {aside}
    </Tag>
  );
}

function Here({ workflowId, step, count: at }: { workflowId: string; step: string; count: StepCount | undefined }) {
  if (at === undefined || at.waiting + at.failed === 0) return null;
  return (
    <span className="flex items-center gap-1 pt-1">
      {at.waiting === 0 ? null : (
        <Link
          to="/sequences/$workflowId"
          params={{ workflowId }}
          search={{ tab: 'people', step }}
          className="num inline-flex h-6 items-center gap-1.5 rounded-full bg-accent-soft px-2.5 text-xs font-medium text-accent-ink hover:underline"
        >
          {count(at.waiting)} here
        </Link>
      )}
      {at.failed === 0 ? null : (
        <Link
          to="/sequences/$workflowId"
          params={{ workflowId }}
          search={{ tab: 'people', step, state: 'failed' }}
          className="num inline-flex h-6 items-center gap-1.5 rounded-full bg-bad-soft px-2.5 text-xs font-medium text-bad hover:underline"
        >
          <Dot tone="bad" />
          {count(at.failed)} failed
        </Link>
      )}
    </span>
  );
}

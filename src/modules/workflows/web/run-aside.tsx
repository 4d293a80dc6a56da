import { Link } from '@tanstack/react-router';
import type { Tone } from '#web/kit/badge.tsx';
import { Status } from '#web/kit/badge.tsx';
import { words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { When } from '#web/kit/time.tsx';
import type { Run } from './run.tsx';
import { RunState } from './run-state.tsx';

const effectTones: Record<Run['effects'][number]['state'], Tone> = {
  reserved: 'neutral',
  handed: 'accent',
  confirmed: 'ok',
  refused: 'bad',
  in_doubt: 'warn',
};

/** What hangs on the run beside its steps: other runs, acts outside, what people owe. */
export function RunAside({ run }: { run: Run }) {
  return (
    <>
      {run.parent === null && run.children.length === 0 ? null : (
        <Panel title="Other runs">
          <ul className="space-y-2 text-sm">
            {run.parent === null ? null : (
              <li className="flex items-baseline justify-between gap-3">
                <Link to="/runs/$runId" params={{ runId: run.parent.id }} className="min-w-0 text-accent-ink underline">
                  The run above: {run.parent.workflow_title}
                </Link>
                <RunState state={run.parent.state} />
              </li>
            )}
            {run.children.map((child) => (
              <li key={child.id} className="flex items-baseline justify-between gap-3">
                <Link to="/runs/$runId" params={{ runId: child.id }} className="min-w-0 text-accent-ink underline">
                  {child.branch === null ? child.workflow_title : `Branch ${child.branch + 1}`}
                </Link>
                <RunState state={child.state} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {run.effects.length === 0 ? null : (
        <Panel title="Acts outside">
          <ul className="space-y-3 text-sm">
            {run.effects.map((effect) => (
              <li key={effect.id}>
                <div className="flex items-baseline justify-between gap-3">
                  <span>{words(effect.kind)}</span>
                  <Status tone={effectTones[effect.state]}>{words(effect.state)}</Status>
                </div>
                <p className="text-xs text-ink-3">
                  <When at={effect.at} className="num" />
                  {effect.attempts > 1 ? ` · ${effect.attempts} attempts` : ''}
                  {effect.reason === null ? '' : ` · ${effect.reason}`}
                </p>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {run.tasks.length === 0 ? null : (
        <Panel title="Tasks">
          <ul className="space-y-2 text-sm">
            {run.tasks.map((task) => (
              <li key={task.id} className="flex items-baseline justify-between gap-3">
                <span className="min-w-0">
                  {task.link === null ? (
                    task.title
                  ) : (
                    <a href={task.link} className="text-accent-ink underline">
                      {task.title}
                    </a>
                  )}
                </span>
                <Status tone={task.state === 'open' ? 'accent' : 'neutral'}>{words(task.state)}</Status>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

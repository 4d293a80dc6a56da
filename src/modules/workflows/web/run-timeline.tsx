import { Link } from '@tanstack/react-router';
import { ArrowRightLeft, CircleAlert, CircleCheck, CircleSlash } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import { words } from '#web/kit/format.ts';
import { Json } from '#web/kit/json.tsx';
import { Empty } from '#web/kit/states.tsx';
import { lengthOf, When } from '#web/kit/time.tsx';
import { Timeline, TimelineItem } from '#web/kit/timeline.tsx';
import { stepIcon } from './flow.tsx';
import type { Run } from './run.tsx';

type Entry = Run['journal'][number];
type Move = Run['moves'][number];

/** Every attempt of every step in the order of time, and the moves to other versions between them. */
export function RunTimeline({ run, onFrom }: { run: Run; onFrom: (stepId: string) => void }) {
  if (run.journal.length === 0 && run.moves.length === 0) return <Empty title="Not started yet">The first step runs in a moment.</Empty>;
  const lines: { at: string; key: string; line: ReactNode }[] = [
    ...run.journal.map((entry) => ({
      at: entry.started_at,
      key: entry.id,
      line: <StepEntry key={entry.id} run={run} entry={entry} onFrom={onFrom} />,
    })),
    ...run.moves.map((move, i) => ({ at: move.at, key: `move ${i}`, line: <MoveEntry key={`move ${i}`} run={run} move={move} /> })),
  ];
  return <Timeline label="Steps of the run">{lines.toSorted((a, b) => a.at.localeCompare(b.at)).map(({ line }) => line)}</Timeline>;
}

const looks: Record<Entry['state'], [tone: Tone, icon: ReactNode]> = {
  done: ['ok', <CircleCheck key="i" />],
  failed: ['bad', <CircleAlert key="i" />],
  lost: ['warn', <CircleAlert key="i" />],
  retrying: ['warn', <CircleAlert key="i" />],
  cancelled: ['neutral', <CircleSlash key="i" />],
  waiting: ['accent', null],
  open: ['accent', null],
};

function StepEntry({ run, entry, onFrom }: { run: Run; entry: Entry; onFrom: (stepId: string) => void }) {
  const [tone, icon] = looks[entry.state];
  const ended = run.state === 'failed' || run.state === 'done' || run.state === 'cancelled';
  const messages = entry.state === 'done' || entry.state === 'waiting' ? run.messages.filter((one) => one.step_id === entry.step_id) : [];
  const children = run.children.filter((one) => one.step_id === entry.step_id);
  return (
    <TimelineItem
      icon={icon ?? stepIcon(entry.step_type)}
      tone={tone}
      title={
        <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{entry.title}</span>
          <span className="text-ink-3">{words(entry.step_type).toLowerCase()}</span>
          {entry.turn === null ? null : <Badge>{turnWords(entry.turn)}</Badge>}
          {entry.attempt > 1 ? <Badge tone="warn">attempt {entry.attempt}</Badge> : null}
          {entry.version === run.version ? null : <Badge>version {entry.version}</Badge>}
        </span>
      }
      at={entry.started_at}
      exact
    >
      <div className="space-y-2 text-sm text-ink-2">
        {entry.error === null ? null : <p className="break-words text-bad">{entry.error}</p>}
        {entry.reason === null ? null : <p>{entry.reason}</p>}
        {entry.state !== 'waiting' || entry.due_at === null ? null : (
          <p>
            {entry.step_type === 'approve' ? 'Its time ends' : 'Goes on'} <When at={entry.due_at} exact className="num" />
          </p>
        )}
        {entry.state === 'waiting' && entry.step_type === 'approve' ? (
          <p>
            <Link to="/approvals" className="text-accent-ink underline">
              Decide it under Approvals
            </Link>
          </p>
        ) : null}
        {messages.map((message) => (
          <p key={message.id}>
            <Link to="/outbox" search={{ message: message.id }} className="text-accent-ink underline">
              {message.subject === '' ? 'Message' : `“${message.subject}”`}
            </Link>{' '}
            to {message.to} · {words(message.state).toLowerCase()}
          </p>
        ))}
        {children.map((child) => (
          <p key={child.id}>
            <Link to="/runs/$runId" params={{ runId: child.id }} className="text-accent-ink underline">
              {child.branch === null ? child.workflow_title : `Branch ${child.branch + 1}`}
            </Link>{' '}
            · {words(child.state).toLowerCase()}
          </p>
        ))}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          {entry.ended_at === null ? null : (
            <span className="num text-xs text-ink-3">
              took {lengthOf(new Date(entry.ended_at).getTime() - new Date(entry.started_at).getTime())}
            </span>
          )}
          {ended ? (
            <button
              type="button"
              onClick={() => onFrom(entry.step_id)}
              className="rounded-sm text-xs font-medium text-accent-ink underline"
            >
              Retry from here
            </button>
          ) : null}
        </div>
        {isEmpty(entry.input) ? null : <Json label="Input" value={entry.input} />}
        {isEmpty(entry.output) ? null : <Json label="Output" value={entry.output} />}
      </div>
    </TimelineItem>
  );
}

function MoveEntry({ run, move }: { run: Run; move: Move }) {
  const titles = new Map(run.journal.map((entry) => [entry.step_id, entry.title]));
  const titleOf = (id: string | null) => (id === null ? '' : (titles.get(id) ?? id));
  return (
    <TimelineItem
      icon={<ArrowRightLeft />}
      tone="accent"
      title={
        <span className="font-medium">
          {move.state === 'finished' ? 'Ended when a new version was published' : `Moved to version ${move.to_version ?? ''}`}
        </span>
      }
      at={move.at}
      exact
    >
      <p className="text-sm text-ink-2">
        {move.state === 'finished' || move.from_step === move.to_step
          ? `At “${titleOf(move.from_step)}”`
          : `From “${titleOf(move.from_step)}” to “${titleOf(move.to_step)}”`}
        {move.by === null ? '' : `, by ${move.by}`}
      </p>
    </TimelineItem>
  );
}

/** `2.0`: the third item, the first inside it. */
function turnWords(turn: string): string {
  return `item ${turn
    .split('.')
    .map((index) => Number(index) + 1)
    .join('.')}`;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}

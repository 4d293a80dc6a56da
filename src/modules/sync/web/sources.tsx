import { Link } from '@tanstack/react-router';
import { ArrowLeftRight, ArrowRight, DatabaseZap, Plus } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Status } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { count } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { kinds, rhythmWords, standing } from './words.ts';

type Source = Item<'sources.list'>;

/** Where people, organisations and deals come from, and how each source stands. */
export function SourcesPage() {
  const sources = useList('sources.list', {}, { everyMs: 5_000 });
  const may = useMay('admin');
  const add = (
    <Button asChild kind="primary">
      <Link to="/sources/new">
        <Plus /> Add a source
      </Link>
    </Button>
  );
  return (
    <Page
      title="Sources"
      lead="Your CRM, your database, your web services: kept in step with what is here. An opt-out is never undone by what comes in."
      actions={may && sources.rows.length > 0 ? add : undefined}
    >
      {sources.error !== null ? (
        <Failure what="The sources could not be loaded." error={sources.error} retry={() => void sources.refetch()} />
      ) : sources.isPending ? (
        <SkeletonRows rows={4} />
      ) : sources.rows.length === 0 ? (
        <div className="rounded-xl border bg-panel shadow-raise">
          <Empty icon={<DatabaseZap />} title="Nothing is kept in step yet" action={may ? add : undefined}>
            Connect a CRM or a database and say which field is what. You see what its first rows would become before anything is written.
          </Empty>
        </div>
      ) : (
        <ul className="divide-y overflow-hidden rounded-xl border bg-panel shadow-raise">
          {sources.rows.map((source) => (
            <Row key={source.id} source={source} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Row({ source }: { source: Source }) {
  const run = useAct('sources.run', { refresh: ['sources'], done: 'It is being read.' });
  const mayRun = useMay('manager');
  const [words, tone] = standing(source);
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-3 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-56">
        <Link to="/sources/$sourceId" params={{ sourceId: source.id }} className="block truncate text-sm font-medium hover:underline">
          {source.title}
        </Link>
        <div className="mt-0.5 flex flex-wrap items-center gap-x-1.5 text-xs text-ink-3">
          <span>{source.connection}</span>
          {source.direction === 'both' ? (
            <ArrowLeftRight role="img" aria-label="both ways" className="size-3" />
          ) : (
            <ArrowRight role="img" aria-label="one way" className="size-3" />
          )}
          <span>{kinds[source.kind]}</span>
          <span aria-hidden>·</span>
          <span>{rhythmWords(source.every_minutes)}</span>
        </div>
      </div>
      <dl className="grid w-full grid-cols-3 gap-x-6 text-sm sm:w-auto">
        <Cell label="in step" value={count(source.rows)} />
        <Cell label="refused" value={count(source.refusals)} tone={source.refusals > 0 ? 'text-warn' : ''} />
        <Cell
          label={source.open_conflicts === 1 ? 'conflict' : 'conflicts'}
          value={count(source.open_conflicts)}
          tone={source.open_conflicts > 0 ? 'text-warn' : ''}
        />
      </dl>
      <div className="w-40 text-sm">
        <Status tone={tone}>{words}</Status>
        <div className="mt-0.5 pl-3.5 text-xs text-ink-3">
          {source.last_run === null ? 'never read' : <When at={source.last_run.finished_at ?? source.last_run.started_at} />}
          {source.state === 'active' && source.next_run_at !== null && !source.running ? (
            <>
              {' '}
              · next <When at={source.next_run_at} />
            </>
          ) : null}
        </div>
      </div>
      <div className="sm:w-14">
        {mayRun && source.state !== 'draft' ? (
          <Button
            size="sm"
            disabled={source.running}
            busy={run.isPending}
            aria-label={`Run ${source.title}`}
            onClick={() => run.mutate({ source_id: source.id })}
          >
            Run
          </Button>
        ) : null}
      </div>
      {source.error === null ? null : <p className="w-full text-sm text-bad">{source.error}</p>}
    </li>
  );
}

function Cell({ label, value, tone = '' }: { label: string; value: string; tone?: string }) {
  return (
    <div className="flex min-w-16 flex-col-reverse">
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className={`num font-medium ${tone}`}>{value}</dd>
    </div>
  );
}

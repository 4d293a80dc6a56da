import { Link } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Download, Undo2 } from 'lucide-react';
import { useEffect } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { count, countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { refresh, useAct, useList, useRead } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { lengthOf } from '#web/kit/time.tsx';
import { kindOf } from './import-columns.tsx';
import { DealsApart } from './import-apart.tsx';

type Run = Output<'imports.get'>;

/** Progress while it runs, then the counts, each refused row with its reason, and the way back. */
export function ImportResult({ importId, onAgain }: { importId: string; onAgain: () => void }) {
  const client = useQueryClient();
  const run = useRead('imports.get', { import_id: importId }, { everyMs: 1_000 });
  const data = run.data;
  const over = data !== undefined && data.state !== 'running' && data.state !== 'undoing';
  const state = data?.state;
  useEffect(() => {
    if (over) void refresh(client, ['leads', 'people', 'system', 'deals', 'deal_owners', 'pipeline', 'pipelines', 'products']);
  }, [over, state, client]);
  if (data === undefined)
    return run.error === null ? (
      <SkeletonLines lines={4} />
    ) : (
      <Failure what="The import could not be found." error={run.error} retry={() => void run.refetch()} />
    );
  return (
    <div className="max-w-2xl space-y-5">
      {data.state === 'running' ? <Progress data={data} /> : null}
      {data.state === 'undoing' ? (
        <Panel title="Taking the import back">
          <p className="num text-sm text-ink-2">{countOf(data.undo?.leads ?? 0, 'lead')} taken back so far. You may leave this page.</p>
        </Panel>
      ) : null}
      {data.state === 'failed' ? <Failed data={data} /> : null}
      {data.state === 'done' ? <Done data={data} onAgain={onAgain} /> : null}
      {data.state === 'undone' ? <Undone data={data} onAgain={onAgain} /> : null}
      {over && data.refused > 0 ? <Refused importId={importId} /> : null}
    </div>
  );
}

function Progress({ data }: { data: Run }) {
  const total = data.total_rows ?? 0;
  const rate = data.rows_per_second === null ? '' : ` ${count(Math.round(data.rows_per_second))} rows a second`;
  const left = data.remaining_seconds === null ? '' : `, ${lengthOf(data.remaining_seconds * 1_000)} left`;
  return (
    <Panel title="Importing">
      <div
        role="progressbar"
        aria-label="Rows imported"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={data.processed_rows}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className="h-full rounded-full bg-accent transition-[width]"
          style={{ width: total === 0 ? '4%' : `${(data.processed_rows / total) * 100}%` }}
        />
      </div>
      <p className="num mt-2 text-sm text-ink-2">
        {count(data.processed_rows)} {total === 0 ? 'rows' : `of ${countOf(total, 'row')}`}.{rate}
        {left}
        {rate === '' ? '' : '.'} You may leave this page; it goes on.
      </p>
    </Panel>
  );
}

function Failed({ data }: { data: Run }) {
  const goOn = useAct('imports.run', { refresh: ['imports'] });
  return (
    <Note
      tone="bad"
      action={
        <Button
          busy={goOn.isPending}
          onClick={() =>
            goOn.mutate({
              import_id: data.id,
              mapping: data.mapping,
              enrol: data.enrol,
              without_email: data.without_email,
              tags: data.tags,
            })
          }
        >
          Go on
        </Button>
      }
    >
      {data.error ?? 'The import stopped.'}
    </Note>
  );
}

function Done({ data, onAgain }: { data: Run; onAgain: () => void }) {
  const undo = useAct('imports.undo', { refresh: ['imports', 'leads', 'people', 'deals', 'pipeline'] });
  const kind = kindOf(data.mapping);
  return (
    <div className="rounded-xl border bg-panel p-6 shadow-raise">
      <CircleCheck aria-hidden className="mb-3 size-6 text-ok" />
      <h2 className="num text-lg font-semibold">
        {kind === 'people'
          ? `${count(data.created)} new, ${count(data.merged)} merged, ${count(data.refused)} refused, ${countOf(data.opt_outs_kept, 'opt-out')} kept`
          : `${countOf(data.created, kind === 'deals' ? 'new deal' : 'new product')}, ${count(data.merged)} known before, ${count(data.refused)} refused`}
      </h2>
      <p className="num mt-1 text-sm text-ink-2">
        {data.merged > 0 ? `${count(data.unchanged)} of the merged told nothing new. ` : ''}
        {kind !== 'people' ? '' : data.enrol ? 'New leads are enrolled; their first texts appear in the outbox.' : 'Nobody was enrolled.'}
      </p>
      {kind === 'deals' ? <DealsApart importId={data.id} /> : null}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button asChild kind="primary">
          {kind === 'deals' ? (
            <Link to="/deals">See the deals</Link>
          ) : kind === 'products' ? (
            <Link to="/deals">To the deals</Link>
          ) : (
            <Link to="/leads">See the leads</Link>
          )}
        </Button>
        <Button onClick={onAgain}>Import another file</Button>
        {kind === 'products' ? null : (
          <Confirm
            title="Take this import back?"
            action="Take it back"
            danger
            onConfirm={() => undo.mutate({ import_id: data.id, wait: false })}
            trigger={(ask) => (
              <Button kind="quiet" busy={undo.isPending} onClick={ask}>
                <Undo2 /> Undo
              </Button>
            )}
          >
            {kind === 'deals'
              ? `The ${countOf(data.created, 'new deal')} go with their history; those that somebody changed since stay.`
              : `The ${countOf(data.created, 'new lead')} go, and gaps that were filled are open again. Whoever was written to or changed since stays, and you see why. Opt-outs stay opt-outs.`}
          </Confirm>
        )}
      </div>
    </div>
  );
}

function Undone({ data, onAgain }: { data: Run; onAgain: () => void }) {
  const { undo } = data;
  return (
    <div className="space-y-5">
      <div className="rounded-xl border bg-panel p-6 shadow-raise">
        <Undo2 aria-hidden className="mb-3 size-6 text-ink-3" />
        <h2 className="num text-lg font-semibold">
          {countOf(undo?.leads ?? 0, 'lead')} and {countOf(undo?.people ?? 0, 'person', 'people')} taken back
        </h2>
        <p className="num mt-1 text-sm text-ink-2">
          {countOf(undo?.restored ?? 0, 'gap')} open again. {count(undo?.kept ?? 0)} kept.
        </p>
        <Button className="mt-4" onClick={onAgain}>
          Import another file
        </Button>
      </div>
      {undo === null || undo.reasons.length === 0 ? null : (
        <Panel title="Kept, and why" flush>
          <ul className="divide-y text-sm">
            {undo.reasons.map((kept) => (
              <li key={kept.person_id} className="flex flex-wrap justify-between gap-x-4 px-4 py-2.5">
                <Link to="/people/$personId" params={{ personId: kept.person_id }} className="font-medium hover:underline">
                  {kept.name === '' ? 'Unnamed' : kept.name}
                </Link>
                <span className="text-ink-2">{kept.reason}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

function Refused({ importId }: { importId: string }) {
  const errors = useList('imports.errors', { import_id: importId, limit: 100 });
  return (
    <Panel
      title="Refused rows"
      flush
      aside={
        <Button asChild size="sm">
          <a href={`/api/imports/${importId}/errors.csv`} download>
            <Download /> As a file to mend
          </a>
        </Button>
      }
    >
      <ul className="divide-y text-sm">
        {errors.rows.map((error) => (
          <li key={error.row_number} className="flex flex-wrap gap-x-4 px-4 py-2.5">
            <span className="num w-20 text-ink-3">Line {count(error.line)}</span>
            <span className="min-w-0 flex-1 basis-48">{error.reason}</span>
            {error.value === null || error.value === '' ? null : (
              <code className="max-w-full truncate font-mono text-xs leading-5 text-ink-2">{error.value}</code>
            )}
          </li>
        ))}
      </ul>
      <ShowMore list={errors} />
      <p className="border-t px-4 py-2.5 text-xs text-ink-3">
        The file has the shape of yours and says why in its first column. Mend the rows and import it: that column is read past.
      </p>
    </Panel>
  );
}

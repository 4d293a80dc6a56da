import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Pause, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Status } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Select } from '#web/kit/field.tsx';
import { count } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { When } from '#web/kit/time.tsx';
import { Archive } from './archive.tsx';
import { Conflicts } from './conflicts.tsx';
import { EditMapping } from './edit-mapping.tsx';
import { Quality } from './quality.tsx';
import { Refusals } from './refusals.tsx';
import { Progress, Runs } from './runs.tsx';
import { fieldName, kinds, rhythms, standing, transforms } from './words.ts';

const TABS = ['runs', 'refused', 'conflicts', 'quality', 'archive', 'mapping'] as const;
type Source = Output<'sources.get'>;

/** One source: its runs, what was refused, where both sides changed, how good its rows are. */
export function SourcePage() {
  const { sourceId } = useParams({ strict: false });
  const id = sourceId ?? '';
  const source = useRead('sources.get', { source_id: id }, { everyMs: 2_000 });
  const search = useSearch({ from: '/shell/sources/$sourceId' });
  const navigate = useNavigate();
  const manager = useMay('manager');
  const data = source.data;
  if (data === undefined)
    return (
      <Page title="Source" back={{ to: '/sources', label: 'Sources' }}>
        {source.error === null ? (
          <SkeletonLines lines={6} />
        ) : (
          <Failure what="The source could not be found." error={source.error} retry={() => void source.refetch()} />
        )}
      </Page>
    );
  const [words, tone] = standing(data);
  const shown = TABS.find((tab) => tab === search.tab) ?? 'runs';
  return (
    <Page
      title={data.title}
      back={{ to: '/sources', label: 'Sources' }}
      lead={
        <span className="inline-flex flex-wrap items-center gap-x-3">
          <Status tone={tone}>{words}</Status>
          <span>
            {kinds[data.kind]} from {data.connection}
          </span>
        </span>
      }
      actions={<Actions source={data} />}
    >
      <div className="space-y-5">
        {data.error === null ? null : <Note tone="bad">{data.error}</Note>}
        {data.running ? <Live sourceId={id} /> : null}
        <Tabs
          label="About this source"
          value={shown}
          onChange={(tab) =>
            void navigate({ to: '/sources/$sourceId', params: { sourceId: id }, search: tab === 'runs' ? {} : { tab }, replace: true })
          }
          items={[
            { value: 'runs', label: 'Runs' },
            { value: 'refused', label: 'Refused rows', count: data.refusals },
            { value: 'conflicts', label: 'Conflicts', count: data.open_conflicts },
            { value: 'quality', label: 'Quality' },
            ...(manager ? [{ value: 'archive' as const, label: 'Archive' }] : []),
            { value: 'mapping', label: 'Set-up' },
          ]}
        />
        {shown === 'runs' ? <Runs sourceId={id} running={data.running} /> : null}
        {shown === 'refused' ? <Refusals sourceId={id} /> : null}
        {shown === 'conflicts' ? <Conflicts sourceId={id} /> : null}
        {shown === 'quality' ? <Quality sourceId={id} /> : null}
        {shown === 'archive' ? <Archive source={data} /> : null}
        {shown === 'mapping' ? <SetUp source={data} /> : null}
      </div>
    </Page>
  );
}

function Live({ sourceId }: { sourceId: string }) {
  const runs = useList('sources.runs', { source_id: sourceId, limit: 1 }, { everyMs: 1_000 });
  const run = runs.rows[0];
  return run === undefined || run.state !== 'running' ? null : <Progress run={run} sourceId={sourceId} />;
}

function Actions({ source }: { source: Source }) {
  const navigate = useNavigate();
  const [admin, manager] = [useMay('admin'), useMay('manager')];
  const run = useAct('sources.run', { refresh: ['sources'] });
  const update = useAct('sources.update', { refresh: ['sources'] });
  const remove = useAct('sources.delete', { refresh: ['sources'], done: 'Deleted.', onDone: () => void navigate({ to: '/sources' }) });
  return (
    <>
      {admin && source.state !== 'draft' ? (
        <Button
          kind="quiet"
          busy={update.isPending}
          onClick={() => update.mutate({ source_id: source.id, state: source.state === 'paused' ? 'active' : 'paused' })}
        >
          {source.state === 'paused' ? <Play /> : <Pause />}
          {source.state === 'paused' ? 'Go on' : 'Pause'}
        </Button>
      ) : null}
      {admin ? (
        <Confirm
          title={`Delete ${source.title}?`}
          action="Delete"
          danger
          onConfirm={() => remove.mutate({ source_id: source.id })}
          trigger={(ask) => (
            <Button kind="quiet" busy={remove.isPending} onClick={ask}>
              <Trash2 /> Delete
            </Button>
          )}
        >
          Its runs, refused rows and conflicts go. The {count(source.rows)} records that came from it stay. What it keeps in the archive is
          deleted when it is thirty days old.
        </Confirm>
      ) : null}
      {manager ? (
        <Button kind="primary" disabled={source.running} busy={run.isPending} onClick={() => run.mutate({ source_id: source.id })}>
          {source.state === 'draft' ? 'Read everything' : 'Run now'}
        </Button>
      ) : null}
    </>
  );
}

function SetUp({ source }: { source: Source }) {
  const admin = useMay('admin');
  const update = useAct('sources.update', { refresh: ['sources'], done: 'Saved.' });
  const [editing, setEditing] = useState(false);
  if (editing) return <EditMapping source={source} onClose={() => setEditing(false)} />;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[1fr_20rem]">
      <Panel
        title="What its fields are here"
        flush
        aside={
          admin ? (
            <Button size="sm" onClick={() => setEditing(true)}>
              Edit
            </Button>
          ) : undefined
        }
      >
        <ul className="divide-y text-sm">
          {source.mapping.map((line) => (
            <li key={`${line.from} ${line.to}`} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5">
              <code className="font-mono text-xs text-ink-2">{line.from}</code>
              <span>
                {fieldName(line.to)}
                {line.transform === 'none' ? null : <span className="ml-2 text-xs text-ink-3">{transforms[line.transform]}</span>}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title="How it is kept in step">
        <div className="space-y-4">
          <label className="block space-y-1.5 text-sm">
            <span className="font-medium">How often</span>
            <Select
              disabled={!admin || update.isPending}
              value={source.every_minutes ?? ''}
              onChange={(event) =>
                update.mutate({ source_id: source.id, every_minutes: event.target.value === '' ? null : Number(event.target.value) })
              }
            >
              {rhythms.map(([minutes, words]) => (
                <option key={words} value={minutes ?? ''}>
                  {words}
                </option>
              ))}
            </Select>
          </label>
          <Facts
            rows={[
              ['Direction', source.direction === 'both' ? 'Both ways' : 'From there to here'],
              ['Next run', source.next_run_at === null ? '–' : <When key="next" at={source.next_run_at} exact />],
              ['Archive', source.archive_days === 0 ? 'Nothing is kept' : `What came in is kept for ${source.archive_days} days`],
            ]}
          />
        </div>
      </Panel>
    </div>
  );
}

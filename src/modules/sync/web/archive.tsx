import { Archive as ArchiveIcon, Download, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { momentOf } from '#web/kit/time.tsx';
import { ArchivedPage } from './archived-page.tsx';
import { bytesOf, triggers } from './words.ts';

type Page = Item<'sources.archive'>;
type Source = Output<'sources.get'>;

/** The first and the last moment of a day where the reader is; an empty text: no bound. */
const dayFrom = (day: string) => (day === '' ? undefined : new Date(`${day}T00:00:00`).toISOString());
const dayTo = (day: string) => {
  if (day === '') return undefined;
  const end = new Date(`${day}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
};

/** What came in, page by page, as it came; and once more by the mapping of now. */
export function Archive({ source }: { source: Source }) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [record, setRecord] = useState('');
  const [open, setOpen] = useState<Page | null>(null);
  const window = { from: dayFrom(from), to: dayTo(to) };
  const list = useList('sources.archive', { source_id: source.id, ...window, record: record.trim() || undefined, limit: 50 });
  const filtered = from !== '' || to !== '' || record !== '';
  return (
    <div className="space-y-5">
      <Kept source={source} />
      <Panel
        title="What came in"
        flush
        aside={list.rows.length === 0 || record !== '' ? undefined : <Again source={source} window={window} filtered={filtered} />}
      >
        <div className="grid grid-cols-2 gap-3 border-b px-4 py-3 sm:grid-cols-[10rem_10rem_1fr]">
          <Field label="From">
            {(control) => <Input {...control} type="date" value={from} onChange={(event) => setFrom(event.target.value)} />}
          </Field>
          <Field label="To">
            {(control) => <Input {...control} type="date" value={to} onChange={(event) => setTo(event.target.value)} />}
          </Field>
          <Field label="Record" className="col-span-2 sm:col-span-1">
            {(control) => (
              <Input {...control} placeholder="Its id there" value={record} onChange={(event) => setRecord(event.target.value)} />
            )}
          </Field>
        </div>
        {list.error !== null ? (
          <Failure what="The archive could not be loaded." error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <div className="p-4">
            <SkeletonRows rows={4} />
          </div>
        ) : list.rows.length === 0 ? (
          <Empty icon={<ArchiveIcon />} title={filtered ? 'Nothing came in then' : 'Nothing is kept yet'} className="py-10">
            {filtered ? 'Choose another time or another record.' : 'What the next run reads is kept here as it came.'}
          </Empty>
        ) : (
          <>
            <ul className="divide-y text-sm">
              {list.rows.map((page) => (
                <li key={page.id} className="flex flex-wrap items-baseline gap-x-5 gap-y-1 px-4 py-2.5">
                  <span className="num w-32 font-medium">{momentOf(page.at)}</span>
                  <span className="min-w-0 flex-1 basis-56 text-ink-2">
                    <span className="num">{countOf(page.records, 'record')}</span>
                    {page.trigger === null ? null : ` · ${triggers[page.trigger] ?? page.trigger}`}
                    <span className="text-ink-3">
                      {' '}
                      · <span className="num">{bytesOf(page.bytes)}</span> · {page.place}
                    </span>
                  </span>
                  <span className="flex gap-2">
                    <Button size="sm" aria-label={`Look at what came in at ${momentOf(page.at)}`} onClick={() => setOpen(page)}>
                      Look
                    </Button>
                    <Button asChild size="sm" kind="quiet">
                      <a
                        href={`/api/sources/${source.id}/archive/${page.id}/file`}
                        download
                        aria-label={`Download what came in at ${momentOf(page.at)}`}
                      >
                        <Download />
                      </a>
                    </Button>
                  </span>
                </li>
              ))}
            </ul>
            <ShowMore list={list} />
          </>
        )}
      </Panel>
      {open === null ? null : <ArchivedPage source={source} page={open} find={record.trim()} onClose={() => setOpen(null)} />}
    </div>
  );
}

const KEEP = [0, 7, 30, 90, 365] as const;

/** For how long, and where. */
function Kept({ source }: { source: Source }) {
  const admin = useMay('admin');
  const place = useRead('sources.archive_place', {});
  const update = useAct('sources.update', { refresh: ['sources'], done: 'Saved.' });
  const choose = useAct('sources.choose_archive_place', { refresh: ['sources'], done: 'What comes in from now on is kept there.' });
  const { data } = place;
  const days = KEEP.some((one) => one === source.archive_days) ? KEEP : [...KEEP, source.archive_days].toSorted((a, b) => a - b);
  return (
    <Panel title="How it is kept">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="For how long" hint="Of this source. Older files are deleted within the hour.">
          {(control) => (
            <Select
              {...control}
              disabled={!admin || update.isPending}
              value={source.archive_days}
              onChange={(event) => update.mutate({ source_id: source.id, archive_days: Number(event.target.value) })}
            >
              {days.map((one) => (
                <option key={one} value={one}>
                  {one === 0 ? 'Nothing is kept' : countOf(one, 'day')}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label="Where"
          hint={
            data === undefined
              ? 'Of all sources.'
              : `Of all sources: ${countOf(data.pages, 'file')}, ${bytesOf(data.bytes)}. A bucket of S3 or Google is added under Connections.`
          }
        >
          {(control) => (
            <Select
              {...control}
              disabled={!admin || data === undefined || choose.isPending}
              value={data?.connection_id ?? ''}
              onChange={(event) => choose.mutate({ connection_id: event.target.value === '' ? null : event.target.value })}
            >
              <option value="">Files of this installation</option>
              {(data?.choices ?? []).map(({ connection_id: id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {data?.error == null ? null : (
        <div className="mt-4">
          <Note tone="bad">
            Old files, or what they hold of people who were erased, could not be deleted: {data.error} It is tried again every hour.
          </Note>
        </div>
      )}
      {data?.keeps === false ? (
        <div className="mt-4">
          <Note tone="warn">This installation has no data directory: nothing is kept until a bucket is chosen.</Note>
        </div>
      ) : null}
    </Panel>
  );
}

function Again({
  source,
  window,
  filtered,
}: {
  source: Source;
  window: { from: string | undefined; to: string | undefined };
  filtered: boolean;
}) {
  const manager = useMay('manager');
  const again = useAct('sources.reread', {
    refresh: ['sources', 'people', 'deals', 'organisations'],
    done: 'It is done once more. See Runs.',
  });
  if (!manager) return null;
  return (
    <Confirm
      title={filtered ? 'Do what came in then once more?' : 'Do all of it once more?'}
      action="Do it once more"
      onConfirm={() => again.mutate({ source_id: source.id, ...window })}
      trigger={(ask) => (
        <Button size="sm" busy={again.isPending} disabled={source.running} onClick={ask}>
          <RotateCw /> Once more by today’s mapping
        </Button>
      )}
    >
      Each record is taken as it came last, by the mapping of now, without asking {source.connection}. What came again later stays as that
      one; what was changed here since stays; no opt-out is undone.
    </Confirm>
  );
}

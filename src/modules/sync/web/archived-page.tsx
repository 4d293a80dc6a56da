import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type ApiError, type Item, type Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Input } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { momentOf } from '#web/kit/time.tsx';
import { fieldName } from './words.ts';

type Source = Output<'sources.get'>;
/** Records that are drawn at once. */
const SHOWN = 50;

/** One page as it came in: every field of every record, and what the mapping makes of it. */
export function ArchivedPage({
  source,
  page,
  find,
  onClose,
}: {
  source: Source;
  page: Item<'sources.archive'>;
  find: string;
  onClose: () => void;
}) {
  const input = { source_id: source.id, archived_page_id: page.id };
  const read = useQuery<Output<'sources.archived'>, ApiError>({
    queryKey: ['sources.archived', input],
    queryFn: () => call('sources.archived', input),
    staleTime: 300_000,
    retry: false,
  });
  const [words, setWords] = useState(find);
  const [most, setMost] = useState(SHOWN);
  const targets = new Map(source.mapping.map(({ from, to }) => [from, to]));
  const needle = words.trim().toLowerCase();
  const found = (read.data?.records ?? []).filter(
    (one) => needle === '' || one.external_id.toLowerCase().includes(needle) || Object.values(one.values).some((value) => String(value ?? '').toLowerCase().includes(needle)),
  ); // prettier-ignore
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`What came in, ${momentOf(page.at)}`}
      description={`${countOf(page.records, 'record')} of ${source.title}, as they came. ${page.place}.`}
      footer={
        <Button asChild>
          <a href={`/api/sources/${source.id}/archive/${page.id}/file`} download>
            Download
          </a>
        </Button>
      }
    >
      {read.error !== null ? (
        <Note tone="bad" action={<Button onClick={() => void read.refetch()}>Try again</Button>}>
          {read.error.message}
        </Note>
      ) : read.data === undefined ? (
        <SkeletonLines lines={8} />
      ) : (
        <div className="space-y-3">
          <Input
            aria-label="Find in these records"
            placeholder="Find in these records"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          {found.length === 0 ? <p className="py-6 text-center text-sm text-ink-2">No record has that.</p> : null}
          <ul className="divide-y rounded-lg border text-sm">
            {found.slice(0, most).map((record, at) => (
              <li key={`${record.external_id} ${at}`} className="space-y-1.5 px-3 py-2.5">
                <div className="flex flex-wrap items-baseline gap-x-3">
                  <code className="font-mono text-xs">{record.external_id}</code>
                  {record.gone ? <Badge tone="warn">No longer there</Badge> : null}
                  {record.changed_at === null ? null : (
                    <span className="num text-xs text-ink-3">changed there {momentOf(record.changed_at)}</span>
                  )}
                </div>
                <dl className="grid gap-x-4 gap-y-0.5 sm:grid-cols-2">
                  {Object.entries(record.values).map(([field, value]) => (
                    <div key={field} className="flex min-w-0 items-baseline gap-2">
                      <dt className="shrink-0 text-xs text-ink-3">
                        {field}
                        {targets.has(field) ? ` → ${fieldName(targets.get(field) ?? '')}` : ''}
                      </dt>
                      <dd className="min-w-0 truncate" title={String(value ?? '')}>
                        {value === null || value === '' ? <span className="text-ink-3">nothing</span> : String(value)}
                      </dd>
                    </div>
                  ))}
                </dl>
              </li>
            ))}
          </ul>
          {found.length > most ? (
            <Button size="sm" onClick={() => setMost(most + SHOWN * 4)}>
              Show more of {countOf(found.length, 'record')}
            </Button>
          ) : null}
        </div>
      )}
    </Dialog>
  );
}

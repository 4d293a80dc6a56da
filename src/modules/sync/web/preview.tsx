import { useQuery } from '@tanstack/react-query';
import { call, type ApiError, type Input, type Output } from '#web/kit/api.ts';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { fieldName } from './words.ts';

const verdicts: Record<string, [string, Tone]> = {
  new: ['New', 'ok'],
  known: ['Known here', 'accent'],
  kept_out: ['Opted out', 'warn'],
  refused: ['Refused', 'bad'],
};

/** The first rows of the source as they would be here. Nothing is written. */
export function Preview({ input }: { input: Input<'sources.preview'> }) {
  const preview = useQuery<Output<'sources.preview'>, ApiError>({
    queryKey: ['sources.preview', input],
    queryFn: () => call('sources.preview', input),
    placeholderData: (before) => before,
    staleTime: 60_000,
    retry: false,
  });
  const { data } = preview;
  return (
    <Panel
      title="What its first rows would become"
      flush
      aside={data?.total == null ? undefined : <span className="num text-xs text-ink-3">{countOf(data.total, 'row')} in all</span>}
    >
      {preview.error !== null ? (
        <div className="p-4">
          <Note tone="bad" action={<Button onClick={() => void preview.refetch()}>Try again</Button>}>
            {preview.error.message}
          </Note>
        </div>
      ) : data === undefined ? (
        <div className="p-4">
          <SkeletonLines lines={4} />
        </div>
      ) : data.rows.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">There is nothing in it yet.</p>
      ) : (
        <ul className={`divide-y ${preview.isFetching ? 'opacity-60' : ''}`}>
          {data.rows.map((row) => {
            const [label, tone] = verdicts[row.verdict] ?? [row.verdict, 'neutral' as const];
            const shown = Object.entries(row.verdict === 'refused' ? row.given : row.fields).filter(
              ([, value]) => value !== null && value !== '',
            );
            return (
              <li key={row.external_id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
                <Badge tone={tone} className="w-20 justify-center">
                  {label}
                </Badge>
                <div className="min-w-0 flex-1 basis-60">
                  <div className="flex flex-wrap gap-x-4 gap-y-0.5">
                    {shown.map(([field, value]) => (
                      <span key={field} className="min-w-0 max-w-full truncate">
                        <span className="text-xs text-ink-3">{row.verdict === 'refused' ? field : fieldName(field)}</span> {value}
                      </span>
                    ))}
                  </div>
                  {row.reason === null ? null : <p className="mt-0.5 text-xs text-bad">{row.reason}</p>}
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}

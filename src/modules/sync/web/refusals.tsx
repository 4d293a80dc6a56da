import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Input } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

type Refusal = Item<'sources.refusals'>;

/** Rows that could not be taken, each with the reason; mended in place. */
export function Refusals({ sourceId }: { sourceId: string }) {
  const list = useList('sources.refusals', { source_id: sourceId, limit: 50 });
  const retry = useAct('sources.retry', {
    refresh: ['sources', 'people'],
    done: ({ tried, taken }) => `${taken} of ${tried} are taken now.`,
  });
  if (list.error !== null)
    return <Failure what="The refused rows could not be loaded." error={list.error} retry={() => void list.refetch()} />;
  if (list.isPending) return <SkeletonRows rows={4} />;
  if (list.rows.length === 0)
    return <Empty title="Every row was taken">A row that can’t be taken stands here with the reason, and is mended in place.</Empty>;
  return (
    <Panel
      title="Refused rows"
      flush
      aside={
        <Button size="sm" busy={retry.isPending} onClick={() => retry.mutate({ source_id: sourceId })}>
          Try all again
        </Button>
      }
    >
      <ul className="divide-y">
        {list.rows.map((row) => (
          <Row key={row.id} row={row} sourceId={sourceId} />
        ))}
      </ul>
      <ShowMore list={list} />
    </Panel>
  );
}

function Row({ row, sourceId }: { row: Refusal; sourceId: string }) {
  const field = row.field ?? '';
  const given = String(row.raw[field] ?? '');
  const [value, setValue] = useState(given);
  const fix = useAct('sources.fix', {
    refresh: ['sources', 'people'],
    done: ({ taken, reason }) => (taken ? 'Taken.' : `It still can’t be taken: ${reason ?? ''}`),
  });
  const about = Object.entries(row.raw).filter(([name, one]) => name !== field && one !== null && one !== '');
  return (
    <li className="space-y-2 px-4 py-3 text-sm">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p>
          {row.field === null ? null : <code className="font-mono text-xs text-ink-2">{row.field}</code>} {row.reason}
        </p>
        <span className="text-xs text-ink-3">
          {row.external_id} · <When at={row.refused_at} />
        </span>
      </div>
      <p className="flex flex-wrap gap-x-4 text-xs text-ink-2">
        {about.map(([name, one]) => (
          <span key={name} className="max-w-full truncate">
            <span className="text-ink-3">{name}</span> {String(one)}
          </span>
        ))}
      </p>
      {row.field === null ? null : (
        <form
          className="flex max-w-md gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            fix.mutate({ source_id: sourceId, refusal_id: row.id, values: { [field]: value } });
          }}
        >
          <Input aria-label={`${field} of record ${row.external_id}`} value={value} onChange={(event) => setValue(event.target.value)} />
          <Button type="submit" busy={fix.isPending} disabled={value === given}>
            Take it so
          </Button>
        </form>
      )}
    </li>
  );
}

import { Link } from '@tanstack/react-router';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { fieldName } from './words.ts';

type Clash = Item<'sources.conflicts'>;

/** Fields that both sides changed: whose value stands, and what the other one was. */
export function Conflicts({ sourceId }: { sourceId: string }) {
  const list = useList('sources.conflicts', { source_id: sourceId, limit: 50 });
  if (list.error !== null)
    return <Failure what="The conflicts could not be loaded." error={list.error} retry={() => void list.refetch()} />;
  if (list.isPending) return <SkeletonRows rows={3} />;
  if (list.rows.length === 0)
    return (
      <Empty title="No conflicts">Where both sides change the same field, who wrote last wins, and you may decide otherwise here.</Empty>
    );
  return (
    <Panel title="Both sides changed these" flush>
      <ul className="divide-y">
        {list.rows.map((clash) => (
          <Row key={clash.id} clash={clash} sourceId={sourceId} />
        ))}
      </ul>
      <ShowMore list={list} />
    </Panel>
  );
}

function Row({ clash, sourceId }: { clash: Clash; sourceId: string }) {
  const decide = useAct('sources.decide', {
    refresh: ['sources', 'people', 'organisations'],
    done: ({ changed }) => (changed ? 'Changed.' : 'It stays as it is.'),
  });
  const name = clash.name === '' ? 'Unnamed' : clash.name;
  return (
    <li className="space-y-2.5 px-4 py-3 text-sm">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span>
          {clash.person_id === null ? (
            <span className="font-medium">{name}</span>
          ) : (
            <Link to="/people/$personId" params={{ personId: clash.person_id }} className="font-medium hover:underline">
              {name}
            </Link>
          )}{' '}
          · {fieldName(clash.field)}
        </span>
        <When at={clash.at} className="text-xs text-ink-3" />
      </div>
      <div className="grid gap-2 sm:grid-cols-2">
        {(['ours', 'theirs'] as const).map((side) => (
          <div
            key={side}
            className={`flex items-center justify-between gap-3 rounded-lg border px-3 py-2 ${clash.kept === side ? 'border-accent bg-accent-soft' : ''}`}
          >
            <div className="min-w-0">
              <div className="text-xs text-ink-2">
                {side === 'ours' ? 'Here' : 'There'}
                {clash.kept === side ? ' · stands' : ''}
              </div>
              <div className="truncate font-medium">{clash[side] ?? 'nothing'}</div>
            </div>
            <Button
              size="sm"
              busy={decide.isPending && decide.variables.take === side}
              aria-label={`${clash.kept === side ? 'Keep' : 'Take'} ${clash[side] ?? 'nothing'}`}
              onClick={() => decide.mutate({ source_id: sourceId, conflict_id: clash.id, take: side })}
            >
              {clash.kept === side ? 'Keep' : 'Take'}
            </Button>
          </div>
        ))}
      </div>
    </li>
  );
}

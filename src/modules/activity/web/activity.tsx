import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { UserAvatar } from '#web/kit/user-avatar.tsx';
import { Button } from '#web/kit/button.tsx';
import { Select } from '#web/kit/field.tsx';
import { Page } from '#web/kit/page.tsx';
import { useList } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { detail, groups, icons, saying, type Activity } from './words.tsx';

/** Everything that happened in the company, newest first. */
export function ActivityPage() {
  const search = useSearch({ from: '/shell/activity' });
  const navigate = useNavigate({ from: '/activity' });
  const group = groups.find(({ value }) => value === search.kind) ?? groups[0];
  const users = useList('users.list', { limit: 200 });
  const list = useList(
    'activity.list',
    { limit: 100, ...(group?.kinds == null ? {} : { kind: group.kinds }), ...(search.user === undefined ? {} : { user_id: search.user }) },
    { everyMs: false },
  );
  const filtered = search.user !== undefined || group?.kinds != null;
  return (
    <Page title="Activity" lead="What happened, and who did it.">
      <div className="mb-4 flex flex-wrap gap-2">
        <Select
          aria-label="What"
          className="w-full sm:w-52"
          value={group?.value ?? 'all'}
          onChange={(event) =>
            void navigate({ search: (old) => ({ ...old, kind: event.target.value === 'all' ? undefined : event.target.value }) })
          }
        >
          {groups.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Who"
          className="w-full sm:w-52"
          value={search.user ?? ''}
          onChange={(event) =>
            void navigate({ search: (old) => ({ ...old, user: event.target.value === '' ? undefined : event.target.value }) })
          }
        >
          <option value="">Anybody</option>
          {users.rows.map((user) => (
            <option key={user.id} value={user.id}>
              {user.full_name || user.email}
            </option>
          ))}
        </Select>
      </div>
      {list.isPending ? (
        <SkeletonRows rows={10} />
      ) : list.error !== null && list.rows.length === 0 ? (
        <Failure what="The activity could not be loaded." error={list.error} retry={() => void list.refetch()} />
      ) : list.rows.length === 0 ? (
        filtered ? (
          <Empty
            icon={<History />}
            title="Nothing of that kind yet"
            action={<Button onClick={() => void navigate({ search: {} })}>Show everything</Button>}
          >
            Another choice above may show more.
          </Empty>
        ) : (
          <Empty
            icon={<History />}
            title="Nothing happened yet"
            action={
              <Button asChild kind="primary">
                <Link to="/leads" search={{ add: '1' }}>
                  Add a lead
                </Link>
              </Button>
            }
          >
            Mails, notes, new leads and changes of status are told here, with who did them.
          </Empty>
        )
      ) : (
        <Feed rows={list.rows} more={list.hasNextPage} loading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
      )}
    </Page>
  );
}

const dayOf = (at: string) => new Date(at).toDateString();
const dayName = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

interface FeedProps {
  rows: readonly Activity[];
  more: boolean;
  loading: boolean;
  onMore: () => void;
}

/** Only what is in view stands in the page; the next rows are fetched before they come into view. */
function Feed({ rows, more, loading, onMore }: FeedProps) {
  const top = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => setMargin(Math.round((top.current?.getBoundingClientRect().top ?? 0) + window.scrollY)), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => 64,
    overscan: 10,
    scrollMargin: margin,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !loading && last >= rows.length - 20) onMore();
  }, [more, loading, last, rows.length, onMore]);
  return (
    <ul ref={top} aria-label="Activity" className="relative" style={{ height: virtual.getTotalSize() }}>
      {items.map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        const before = rows[item.index - 1];
        return (
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start - margin}px)` }}
          >
            {before !== undefined && dayOf(before.created_at) === dayOf(row.created_at) ? null : (
              <h2 className="pt-5 pb-2 text-xs font-medium text-ink-3">{dayName.format(new Date(row.created_at))}</h2>
            )}
            <Line row={row} />
          </li>
        );
      })}
    </ul>
  );
}

function Line({ row }: { row: Activity }) {
  const more = detail(row);
  return (
    <div className="relative flex items-start gap-3 rounded-lg px-2 py-2.5 hover:bg-hover">
      <span
        aria-hidden
        className="flex size-7 shrink-0 items-center justify-center rounded-full border bg-panel text-ink-3 [&_svg]:size-3.5"
      >
        {icons[row.kind]}
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        <p className="text-sm">
          {row.person === null ? (
            <Link to="/leads/import" className="font-medium after:absolute after:inset-0">
              {row.kind === 'import' ? row.text : 'Somebody'}
            </Link>
          ) : (
            <Link to="/people/$personId" params={{ personId: row.person.id }} className="font-medium after:absolute after:inset-0">
              {row.person.name}
            </Link>
          )}{' '}
          <span className="text-ink-2">{saying(row)}</span>
        </p>
        {more === '' ? null : <p className="line-clamp-2 text-sm break-words text-ink-3">{more}</p>}
        <p className="mt-0.5 flex items-center gap-1.5 text-xs text-ink-3 sm:hidden">
          {row.user === null ? null : <>{row.user.name} · </>}
          <When at={row.created_at} className="num" />
        </p>
      </div>
      <div className="hidden shrink-0 items-center gap-2 pt-0.5 text-xs text-ink-3 sm:flex">
        {row.user === null ? null : (
          <>
            <UserAvatar userId={row.user.id} name={row.user.name} size="sm" />
            <span className="max-w-32 truncate">{row.user.name}</span>
          </>
        )}
        <When at={row.created_at} className="num w-20 text-right" />
      </div>
    </div>
  );
}

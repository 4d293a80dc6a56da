import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { Inbox } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Kbd } from '#web/kit/kbd.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { refresh, useList, useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { useStream } from '#web/kit/stream.ts';
import { Tabs } from '#web/kit/tabs.tsx';
import { AdvanceContext } from './advance.ts';
import { ConversationLine } from './line.tsx';
import { ThreadOf } from './thread.tsx';
import { views, type View } from './words.ts';

const empty: Record<View, readonly [string, string]> = {
  open: ['Nothing waits for you', 'Whoever writes, by mail or SMS, stands here until somebody answers or calls it done.'],
  mine: ['Nothing is yours', 'Assign a conversation to yourself with A, or answer one: it is yours then.'],
  unassigned: ['Everything has somebody', 'What nobody looks after yet stands here.'],
  snoozed: ['Nothing sleeps', 'Snooze a conversation with S: it comes back by itself, or when they write.'],
  done: ['Nothing is done yet', 'Press E when there is nothing more to do: something new opens it again.'],
};

/** The shared inbox: the list on the left, the conversation on the right; on a phone one after the other. */
export function InboxPage() {
  const search = useSearch({ strict: false });
  const { personId } = useParams({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const view: View = views.find(({ value }) => value === search.view)?.value ?? 'open';
  const q = search.q;
  const live = useStream('/api/conversations/stream', () => void refresh(client, ['conversations']));
  const everyMs = live ? 60_000 : 10_000;
  const list = useList(
    'conversations.list',
    { view: q === undefined ? view : 'all', limit: 50, ...(q === undefined ? {} : { q }) },
    { everyMs },
  );
  const counts = useRead('conversations.counts', {}, { everyMs });
  const at = list.rows.findIndex((row) => row.person_id === personId);
  useEffect(() => {
    if (personId === undefined) document.title = 'Conversations · Steward';
  }, [personId]);
  useEffect(() => {
    document.querySelector(`[data-person="${personId ?? ''}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [personId]);
  const kept = { ...(view === 'open' ? {} : { view }), ...(q === undefined ? {} : { q }) };
  const go = (step: number) => {
    const next = list.rows[at < 0 ? 0 : at + step];
    if (next !== undefined) void navigate({ to: '/conversations/$personId', params: { personId: next.person_id }, search: kept });
  };
  useKeys({ j: () => go(1), k: () => go(-1), Escape: () => void navigate({ to: '/conversations', search: kept }) });
  const advance = () => {
    const next = list.rows[at + 1] ?? list.rows[at - 1];
    if (at < 0 || next === undefined) void navigate({ to: '/conversations', search: kept });
    else void navigate({ to: '/conversations/$personId', params: { personId: next.person_id }, search: kept });
  };
  const numbers: Partial<Record<View, number | undefined>> = { open: counts.data?.open };
  return (
    <div className="lg:grid lg:h-[calc(100dvh-var(--bar))] lg:grid-cols-[22rem_minmax(0,1fr)] xl:grid-cols-[25rem_minmax(0,1fr)]">
      <section aria-label="Conversations" className={cn('flex min-h-0 flex-col lg:border-r', personId !== undefined && 'hidden lg:flex')}>
        <div className="space-y-3 px-4 pt-5">
          <div className="flex items-center justify-between gap-3">
            <h1 className="text-xl font-semibold">Conversations</h1>
            <span className="hidden items-center gap-1 text-xs text-ink-3 lg:flex" aria-hidden>
              <Kbd>J</Kbd> <Kbd>K</Kbd>
            </span>
          </div>
          <div className="flex">
            <SearchBox
              label="Search conversations"
              placeholder="Name, address, or their words"
              value={q ?? ''}
              onChange={(words) =>
                void navigate({
                  to: '/conversations',
                  search: { ...(view === 'open' ? {} : { view }), ...(words === undefined ? {} : { q: words }) },
                  replace: true,
                })
              }
            />
          </div>
          <Tabs
            label="Which conversations"
            value={view}
            onChange={(value) => void navigate({ to: '/conversations', search: value === 'open' ? {} : { view: value } })}
            items={views.map((one) => ({ ...one, count: numbers[one.value] === 0 ? undefined : numbers[one.value] }))}
          />
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {list.error !== null && list.rows.length === 0 ? (
            <Failure what="The conversations could not be loaded." error={list.error} retry={() => void list.refetch()} />
          ) : list.isPending ? (
            <div className="px-4">
              <SkeletonRows rows={7} />
            </div>
          ) : list.rows.length === 0 ? (
            <Empty icon={<Inbox />} title={q === undefined ? empty[view][0] : 'Nothing fits these words'}>
              {q === undefined ? empty[view][1] : 'Names, addresses and what people wrote are searched, in every view.'}
            </Empty>
          ) : (
            <ul className="divide-y">
              {list.rows.map((line) => (
                <ConversationLine key={line.person_id} line={line} chosen={line.person_id === personId} view={view} q={q} />
              ))}
            </ul>
          )}
          {list.hasNextPage ? (
            <div className="p-4 text-center">
              <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                Show more
              </Button>
            </div>
          ) : null}
        </div>
      </section>
      <section aria-label="Conversation" className={cn('min-h-0 min-w-0', personId === undefined && 'hidden lg:block')}>
        <AdvanceContext value={advance}>
          {personId === undefined ? <NoneOpen /> : <ThreadOf key={personId} personId={personId} />}
        </AdvanceContext>
      </section>
    </div>
  );
}

/** Beside the list while none is open. */
function NoneOpen() {
  return (
    <div className="flex h-full items-center justify-center">
      <Empty icon={<Inbox />} title="Choose a conversation">
        J and K go through the list, R answers, N notes, A assigns, S snoozes, E is done.
      </Empty>
    </div>
  );
}

import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Search, Send } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { Page } from '#web/kit/page.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { When } from '#web/kit/time.tsx';
import { MessageSheet } from './message.tsx';
import { MessageState, messageStateLabel, messageStates } from './message-state.tsx';
import { SendingPanel } from './sending.tsx';

type Message = Item<'messages.list'>;

const columns: Column<Message>[] = [
  {
    key: 'who',
    header: 'Person',
    className: 'w-auto sm:w-[24%]',
    cell: (message) => (
      <span className="min-w-0">
        <span className="block truncate font-medium">{who(message)}</span>
        <span className="block truncate text-xs text-ink-3 sm:hidden">{message.channel === 'sms' ? 'SMS' : message.subject}</span>
      </span>
    ),
  },
  {
    key: 'subject',
    header: 'Subject',
    className: 'hidden sm:table-cell text-ink-2',
    cell: (message) => (message.channel === 'sms' ? 'SMS' : message.subject),
  },
  {
    key: 'state',
    header: 'State',
    className: 'w-28 sm:w-32',
    cell: (message) => <MessageState state={message.state} delivery={message.delivery} />,
  },
  { key: 'why', header: 'Why', className: 'hidden xl:table-cell w-[22%] text-ink-3', cell: (message) => message.state_reason ?? '' },
  { key: 'when', header: 'When', className: 'hidden md:table-cell w-32', cell: (message) => <When at={momentOf(message)} /> },
];

function momentOf(message: Message): string {
  return message.sent_at ?? (message.state === 'queued' ? message.due_at : null) ?? message.created_at;
}

function who(message: Message): string {
  if (message.direction === 'inbound') return message.from_name || message.from_phone || message.from_email;
  return message.to_name || message.to_phone || message.to_email;
}

export function OutboxPage() {
  const search = useSearch({ from: '/shell/outbox' });
  const navigate = useNavigate({ from: '/outbox' });
  const [text, setText] = useState(search.q ?? '');
  const q = useDeferredValue(text.trim());
  const state = messageStates.find((one) => one === search.state);
  const counts = useRead('messages.counts', {}, { keep: true, everyMs: 20_000 });
  const messages = useList(
    'messages.list',
    { limit: 100, ...(state === undefined ? {} : { state }), ...(q === '' ? {} : { q }) },
    { everyMs: 20_000 },
  );
  const set = (next: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const open = (message: Message | undefined) => set({ message: message?.id });
  const at = messages.rows.findIndex((message) => message.id === search.message);
  useKeys({ Escape: () => set({ message: undefined }) });
  const by: Record<string, number> | undefined = counts.data?.by_state;
  return (
    <Page title="Outbox" lead="Every mail that was written, with what became of it and why. Captured mails never left." width="full">
      <SendingPanel open={search.tab === 'sending'} onOpen={(sending) => set({ tab: sending ? 'sending' : undefined })} />
      <Tabs
        label="State of the messages"
        value={state ?? 'all'}
        onChange={(value) => set({ state: value === 'all' ? undefined : value })}
        items={[
          { value: 'all' as const, label: 'All' },
          ...messageStates.map((one) => ({ value: one, label: messageStateLabel(one), count: by?.[one] })),
        ]}
      />
      <label className="relative my-3 block sm:max-w-80">
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
        <input
          type="search"
          aria-label="Search messages by address or subject"
          placeholder="Address or subject"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="h-8 w-full rounded-md border border-line-strong bg-panel pr-2 pl-8 text-sm shadow-raise"
        />
      </label>
      {messages.error !== null && messages.rows.length === 0 ? (
        <Failure what="The messages could not be loaded." error={messages.error} retry={() => void messages.refetch()} />
      ) : messages.isPending ? (
        <div className="rounded-xl border bg-panel">
          <SkeletonRows rows={10} />
        </div>
      ) : messages.rows.length === 0 ? (
        <div className="rounded-xl border bg-panel">
          <Empty
            icon={<Send />}
            title={state === undefined && q === '' ? 'No messages yet' : 'No message fits'}
            action={
              state === undefined && q === '' ? (
                <Button asChild kind="primary">
                  <Link to="/sequences">Look at the sequences</Link>
                </Button>
              ) : (
                <Button asChild>
                  <Link to="/outbox" search={{}}>
                    Show all messages
                  </Link>
                </Button>
              )
            }
          >
            {state === undefined && q === ''
              ? 'Switch a sequence on and add a lead: its first mail appears here within minutes, to read before anything leaves.'
              : undefined}
          </Empty>
        </div>
      ) : (
        <DataTable label="Messages" list={messages} columns={columns} rowKey={(message) => message.id} onOpen={open} />
      )}
      {search.message === undefined ? null : (
        <MessageSheet
          id={search.message}
          onClose={() => set({ message: undefined })}
          {...(at > 0 ? { onBefore: () => open(messages.rows[at - 1]) } : {})}
          {...(at >= 0 && at < messages.rows.length - 1 ? { onNext: () => open(messages.rows[at + 1]) } : {})}
        />
      )}
    </Page>
  );
}

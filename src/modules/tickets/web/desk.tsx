import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Plus, TicketCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Choice } from '#web/kit/choice.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { Listed } from '#web/kit/list/listed.tsx';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { refresh, useList, useRead } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { Empty } from '#web/kit/states.tsx';
import { useStream } from '#web/kit/stream.ts';
import { Tabs } from '#web/kit/tabs.tsx';
import { TicketLine } from './line.tsx';
import { NewTicket } from './new.tsx';
import { TicketOf } from './ticket.tsx';
import { views, type View } from './words.ts';

const empty: Record<View, readonly [string, string]> = {
  active: ['No tickets', 'Whoever writes to an address of your support opens one; name the address under Settings → Tickets.'],
  waiting: ['Nobody waits', 'Tickets on which somebody waits for an answer stand here, the next that is due first.'],
  mine: ['Nothing is yours', 'Assign a ticket to yourself with A, or answer one: it is yours then.'],
  unassigned: ['Every ticket has somebody', 'What nobody works on yet stands here.'],
  solved: ['Nothing is solved yet', 'A solved ticket stays here until it is closed; a new word of theirs opens it again.'],
  all: ['No tickets', 'Every ticket stands here, closed ones, too.'],
};

/** The support desk: tickets on the left, the one that is open on the right; on a phone one after the other. */
export function TicketsPage() {
  const search = useSearch({ strict: false });
  const { ticketId } = useParams({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [creating, setCreating] = useState(search.add !== undefined);
  const view: View = views.find(({ value }) => value === search.view)?.value ?? 'active';
  const sort = search.sort === 'due' || search.sort === 'recent' ? search.sort : view === 'waiting' ? 'due' : 'recent';
  const q = search.q;
  const live = useStream('/api/conversations/stream', () => void refresh(client, ['tickets']));
  const everyMs = live ? 60_000 : 10_000;
  const list = useList(
    'tickets.list',
    { view: q === undefined ? view : 'all', sort, limit: 50, ...(q === undefined ? {} : { q }) },
    { everyMs },
  );
  const counts = useRead('tickets.counts', {}, { everyMs });
  const at = list.rows.findIndex((row) => row.id === ticketId);
  useEffect(() => {
    if (ticketId === undefined) document.title = 'Tickets · Steward';
    document.querySelector(`[data-ticket="${ticketId ?? ''}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [ticketId]);
  const kept = {
    ...(view === 'active' ? {} : { view }),
    ...(search.sort === undefined ? {} : { sort: search.sort }),
    ...(q === undefined ? {} : { q }),
  };
  const go = (step: number) => {
    const next = list.rows[at < 0 ? 0 : at + step];
    if (next !== undefined) void navigate({ to: '/tickets/$ticketId', params: { ticketId: next.id }, search: kept });
  };
  useKeys({ j: () => go(1), k: () => go(-1), c: () => setCreating(true), Escape: () => void navigate({ to: '/tickets', search: kept }) });
  const numbers: Partial<Record<View, number | undefined>> = {
    active: counts.data?.active,
    waiting: counts.data?.waiting,
    mine: counts.data?.mine,
  };
  const late = counts.data?.late ?? 0;
  return (
    <div className="lg:grid lg:h-[calc(100dvh-var(--bar))] lg:grid-cols-[22rem_minmax(0,1fr)] xl:grid-cols-[25rem_minmax(0,1fr)]">
      <section aria-label="Tickets" className={cn('flex min-h-0 flex-col lg:border-r', ticketId !== undefined && 'hidden lg:flex')}>
        <div className="space-y-3 px-4 pt-5">
          <div className="flex items-center justify-between gap-3">
            <h1 className="text-xl font-semibold">Tickets</h1>
            {late === 0 ? null : <span className="num ml-auto text-xs font-medium text-bad">{late} late</span>}
            <Button size="sm" aria-keyshortcuts="c" onClick={() => setCreating(true)}>
              <Plus /> New
            </Button>
          </div>
          <div className="flex gap-2">
            <SearchBox
              label="Search tickets"
              placeholder="Number, subject, name or words"
              value={q ?? ''}
              onChange={(words) =>
                void navigate({
                  to: '/tickets',
                  search: { ...(view === 'active' ? {} : { view }), ...(words === undefined ? {} : { q: words }) },
                  replace: true,
                })
              }
            />
            <Choice
              label="Order"
              className="w-32 shrink-0"
              value={sort}
              options={[
                ['recent', 'Last moved'],
                ['due', 'Due first'],
              ]}
              onChange={(value) =>
                void navigate({ to: '/tickets', search: { ...kept, ...(value === undefined ? {} : { sort: value }) }, replace: true })
              }
            />
          </div>
          <Tabs
            label="Which tickets"
            value={view}
            onChange={(value) => void navigate({ to: '/tickets', search: value === 'active' ? {} : { view: value } })}
            items={views.map((one) => ({ ...one, count: numbers[one.value] === 0 ? undefined : numbers[one.value] }))}
          />
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Listed
            list={list}
            failed="The tickets could not be loaded."
            skeleton={7}
            none={
              <Empty icon={<TicketCheck />} title={q === undefined ? empty[view][0] : 'Nothing fits these words'}>
                {q === undefined ? empty[view][1] : 'Numbers, subjects, names and what people wrote are searched, in every view.'}
              </Empty>
            }
          >
            <ul className="divide-y">
              {list.rows.map((line) => (
                <TicketLine key={line.id} line={line} chosen={line.id === ticketId} search={kept} />
              ))}
            </ul>
          </Listed>
          <ShowMore list={list} className="p-4" />
        </div>
      </section>
      <section aria-label="Ticket" className={cn('min-h-0 min-w-0', ticketId === undefined && 'hidden lg:block')}>
        {ticketId === undefined ? (
          <div className="flex h-full items-center justify-center">
            <Empty icon={<TicketCheck />} title="Choose a ticket">
              J and K go through the list, R answers, N notes, A assigns, C opens a new one.
            </Empty>
          </div>
        ) : (
          <TicketOf key={ticketId} ticketId={ticketId} back={kept} />
        )}
      </section>
      <NewTicket open={creating} onOpenChange={setCreating} />
    </div>
  );
}

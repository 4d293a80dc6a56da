import { Link } from '@tanstack/react-router';
import { Search, UsersRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import type { Item, Output } from '#web/kit/api.ts';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { Empty, Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { MergeDialog } from './merge-dialog.tsx';

type Pair = Item<'duplicates.list'>;
type Side = Pair['one'];

const reasons: Readonly<Record<Pair['reasons'][number], string>> = {
  same_address: 'same address',
  plus_address: 'same mailbox, with a +tag',
  gmail_dots: 'perhaps the same Gmail box (dots)',
  same_phone: 'same number',
  same_name_and_company: 'same name and company',
  similar_name_and_company: 'similar name, same company',
  same_name: 'same name',
};

/** Pairs to decide on, the surest first, and the merges that can be taken back. */
export function DuplicatesPage() {
  const [pair, setPair] = useState<{ one: string; other: string } | null>(null);
  const status = useRead('duplicates.status', {}, { everyMs: 3_000 });
  const list = useList('duplicates.list', { limit: 50 });
  const search = useAct('duplicates.search', { refresh: ['duplicates'] });
  const running = status.data?.state === 'running';
  const finished = status.data?.finished_at ?? null;
  const { refetch } = list;
  // What a search found is there when it ends, not when it was asked for.
  useEffect(() => {
    if (finished !== null) void refetch();
  }, [finished, refetch]);
  return (
    <Page
      title="Duplicates"
      lead="People who may be one. Merge them, or say that they are not the same: then nobody asks again."
      actions={
        <Button kind="primary" busy={search.isPending || running} onClick={() => search.mutate({ wait: false })}>
          <Search /> Look for duplicates
        </Button>
      }
    >
      <div className="space-y-6">
        {status.data === undefined ? null : <Progress status={status.data} again={() => void list.refetch()} />}
        <Panel flush>
          <Listed
            list={list}
            failed="The pairs could not be loaded."
            skeleton={5}
            none={
              <Empty
                icon={<UsersRound />}
                title={status.data?.state === 'never' ? 'Nobody has looked yet' : 'No pair is open'}
                action={
                  status.data?.state === 'never' ? (
                    <Button busy={search.isPending} onClick={() => search.mutate({ wait: false })}>
                      <Search /> Look now
                    </Button>
                  ) : (
                    <Button asChild>
                      <Link to="/people">See the people</Link>
                    </Button>
                  )
                }
              >
                {status.data?.state === 'never'
                  ? 'Look for duplicates: it compares mailboxes, numbers, and names at one company.'
                  : 'Everything that was found is decided. Look again after the next import.'}
              </Empty>
            }
          >
            <ul className="divide-y">
              {list.rows.map((row) => (
                <PairRow
                  key={`${row.one.id}-${row.other.id}`}
                  pair={row}
                  onMerge={() => setPair({ one: row.one.id, other: row.other.id })}
                />
              ))}
            </ul>
          </Listed>
          <ShowMore list={list} />
        </Panel>
        <Merges />
      </div>
      {pair === null ? null : (
        <MergeDialog
          personId={pair.one}
          otherId={pair.other}
          open
          onOpenChange={(open) => {
            if (!open) setPair(null);
          }}
        />
      )}
    </Page>
  );
}

function Progress({ status, again }: { status: Output<'duplicates.status'>; again: () => void }) {
  if (status.state === 'failed') return <Note tone="bad">{status.error}</Note>;
  if (status.state === 'done' && status.finished_at !== null) {
    return (
      <p className="text-sm text-ink-2">
        {status.open === 0 ? 'No pair is open' : status.open === 1 ? 'One pair is open' : `${status.open} pairs are open`}. Looked at{' '}
        {status.people_total.toLocaleString('en')} people <When at={status.finished_at} />.
      </p>
    );
  }
  if (status.state !== 'running') return null;
  return (
    <Note
      action={
        <Button size="sm" onClick={again}>
          Show what is found
        </Button>
      }
    >
      <span role="status">
        Comparing {status.stage === 'email' ? 'mailboxes' : status.stage === 'phone' ? 'numbers' : 'names'} of{' '}
        {status.people_total.toLocaleString('en')} people…
      </span>
      <progress
        className="mt-2 block h-1.5 w-full accent-accent"
        max={Math.max(1, status.people_total)}
        value={status.people_seen}
        aria-label="How far the search is"
      />
    </Note>
  );
}

function PairRow({ pair, onMerge }: { pair: Pair; onMerge: () => void }) {
  const undo = useAct('duplicates.dismiss', { refresh: ['duplicates'] });
  const dismiss = useAct('duplicates.dismiss', {
    refresh: ['duplicates'],
    onDone: (_, { person_id, other_id }) =>
      toast.success('Noted: not the same.', {
        action: { label: 'Undo', onClick: () => undo.mutate({ person_id, other_id, dismissed: false }) },
      }),
  });
  const tone: Tone = pair.score >= 80 ? 'ok' : pair.score >= 60 ? 'accent' : 'neutral';
  return (
    <li className="space-y-2.5 px-4 py-3.5">
      <div className="flex flex-wrap items-center gap-1.5">
        <Badge tone={tone}>{pair.score} of 100</Badge>
        {pair.reasons.map((reason) => (
          <Badge key={reason}>{reasons[reason]}</Badge>
        ))}
      </div>
      <div className="grid gap-x-6 gap-y-2 sm:grid-cols-[1fr_1fr_auto] sm:items-center">
        <SideView side={pair.one} />
        <SideView side={pair.other} />
        <div className="flex gap-2">
          <Button size="sm" kind="primary" onClick={onMerge}>
            Compare
          </Button>
          <Button size="sm" busy={dismiss.isPending} onClick={() => dismiss.mutate({ person_id: pair.one.id, other_id: pair.other.id })}>
            Not the same
          </Button>
        </div>
      </div>
    </li>
  );
}

function SideView({ side }: { side: Side }) {
  return (
    <div className="min-w-0 text-sm">
      <Link to="/people/$personId" params={{ personId: side.id }} className="font-medium hover:underline">
        {side.full_name === '' ? (side.email ?? 'Unnamed person') : side.full_name}
      </Link>
      {side.opted_out ? (
        <Badge tone="bad" className="ml-2">
          Opted out
        </Badge>
      ) : null}
      <div className="truncate text-xs text-ink-2">{[side.organisation, side.email, side.phone].filter(Boolean).join(' · ')}</div>
    </div>
  );
}

function Merges() {
  const merges = useList('people.merges', { limit: 20 });
  const undo = useAct('people.merge_undo', {
    refresh: ['people', 'leads', 'duplicates', 'consent', 'runs', 'messages', 'interactions'],
    done: 'They are two people again.',
  });
  if (merges.rows.length === 0) return null;
  return (
    <Panel title="Merged lately" flush>
      <ul className="divide-y text-sm">
        {merges.rows.map((merge) => (
          <li key={merge.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
            <span className="min-w-0 flex-1 basis-48">
              {merge.absorbed_name === '' ? 'A person' : merge.absorbed_name} into{' '}
              <Link to="/people/$personId" params={{ personId: merge.person_id }} className="font-medium hover:underline">
                {merge.name === '' ? 'an unnamed person' : merge.name}
              </Link>
            </span>
            <When at={merge.created_at} />
            {merge.undone_at === null ? (
              <Button
                size="sm"
                busy={undo.isPending && undo.variables?.merge_id === merge.id}
                onClick={() => undo.mutate({ merge_id: merge.id })}
              >
                Undo
              </Button>
            ) : (
              <span className="text-xs text-ink-3">taken back</span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

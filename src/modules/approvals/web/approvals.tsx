import { useNavigate, useSearch } from '@tanstack/react-router';
import { Stamp } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Input } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Kbd } from '#web/kit/kbd.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { Approval } from './approval.tsx';
import { BatchCard, batchesOf } from './batch.tsx';
import { Doubts } from './doubts.tsx';
import { useApprovalKeys } from './use-approval-keys.ts';
import type { Row } from './words.ts';

const tabs = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'approved', label: 'Approved' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'all', label: 'All' },
] as const;
type Tab = (typeof tabs)[number]['value'];

/** Decisions that people owe: a workflow waits for each of them. `id` in the address, as mails and the bell give it, comes first. */
export function ApprovalsPage() {
  const search = useSearch({ from: '/shell/approvals' });
  const navigate = useNavigate();
  const tab: Tab = tabs.find(({ value }) => value === search.tab)?.value ?? 'waiting';
  const input: Input<'approvals.list'> = tab === 'all' ? { limit: 50 } : { limit: 50, state: tab };
  const list = useList('approvals.list', input, { everyMs: 15_000 });
  const named = useRead('approvals.get', { approval_id: search.id ?? '' }, { enabled: search.id !== undefined });
  const rows = inOrder(list.rows, named.data);
  const batches = tab === 'waiting' ? batchesOf(list.rows) : [];
  return (
    <Page title="Approvals" lead="What workflows may only do when a person has said yes." width="text">
      {tab === 'waiting' ? <Doubts /> : null}
      <Tabs
        label="Which approvals"
        value={tab}
        onChange={(value) => void navigate({ to: '/approvals', search: value === 'waiting' ? {} : { tab: value } })}
        items={tabs}
      />
      <div className="mt-5">
        {list.error !== null && rows.length === 0 ? (
          <Failure what="The approvals could not be loaded." error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <SkeletonRows rows={4} />
        ) : rows.length === 0 ? (
          <Panel flush>
            <Empty icon={<Stamp />} title={tab === 'waiting' ? 'Nothing waits for a decision' : 'None yet'}>
              A workflow with the step “Ask for approval” stops there until somebody decides here.
            </Empty>
          </Panel>
        ) : (
          <>
            {batches.length > 0 ? (
              <div className="mb-6 space-y-4">
                {batches.map((batch) => (
                  <BatchCard key={batch.key} batch={batch} />
                ))}
              </div>
            ) : null}
            <Cards rows={rows} named={search.id} />
          </>
        )}
        {list.hasNextPage ? (
          <div className="pt-4 text-center">
            <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show more
            </Button>
          </div>
        ) : null}
      </div>
    </Page>
  );
}

/** The one that was asked for stands first, whatever its state. */
function inOrder(rows: readonly Row[], named: Row | undefined): readonly Row[] {
  return named === undefined ? rows : [rows.find((row) => row.id === named.id) ?? named, ...rows.filter((row) => row.id !== named.id)];
}

function Cards({ rows, named }: { rows: readonly Row[]; named: string | undefined }) {
  const [chosen, setChosen] = useState<string | undefined>(named);
  const open = rows.filter((row) => row.mine);
  const current = rows.some((row) => row.id === chosen) ? chosen : undefined;
  const list = useApprovalKeys(open, current, setChosen);
  // The one that was decided is gone: its neighbour is next, for whoever goes on by keys.
  const [at, setAt] = useState(-1);
  const place = open.findIndex((row) => row.id === current);
  useEffect(() => {
    if (place >= 0) setAt(place);
    else if (chosen !== undefined && at >= 0 && open.length > 0) setChosen(open[Math.min(at, open.length - 1)]?.id);
  }, [place, chosen, at, open]);
  return (
    <>
      {open.length > 0 ? (
        <p className="mb-3 hidden flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3 sm:flex">
          <span>
            <Kbd>j</Kbd> <Kbd>k</Kbd> next, previous
          </span>
          <span>
            <Kbd>a</Kbd> approve
          </span>
          <span>
            <Kbd>r</Kbd> reject
          </span>
          <span>
            <Kbd>e</Kbd> change it
          </span>
        </p>
      ) : null}
      <ul ref={list} aria-label="Approvals" className="space-y-4">
        {rows.map((approval) => (
          <Approval key={approval.id} approval={approval} current={approval.id === current} />
        ))}
      </ul>
    </>
  );
}

import { useNavigate, useSearch } from '@tanstack/react-router';
import { Stamp } from 'lucide-react';
import type { Input } from '#web/kit/api.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useList } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { Approval } from './approval.tsx';

const tabs = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'approved', label: 'Approved' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'all', label: 'All' },
] as const;
type Tab = (typeof tabs)[number]['value'];

/** Decisions that people owe: a workflow waits for each of them. */
export function ApprovalsPage() {
  const search = useSearch({ from: '/shell/approvals' });
  const navigate = useNavigate();
  const tab: Tab = tabs.find(({ value }) => value === search.tab)?.value ?? 'waiting';
  const input: Input<'approvals.list'> = tab === 'all' ? { limit: 30 } : { limit: 30, state: tab };
  const list = useList('approvals.list', input, { everyMs: 15_000 });
  return (
    <Page title="Approvals" lead="What workflows may only do when a person has said yes." width="text">
      <Tabs
        label="Which approvals"
        value={tab}
        onChange={(value) => void navigate({ to: '/approvals', search: value === 'waiting' ? {} : { tab: value } })}
        items={tabs}
      />
      <div className="mt-5">
        {list.error !== null && list.rows.length === 0 ? (
          <Failure what="The approvals could not be loaded." error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <SkeletonRows rows={4} />
        ) : list.rows.length === 0 ? (
          <Panel flush>
            <Empty icon={<Stamp />} title={tab === 'waiting' ? 'Nothing waits for a decision' : 'None yet'}>
              A workflow with the step “Ask for approval” stops there until somebody decides here.
            </Empty>
          </Panel>
        ) : (
          <ul aria-label="Approvals" className="space-y-4">
            {list.rows.map((approval) => (
              <Approval key={approval.id} approval={approval} />
            ))}
          </ul>
        )}
        <ShowMore list={list} className="pt-4" />
      </div>
    </Page>
  );
}

import { Link, useNavigate } from '@tanstack/react-router';
import { ListFilter, ListPlus, Plus } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { count } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { Empty, Note } from '#web/kit/states.tsx';
import { inWords, type Condition } from '#web/kit/conditions/model.ts';

// The same conditions; the model writes their type down for the wire.
const wire = (condition: unknown) => condition as Condition;

export function SegmentsPage() {
  const go = useNavigate();
  useKeys({ c: () => void go({ to: '/segments/new' }) });
  const segments = useList('segments.list', { limit: 100 }, { everyMs: 15_000 });
  const fields = useRead('segments.fields', {});
  const [listing, setListing] = useState(false);
  const actions = (
    <>
      <Button onClick={() => setListing(true)}>
        <ListPlus /> New list
      </Button>
      <Button kind="primary" asChild>
        <Link to="/segments/new">
          <Plus /> New segment
        </Link>
      </Button>
    </>
  );
  return (
    <Page
      title="Segments"
      lead="People who have something in common, kept up to date. Who enters or leaves can start a sequence."
      actions={actions}
    >
      <div className="rounded-xl border bg-panel shadow-raise">
        <Listed
          list={segments}
          failed="The segments could not be loaded."
          skeleton={4}
          none={
            <Empty icon={<ListFilter />} title="No segments yet" action={actions}>
              A segment finds its people by a condition, such as "replied in the last 30 days". A list is kept by hand.
            </Empty>
          }
        >
          <ul className="divide-y">
            {segments.rows.map((segment) => (
              <li key={segment.id} className="relative flex items-center gap-4 px-4 py-3.5 hover:bg-hover">
                <div className="min-w-0 flex-1">
                  <Link
                    to="/segments/$segmentId"
                    params={{ segmentId: segment.id }}
                    className="block truncate text-sm font-medium after:absolute after:inset-0"
                  >
                    {segment.name}
                  </Link>
                  <div className="truncate text-xs text-ink-3">
                    {segment.kind === 'static' ? 'Kept by hand' : inWords(wire(segment.condition), fields.data?.items ?? [])}
                  </div>
                </div>
                {segment.error === null ? null : <Badge tone="bad">Needs a look</Badge>}
                {segment.kind === 'static' ? <Badge>List</Badge> : null}
                <span className="num w-20 text-right text-sm">
                  {segment.evaluated_at === null && segment.kind === 'dynamic' ? (
                    <span className="text-ink-3">counting…</span>
                  ) : (
                    count(segment.member_count)
                  )}
                </span>
              </li>
            ))}
          </ul>
        </Listed>
      </div>
      <NewList open={listing} onClose={() => setListing(false)} />
    </Page>
  );
}

function NewList({ open, onClose }: { open: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const create = useAct('segments.create', {
    refresh: ['segments'],
    quiet: true,
    onDone: (segment) => void navigate({ to: '/segments/$segmentId', params: { segmentId: segment.id } }),
  });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title="New list"
      description="You put people on it yourself, one by one or all who fit a segment."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" form="new-list" type="submit" busy={create.isPending} disabled={name.trim() === ''}>
            Create list
          </Button>
        </>
      }
    >
      <form
        id="new-list"
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ name });
        }}
      >
        <Field label="Name" error={create.error?.fields.find(({ path }) => path === 'name')?.message}>
          {(control) => <Input {...control} required maxLength={120} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        {create.error === null || create.error.fields.length > 0 ? null : <Note tone="bad">{create.error.message}</Note>}
      </form>
    </Dialog>
  );
}

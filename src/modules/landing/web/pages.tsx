import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { PanelsTopLeft, Plus } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useList } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { FormsAndPages } from '#web/kit/forms-and-pages.tsx';
import { Gallery } from './gallery.tsx';

type Row = Item<'landing.list'>;

export const STATES = {
  draft: ['neutral', 'Draft'],
  scheduled: ['accent', 'Scheduled'],
  published: ['ok', 'Published'],
  ended: ['neutral', 'Ended'],
} as const;

const columns: Column<Row>[] = [
  {
    key: 'title',
    header: 'Page',
    cell: (one) => (
      <span className="block min-w-0">
        <Link to="/pages/$pageId" params={{ pageId: one.id }} className="block truncate font-medium hover:underline">
          {one.title}
        </Link>
        <span className="block truncate text-xs text-ink-3">/go/{one.slug}</span>
      </span>
    ),
  },
  {
    key: 'state',
    header: 'State',
    className: 'w-28 sm:w-36',
    cell: (one) => {
      const [tone, label] = one.state === 'published' && one.changed ? (['warn', 'Changed'] as const) : STATES[one.state];
      return <Badge tone={tone}>{label}</Badge>;
    },
  },
  { key: 'visits', header: 'Visits, 30 days', className: 'text-right hidden sm:table-cell w-32 num', cell: (one) => one.visits.toLocaleString('en') },
  { key: 'forms', header: 'Forms sent', className: 'text-right hidden md:table-cell w-28 num', cell: (one) => one.conversions.toLocaleString('en') },
  {
    key: 'rate',
    header: 'A visit',
    className: 'text-right hidden md:table-cell w-24 num text-ink-2',
    cell: (one) => (one.visits === 0 ? '–' : `${((100 * one.conversions) / one.visits).toFixed(1)} %`),
  },
]; // prettier-ignore

/** Landing pages, newest first. */
export function LandingPages() {
  const { add } = useSearch({ from: '/shell/pages' });
  const navigate = useNavigate({ from: '/pages' });
  const list = useList('landing.list', { limit: 100 });
  const open = (yes: boolean) => void navigate({ search: { add: yes ? '1' : undefined }, replace: true });
  const button = (
    <Button kind="primary" onClick={() => open(true)}>
      <Plus /> New page
    </Button>
  );
  return (
    <Page title="Landing pages" lead="Fast pages with your form in them, and nothing from elsewhere." actions={button}>
      <FormsAndPages />
      <Listed
        list={list}
        failed="The pages could not be loaded."
        none={
          <div className="rounded-xl border bg-panel">
            <Empty icon={<PanelsTopLeft />} title="No landing page yet" action={button}>
              Begin with a template: an offer, a first call, a newsletter or an event.
            </Empty>
          </div>
        }
      >
        <DataTable
          label="Landing pages"
          list={list}
          columns={columns}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: '/pages/$pageId', params: { pageId: one.id } })}
        />
      </Listed>
      {add === undefined ? null : <Gallery onClose={() => open(false)} />}
    </Page>
  );
}

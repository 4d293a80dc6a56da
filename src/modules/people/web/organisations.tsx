import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Building2, Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { countOf } from '#web/kit/format.ts';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { When } from '#web/kit/time.tsx';
import { DealsPanel } from './deals-panel.tsx';

type Organisation = Item<'organisations.list'>;
type Person = Item<'people.list'>;

const columns: Column<Organisation>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: (one) => (
      <Link to="/organisations/$organisationId" params={{ organisationId: one.id }} className="font-medium hover:underline">
        {one.name}
      </Link>
    ),
  },
  { key: 'domain', header: 'Domain', className: 'hidden sm:table-cell text-ink-2', cell: (one) => one.domain ?? '–' },
  { key: 'people', header: 'People', className: 'w-24 num', cell: (one) => one.people },
  { key: 'created', header: 'Added', className: 'hidden sm:table-cell w-28', cell: (one) => <When at={one.created_at} /> },
];

/** The firms that people work for. */
export function OrganisationsPage() {
  const { q } = useSearch({ from: '/shell/organisations' });
  const navigate = useNavigate({ from: '/organisations' });
  const list = useList('organisations.list', { limit: 100, ...(q === undefined ? {} : { q }) });
  const [adding, setAdding] = useState(false);
  const add = (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <Plus /> New organisation
    </Button>
  );
  return (
    <Page title="Organisations" lead="The firms that your people work for." actions={add}>
      <div className="mb-3 flex">
        <SearchBox
          label="Search organisations"
          placeholder="Name or domain"
          value={q ?? ''}
          onChange={(next) => void navigate({ search: { q: next }, replace: true })}
        />
      </div>
      <Listed
        list={list}
        failed="The organisations could not be loaded."
        none={
          <div className="rounded-xl border bg-panel">
            <Empty
              icon={<Building2 />}
              title={q === undefined ? 'No organisation yet' : 'No organisation by that name'}
              action={
                q === undefined ? (
                  <>
                    {add}
                    <Button asChild>
                      <Link to="/leads/import">Import a file</Link>
                    </Button>
                  </>
                ) : (
                  <Button onClick={() => void navigate({ search: {}, replace: true })}>Show all organisations</Button>
                )
              }
            >
              {q === undefined
                ? 'An organisation is the firm that people work for. It also comes with an import that has a column for it.'
                : 'Other words may find it.'}
            </Empty>
          </div>
        }
      >
        <DataTable
          label="Organisations"
          list={list}
          columns={columns}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: '/organisations/$organisationId', params: { organisationId: one.id } })}
        />
      </Listed>
      {adding ? <NewOrganisation onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}

function NewOrganisation({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const form = useForm({ name: '', domain: '' });
  const create = useAct('organisations.create', {
    quiet: true,
    refresh: ['organisations'],
    done: (made) => `${made.name} is there.`,
    onDone: (made) => void navigate({ to: '/organisations/$organisationId', params: { organisationId: made.id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, domain } = form.values;
    create.mutate({ name, ...(domain.trim() === '' ? {} : { domain }) }, { onError: form.setError });
  };
  return (
    <Dialog open onOpenChange={onClose} title="New organisation">
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Name" error={form.fault('name')}>
          {(control) => <Input {...control} {...form.text('name')} required maxLength={200} />}
        </Field>
        <Field label="Domain" hint="As in its web address: acme.com" optional error={form.fault('domain')}>
          {(control) => <Input {...control} {...form.text('domain')} />}
        </Field>
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={create.isPending}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const staff: Column<Person>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: (person) => (
      <span className="flex items-center gap-3">
        <Avatar name={person.full_name || (person.email ?? '')} size="sm" />
        <Link to="/people/$personId" params={{ personId: person.id }} className="truncate font-medium hover:underline">
          {person.full_name || (person.email ?? 'Unnamed')}
        </Link>
      </span>
    ),
  },
  { key: 'email', header: 'Email', className: 'hidden sm:table-cell text-ink-2', cell: (person) => person.email ?? '–' },
  { key: 'created', header: 'Added', className: 'w-28', cell: (person) => <When at={person.created_at} /> },
];

/** One firm and who of it is known. */
export function OrganisationPage() {
  const { organisationId } = useParams({ from: '/shell/organisations/$organisationId' });
  const navigate = useNavigate();
  const one = useRead('organisations.get', { organisation_id: organisationId });
  const people = useList('people.list', { organisation_id: organisationId, sort: 'name', limit: 100 });
  if (one.error !== null && one.data === undefined)
    return <Failure what="The organisation could not be loaded." error={one.error} retry={() => void one.refetch()} />;
  return (
    <Page
      title={one.data?.name ?? 'Organisation'}
      back={{ to: '/organisations', label: 'Organisations' }}
      lead={
        one.data === undefined ? 'Loading…' : [one.data.domain, countOf(one.data.people, 'person', 'people')].filter(Boolean).join(' · ')
      }
    >
      <div className="mb-6 max-w-xl empty:hidden">
        <DealsPanel of={{ organisation_id: organisationId }} />
      </div>
      <Listed
        list={people}
        failed="Its people could not be loaded."
        none={
          <Empty
            icon={<Building2 />}
            title="Nobody belongs to it yet"
            action={
              <Button asChild>
                <Link to="/people">Choose people</Link>
              </Button>
            }
          >
            Open a person and write this name beside Organisation.
          </Empty>
        }
      >
        <DataTable
          label="People of the organisation"
          list={people}
          columns={staff}
          rowKey={(person) => person.id}
          onOpen={(person) => void navigate({ to: '/people/$personId', params: { personId: person.id } })}
        />
      </Listed>
    </Page>
  );
}

import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { BriefcaseBusiness, Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Status, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { Page } from '#web/kit/page.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { Empty, Note } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { dayOf, When } from '#web/kit/time.tsx';
import { HEALTH } from './words.ts';

type Client = Item<'clients.list'>;

const STATUSES = ['prospect', 'active', 'inactive'] as const;
const LEVELS = ['good', 'watch', 'at_risk'] as const;
const tones: Record<(typeof STATUSES)[number], Tone> = { prospect: 'accent', active: 'ok', inactive: 'neutral' };

const columns: Column<Client>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: (one) => (
      <span className="flex items-center gap-3">
        <Avatar name={one.name || (one.email ?? '')} size="sm" />
        <span className="min-w-0">
          <Link to="/clients/$clientId" params={{ clientId: one.id }} className="block truncate font-medium hover:underline">
            {one.name || (one.email ?? 'Unnamed')}
          </Link>
        </span>
      </span>
    ),
  },
  {
    key: 'status',
    header: 'Status',
    className: 'hidden sm:table-cell w-28',
    cell: (one) => <Status tone={tones[one.status]}>{words(one.status)}</Status>,
  },
  {
    key: 'health',
    header: 'Health',
    className: 'w-28 sm:w-32',
    cell: (one) =>
      one.health === null ? (
        <span className="text-ink-3">–</span>
      ) : (
        <Status tone={HEALTH[one.health.level].tone}>
          {HEALTH[one.health.level].says} <span className="num text-ink-3">{one.health.score}</span>
        </Status>
      ),
  },
  { key: 'firm', header: 'Organisation', className: 'hidden md:table-cell text-ink-2', cell: (one) => one.organisation?.name ?? '–' },
  { key: 'plan', header: 'Plan', className: 'hidden sm:table-cell w-32 text-ink-2', cell: (one) => one.plan ?? '–' },
  {
    key: 'until',
    header: 'Contract until',
    className: 'hidden lg:table-cell w-36 text-ink-2',
    cell: (one) => (one.contract_end === null ? '–' : dayOf(one.contract_end)),
  },
  { key: 'created', header: 'Since', className: 'hidden sm:table-cell w-28', cell: (one) => <When at={one.created_at} /> },
];

/** Who is a client, or about to be one. */
export function ClientsPage() {
  const { q, status, health, add: adding } = useSearch({ from: '/shell/clients' });
  const navigate = useNavigate({ from: '/clients' });
  const chosen = STATUSES.find((one) => one === status);
  const level = LEVELS.find((one) => one === health);
  const list = useList('clients.list', {
    limit: 100,
    ...(q === undefined ? {} : { q }),
    ...(chosen === undefined ? {} : { status: chosen }),
    ...(level === undefined ? {} : { health: level }),
  });
  const setAdding = (yes: boolean) => void navigate({ search: (old) => ({ ...old, add: yes ? '1' : undefined }), replace: true });
  useKeys({ c: () => setAdding(true) });
  const filtered = q !== undefined || chosen !== undefined || level !== undefined;
  const add = (
    <Button kind="primary" aria-keyshortcuts="c" onClick={() => setAdding(true)}>
      <Plus /> New client
    </Button>
  );
  return (
    <Page title="Clients" lead="Who you work for, what was agreed, and when you hear from each other next." actions={add}>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox
          label="Search clients"
          placeholder="Name or email"
          value={q ?? ''}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, q: next }), replace: true })}
        />
        <Select
          aria-label="Status"
          className="w-36"
          value={chosen ?? ''}
          onChange={(event) => void navigate({ search: (old) => ({ ...old, status: event.target.value || undefined }), replace: true })}
        >
          <option value="">Any status</option>
          {STATUSES.map((one) => (
            <option key={one} value={one}>
              {words(one)}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Health"
          className="w-36"
          value={level ?? ''}
          onChange={(event) => void navigate({ search: (old) => ({ ...old, health: event.target.value || undefined }), replace: true })}
        >
          <option value="">Any health</option>
          {LEVELS.map((one) => (
            <option key={one} value={one}>
              {HEALTH[one].says}
            </option>
          ))}
        </Select>
      </div>
      <Listed
        list={list}
        failed="The clients could not be loaded."
        none={
          <div className="rounded-xl border bg-panel">
            <Empty
              icon={<BriefcaseBusiness />}
              title={filtered ? 'No client like that' : 'No client yet'}
              action={filtered ? <Button onClick={() => void navigate({ search: {}, replace: true })}>Show all clients</Button> : add}
            >
              {filtered
                ? 'Other words or another status may find them.'
                : 'A lead that is won becomes a client by itself; others are added by email.'}
            </Empty>
          </div>
        }
      >
        <DataTable
          label="Clients"
          list={list}
          columns={columns}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: '/clients/$clientId', params: { clientId: one.id } })}
        />
      </Listed>
      {adding !== undefined ? <NewClient onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}

function NewClient({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const form = useForm({ name: '', email: '', plan: '' });
  const [status, setStatus] = useState<(typeof STATUSES)[number]>('active');
  const create = useAct('clients.create', {
    quiet: true,
    refresh: ['clients', 'people'],
    done: (made) => `${made.name || (made.email ?? 'The client')} is there.`,
    onDone: (made) => void navigate({ to: '/clients/$clientId', params: { clientId: made.id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, email, plan } = form.values;
    create.mutate(
      {
        email: email.trim(),
        status,
        ...(name.trim() === '' ? {} : { name: name.trim() }),
        ...(plan.trim() === '' ? {} : { plan: plan.trim() }),
      },
      { onError: form.setError },
    );
  };
  return (
    <Dialog open onOpenChange={onClose} title="New client" description="A known address joins its person; nobody is doubled.">
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Email" error={form.fault('email')}>
          {(control) => <Input {...control} {...form.text('email')} type="email" required autoComplete="off" />}
        </Field>
        <Field label="Name" optional error={form.fault('name')}>
          {(control) => <Input {...control} {...form.text('name')} maxLength={200} autoComplete="off" />}
        </Field>
        <Field label="Status">
          {(control) => (
            <Select
              {...control}
              value={status}
              onChange={(event) => setStatus(STATUSES.find((one) => one === event.target.value) ?? 'active')}
            >
              {STATUSES.map((one) => (
                <option key={one} value={one}>
                  {words(one)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Plan" hint="What was agreed, in a word or two" optional error={form.fault('plan')}>
          {(control) => <Input {...control} {...form.text('plan')} maxLength={100} />}
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

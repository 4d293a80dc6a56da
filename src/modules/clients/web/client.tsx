import { Link, useParams } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { Timeline, TimelineItem } from '#web/kit/timeline.tsx';
import { OnboardingPanel } from './onboarding-panel.tsx';
import { PortalPanel } from './portal-panel.tsx';

type Client = Output<'clients.get'>;
const tones: Record<Client['status'], Tone> = { prospect: 'accent', active: 'ok', inactive: 'neutral' };

/** One client: what was agreed, what is owed, when they are heard from next, and what passed between us. */
export function ClientPage() {
  const { clientId } = useParams({ from: '/shell/clients/$clientId' });
  const read = useRead('clients.get', { client_id: clientId });
  const [editing, setEditing] = useState(false);
  if (read.error !== null && read.data === undefined)
    return <Failure what="The client could not be loaded." error={read.error} retry={() => void read.refetch()} />;
  const client = read.data;
  const name = client === undefined ? 'Client' : client.name || (client.email ?? 'Unnamed');
  return (
    <Page
      title={name}
      back={{ to: '/clients', label: 'Clients' }}
      heading={
        <div className="flex items-center gap-3">
          <Avatar name={name} />
          <h1 className="truncate text-xl font-semibold">{name}</h1>
          {client === undefined ? null : <Badge tone={tones[client.status]}>{words(client.status)}</Badge>}
        </div>
      }
      actions={
        client === undefined ? null : (
          <>
            <Button onClick={() => setEditing(true)}>Edit</Button>
            <Button kind="primary" asChild>
              <Link to="/invoices/new" search={{ client: client.id }}>
                <Plus /> New invoice
              </Link>
            </Button>
          </>
        )
      }
    >
      {client === undefined ? (
        <SkeletonLines lines={10} />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="min-w-0 space-y-5">
            <OnboardingPanel clientId={client.id} personId={client.person_id} />
            <Invoices clientId={client.id} />
            <Touches personId={client.person_id} />
          </div>
          <div className="space-y-5">
            <Panel title="Agreement">
              <Facts
                rows={[
                  ['Plan', client.plan ?? '–'],
                  ['From', client.contract_start ?? '–'],
                  ['Until', client.contract_end ?? 'open'],
                  ['Notes', client.notes ?? '–'],
                ]}
              />
            </Panel>
            <PortalPanel clientId={client.id} />
            <NextCheckin clientId={client.id} />
            <Panel title="Invoiced to">
              <Facts
                rows={[
                  ['Name', client.billing.name ?? client.organisation?.name ?? name],
                  ['Street', client.billing.line1 ?? '–'],
                  ['City', [client.billing.postcode, client.billing.city].filter(Boolean).join(' ') || '–'],
                  ['Country', client.billing.country ?? '–'],
                  ['VAT number', client.billing.vat_id ?? '–'],
                  ['Email', client.billing.email ?? client.email ?? '–'],
                ]}
              />
            </Panel>
          </div>
        </div>
      )}
      {editing && client !== undefined ? <EditClient client={client} onClose={() => setEditing(false)} /> : null}
    </Page>
  );
}

function Invoices({ clientId }: { clientId: string }) {
  const list = useList('invoices.list', { client_id: clientId, limit: 20 });
  return (
    <Panel title="Invoices" flush>
      {list.isPending ? (
        <div className="p-4">
          <SkeletonLines lines={3} />
        </div>
      ) : list.rows.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">{list.error === null ? 'Nothing was invoiced yet.' : list.error.message}</p>
      ) : (
        <ul className="divide-y">
          {list.rows.map((one) => (
            <InvoiceLine key={one.id} invoice={one} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function InvoiceLine({ invoice }: { invoice: Item<'invoices.list'> }) {
  const tone = { overdue: 'bad', paid: 'ok', partly_paid: 'warn', issued: 'accent' }[invoice.status as string] ?? 'neutral'; // of other states: quiet
  return (
    <li>
      <Link
        to="/invoices/$invoiceId"
        params={{ invoiceId: invoice.id }}
        className="flex items-center gap-3 px-4 py-2.5 text-sm hover:bg-hover"
      >
        <span className="num w-36 truncate font-medium">{invoice.number ?? 'Draft'}</span>
        <span className="min-w-0 flex-1 truncate text-ink-2">{invoice.title || (invoice.issued_on ?? '')}</span>
        <Badge tone={tone as Tone /* one of the words above */}>{words(invoice.status)}</Badge>
        <span className="num w-28 text-right">{money(invoice.total_cents, invoice.currency)}</span>
      </Link>
    </li>
  );
}

function NextCheckin({ clientId }: { clientId: string }) {
  const plan = useRead('checkins.plan', { client_id: clientId });
  const open = useList('checkins.list', { client_id: clientId, state: 'due', limit: 5 });
  const schedule = useAct('checkins.schedule', { refresh: ['checkins'], done: 'Noted.' });
  const settle = useAct('checkins.settle', { refresh: ['checkins'], done: 'Noted.' });
  const [outcome, setOutcome] = useState('');
  const { data } = plan;
  return (
    <Panel title="Next check-in">
      <p className="text-sm">
        {data === undefined ? '…' : data.next_on === null ? 'None is planned.' : <span className="num font-medium">{data.next_on}</span>}
        {data?.next_on == null ? null : (
          <span className="text-ink-2">
            {' '}
            · then every {data.every === 1 ? '' : `${data.every ?? ''} `}
            {data.every === 1 ? (data.unit ?? '').replace(/s$/, '') : data.unit}
          </span>
        )}
      </p>
      {open.rows.map((one) => (
        <div key={one.id} className="mt-3 space-y-2 rounded-lg bg-warn-soft p-3 text-sm">
          <p className="font-medium text-warn">Due since {one.due_on}</p>
          <p className="text-ink-2">{one.agenda}</p>
          <Textarea
            aria-label="How it went"
            placeholder="How it went"
            value={outcome}
            onChange={(event) => setOutcome(event.target.value)}
          />
          <div className="flex gap-2">
            <Button
              size="sm"
              kind="primary"
              busy={settle.isPending}
              onClick={() => settle.mutate({ checkin_id: one.id, outcome, state: 'done' })}
            >
              Done
            </Button>
            <Button size="sm" busy={settle.isPending} onClick={() => settle.mutate({ checkin_id: one.id, outcome, state: 'skipped' })}>
              Skip
            </Button>
          </div>
        </div>
      ))}
      <div className="mt-3 flex flex-wrap gap-2">
        {[7, 30, 90].map((days) => (
          <Button key={days} size="sm" busy={schedule.isPending} onClick={() => schedule.mutate({ client_id: clientId, days })}>
            In {days} days
          </Button>
        ))}
      </div>
    </Panel>
  );
}

function Touches({ personId }: { personId: string }) {
  const touches = useList('people.timeline', { person_id: personId, limit: 20 });
  return (
    <Panel
      title="Timeline"
      aside={
        <Link to="/people/$personId" params={{ personId }} className="text-xs text-accent-ink underline underline-offset-2">
          Everything on the person
        </Link>
      }
    >
      {touches.isPending ? (
        <SkeletonLines lines={4} />
      ) : touches.rows.length === 0 ? (
        <p className="text-sm text-ink-2">{touches.error === null ? 'Nothing has passed between you yet.' : touches.error.message}</p>
      ) : (
        <Timeline label="What passed between us, newest first">
          {touches.rows.map((touch) => (
            <TimelineItem
              key={touch.id}
              icon={<span>·</span>}
              tone={touch.direction === 'inbound' ? 'accent' : 'neutral'}
              title={words(touch.type)}
              at={touch.created_at}
            >
              <p className="line-clamp-3 break-words whitespace-pre-wrap text-sm text-ink-2">{touch.content}</p>
            </TimelineItem>
          ))}
        </Timeline>
      )}
    </Panel>
  );
}

const BILLING = [
  ['name', 'Name on the invoice'],
  ['line1', 'Street'],
  ['postcode', 'Postcode'],
  ['city', 'City'],
  ['country', 'Country, two letters'],
  ['vat_id', 'VAT number'],
] as const;

function EditClient({ client, onClose }: { client: Client; onClose: () => void }) {
  const form = useForm({
    plan: client.plan ?? '',
    contract_start: client.contract_start ?? '',
    contract_end: client.contract_end ?? '',
    notes: client.notes ?? '',
    name: client.billing.name ?? '',
    line1: client.billing.line1 ?? '',
    postcode: client.billing.postcode ?? '',
    city: client.billing.city ?? '',
    country: client.billing.country ?? '',
    vat_id: client.billing.vat_id ?? '',
  });
  const [status, setStatus] = useState(client.status);
  const save = useAct('clients.update', { quiet: true, refresh: ['clients', 'checkins'], done: 'Saved.', onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = (text: string) => (text.trim() === '' ? null : text.trim());
    const { plan, contract_start, contract_end, notes } = form.values;
    save.mutate(
      {
        client_id: client.id,
        if_match: client.updated_at,
        status,
        plan: given(plan),
        contract_start: given(contract_start),
        contract_end: given(contract_end),
        notes: given(notes),
        billing: Object.fromEntries(BILLING.map(([key]) => [key, given(form.values[key])])),
      },
      { onError: form.setError },
    );
  };
  return (
    <Dialog open onOpenChange={onClose} title="Edit client">
      <form onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
        {form.general === undefined ? null : (
          <Note tone="bad" className="sm:col-span-2">
            {form.general}
          </Note>
        )}
        <Field label="Status">
          {(control) => (
            <Select
              {...control}
              value={status}
              onChange={(event) =>
                setStatus((['prospect', 'active', 'inactive'] as const).find((one) => one === event.target.value) ?? status)
              }
            >
              <option value="prospect">Prospect</option>
              <option value="active">Active</option>
              <option value="inactive">Inactive</option>
            </Select>
          )}
        </Field>
        <Field label="Plan" optional error={form.fault('plan')}>
          {(control) => <Input {...control} {...form.text('plan')} />}
        </Field>
        <Field label="Contract from" optional error={form.fault('contract_start')}>
          {(control) => <Input {...control} {...form.text('contract_start')} type="date" />}
        </Field>
        <Field label="Until" optional error={form.fault('contract_end')}>
          {(control) => <Input {...control} {...form.text('contract_end')} type="date" />}
        </Field>
        {BILLING.map(([key, label]) => (
          <Field key={key} label={label} optional error={form.fault(key)}>
            {(control) => <Input {...control} {...form.text(key)} />}
          </Field>
        ))}
        <Field label="Notes" optional className="sm:col-span-2" error={form.fault('notes')}>
          {(control) => <Textarea {...control} {...form.text('notes')} />}
        </Field>
        <div className="flex justify-end gap-2 sm:col-span-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { Link, useParams } from '@tanstack/react-router';
import { CalendarDays, FileInput, Mail, MessageSquare, NotebookPen, Phone, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { FilesPanel } from '#web/kit/files-panel.tsx';
import { words } from '#web/kit/format.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { Timeline, TimelineItem } from '#web/kit/timeline.tsx';
import { dayOf } from '#web/kit/time.tsx';
import { CallsPanel } from './calls-panel.tsx';
import { CheckinPanel } from './checkin-panel.tsx';
import { DocumentsPanel } from './documents-panel.tsx';
import { EditClient } from './edit-client.tsx';
import { HealthPanel } from './health-panel.tsx';
import { OnboardingPanel } from './onboarding-panel.tsx';
import { PortalPanel } from './portal-panel.tsx';
import { Rows, TicketsOf } from './work-panels.tsx';

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
            <HealthPanel clientId={client.id} />
            <OnboardingPanel clientId={client.id} personId={client.person_id} />
            <Invoices clientId={client.id} />
            <TicketsOf personId={client.person_id} />
            <DocumentsPanel clientId={client.id} email={client.email} />
            <Touches personId={client.person_id} />
          </div>
          <div className="space-y-5">
            <Panel title="Agreement">
              <Facts
                rows={[
                  ['Plan', client.plan ?? '–'],
                  ['From', client.contract_start === null ? '–' : dayOf(client.contract_start)],
                  ['Until', client.contract_end === null ? 'open' : dayOf(client.contract_end)],
                  ['Renews', renewal(client)],
                  ['Notes', client.notes ?? '–'],
                ]}
              />
            </Panel>
            <CallsPanel personId={client.person_id} />
            <CheckinPanel clientId={client.id} />
            <PortalPanel clientId={client.id} />
            <FilesPanel personId={client.person_id} />
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

/** What happens when the contract ends. */
function renewal({ contract_end: end, contract_renews_months: months }: Client): string {
  if (end === null) return '–';
  if (months === null) return 'No';
  return months === 1 ? 'every month' : `every ${months} months`;
}

function Invoices({ clientId }: { clientId: string }) {
  const list = useList('invoices.list', { client_id: clientId, limit: 20 });
  return (
    <Rows
      title="Invoices"
      list={list}
      none="Nothing was invoiced yet."
      aside={
        <Link to="/clients/$clientId/statement" params={{ clientId }} className="text-xs text-accent-ink underline underline-offset-2">
          Statement of account
        </Link>
      }
    >
      {list.rows.map((one) => (
        <InvoiceLine key={one.id} invoice={one} />
      ))}
    </Rows>
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
        <span className="min-w-0 flex-1 truncate text-ink-2">
          {invoice.title || (invoice.issued_on === null ? '' : dayOf(invoice.issued_on))}
        </span>
        <Badge tone={tone as Tone /* one of the words above */}>{words(invoice.status)}</Badge>
        <span className="num w-28 text-right">{money(invoice.total_cents, invoice.currency)}</span>
      </Link>
    </li>
  );
}

const TOUCHES: Readonly<Record<string, ReactNode>> = {
  email: <Mail />,
  sms: <MessageSquare />,
  call: <Phone />,
  meeting: <CalendarDays />,
  note: <NotebookPen />,
  form: <FileInput />,
};

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
              icon={TOUCHES[touch.type] ?? <Mail />}
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

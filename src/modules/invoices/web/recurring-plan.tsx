import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { LineEditor } from './line-editor.tsx';
import { exactMoney as money } from '#web/kit/money.ts';
import { dayOf } from '#web/kit/time.tsx';
import { planTones, rhythmOf } from './recurring.tsx';
import { linesOf, rowsOf, unfinished } from './rows.ts';

type Plan = Output<'invoice_plans.get'>;
const REFRESH = ['invoice_plans', 'invoices'];
const modes = { draft: 'A draft, that a person issues', issue: 'Issued at once', send: 'Issued and mailed' } as const;

/** One recurring invoice: what comes next, what was made, and how it changes. */
export function RecurringPlanPage() {
  const { planId } = useParams({ from: '/shell/invoices/recurring/$planId' });
  const read = useRead('invoice_plans.get', { plan_id: planId });
  const [changing, setChanging] = useState<'lines' | 'end' | null>(null);
  const update = useAct('invoice_plans.update', {
    refresh: REFRESH,
    done: (plan) => (plan.state === 'paused' ? 'It stands still.' : 'It goes on.'),
  });
  if (read.error !== null && read.data === undefined)
    return <Failure what="It could not be loaded." error={read.error} retry={() => void read.refetch()} />;
  const plan = read.data;
  const title = plan?.title ?? 'Recurring invoice';
  return (
    <Page
      title={title}
      back={{ to: '/invoices/recurring', label: 'Recurring invoices' }}
      lead={plan === undefined ? 'Loading…' : `${plan.client_name} · ${rhythmOf(plan)}`}
      heading={
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="truncate text-xl font-semibold">{title}</h1>
          {plan === undefined ? null : <Badge tone={planTones[plan.state]}>{words(plan.state)}</Badge>}
        </div>
      }
      actions={
        plan === undefined || plan.state === 'ended' ? null : (
          <>
            <Button
              busy={update.isPending}
              onClick={() => update.mutate({ plan_id: plan.id, if_match: plan.updated_at, paused: plan.state === 'active' })}
            >
              {plan.state === 'active' ? 'Pause' : 'Go on'}
            </Button>
            <Button onClick={() => setChanging('end')}>End it</Button>
            <Button kind="primary" onClick={() => setChanging('lines')}>
              Change the lines
            </Button>
          </>
        )
      }
    >
      {plan === undefined ? (
        <SkeletonLines lines={10} />
      ) : (
        <>
          {plan.problem === null ? null : (
            <Note tone="warn" className="mb-5">
              {plan.problem}
            </Note>
          )}
          <div className="grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <div className="min-w-0 space-y-5">
              <Upcoming plan={plan} />
              <Made plan={plan} />
            </div>
            <div className="space-y-5">
              <Panel title="Agreement">
                <Facts
                  rows={[
                    [
                      'Client',
                      <Link
                        key="c"
                        to="/clients/$clientId"
                        params={{ clientId: plan.client_id }}
                        className="text-accent-ink underline underline-offset-2"
                      >
                        {plan.client_name}
                      </Link>,
                    ],
                    ['From', dayOf(plan.starts_on)],
                    ['Until', plan.ends_on === null ? 'open' : dayOf(plan.ends_on)],
                    ['Invoiced', plan.bills === 'advance' ? 'On the first day of a period' : 'After its last day'],
                    ['Each is', modes[plan.mode]],
                  ]}
                />
              </Panel>
              {plan.waiting.length === 0 ? null : (
                <Panel title="On the next invoice, too">
                  <Lines lines={plan.waiting} currency={plan.currency} />
                </Panel>
              )}
            </div>
          </div>
          {changing === 'lines' ? <ChangeLines plan={plan} onClose={() => setChanging(null)} /> : null}
          {changing === 'end' ? <EndIt plan={plan} onClose={() => setChanging(null)} /> : null}
        </>
      )}
    </Page>
  );
}

function Lines({ lines, currency }: { lines: Plan['waiting']; currency: string }) {
  return (
    <ul className="space-y-1 text-sm">
      {lines.map((line, i) => (
        <li key={i} className="flex justify-between gap-4">
          <span className="min-w-0 text-ink-2">
            {(line.quantity ?? 1) === 1 ? '' : `${line.quantity} × `}
            {line.description}
          </span>
          <span className="num shrink-0">{money(line.unit_price_cents, currency)}</span>
        </li>
      ))}
    </ul>
  );
}

function Upcoming({ plan }: { plan: Plan }) {
  return (
    <Panel title="Next" flush>
      {plan.upcoming.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">Nothing more comes.</p>
      ) : (
        <ol className="divide-y">
          {plan.upcoming.map((turn) => (
            <li key={turn.starts_on} className="grid gap-x-4 gap-y-1 px-4 py-3 text-sm sm:grid-cols-[7rem_minmax(0,1fr)_auto]">
              <span className="num font-medium">{dayOf(turn.bill_on)}</span>
              <span className="min-w-0">
                <span className="num block text-xs text-ink-3">
                  {dayOf(turn.starts_on)} to {dayOf(turn.ends_on)}
                </span>
                {turn.lines.length === 1 ? (
                  <span className="text-ink-2">{turn.lines[0]?.description}</span>
                ) : (
                  <Lines lines={turn.lines} currency={plan.currency} />
                )}
              </span>
              <span className="num font-medium sm:text-right">
                {money(turn.net_cents, plan.currency)} <span className="font-normal text-ink-3">net</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Made({ plan }: { plan: Plan }) {
  return (
    <Panel title="Invoiced" flush>
      {plan.made.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">Nothing yet.</p>
      ) : (
        <ul className="divide-y">
          {plan.made.map((one) => (
            <li key={one.starts_on} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
              <span className="num w-44 text-ink-2">
                {dayOf(one.starts_on)} – {dayOf(one.ends_on)}
              </span>
              {one.invoice_id === null ? (
                <span className="flex-1 text-ink-3">No invoice: nothing was owed, or its draft was deleted</span>
              ) : (
                <Link to="/invoices/$invoiceId" params={{ invoiceId: one.invoice_id }} className="num flex-1 font-medium hover:underline">
                  {one.number ?? 'Draft'}
                </Link>
              )}
              {one.state === null ? null : <Badge>{words(one.state)}</Badge>}
              {one.total_cents === null ? null : <span className="num w-28 text-right">{money(one.total_cents, plan.currency)}</span>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function ChangeLines({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const form = useForm({ from_on: '' });
  const last = plan.versions.at(-1);
  const [rows, setRows] = useState(() =>
    rowsOf(
      (last?.lines ?? []).map((line) => ({
        description: line.description,
        quantity: line.quantity ?? 1,
        unit: line.unit ?? '',
        unit_price_cents: line.unit_price_cents,
        discount_percent: line.discount_percent ?? 0,
        tax_rate: line.tax_rate ?? null,
      })),
      plan.currency,
    ),
  );
  const change = useAct('invoice_plans.change', { quiet: true, refresh: REFRESH, done: 'Noted.', onDone: onClose });
  const lines = linesOf(rows, plan.currency);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      wide
      title="Other lines from a day on"
      description="Days of a period that was invoiced already are settled on the next invoice, to the cent."
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ plan_id: plan.id, if_match: plan.updated_at, from_on: form.values.from_on, lines }, { onError: form.setError });
        }}
      >
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="From" error={form.fault('from_on')} className="max-w-48">
          {(control) => <Input {...control} {...form.text('from_on')} type="date" required />}
        </Field>
        <div className="rounded-lg border">
          <LineEditor rows={rows} onChange={setRows} clientId={plan.client_id} currency={plan.currency} />
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            busy={change.isPending}
            disabled={lines.length === 0 || rows.some((row) => unfinished(row, plan.currency))}
          >
            Change
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function EndIt({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const form = useForm({ ends_on: plan.ends_on ?? '' });
  const update = useAct('invoice_plans.update', { quiet: true, refresh: REFRESH, done: 'Noted.', onDone: onClose });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="When does it end?"
      description="The last period is charged by its days. What was invoiced already stays; write a credit note where money goes back."
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate(
            { plan_id: plan.id, if_match: plan.updated_at, ends_on: form.values.ends_on === '' ? null : form.values.ends_on },
            { onError: form.setError },
          );
        }}
      >
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Last day" hint="Empty: it goes on" error={form.fault('ends_on')}>
          {(control) => <Input {...control} {...form.text('ends_on')} type="date" />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={update.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

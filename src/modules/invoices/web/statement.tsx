import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Download, FileSpreadsheet, Mails } from 'lucide-react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { dayOf } from '#web/kit/time.tsx';

type Statement = Output<'clients.statement'>;

const AGES = {
  not_due: 'Not due yet',
  '1_30': '1–30 days late',
  '31_60': '31–60 days',
  '61_90': '61–90 days',
  over_90: 'Over 90 days',
} as const;

/** A client's account over a time: what was owed, what came to it, what is owed now. */
export function StatementPage() {
  const { clientId } = useParams({ from: '/shell/clients/$clientId/statement' });
  const { from, to, currency } = useSearch({ from: '/shell/clients/$clientId/statement' });
  const navigate = useNavigate({ from: '/clients/$clientId/statement' });
  const asked = { client_id: clientId, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), ...(currency === undefined ? {} : { currency }) };
  const read = useRead('clients.statement', asked, { keep: true });
  const { data } = read;
  const set = (change: { from?: string; to?: string; currency?: string }) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <Page
      title="Statement of account"
      back={{ to: `/clients/${clientId}`, label: data?.client_name ?? 'Client' }}
      lead={data?.client_name ?? 'Loading…'}
      actions={data === undefined ? null : <Actions statement={data} />}
    >
      <div className="mb-5 grid gap-4 sm:max-w-xl sm:grid-cols-3">
        <Field label="From">{(control) => <Input {...control} type="date" value={from ?? data?.from ?? ''} onChange={(event) => set({ from: event.target.value })} />}</Field>
        <Field label="To">{(control) => <Input {...control} type="date" value={to ?? data?.to ?? ''} onChange={(event) => set({ to: event.target.value })} />}</Field>
        {data === undefined || data.currencies.length < 2 ? null : (
          <Field label="Currency">
            {(control) => (
              <Select {...control} value={data.currency} onChange={(event) => set({ currency: event.target.value })}>
                {data.currencies.map((one) => <option key={one}>{one}</option>)}
              </Select>
            )}
          </Field>
        )}
      </div>
      {read.error !== null && (data === undefined || !read.isFetching) ? (
        <Failure what="The statement could not be made." error={read.error} retry={() => void read.refetch()} />
      ) : data === undefined ? (
        <SkeletonLines lines={10} />
      ) : (
        <div className="space-y-5">
          <Sums statement={data} />
          <Panel title="What was booked" flush>
            <Lines statement={data} />
          </Panel>
        </div>
      )}
    </Page>
  );
} // prettier-ignore

function Actions({ statement }: { statement: Statement }) {
  const query = new URLSearchParams({ from: statement.from, to: statement.to, currency: statement.currency }).toString();
  const at = `/api/clients/${statement.client_id}/statement`;
  const send = useAct('clients.send_statement', { refresh: ['clients'], done: ({ to }) => `It is on its way to ${to}.` });
  return (
    <>
      <Button asChild>
        <a href={`${at}.csv?${query}`} download>
          <FileSpreadsheet /> CSV
        </a>
      </Button>
      <Button asChild>
        <a href={`${at}.pdf?${query}`} target="_blank" rel="noreferrer">
          <Download /> PDF
        </a>
      </Button>
      <Confirm
        title={`Mail ${statement.client_name} this statement?`}
        action="Send"
        onConfirm={() => send.mutate({ client_id: statement.client_id, from: statement.from, to: statement.to, currency: statement.currency })}
        trigger={(ask) => (
          <Button kind="primary" busy={send.isPending} onClick={ask}>
            <Mails /> Send
          </Button>
        )}
      >
        <p>
          From {statement.from} to {statement.to}, with its PDF. Balance: {money(statement.closing_cents, statement.currency)}.
        </p>
      </Confirm>
    </>
  );
} // prettier-ignore

function Sums({ statement }: { statement: Statement }) {
  const { currency } = statement;
  const figures: readonly (readonly [string, number])[] = [
    ...statement.ageing.map(({ bucket, cents }) => [AGES[bucket], cents] as const),
    ['In credit', statement.credit_cents],
  ];
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border bg-line sm:grid-cols-3 xl:grid-cols-6">
      {figures.map(([label, cents], i) => (
        <div key={label} className="bg-panel px-4 py-3">
          <dt className="text-xs text-ink-2">{label}</dt>
          <dd className={`num mt-1 text-base font-semibold ${i > 0 && i < 5 && cents > 0 ? 'text-bad' : ''}`}>{money(cents, currency)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Lines({ statement }: { statement: Statement }) {
  const { currency } = statement;
  const sums: readonly (readonly [string, number])[] = [
    ['Invoiced', statement.invoiced_cents],
    ['Credited', -statement.credited_cents],
    ['Paid', -statement.paid_cents],
    ['Given back', statement.refunded_cents],
    ['Written off', -statement.written_off_cents],
  ];
  const edge = (on: string, label: string, cents: number) => (
    <tr className="border-t font-medium">
      <td className="num px-4 py-2 whitespace-nowrap">{dayOf(on)}</td>
      <td className="px-2 py-2">{label}</td>
      <td className="hidden px-2 py-2 sm:table-cell" />
      <td className="num px-4 py-2 text-right whitespace-nowrap">{money(cents, currency)}</td>
    </tr>
  );
  return (
    <>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="What was booked">
        <table className="w-full text-sm">
          <thead>
            <tr className="text-left text-xs text-ink-3">
              <th className="px-4 py-2 font-medium">Day</th>
              <th className="px-2 py-2 font-medium">What</th>
              <th className="hidden px-2 py-2 text-right font-medium sm:table-cell">Amount</th>
              <th className="px-4 py-2 text-right font-medium">Balance</th>
            </tr>
          </thead>
          <tbody>
            {edge(statement.from, 'Opening balance', statement.opening_cents)}
            {statement.lines.slice(0, 500).map((line, i) => (
              // Postings have no name of their own here; their place is it.
              <tr key={i} className="border-t align-top">
                <td className="num px-4 py-2 whitespace-nowrap text-ink-2">{dayOf(line.on)}</td>
                <td className="px-2 py-2">
                  {words(line.kind)} {line.number}
                  {line.text === '' ? null : <span className="block text-xs text-ink-3 [overflow-wrap:anywhere]">{line.text}</span>}
                  <span className="num block text-xs text-ink-2 sm:hidden">{money(line.amount_cents, currency)}</span>
                </td>
                <td className="num hidden px-2 py-2 text-right whitespace-nowrap sm:table-cell">{money(line.amount_cents, currency)}</td>
                <td className="num px-4 py-2 text-right whitespace-nowrap text-ink-2">{money(line.balance_cents, currency)}</td>
              </tr>
            ))}
            {edge(statement.to, 'Closing balance', statement.closing_cents)}
          </tbody>
        </table>
      </div>
      {statement.lines.length > 500 ? <p className="border-t px-4 py-2 text-xs text-ink-3">The first 500 of {statement.lines.length} lines; PDF and CSV have all.</p> : null}
      <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t px-4 py-3 text-sm">
        {sums.filter(([, cents]) => cents !== 0).map(([label, cents]) => (
          <div key={label} className="flex gap-2">
            <dt className="text-ink-2">{label}</dt>
            <dd className="num">{money(cents, currency)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
} // prettier-ignore

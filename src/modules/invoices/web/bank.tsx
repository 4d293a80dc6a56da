import { useNavigate, useSearch } from '@tanstack/react-router';
import { Landmark, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { BankDecision } from './bank-decision.tsx';
import { ReadStatement } from './bank-read.tsx';
import { BANK_REFRESH } from './bank-refresh.ts';
import { TakeBack } from './bank-take-back.tsx';
import { exactMoney as money } from '#web/kit/money.ts';
import { dayOf } from '#web/kit/time.tsx';

type Line = Item<'bank.lines'>;

const TABS = [
  { value: 'proposed', label: 'To confirm' },
  { value: 'open', label: 'To decide' },
  { value: 'booked', label: 'Booked' },
  { value: 'ignored', label: 'Set aside' },
] as const;
const NONE = {
  proposed: ['Nothing to confirm', 'What a statement brings and an invoice seems to fit stands here.'],
  open: ['Nothing to decide', 'Money that fits no invoice by itself stands here.'],
  booked: ['Nothing booked yet', 'Read a statement of your bank: camt.053 or CSV.'],
  ignored: ['Nothing set aside', 'Money that is for no invoice stands here, with the reason.'],
} as const;

/** Money that came in by the bank, and which invoice it pays. */
export function BankPage() {
  const { tab: asked } = useSearch({ from: '/shell/invoices/bank' });
  const navigate = useNavigate({ from: '/invoices/bank' });
  const tab = TABS.find((one) => one.value === asked)?.value ?? 'proposed';
  const list = useList('bank.lines', { state: tab, limit: 100 });
  const [file, setFile] = useState<File | null>(null);
  const [deciding, setDeciding] = useState<Line | null>(null);
  const [taking, setTaking] = useState<Line | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const read = (
    <Button kind="primary" onClick={() => chooser.current?.click()}>
      <Upload /> Read a statement
    </Button>
  );
  return (
    <Page
      title="Bank"
      back={{ to: '/invoices', label: 'Invoices' }}
      lead="Statements as camt.053 or CSV. The same one twice changes nothing; money out is left out."
      actions={read}
    >
      <input
        ref={chooser}
        type="file"
        accept=".xml,.csv,.txt,text/csv,application/xml"
        aria-label="Bank statement"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          setFile(event.target.files?.[0] ?? null);
          event.target.value = '';
        }}
      />
      <div className="mb-4">
        <Tabs label="Which money" items={TABS} value={tab} onChange={(next) => void navigate({ search: { tab: next }, replace: true })} />
      </div>
      <Listed
        list={list}
        failed="The lines could not be loaded."
        none={
          <div className="rounded-xl border bg-panel">
            <Empty icon={<Landmark />} title={NONE[tab][0]} action={tab === 'proposed' || tab === 'booked' ? read : undefined}>
              {NONE[tab][1]}
            </Empty>
          </div>
        }
      >
        <ul className="divide-y rounded-xl border bg-panel shadow-raise" aria-label="Money in">
          {list.rows.map((line) => (
            <BankLine key={line.id} line={line} onDecide={() => setDeciding(line)} onTakeBack={() => setTaking(line)} />
          ))}
        </ul>
        {list.hasNextPage ? (
          <Button className="mt-3" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
      </Listed>
      {file === null ? null : (
        <ReadStatement
          file={file}
          onClose={() => setFile(null)}
          onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
        />
      )}
      {deciding === null ? null : <BankDecision line={deciding} onClose={() => setDeciding(null)} />}
      {taking === null ? null : <TakeBack line={taking} onClose={() => setTaking(null)} />}
    </Page>
  );
}

function BankLine({ line, onDecide, onTakeBack }: { line: Line; onDecide: () => void; onTakeBack: () => void }) {
  const decide = useAct('bank.decide', { refresh: BANK_REFRESH, done: (done) => (done.state === 'booked' ? 'Booked.' : 'It is back.') });
  return (
    <li className="grid gap-x-4 gap-y-2 px-4 py-3 text-sm sm:grid-cols-[6.5rem_minmax(0,1fr)_auto]">
      <span className="num text-ink-2">{dayOf(line.booked_on)}</span>
      <span className="min-w-0 space-y-1">
        <span className="block font-medium">{line.counterparty || 'Nobody is named'}</span>
        <span className="block break-words text-ink-2">{line.reference || 'No text'}</span>
        <span className="flex flex-wrap items-center gap-1.5 text-xs text-ink-3">
          {line.invoices.map((one) => (
            <Badge key={one.id}>{one.number ?? 'Draft'}</Badge>
          ))}
          {line.why}
          {line.reason === '' ? '' : ` · ${line.reason}`}
        </span>
      </span>
      <span className="flex flex-wrap items-center gap-2 sm:flex-col sm:items-end">
        <span className="num font-semibold">{money(line.amount_cents, line.currency)}</span>
        <span className="flex flex-wrap gap-2">
          {line.state === 'open' || line.state === 'proposed' ? (
            <Button size="sm" onClick={onDecide}>
              {line.state === 'open' ? 'Decide' : 'Otherwise'}
            </Button>
          ) : null}
          {line.state === 'proposed' ? (
            <Button
              size="sm"
              kind="primary"
              busy={decide.isPending}
              onClick={() => decide.mutate({ bank_line_id: line.id, decision: 'book', if_match: line.updated_at })}
            >
              Book
            </Button>
          ) : null}
          {line.state === 'booked' ? (
            <Button size="sm" kind="quiet" onClick={onTakeBack}>
              Take back
            </Button>
          ) : null}
          {line.state === 'ignored' ? (
            <Button
              size="sm"
              busy={decide.isPending}
              onClick={() => decide.mutate({ bank_line_id: line.id, decision: 'look_again', if_match: line.updated_at })}
            >
              Look again
            </Button>
          ) : null}
        </span>
      </span>
    </li>
  );
}

import { useEffect, useState } from 'react';
import { base64Of } from '#web/kit/base64.ts';
import type { Input as In, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Select } from '#web/kit/field.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { BANK_REFRESH } from './bank-refresh.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { dayOf } from '#web/kit/time.tsx';

type Columns = NonNullable<NonNullable<In<'bank.look'>>['columns']>;
type Done = Output<'bank.import'>;
const MOST_BYTES = 10 * 1024 * 1024;

/** What the file says, which column is what, and then the import. */
export function ReadStatement({
  file,
  onClose,
  onTab,
}: {
  file: File;
  onClose: () => void;
  onTab: (tab: 'proposed' | 'open' | 'booked') => void;
}) {
  const [content, setContent] = useState<string | null>(null);
  const [columns, setColumns] = useState<Columns | null>(null);
  const large = file.size > MOST_BYTES;
  useEffect(() => {
    if (large) return;
    let gone = false;
    void base64Of(file).then((text) => {
      if (!gone) setContent(text);
    });
    return () => {
      gone = true;
    };
  }, [file, large]);
  const look = useRead(
    'bank.look',
    { content_base64: content ?? '', ...(columns === null ? {} : { columns }) },
    { enabled: content !== null, keep: true },
  );
  const [done, setDone] = useState<Done | null>(null);
  const read = useAct('bank.import', { refresh: BANK_REFRESH, onDone: setDone });
  const seen = look.data;
  const used = columns ?? seen?.columns ?? null;
  return (
    <Dialog open onOpenChange={onClose} title={file.name} description="Nothing is booked before you say so." wide>
      {large ? (
        <Note tone="bad">This file is larger than 10 MB. Ask your bank for shorter statements.</Note>
      ) : look.error !== null ? (
        <Note tone="bad">{look.error.message}</Note>
      ) : done !== null ? (
        <Result done={done} onTab={onTab} onClose={onClose} />
      ) : seen === undefined ? (
        <SkeletonLines lines={5} />
      ) : (
        <div className="space-y-5">
          {seen.format === 'csv' ? <ColumnChoice headings={seen.headings} columns={used} onChange={setColumns} /> : null}
          <p className="text-sm text-ink-2">
            {seen.incoming} with money in, {seen.outgoing} with money out
            {seen.passed_over === 0 ? '' : `, ${seen.passed_over} rows without a day or an amount`}.
          </p>
          <ul className="divide-y rounded-lg border text-sm" aria-label="First lines">
            {seen.first.map((line, i) => (
              <li key={i} className="flex flex-wrap gap-x-4 gap-y-1 px-3 py-2">
                <span className="num text-ink-2">{dayOf(line.booked_on)}</span>
                <span className="min-w-0 flex-1 basis-40 break-words">
                  {[line.counterparty, line.reference].filter((text) => text !== '').join(' · ')}
                </span>
                <span className="num">{money(line.amount_cents, line.currency)}</span>
              </li>
            ))}
          </ul>
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button
              kind="primary"
              busy={read.isPending}
              disabled={seen.incoming === 0 || content === null}
              onClick={() =>
                read.mutate({ content_base64: content ?? '', name: file.name.slice(0, 200), ...(used === null ? {} : { columns: used }) })
              }
            >
              Read it
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Result({ done, onTab, onClose }: { done: Done; onTab: (tab: 'proposed' | 'open' | 'booked') => void; onClose: () => void }) {
  const go = (tab: 'proposed' | 'open' | 'booked') => {
    onTab(tab);
    onClose();
  };
  return (
    <div className="space-y-4 text-sm">
      <p>
        {done.fresh === 0
          ? 'All of it was known: nothing changed.'
          : `${done.fresh} of ${done.lines} are new: ${done.booked} booked, ${done.proposed} to confirm, ${done.open} to decide.`}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        {done.proposed > 0 ? (
          <Button kind="primary" onClick={() => go('proposed')}>
            Confirm them
          </Button>
        ) : done.open > 0 ? (
          <Button kind="primary" onClick={() => go('open')}>
            Decide them
          </Button>
        ) : done.booked > 0 ? (
          <Button kind="primary" onClick={() => go('booked')}>
            See them
          </Button>
        ) : null}
      </div>
    </div>
  );
}

const SINGLE = [
  { field: 'date', label: 'Day', needed: true },
  { field: 'amount', label: 'Amount', needed: true },
  { field: 'counterparty', label: 'Who pays', needed: false },
  { field: 'currency', label: 'Currency', needed: false },
] as const;

function ColumnChoice({
  headings,
  columns,
  onChange,
}: {
  headings: readonly string[];
  columns: Columns | null;
  onChange: (columns: Columns) => void;
}) {
  const [first = ''] = headings;
  const now: Columns = columns ?? { date: first, amount: first, reference: [], dates: 'dmy', decimal: '.' };
  const options = [...new Set(headings)].filter((heading) => heading !== '').map((heading) => <option key={heading}>{heading}</option>);
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      {columns === null ? (
        <Note tone="warn" className="sm:col-span-3">
          The headings don’t say which column is which. Choose them.
        </Note>
      ) : null}
      {SINGLE.map(({ field, label, needed }) => (
        <Field key={field} label={label}>
          {(control) => (
            <Select
              {...control}
              value={now[field] ?? ''}
              onChange={(event) => onChange({ ...now, [field]: event.target.value === '' ? null : event.target.value })}
            >
              {needed ? null : <option value="">None</option>}
              {options}
            </Select>
          )}
        </Field>
      ))}
      <Field label="Text">
        {(control) => (
          <Select
            {...control}
            value={now.reference[0] ?? ''}
            onChange={(event) =>
              onChange({ ...now, reference: event.target.value === '' ? [] : [event.target.value, ...now.reference.slice(1)] })
            }
          >
            <option value="">None</option>
            {options}
          </Select>
        )}
      </Field>
      <Field label="Days are written">
        {(control) => (
          <Select
            {...control}
            value={now.dates ?? 'dmy'}
            onChange={(event) =>
              onChange({ ...now, dates: event.target.value === 'mdy' ? 'mdy' : event.target.value === 'ymd' ? 'ymd' : 'dmy' })
            }
          >
            <option value="dmy">31.12.2026</option>
            <option value="mdy">12/31/2026</option>
            <option value="ymd">2026-12-31</option>
          </Select>
        )}
      </Field>
      <Field label="Before the cents">
        {(control) => (
          <Select
            {...control}
            value={now.decimal ?? '.'}
            onChange={(event) => onChange({ ...now, decimal: event.target.value === ',' ? ',' : '.' })}
          >
            <option value=".">1234.56</option>
            <option value=",">1234,56</option>
          </Select>
        )}
      </Field>
    </div>
  );
}

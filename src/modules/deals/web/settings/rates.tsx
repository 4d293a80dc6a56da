import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Input } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { dayOf } from '#web/kit/time.tsx';

const refresh = ['currency_rates', 'companies', 'invoices', 'reports', 'metrics', 'pipeline', 'forecast'];

/** What other currencies are worth in the one that reports add up in, from a day on. */
export function RatesPanel() {
  const found = useRead('currency_rates.list', {});
  const may = useMay('manager');
  const [currency, setCurrency] = useState('');
  const [rate, setRate] = useState('');
  const [day, setDay] = useState(() => new Date().toISOString().slice(0, 10));
  const [base, setBase] = useState<string | null>(null);
  const save = useAct('currency_rates.set', {
    refresh,
    done: 'Saved.',
    onDone: () => {
      setRate('');
      setBase(null);
    },
  });
  const code = /^[A-Z]{3}$/;
  const worth = /^\d{1,9}(\.\d{1,9})?$/.test(rate.trim()) ? Number(rate) : 0;
  return (
    <Panel title="Currencies" flush>
      {found.error !== null ? (
        <Failure what="The rates could not be loaded." error={found.error} retry={() => void found.refetch()} />
      ) : found.data === undefined ? (
        <div className="p-4">
          <SkeletonLines lines={3} />
        </div>
      ) : (
        <>
          <form
            className="flex flex-wrap items-center gap-2 border-b p-4 text-sm"
            onSubmit={(event) => {
              event.preventDefault();
              if (base !== null) save.mutate({ base });
            }}
          >
            <label htmlFor="sales-base">The company counts in</label>
            <Input
              id="sales-base"
              className="num w-20"
              maxLength={3}
              disabled={!may}
              value={base ?? found.data.base}
              onChange={(event) => setBase(event.target.value.toUpperCase())}
            />
            {base === null || base === found.data.base ? (
              <span className="text-xs text-ink-3">It can only be changed before the first deal.</span>
            ) : (
              <Button type="submit" size="sm" busy={save.isPending} disabled={!code.test(base)}>
                Save
              </Button>
            )}
          </form>
          {found.data.items.length === 0 ? (
            <Note className="m-4">No rate yet: amounts in another currency than {found.data.base} need one to be counted.</Note>
          ) : (
            <ul className="num max-h-72 divide-y overflow-y-auto text-sm" tabIndex={0} aria-label="Rates">
              {found.data.items.map((one) => (
                <li key={`${one.currency} ${one.day}`} className="flex flex-wrap gap-x-4 px-4 py-2.5">
                  <span className="font-medium">1 {one.currency}</span>
                  <span>
                    = {one.rate} {found.data.base}
                  </span>
                  <span className="ml-auto text-ink-3">from {dayOf(one.day)}</span>
                </li>
              ))}
            </ul>
          )}
          {may ? (
            <form
              className="flex flex-wrap items-center gap-2 border-t p-4 text-sm"
              onSubmit={(event) => {
                event.preventDefault();
                save.mutate({ currency, rate: worth, day });
              }}
            >
              <span>1</span>
              <Input
                aria-label="Currency"
                className="num w-20"
                maxLength={3}
                placeholder="EUR"
                value={currency}
                onChange={(event) => setCurrency(event.target.value.toUpperCase())}
              />
              <span>=</span>
              <Input
                aria-label={`Its worth in ${found.data.base}`}
                className="num w-28"
                inputMode="decimal"
                placeholder="1.08"
                value={rate}
                onChange={(event) => setRate(event.target.value)}
              />
              <span>{found.data.base} from</span>
              <Input aria-label="From this day on" className="w-40" type="date" value={day} onChange={(event) => setDay(event.target.value)} />
              <Button type="submit" busy={save.isPending} disabled={!code.test(currency) || worth <= 0 || day === '' || currency === found.data.base}>
                <Plus /> Add
              </Button>
            </form>
          ) : null}
        </>
      )}
    </Panel>
  );
} // prettier-ignore

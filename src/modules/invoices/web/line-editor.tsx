import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useEffect, useRef, useState, type ComponentProps, type KeyboardEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Input, Textarea } from '#web/kit/field.tsx';
import { useRead } from '#web/kit/query.ts';
import { blankRow, linesOf, nextKey, unfinished, withRow, type Row } from './rows.ts';
import { ProductPick } from './product-pick.tsx';
import { Sums } from './sums.tsx';

type Text = Exclude<keyof Row, 'key'>;

/**
 * Lines as they are written. Enter in the price of the last one begins the next; Alt and an arrow moves a line. The sums are the server's own,
 * a quarter of a second after the last key.
 */
export function LineEditor({
  rows,
  onChange,
  clientId,
  currency,
  taxFree,
  discount,
}: {
  rows: Row[];
  onChange: (change: (rows: Row[]) => Row[]) => void;
  clientId: string;
  currency: string | undefined;
  /** The treatment knows no rates: a rate of a line would say nothing. */
  taxFree?: boolean;
  discount?: { discount_percent?: number | null; discount_cents?: number | null };
}) {
  const list = useRef<HTMLUListElement>(null);
  // The line that was begun or moved last: that is where one goes on.
  const [wanted, setWanted] = useState<number | null>(null);
  useEffect(() => {
    if (wanted === null) return;
    list.current?.querySelector<HTMLElement>(`[data-line="${wanted}"] :is(input, textarea)`)?.focus();
    setWanted(null);
  }, [wanted]);
  const set = (key: number, field: Text, value: string) =>
    onChange((old) => old.map((row) => (row.key === key ? { ...row, [field]: value } : row)));
  const add = () => {
    const key = nextKey(rows);
    onChange((old) => [...old, blankRow(key)]);
    setWanted(key);
  };
  const move = (index: number, by: -1 | 1) => onChange((old) => swapped(old, index, index + by));
  const keys = (event: KeyboardEvent, index: number) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(index, event.key === 'ArrowUp' ? -1 : 1);
  };
  const lines = linesOf(rows, currency);
  const asked = useLater(JSON.stringify({ lines, ...discount }), 250);
  const { lines: counted, ...off } = JSON.parse(asked) as { lines: typeof lines; discount_percent?: number; discount_cents?: number }; // of the line above
  const sums = useRead('invoices.calculate', { client_id: clientId, lines: counted, ...off, ...(currency === undefined ? {} : { currency }) }, { enabled: clientId !== '' && counted.length > 0, keep: true }); // prettier-ignore
  return (
    <>
      <div className="@container">
        <div aria-hidden className={`${WIDE} hidden gap-2 px-4 pt-3 text-xs text-ink-3 @3xl:grid`}>
          <span>Description</span>
          <span className="text-right">Quantity</span>
          <span>Unit</span>
          <span className="text-right">Price</span>
          <span className="text-right">Less %</span>
          <span className="text-right">Tax %</span>
        </div>
        <ul ref={list} className="divide-y @3xl:divide-y-0 @3xl:py-1.5" aria-label="Lines">
          {rows.map((row, i) => {
            const control = (
              field: Text,
              label: string,
              short: string,
              span: string,
              more: object = {},
              Box: typeof Input | typeof Lines = Input,
            ) => (
              <span className={span}>
                <span aria-hidden className="mb-0.5 block text-xs text-ink-3 @3xl:hidden">
                  {short}
                </span>
                <Box
                  aria-label={`${label} of line ${i + 1}`}
                  value={row[field]}
                  onChange={(event: { target: { value: string } }) => set(row.key, field, event.target.value)}
                  onKeyDown={(event: KeyboardEvent) => keys(event, i)}
                  {...more}
                />
              </span>
            );
            const figure = { inputMode: 'decimal', className: 'num text-right' };
            return (
              <li
                key={row.key}
                data-line={row.key}
                className={`grid grid-cols-6 items-end gap-2 px-4 py-3 @lg:grid-cols-[4.5rem_4.5rem_minmax(6rem,1fr)_4.5rem_4.5rem_6rem] @3xl:py-1 ${WIDE}`}
              >
                {control('description', 'Description', 'Description', 'col-span-6 @3xl:col-span-1', { placeholder: 'Services' }, Lines)}
                {control('quantity', 'Quantity', 'Quantity', 'col-span-2 @lg:col-span-1', figure)}
                {control('unit', 'Unit', 'Unit', 'col-span-2 @lg:col-span-1', { placeholder: 'h', maxLength: 20 })}
                {control('price', 'Price', 'Price', 'col-span-2 @lg:col-span-1', {
                  ...figure,
                  placeholder: '0.00',
                  'aria-invalid': unfinished(row, currency) ? true : undefined,
                  onKeyDown: (event: KeyboardEvent) => {
                    keys(event, i);
                    if (event.key !== 'Enter' || i < rows.length - 1 || row.price.trim() === '') return;
                    event.preventDefault();
                    add();
                  },
                })}
                {control('discount', 'Discount in percent', 'Less %', 'col-span-1', { ...figure, placeholder: '0' })}
                {control('tax', 'Tax in percent', 'Tax %', 'col-span-1', {
                  ...figure,
                  placeholder: taxFree === true ? '–' : 'auto',
                  disabled: taxFree,
                })}
                <span className="col-span-4 flex justify-end @lg:col-span-1">
                  <Button kind="quiet" size="icon" aria-label={`Move line ${i + 1} up`} disabled={i === 0} onClick={() => move(i, -1)}>
                    <ArrowUp />
                  </Button>
                  <Button
                    kind="quiet"
                    size="icon"
                    aria-label={`Move line ${i + 1} down`}
                    disabled={i === rows.length - 1}
                    onClick={() => move(i, 1)}
                  >
                    <ArrowDown />
                  </Button>
                  <Button
                    kind="quiet"
                    size="icon"
                    aria-label={`Remove line ${i + 1}`}
                    disabled={rows.length === 1}
                    onClick={() => onChange((old) => old.filter((one) => one.key !== row.key))}
                  >
                    <X />
                  </Button>
                </span>
              </li>
            );
          })}
        </ul>
      </div>
      <div className="flex flex-wrap items-center gap-2 border-t px-4 py-2">
        <Button kind="quiet" size="sm" onClick={add}>
          <Plus /> Line
        </Button>
        <ProductPick currency={currency} onPick={(row) => onChange((old) => withRow(old, row))} />
      </div>
      {sums.data === undefined || lines.length === 0 ? null : <Sums sums={sums.data} currency={sums.data.currency} />}
      {sums.error === null || lines.length === 0 ? null : <p className="px-4 pb-3 text-xs text-bad">{sums.error.message}</p>}
    </>
  );
}

/** A text that may have several lines, and is as high as they are. */
function Lines(props: ComponentProps<'textarea'>) {
  return <Textarea {...props} rows={1} className="block min-h-8 resize-none py-1 leading-normal field-sizing-content" />;
}

/** One row a line, where there is room for it. */
const WIDE = '@3xl:grid-cols-[minmax(8rem,1fr)_4.5rem_4.5rem_6.5rem_4rem_4rem_6rem]';

function swapped(rows: Row[], a: number, b: number): Row[] {
  const [one, other] = [rows[a], rows[b]];
  return one === undefined || other === undefined ? rows : rows.map((row, i) => (i === a ? other : i === b ? one : row));
}

/** The value, once it has stood still for so many milliseconds. */
function useLater(value: string, ms: number): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return later;
}

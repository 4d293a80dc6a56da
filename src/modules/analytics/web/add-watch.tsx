import { useDeferredValue, useState } from 'react';
import type { Input as Wanted, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { amountOf, amountWords, unitWords } from './amounts.ts';

export const compareWords = {
  falls: 'falls',
  rises: 'rises',
  below: 'is below',
  above: 'is above',
  unusual: 'is unusual for the weekday',
} as const;
type Compare = keyof typeof compareWords;
const isCompare = (text: string): text is Compare => text in compareWords;
const STRETCHES = [1, 7, 14, 28, 30, 90] as const;

type Wish = Wanted<'watches.create'>;
type Metrics = Output<'metrics.list'>;

/** A condition in one sentence, with how it stands right now. */
export function AddWatch({ open, onClose }: { open: boolean; onClose: () => void }) {
  const metrics = useRead('metrics.list', {}, { enabled: open });
  return (
    <Dialog open={open} onOpenChange={(next) => (next ? undefined : onClose())} title="Watch a metric">
      {metrics.data === undefined ? <SkeletonLines lines={5} /> : <Form metrics={metrics.data} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ metrics, onClose }: { metrics: Metrics; onClose: () => void }) {
  const [metricId, setMetric] = useState('deals.open_value');
  const [slice, setSlice] = useState('');
  const [compare, setCompare] = useState<Compare>('falls');
  const [percent, setPercent] = useState('10');
  const [amount, setAmount] = useState('0');
  const [days, setDays] = useState('7');
  const metric = metrics.items.find((one) => one.id === metricId);
  const unit = metric?.unit ?? 'count';
  const limit = compare === 'below' || compare === 'above';
  const least = amountOf(amount, unit, metrics.currency);
  const part = /^\d{1,4}(\.\d+)?$/.test(percent.trim()) ? Number(percent) : null;
  const space = slice.indexOf(' ');
  const dimension = metric?.dimensions.find((one) => one === slice.slice(0, space)) ?? null;
  const wish: Wish | null =
    least === null || part === null
      ? null
      : {
          metric: metricId,
          dimension,
          value: dimension === null ? null : slice.slice(space + 1),
          compare,
          percent: part,
          amount: least,
          days: Number(days),
        };
  const add = useAct('watches.create', { refresh: ['watches', 'alerts'], quiet: true, done: 'You will be told.', onDone: onClose });
  // A share or what stands has no usual weekday.
  const compares = Object.keys(compareWords).filter(
    (one) => one !== 'unusual' || (metric?.kind === 'flow' && unit !== 'share' && unit !== 'days' && metricId !== 'deals.average_won'),
  );
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (wish !== null) add.mutate(wish);
      }}
    >
      {add.error === null ? null : <Note tone="bad">{add.error.message}</Note>}
      <Field label="Metric" hint={metric?.description}>
        {(control) => (
          <Select
            {...control}
            value={metricId}
            onChange={(event) => {
              setMetric(event.target.value);
              setSlice('');
              if (compare === 'unusual') setCompare('falls');
            }}
          >
            {metrics.items.map((one) => (
              <option key={one.id} value={one.id}>
                {one.title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Of">
          {(control) => (
            <Select {...control} value={slice} onChange={(event) => setSlice(event.target.value)}>
              <option value="">Everything</option>
              {metric?.dimensions.map((one) =>
                metrics.values[one] === undefined ? null : (
                  <optgroup key={one} label={one.slice(0, 1).toUpperCase() + one.slice(1)}>
                    {metrics.values[one].map(({ value, name }) => (
                      <option key={value} value={`${one} ${value}`}>
                        {name}
                      </option>
                    ))}
                  </optgroup>
                ),
              )}
            </Select>
          )}
        </Field>
        <Field label="Tell when it">
          {(control) => (
            <Select
              {...control}
              value={compare}
              onChange={(event) => (isCompare(event.target.value) ? setCompare(event.target.value) : undefined)}
            >
              {compares.map((one) => (
                <option key={one} value={one}>
                  {isCompare(one) ? compareWords[one] : one}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {compare === 'falls' || compare === 'rises' ? (
          <Field label="By at least, in per cent" error={part === null ? 'A number such as 10' : undefined}>
            {(control) => <Input {...control} inputMode="decimal" value={percent} onChange={(event) => setPercent(event.target.value)} />}
          </Field>
        ) : null}
        <Field
          label={`${limit ? 'Limit' : 'And by at least'}${unitWords(unit, metrics.currency) === '' ? '' : `, in ${unitWords(unit, metrics.currency)}`}`}
          error={least === null ? 'An amount such as 12,500' : undefined}
        >
          {(control) => <Input {...control} inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} />}
        </Field>
        {compare === 'unusual' || (limit && metric?.kind === 'stock') ? null : (
          <Field label="Within">
            {(control) => (
              <Select {...control} value={days} onChange={(event) => setDays(event.target.value)}>
                {STRETCHES.map((one) => (
                  <option key={one} value={one}>
                    {one === 1 ? 'a day' : `${one} days`}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
      </div>
      {wish === null ? null : <Preview wish={wish} unit={unit} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={add.isPending} disabled={wish === null}>
          Watch it
        </Button>
      </div>
    </form>
  );
}

function Preview({ wish, unit }: { wish: Wish; unit: Metrics['items'][number]['unit'] }) {
  const found = useRead('watches.preview', useDeferredValue(wish), { keep: true });
  if (found.error !== null) return <Note tone="bad">{found.error.message}</Note>;
  if (found.data === undefined) return <SkeletonLines lines={2} />;
  const { wrong, title, body, now_amount: now, before_amount: before, currency, deals } = found.data;
  return (
    <Note tone={wrong ? 'warn' : 'neutral'}>
      {wrong ? (
        <>
          <span className="font-medium">You would be told now: {title}.</span> {body}
          {deals.length === 0
            ? null
            : ` Most of it: ${deals
                .slice(0, 3)
                .map((one) => one.name)
                .join(', ')}.`}
        </>
      ) : (
        <>
          Quiet now: {amountWords(now, unit, currency)}
          {before === null
            ? ''
            : wish.compare === 'unusual'
              ? `; usual is ${amountWords(before, unit, currency)}`
              : wish.compare === 'below' || wish.compare === 'above'
                ? ''
                : `, before it was ${amountWords(before, unit, currency)}`}
          .
        </>
      )}
    </Note>
  );
}

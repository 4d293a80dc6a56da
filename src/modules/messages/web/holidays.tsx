import { Link } from '@tanstack/react-router';
import { CalendarOff, Plus, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { countryNames } from '#web/kit/country-names.ts';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';

type Own = Item<'sending.holidays'>;

const long = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const short = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const eachYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });
const at = (day: string) => new Date(`${day}T00:00:00Z`);

/** Days on which commercial mail waits: the company's own, and the public ones of a country. */
export function HolidaysSettings() {
  const settings = useRead('sending.settings', {});
  return (
    <div className="max-w-3xl space-y-6">
      <p className="max-w-xl text-sm text-ink-2">
        Commercial mail waits on these days and leaves on the next. Answers, invoices and what people asked for still leave.
      </p>
      {settings.data === undefined || settings.data.keep_holidays ? null : (
        <Note tone="warn">
          Public holidays are not kept off now, nor are the days below. Switch it on under{' '}
          <Link to="/settings/sending" className="underline underline-offset-2">
            Sending
          </Link>
          .
        </Note>
      )}
      <OwnDays />
      <PublicDays />
    </div>
  );
}

function OwnDays() {
  const may = useMay('manager');
  const days = useRead('sending.holidays', {});
  const rows = days.data?.items ?? [];
  return (
    <Panel title="Your own days" flush>
      {days.error !== null ? (
        <Failure what="Your days could not be loaded." error={days.error} retry={() => void days.refetch()} />
      ) : days.isPending ? (
        <SkeletonLines lines={3} className="p-4" />
      ) : rows.length === 0 ? (
        <Empty icon={<CalendarOff />} title="None yet">
          A company outing, the days between the years: {may ? 'add the first one below.' : 'a manager adds them here.'}
        </Empty>
      ) : (
        <ul className="divide-y" aria-label="Your own days">
          {rows.map((day) => (
            <OwnDay key={day.id} day={day} may={may} />
          ))}
        </ul>
      )}
      {may ? <AddDay /> : null}
    </Panel>
  );
}

function OwnDay({ day, may }: { day: Own; may: boolean }) {
  const remove = useAct('sending.remove_holiday', { refresh: ['sending', 'messages'], done: 'Mail leaves on this day again.' });
  return (
    <li className="flex items-center gap-3 px-4 py-2 text-sm">
      <span className="flex min-w-0 flex-1 flex-col sm:flex-row sm:gap-3">
        <span className="num shrink-0 text-ink-2 sm:w-44">{day.yearly ? eachYear.format(at(day.day)) : long.format(at(day.day))}</span>
        <span className="min-w-0 break-words">{day.title}</span>
      </span>
      {day.yearly ? <Badge>each year</Badge> : null}
      {may ? (
        <Confirm
          title={`Take ${day.title} off the list?`}
          action="Take it off"
          onConfirm={() => remove.mutate({ holiday_id: day.id })}
          trigger={(ask) => (
            <Button kind="quiet" size="icon" className="size-7" aria-label={`Remove ${day.title}`} onClick={ask}>
              <Trash2 />
            </Button>
          )}
        >
          <p>Mail that waits for the day to end is asked about again at once, and leaves when nothing else speaks against it.</p>
        </Confirm>
      ) : null}
    </li>
  );
}

const NEW = { day: '', title: '', yearly: false };

function AddDay() {
  const form = useForm(NEW);
  const add = useAct('sending.add_holiday', { quiet: true, refresh: ['sending', 'messages'], onDone: () => form.reset(NEW) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ ...form.values, title: form.values.title.trim() }, { onError: form.setError });
  };
  return (
    <form onSubmit={submit} className="space-y-3 border-t p-4" aria-label="Add a day">
      {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
      <div className="grid gap-3 sm:grid-cols-[11rem_minmax(0,1fr)]">
        <Field label="Day" error={form.fault('day')}>
          {(control) => <Input {...control} {...form.text('day')} type="date" required />}
        </Field>
        <Field label="What it is" error={form.fault('title')}>
          {(control) => <Input {...control} {...form.text('title')} maxLength={200} placeholder="Company outing" required />}
        </Field>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Checkbox label="Each year" checked={form.values.yearly} onCheckedChange={(on) => form.set('yearly', on === true)} />
        <span className="flex-1" />
        <Button kind="primary" type="submit" busy={add.isPending} disabled={form.values.day === '' || form.values.title.trim() === ''}>
          <Plus /> Add
        </Button>
      </div>
    </form>
  );
}

function PublicDays() {
  const [asked, setAsked] = useState<{ country?: string; year?: number }>({});
  const [now] = useState(() => new Date().getUTCFullYear());
  const ours = useRead('sending.holidays', {});
  const days = useRead('sending.holidays', asked);
  const own = asked.country ?? ours.data?.country ?? null;
  const year = asked.year ?? ours.data?.year ?? now;
  const years = [year - 1, year, year + 1, year + 2].filter((one) => one >= now - 1);
  return (
    <Panel title="Public holidays">
      <div className="space-y-4">
        <p className="text-sm text-ink-2">
          Kept where the person is: by their address, else time zone, number or domain; else where your company is. National ones only.
        </p>
        <div className="flex flex-wrap gap-3">
          <Field label="Country" className="w-60 max-w-full">
            {(control) => (
              <Select {...control} value={own ?? ''} onChange={(event) => setAsked({ ...asked, country: event.target.value })}>
                {own === null ? <option value="">Choose one</option> : null}
                {[...countryNames].map(([code, name]) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Year" className="w-28">
            {(control) => (
              <Select {...control} value={year} onChange={(event) => setAsked({ ...asked, year: Number(event.target.value) })}>
                {years.map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {days.error !== null ? (
          <Failure what="The holidays could not be loaded." error={days.error} retry={() => void days.refetch()} />
        ) : days.data === undefined ? (
          <SkeletonLines lines={6} />
        ) : own === null ? (
          <p className="text-sm text-ink-2">Where your company is, nobody said: choose a country to look at, or set yours under Company.</p>
        ) : days.data.public.length === 0 ? (
          <p className="text-sm text-ink-2">No public holidays are known for this country. Add those you keep to your own days.</p>
        ) : (
          <ul className="grid gap-x-8 sm:grid-cols-2" aria-label="Public holidays">
            {days.data.public.map((day) => (
              <li key={day.day} className="flex gap-3 py-1 text-sm">
                <span className="num w-28 shrink-0 text-ink-2">{short.format(at(day.day))}</span>
                <span className="min-w-0">{day.title}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

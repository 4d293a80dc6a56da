import { useEffect, useState, type FormEvent } from 'react';
import type { Input as InputOf, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { timeZones } from '#web/kit/zones.ts';
import { wallOf } from './wall.ts';

type Schedule = Output<'schedules.get'>;
type Change = InputOf<'schedules.update'>;

const UNITS = { minutes: 60, hours: 3_600, days: 86_400 } as const;
type Unit = keyof typeof UNITS;

function unitOf(seconds: number): Unit {
  return seconds % 86_400 === 0 ? 'days' : seconds % 3_600 === 0 ? 'hours' : 'minutes';
}

function valuesOf(schedule: Schedule) {
  const unit = unitOf(schedule.every_s ?? 3_600);
  const within = Number(schedule.missed['withinS'] ?? schedule.missed['within_s'] ?? 86_400);
  return {
    kind: schedule.every_s === null ? 'cron' : 'interval',
    cron: schedule.cron ?? '0 9 * * *',
    every: String((schedule.every_s ?? 3_600) / UNITS[unit]),
    unit: String(unit),
    time_zone: schedule.time_zone,
    policy: String(schedule.missed['policy'] ?? 'once'),
    within: String(Math.max(1, Math.round(within / 3_600))),
    finish: schedule.finish_within_s === null ? '' : String(Math.round(schedule.finish_within_s / 60)),
  };
}
type Values = ReturnType<typeof valuesOf>;

function whenOf(values: Values): Pick<Change, 'cron' | 'every_s' | 'time_zone' | 'missed'> {
  const unit: Unit = values.unit === 'days' ? 'days' : values.unit === 'hours' ? 'hours' : 'minutes';
  const missed =
    values.policy === 'all'
      ? { policy: 'all' as const, within_s: Math.round(Number(values.within) * 3_600) }
      : { policy: values.policy === 'skip' ? ('skip' as const) : ('once' as const) };
  return {
    ...(values.kind === 'cron' ? { cron: values.cron.trim() } : { every_s: Math.round(Number(values.every) * UNITS[unit]) }),
    time_zone: values.time_zone,
    missed,
  };
}

/** The company's own time for one schedule; the workflow's stays as it is. */
export function EditSchedule({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const form = useForm<Values>(valuesOf(schedule));
  const save = useAct('schedules.update', { quiet: true, refresh: ['schedules'], done: 'The schedule is changed.', onDone: onClose });
  const { values } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const finish = values.finish.trim() === '' ? null : Math.round(Number(values.finish) * 60);
    save.mutate(
      { schedule_id: schedule.id, ...whenOf(values), finish_within_s: finish, if_match: schedule.updated_at },
      { onError: form.setError },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="When it fires"
      footer={
        <>
          {schedule.own ? (
            <Button
              className="mr-auto"
              busy={save.isPending}
              onClick={() => save.mutate({ schedule_id: schedule.id, reset: true }, { onError: form.setError })}
            >
              As the workflow says
            </Button>
          ) : null}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="edit-schedule" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id="edit-schedule" className="space-y-4" onSubmit={submit}>
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Kind">
            {(control) => (
              <Select {...control} {...form.text('kind')}>
                <option value="cron">At times of the day (cron)</option>
                <option value="interval">By an interval</option>
              </Select>
            )}
          </Field>
          <Field label="Time zone" error={form.fault('time_zone')}>
            {(control) => (
              <Select {...control} {...form.text('time_zone')}>
                {[...new Set([values.time_zone, 'UTC', ...timeZones()])].map((zone) => (
                  <option key={zone}>{zone}</option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {values.kind === 'cron' ? (
          <Field
            label="Cron"
            hint="Minute, hour, day, month, weekday: 0 9 * * 1-5 is weekdays at nine; L is the last day of a month."
            error={form.fault('cron')}
          >
            {(control) => <Input {...control} {...form.text('cron')} className="font-mono" required />}
          </Field>
        ) : (
          <div className="grid grid-cols-2 gap-4">
            <Field label="Every" error={form.fault('every_s')}>
              {(control) => <Input {...control} {...form.text('every')} type="number" min={1} required />}
            </Field>
            <Field label="Unit">
              {(control) => (
                <Select {...control} {...form.text('unit')}>
                  <option value="minutes">minutes</option>
                  <option value="hours">hours</option>
                  <option value="days">days</option>
                </Select>
              )}
            </Field>
          </div>
        )}
        <Preview values={values} />
        <Field label="Firings missed while nothing ran">
          {(control) => (
            <Select {...control} {...form.text('policy')}>
              <option value="skip">Skip them</option>
              <option value="once">Run once for all of them</option>
              <option value="all">Run all that are not too old</option>
            </Select>
          )}
        </Field>
        {values.policy === 'all' ? (
          <Field label="Not older than (hours)">
            {(control) => <Input {...control} {...form.text('within')} type="number" min={1} required />}
          </Field>
        ) : null}
        <Field
          label="A run has to be done within (minutes)"
          optional
          hint="Else the admins are told. Empty: no matter."
          error={form.fault('finish_within_s')}
        >
          {(control) => <Input {...control} {...form.text('finish')} type="number" min={1} />}
        </Field>
      </form>
    </Dialog>
  );
}

/** The next firings of what stands in the form, a moment after the last key. */
function Preview({ values }: { values: Values }) {
  const text = JSON.stringify(whenOf(values));
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), 300);
    return () => clearTimeout(timer);
  }, [text]);
  const preview = useRead('schedules.preview', JSON.parse(asked), { keep: true });
  return (
    <div className="rounded-lg bg-sunken px-3 py-2.5 text-xs" aria-live="polite">
      {preview.error !== null ? (
        <p className="text-bad">{preview.error.message}</p>
      ) : (
        <>
          <p className="num text-ink-2">
            {(preview.data?.next ?? [])
              .slice(0, 3)
              .map((at) => wallOf(at, values.time_zone))
              .join(' · ') || '…'}
          </p>
          <p className="mt-1 text-ink-3">{preview.data?.rule}</p>
        </>
      )}
    </div>
  );
}

import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { TestMail } from './test-mail.tsx';

type Settings = Output<'sending.settings'>;
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Who mail comes from, and how much of it one person may get. */
export function SendingSettings() {
  const settings = useRead('sending.settings', {});
  const may = useMay('manager');
  if (settings.data === undefined) {
    return settings.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The settings could not be loaded." error={settings.error} retry={() => void settings.refetch()} />
    );
  }
  return (
    <div className="max-w-3xl space-y-6">
      <Editor key={settings.data.updated_at} settings={settings.data} />
      {may ? <TestMail /> : null}
    </div>
  );
}

const textOrNull = (text: string) => (text.trim() === '' ? null : text.trim());

function Editor({ settings }: { settings: Settings }) {
  const may = useMay('admin');
  const form = useForm({
    ...settings,
    from_name: settings.from_name ?? '',
    from_email: settings.from_email ?? '',
    reply_to: settings.reply_to ?? '',
    limit: settings.daily_limit === null ? '' : String(settings.daily_limit),
    above: settings.rehearse_above === null ? '' : String(settings.rehearse_above),
  });
  const { values, set, text, fault } = form;
  const save = useAct('sending.configure', { quiet: true, refresh: ['sending', 'messages'], done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      {
        if_match: settings.updated_at,
        days: values.days,
        cap_per_day: Number(values.cap_per_day),
        cap_per_week: Number(values.cap_per_week),
        daily_limit: values.limit.trim() === '' ? null : Number(values.limit),
        keep_holidays: values.keep_holidays,
        send_time: values.send_time,
        rehearse_above: values.above.trim() === '' ? null : Number(values.above),
        basis: values.basis,
        from_name: textOrNull(values.from_name),
        from_email: textOrNull(values.from_email),
        reply_to: textOrNull(values.reply_to),
      },
      { onError: form.setError },
    );
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!may} className="space-y-6">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        {may ? null : <Note>Only an admin changes these.</Note>}
        <Panel title="Sender">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Name" hint="What people see as the sender." error={fault('from_name')}>
              {(control) => <Input {...control} {...text('from_name')} />}
            </Field>
            <Field label="Address" hint="Your mail server must be allowed to send as it." error={fault('from_email')}>
              {(control) => <Input {...control} {...text('from_email')} type="email" />}
            </Field>
            <Field label="Replies go to" optional hint="Empty: to the sender address." error={fault('reply_to')}>
              {(control) => <Input {...control} {...text('reply_to')} type="email" />}
            </Field>
          </div>
        </Panel>
        <Panel title="Limits">
          <div className="space-y-4">
            <fieldset>
              <legend className="mb-2 text-sm font-medium">Days for commercial mail</legend>
              <div className="flex flex-wrap gap-1.5">
                {days.map((day, index) => {
                  const on = values.days.includes(index + 1);
                  return (
                    <button
                      key={day}
                      type="button"
                      aria-pressed={on}
                      onClick={() =>
                        set(
                          'days',
                          on ? values.days.filter((one) => one !== index + 1) : [...values.days, index + 1].toSorted((a, b) => a - b),
                        )
                      }
                      className={
                        on
                          ? 'h-8 rounded-md bg-accent-soft px-3 text-sm font-medium text-accent-ink'
                          : 'h-8 rounded-md border px-3 text-sm text-ink-2 hover:bg-hover'
                      }
                    >
                      {day.slice(0, 3)}
                      <span className="sr-only">{day.slice(3)}</span>
                    </button>
                  );
                })}
              </div>
              {fault('days') === undefined ? null : <p className="mt-1 text-xs text-bad">{fault('days')}</p>}
            </fieldset>
            <Checkbox
              label="Wait for the hour at which people answer"
              hint="Commercial mail leaves at the hour of the week at which they answered most, always within the sending hours."
              checked={values.send_time}
              onCheckedChange={(on) => set('send_time', on === true)}
            />
            <Checkbox
              label="Keep off public holidays where the person is"
              hint="Where the sending hours are “always”, mail leaves on holidays, too."
              checked={values.keep_holidays}
              onCheckedChange={(on) => set('keep_holidays', on === true)}
            />
            <p className="text-sm text-ink-2">
              Which days they are, and days of your own:{' '}
              <Link to="/settings/holidays" className="text-accent-ink underline underline-offset-2">
                Holidays
              </Link>
              .
            </p>
            <div className="grid gap-4 sm:grid-cols-3">
              <Field label="To one person in 24 hours" error={fault('cap_per_day')}>
                {(control) => <Input {...control} {...text('cap_per_day')} type="number" min={0} max={100} required />}
              </Field>
              <Field label="To one person in 7 days" error={fault('cap_per_week')}>
                {(control) => <Input {...control} {...text('cap_per_week')} type="number" min={0} max={500} required />}
              </Field>
              <Field label="Of the company in a day" hint="Empty: no limit." error={fault('daily_limit')}>
                {(control) => <Input {...control} {...text('limit')} type="number" min={0} />}
              </Field>
            </div>
            <Field
              label="Rehearse before more people than this are enrolled"
              hint="Where a sequence sends commercial mail. Empty: never asked for."
              error={fault('rehearse_above')}
            >
              {(control) => <Input {...control} {...text('above')} className="sm:w-40" type="number" min={0} max={1_000_000} />}
            </Field>
          </div>
        </Panel>
        <Panel title="Who may be written to">
          <div className="space-y-4">
            <Field label="Lawful basis" hint="Whoever objected or unsubscribed is never written to, either way." error={fault('basis')}>
              {(control) => (
                <Select
                  {...control}
                  value={values.basis}
                  onChange={(event) => set('basis', event.target.value === 'opt_in' ? 'opt_in' : 'by_country')}
                >
                  <option value="by_country">What the topic and the person’s country let through</option>
                  <option value="opt_in">Only people who consented, whatever the topic</option>
                </Select>
              )}
            </Field>
            <p className="text-sm text-ink-2">
              What people can choose, what they are told and what makes it lawful:{' '}
              <Link to="/settings/topics" className="text-accent-ink underline underline-offset-2">
                Topics
              </Link>
              .
            </p>
          </div>
        </Panel>
        <Button kind="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
      </fieldset>
    </form>
  );
}

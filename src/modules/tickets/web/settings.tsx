import { Plus, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { ArticlesPanel } from './articles.tsx';
import { MacrosPanel } from './macros.tsx';
import { priorities, PRIORITIES, type Priority } from './words.ts';

type Settings = Output<'tickets.settings'>;
const DAYS = [
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
] as const;
const TARGETS = [
  ['first_response', 'First answer'],
  ['next_response', 'Next answers'],
  ['resolution', 'Solution'],
] as const;

/** Where tickets come from, when the support is open, and how fast it means to be. */
export function TicketSettings() {
  const settings = useRead('tickets.settings', {});
  if (settings.data === undefined)
    return settings.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The settings could not be loaded." error={settings.error} retry={() => void settings.refetch()} />
    );
  return (
    <div className="max-w-3xl space-y-6">
      <Addresses />
      <Editor key={settings.data.updated_at} settings={settings.data} />
      <MacrosPanel />
      <ArticlesPanel />
    </div>
  );
}

function Addresses() {
  const may = useMay('manager');
  const list = useRead('tickets.addresses', {});
  const [address, setAddress] = useState('');
  const [priority, setPriority] = useState<Priority>('normal');
  const add = useAct('tickets.add_address', { refresh: ['tickets'] });
  const remove = useAct('tickets.remove_address', { refresh: ['tickets'], done: 'Mail to it opens no more tickets.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ address: address.trim(), priority }, { onSuccess: () => setAddress('') });
  };
  return (
    <Panel title="Addresses">
      <p className="mb-4 text-sm text-ink-2">
        A mail to one of these opens a ticket, from people you do not know, too. It must arrive in a mailbox that is connected. Answers stay
        on their ticket, whatever they are addressed to.
      </p>
      {list.data === undefined ? (
        <SkeletonLines lines={2} />
      ) : list.data.items.length === 0 ? (
        <p className="text-sm text-ink-3">No address yet: tickets are opened by hand and by the API only.</p>
      ) : (
        <ul className="divide-y border-y">
          {list.data.items.map((one) => (
            <li key={one.id} className="flex items-center gap-3 py-2 text-sm">
              <span className="min-w-0 flex-1 truncate font-medium">{one.address}</span>
              <span className="text-xs text-ink-3">{priorities[one.priority][0]}</span>
              {may ? (
                <Confirm
                  title={`No more tickets by ${one.address}?`}
                  action="Remove"
                  danger
                  onConfirm={() => remove.mutate({ ticket_address_id: one.id })}
                  trigger={(ask) => (
                    <Button size="sm" kind="quiet" aria-label={`Remove ${one.address}`} onClick={ask}>
                      <Trash2 />
                    </Button>
                  )}
                >
                  Tickets that are there stay. Mail to it is taken in as before.
                </Confirm>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {may ? (
        <form onSubmit={submit} className="mt-4 flex flex-wrap items-end gap-3">
          <Field label="New address" className="min-w-52 flex-1">
            {(control) => (
              <Input
                {...control}
                type="email"
                required
                placeholder="help@your-company.com"
                value={address}
                onChange={(event) => setAddress(event.target.value)}
              />
            )}
          </Field>
          <Field label="Priority" className="w-32">
            {(control) => (
              <Select
                {...control}
                value={priority}
                onChange={(event) => setPriority(event.target.value as Priority /* the options below */)}
              >
                {PRIORITIES.map((one) => (
                  <option key={one} value={one}>
                    {priorities[one][0]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Button type="submit" busy={add.isPending}>
            <Plus /> Add
          </Button>
        </form>
      ) : null}
    </Panel>
  );
}

/** Hours of a target as people say them; empty: none. */
const hoursOf = (minutes: number | null): string => (minutes === null ? '' : String(Number((minutes / 60).toFixed(2))));
const minutesOf = (hours: string): number | null => (hours.trim() === '' ? null : Math.round(Number(hours) * 60));

const textsOf = (hours: Settings['hours']) => ({
  mon: hours.mon.join(', '),
  tue: hours.tue.join(', '),
  wed: hours.wed.join(', '),
  thu: hours.thu.join(', '),
  fri: hours.fri.join(', '),
  sat: hours.sat.join(', '),
  sun: hours.sun.join(', '),
});

function Editor({ settings }: { settings: Settings }) {
  const may = useMay('manager');
  const form = useForm({
    hours: textsOf(settings.hours),
    targets: settings.targets,
    warn_minutes: String(settings.warn_minutes),
    close_after_days: settings.close_after_days === null ? '' : String(settings.close_after_days),
    keep_holidays: settings.keep_holidays,
    rest_on_hold: settings.rest_on_hold,
    time_zone: settings.time_zone ?? '',
  });
  const { values, set, fault } = form;
  const save = useAct('tickets.update_settings', { quiet: true, refresh: ['tickets'], done: 'Saved. What is due was worked out anew.' });
  const spans = (text: string) =>
    text
      .split(',')
      .map((span) => span.replace(/\s+/g, '').replace('–', '-'))
      .filter((span) => span !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      {
        if_match: settings.updated_at,
        hours: {
          mon: spans(values.hours.mon),
          tue: spans(values.hours.tue),
          wed: spans(values.hours.wed),
          thu: spans(values.hours.thu),
          fri: spans(values.hours.fri),
          sat: spans(values.hours.sat),
          sun: spans(values.hours.sun),
        },
        targets: values.targets,
        warn_minutes: Number(values.warn_minutes),
        close_after_days: values.close_after_days.trim() === '' ? null : Number(values.close_after_days),
        keep_holidays: values.keep_holidays,
        rest_on_hold: values.rest_on_hold,
        time_zone: values.time_zone.trim() === '' ? null : values.time_zone.trim(),
      },
      { onError: form.setError },
    );
  };
  const setTarget = (priority: Priority, target: (typeof TARGETS)[number][0], hours: string) =>
    set('targets', { ...values.targets, [priority]: { ...values.targets[priority], [target]: minutesOf(hours) } });
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!may} className="min-w-0 space-y-6">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        {may ? null : <Note>Only a manager changes this.</Note>}
        <Panel title="Hours">
          <p className="mb-4 text-sm text-ink-2">
            Clocks of tickets run in these hours only. Write 09:00-12:30, 13:30-18:00; leave a day empty when you are closed.
          </p>
          <div className="grid gap-3 sm:grid-cols-2">
            {DAYS.map(([day, name]) => (
              <Field key={day} label={name} error={fault(`hours.${day}`)}>
                {(control) => (
                  <Input
                    {...control}
                    placeholder="Closed"
                    value={values.hours[day]}
                    onChange={(event) => set('hours', { ...values.hours, [day]: event.target.value })}
                  />
                )}
              </Field>
            ))}
            <Field label="Time zone" optional hint="Default: that of the company" error={fault('time_zone')}>
              {(control) => (
                <Input
                  {...control}
                  placeholder="Europe/Berlin"
                  value={values.time_zone}
                  onChange={(event) => set('time_zone', event.target.value)}
                />
              )}
            </Field>
          </div>
          <div className="mt-4 space-y-3">
            <Checkbox
              label="Rest on holidays"
              hint="Public holidays of your country, and the days under Settings → Holidays"
              checked={values.keep_holidays}
              onCheckedChange={(on) => set('keep_holidays', on === true)}
            />
            <Checkbox
              label="Rest while a ticket is on hold"
              hint="They always rest while it waits for the customer, and start at the customer’s next word, whichever way it comes"
              checked={values.rest_on_hold}
              onCheckedChange={(on) => set('rest_on_hold', on === true)}
            />
          </div>
        </Panel>
        <Panel title="Targets">
          <p className="mb-4 text-sm text-ink-2">In business hours; leave one empty where there is no target.</p>
          <div className="overflow-x-auto">
            <table className="w-full text-sm">
              <thead>
                <tr className="text-left align-bottom text-xs text-ink-3">
                  <th className="pr-2 pb-2 font-normal">Priority</th>
                  {TARGETS.map(([key, name]) => (
                    <th key={key} className="pr-2 pb-2 font-normal">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {PRIORITIES.toReversed().map((priority) => (
                  <tr key={priority}>
                    <th scope="row" className="py-1 pr-3 text-left font-medium">
                      {priorities[priority][0]}
                    </th>
                    {TARGETS.map(([key, name]) => (
                      <td key={key} className="py-1 pr-2">
                        <Input
                          aria-label={`${name}, ${priorities[priority][0]}`}
                          type="number"
                          min={0.02}
                          step="any"
                          className="w-full max-w-24 min-w-12"
                          value={hoursOf(values.targets[priority][key])}
                          onChange={(event) => setTarget(priority, key, event.target.value)}
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className="mt-4 grid gap-4 sm:grid-cols-2">
            <Field label="Warn before a target is missed" hint="Business minutes" error={fault('warn_minutes')}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  value={values.warn_minutes}
                  onChange={(event) => set('warn_minutes', event.target.value)}
                />
              )}
            </Field>
            <Field label="Close what was solved" hint="Days without a word; empty: never" error={fault('close_after_days')}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  value={values.close_after_days}
                  onChange={(event) => set('close_after_days', event.target.value)}
                />
              )}
            </Field>
          </div>
        </Panel>
        {may ? (
          <Button kind="primary" type="submit" busy={save.isPending}>
            Save
          </Button>
        ) : null}
      </fieldset>
    </form>
  );
}

import { CalendarCheck, Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { CopyLine } from '#web/kit/copy.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay, useMe } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { KindDialog } from './kind-dialog.tsx';
import { DAYS, spansOf } from './words.ts';

type Host = Item<'call_hosts.list'>;
type Kind = Item<'call_kinds.list'>;

/** When one can be called, what calls are offered, and whose calendars say when not. */
export function CallSettings() {
  const hosts = useRead('call_hosts.list', {});
  const kinds = useRead('call_kinds.list', {});
  const me = useMe();
  const failed = hosts.error ?? kinds.error;
  if (hosts.data === undefined || kinds.data === undefined)
    return failed === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The settings of calls could not be loaded." error={failed} retry={() => void hosts.refetch()} />
    );
  const own = hosts.data.items.find(({ user_id: id }) => id === me.id);
  const others = hosts.data.items.filter(({ user_id: id }) => id !== me.id);
  return (
    <div className="max-w-3xl space-y-6">
      <Kinds kinds={kinds.data.items} hosts={hosts.data.items} />
      {own === undefined ? null : (
        <>
          <Calendar host={own} />
          <Hours key={own.updated_at} host={own} />
        </>
      )}
      {others.length === 0 ? null : <Colleagues hosts={others} />}
    </div>
  );
}

function Kinds({ kinds, hosts }: { kinds: readonly Kind[]; hosts: readonly Host[] }) {
  const may = useMay('manager');
  const [open, setOpen] = useState<Kind | 'new' | null>(null);
  const names = new Map(hosts.map(({ user_id: id, name }) => [id, name]));
  return (
    <Panel
      title="Kinds of calls"
      flush
      aside={
        may ? (
          <Button size="sm" onClick={() => setOpen('new')}>
            <Plus /> New kind
          </Button>
        ) : null
      }
    >
      {kinds.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">
          None yet. With the first one clients choose a time on their page, and {'{{ booking.link }}'} works in mails.
        </p>
      ) : (
        <ul className="divide-y">
          {kinds.map((kind) => (
            <li key={kind.id} className="space-y-2 px-4 py-3 text-sm">
              <div className="flex items-center gap-3">
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{kind.title}</span>
                  <span className="block truncate text-xs text-ink-2">
                    {kind.minutes} minutes with {kind.host_ids.map((id) => names.get(id) ?? 'somebody who left').join(', ')}
                  </span>
                </span>
                {may ? (
                  <Button size="sm" onClick={() => setOpen(kind)} aria-label={`Edit ${kind.title}`}>
                    Edit
                  </Button>
                ) : null}
              </div>
              {kind.open ? <CopyLine text={kind.url} label="Address that anybody may book at" /> : null}
            </li>
          ))}
        </ul>
      )}
      {open === null ? null : <KindDialog kind={open === 'new' ? null : open} hosts={hosts} onClose={() => setOpen(null)} />}
    </Panel>
  );
}

function Calendar({ host }: { host: Host }) {
  const connect = useAct('call_hosts.connect', { quiet: true, onDone: ({ url }) => location.assign(url) });
  const drop = useAct('call_hosts.disconnect', { refresh: ['call_hosts'], done: 'Your calendar is asked no more.' });
  const save = useAct('call_hosts.save', { quiet: true, refresh: ['call_hosts'], done: 'Saved.' });
  const form = useForm({ calendars: host.calendars.join(', '), entered_in: host.entered_in ?? '' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const calendars = form.values.calendars.split(',').map((one) => one.trim()).filter((one) => one !== ''); // prettier-ignore
    save.mutate(
      { user_id: host.user_id, calendars, entered_in: form.values.entered_in.trim() === '' ? null : form.values.entered_in.trim() },
      { onError: form.setError },
    );
  };
  return (
    <Panel title="Your Google Calendar" aside={host.connected && host.problem === null ? <Badge tone="ok">Connected</Badge> : null}>
      <div className="space-y-4 text-sm">
        {connect.error === null ? null : <Note tone="bad">{connect.error.message}</Note>}
        {host.problem === null ? null : <Note tone="bad">It could not be read: {host.problem}</Note>}
        <p className="text-ink-2">
          {host.connected
            ? `Signed in${host.account === null ? '' : ` as ${host.account}`}. Steward sees when you are busy, not what you do, and enters calls.`
            : 'Not connected: only calls that stand here are known, and your own appointments are not.'}
        </p>
        {host.connected ? (
          <form onSubmit={submit} className="space-y-4">
            {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label="Busy times of" hint="primary, or addresses of calendars, with commas between" error={form.fault('calendars')}>
                {(control) => <Input {...control} {...form.text('calendars')} />}
              </Field>
              <Field label="Enter calls in" hint="Empty: in none" error={form.fault('entered_in')}>
                {(control) => <Input {...control} {...form.text('entered_in')} />}
              </Field>
            </div>
            <div className="flex flex-wrap gap-2">
              <Button kind="primary" type="submit" busy={save.isPending}>
                Save
              </Button>
              <Button busy={connect.isPending} onClick={() => connect.mutate({ user_id: host.user_id })}>
                Sign in again
              </Button>
              <Confirm
                title="Ask your calendar no more?"
                action="Disconnect"
                danger
                onConfirm={() => drop.mutate({ user_id: host.user_id })}
                trigger={(ask) => <Button onClick={ask}>Disconnect</Button>}
              >
                Calls that stand there stay. Times are then offered without regard to your own appointments.
              </Confirm>
            </div>
          </form>
        ) : (
          <Button kind="primary" busy={connect.isPending} onClick={() => connect.mutate({ user_id: host.user_id })}>
            <CalendarCheck /> Connect Google Calendar
          </Button>
        )}
      </div>
    </Panel>
  );
}

function Hours({ host }: { host: Host }) {
  const form = useForm({ ...Object.fromEntries(DAYS.map(([day]) => [day, host.hours[day].join(', ')])), zone: host.own_zone ?? '' } as Record<(typeof DAYS)[number][0] | 'zone', string>); // every day is among them
  const save = useAct('call_hosts.save', { quiet: true, refresh: ['call_hosts', 'call_kinds'], done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { zone, mon, tue, wed, thu, fri, sat, sun } = form.values;
    const hours = { mon: spansOf(mon), tue: spansOf(tue), wed: spansOf(wed), thu: spansOf(thu), fri: spansOf(fri), sat: spansOf(sat), sun: spansOf(sun) };
    save.mutate({ user_id: host.user_id, hours, time_zone: zone.trim() === '' ? null : zone.trim() }, { onError: form.setError });
  };
  return (
    <Panel title="When you can be called">
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <p className="text-sm text-ink-2">By your wall clock, such as 09:00-12:30, 13:30-17:00. Empty: never. Holidays of the company are kept.</p>
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
          {DAYS.map(([day, name]) => (
            <Field key={day} label={name} error={form.fault(day)}>
              {(control) => <Input {...control} {...form.text(day)} placeholder="never" />}
            </Field>
          ))}
          <Field label="Time zone" optional hint={`Empty: that of the company. Now ${host.time_zone}`} error={form.fault('time_zone')}>
            {(control) => <Input {...control} {...form.text('zone')} placeholder="Europe/Berlin" />}
          </Field>
        </div>
        <Button kind="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
      </form>
    </Panel>
  );
} // prettier-ignore

function Colleagues({ hosts }: { hosts: readonly Host[] }) {
  return (
    <Panel title="Colleagues" flush>
      <ul className="divide-y">
        {hosts.map((host) => (
          <li key={host.user_id} className="flex items-center gap-3 px-4 py-2.5 text-sm">
            <span className="min-w-0 flex-1 truncate font-medium">{host.name}</span>
            <span className="truncate text-xs text-ink-3">{host.time_zone}</span>
            {host.problem === null ? (
              <Badge tone={host.connected ? 'ok' : 'neutral'}>{host.connected ? 'Calendar connected' : 'No calendar'}</Badge>
            ) : (
              <Badge tone="bad">Cannot be read</Badge>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

import { Trash2 } from 'lucide-react';
import type { FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';

type Kind = Item<'call_kinds.list'>;

/** What calls of a kind are like. */
export function KindDialog({ kind, hosts, onClose }: { kind: Kind | null; hosts: readonly Item<'call_hosts.list'>[]; onClose: () => void }) {
  const me = useMe();
  const form = useForm({
    title: kind?.title ?? 'First call',
    description: kind?.description ?? '',
    minutes: String(kind?.minutes ?? 30),
    step: String(kind?.step_minutes ?? 30),
    before: String(kind?.before_minutes ?? 0),
    after: String(kind?.after_minutes ?? 15),
    notice: String((kind?.notice_minutes ?? 240) / 60),
    horizon: String(kind?.horizon_days ?? 30),
    daily: kind?.daily_limit == null ? '' : String(kind.daily_limit),
    hosts: kind?.host_ids ?? [me.id],
    place: kind?.place ?? '',
    unread: kind?.unread ?? ('hide' as const),
    in_portal: kind?.in_portal ?? true,
    open: kind?.open ?? false,
  });
  const { values, set, fault, text } = form;
  const about = { quiet: true, refresh: ['call_kinds'], onDone: onClose } as const;
  const create = useAct('call_kinds.create', { ...about, done: 'It is offered now.' });
  const update = useAct('call_kinds.update', { ...about, done: 'Saved.' });
  const remove = useAct('call_kinds.delete', { refresh: ['call_kinds'], done: 'It is offered no more.', onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const fields = {
      title: values.title.trim(),
      description: values.description.trim(),
      minutes: Number(values.minutes),
      step_minutes: Number(values.step),
      before_minutes: Number(values.before),
      after_minutes: Number(values.after),
      notice_minutes: Math.round(Number(values.notice) * 60),
      horizon_days: Number(values.horizon),
      daily_limit: values.daily.trim() === '' ? null : Number(values.daily),
      host_ids: [...values.hosts],
      place: values.place.trim(),
      unread: values.unread,
      in_portal: values.in_portal,
      open: values.open,
    };
    if (kind === null) create.mutate(fields, { onError: form.setError });
    else update.mutate({ kind_id: kind.id, if_match: kind.updated_at, ...fields }, { onError: form.setError });
  };
  const number = (label: string, key: 'minutes' | 'step' | 'before' | 'after' | 'notice' | 'horizon' | 'daily', path: string, hint?: string) => (
    <Field label={label} error={fault(path)} {...(hint === undefined ? {} : { hint })}>
      {(control) => <Input {...control} {...text(key)} inputMode="decimal" />}
    </Field>
  );
  return (
    <Dialog open onOpenChange={onClose} title={kind === null ? 'New kind of call' : 'Kind of call'} description="Times are offered where a host is free, and asked for again when one is booked.">
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Title" error={fault('title')}>{(control) => <Input {...control} {...text('title')} required maxLength={120} />}</Field>
        <Field label="What it is for" optional hint="Stands above the times">
          {(control) => <Textarea {...control} {...text('description')} rows={2} maxLength={2000} />}
        </Field>
        <fieldset className="space-y-2">
          <legend className="mb-1 text-sm font-medium">Who takes it</legend>
          {hosts.map(({ user_id: id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={values.hosts.includes(id)}
              onCheckedChange={(on) => set('hosts', on === true ? [...values.hosts, id] : values.hosts.filter((one) => one !== id))}
            />
          ))}
        </fieldset>
        <div className="grid grid-cols-2 gap-4">
          {number('Minutes', 'minutes', 'minutes')}
          {number('Times every … minutes', 'step', 'step_minutes')}
          {number('Free before, minutes', 'before', 'before_minutes')}
          {number('Free after, minutes', 'after', 'after_minutes')}
          {number('Notice, hours', 'notice', 'notice_minutes', 'Nobody books sooner')}
          {number('Days ahead', 'horizon', 'horizon_days', 'At most 60')}
          {number('At most a day', 'daily', 'daily_limit', 'Empty: any number')}
        </div>
        <Field label="Where" optional hint="A link, a number or an address">{(control) => <Input {...control} {...text('place')} maxLength={500} />}</Field>
        <Field label="When a calendar cannot be read" hint={values.unread === 'hide' ? 'No time of its owner is offered until it can be read again.' : 'Times are offered by hours and calls alone; the host is told to look whether it fits.'}>
          {(control) => (
            <Select {...control} value={values.unread} onChange={(event) => set('unread', event.target.value === 'offer' ? 'offer' : 'hide')}>
              <option value="hide">Offer nothing</option>
              <option value="offer">Offer times all the same</option>
            </Select>
          )}
        </Field>
        <Checkbox label="Clients book it on their page" checked={values.in_portal} onCheckedChange={(on) => set('in_portal', on === true)} />
        <Checkbox label="Anybody may book it who has its address" checked={values.open} onCheckedChange={(on) => set('open', on === true)} />
        <div className="flex flex-wrap justify-end gap-2 pt-2">
          {kind === null ? null : (
            <Confirm title={`Offer “${kind.title}” no more?`} action="Remove" danger onConfirm={() => remove.mutate({ kind_id: kind.id })} trigger={(ask) => <Button onClick={ask}><Trash2 /> Remove</Button>}>
              Calls that are planned stay. Links that are out show no times any more.
            </Confirm>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={create.isPending || update.isPending} disabled={values.hosts.length === 0}>
            {kind === null ? 'Offer it' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
} // prettier-ignore

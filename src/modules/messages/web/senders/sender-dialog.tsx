import type { FormEvent } from 'react';
import { useId } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import type { Sender } from './senders-settings.tsx';

const CARRIES = { both: ['commercial', 'transactional'], commercial: ['commercial'], transactional: ['transactional'] } as const;
type Carries = keyof typeof CARRIES;

interface Values {
  address: string;
  name: string;
  reply_to: string;
  connection_id: string;
  carries: Carries;
  daily_limit: string;
  ramp_start: string;
  ramp_percent: string;
}

const numberOrNull = (text: string) => (text.trim() === '' ? null : Number(text));
const shown = (value: number | null | undefined) => (value == null ? '' : String(value));

/** A new sender, or changes to one. The first one offers the address that sends today. */
export function SenderDialog({
  sender,
  otherwise,
  first,
  onClose,
}: {
  sender: Sender | null;
  otherwise: Output<'senders.list'>['otherwise'];
  first: boolean;
  onClose: () => void;
}) {
  const id = useId();
  const connections = useRead('connections.list', {});
  const sending = (connections.data?.items ?? []).filter(({ ports }) => ports.includes('email'));
  const form = useForm<Values>({
    address: sender?.address ?? (first ? (otherwise?.address ?? '') : ''),
    name: sender?.name ?? otherwise?.name ?? '',
    reply_to: sender?.reply_to ?? '',
    connection_id: sender?.connection_id ?? otherwise?.connection_id ?? '',
    carries: sender === null || sender.carries.length === 2 ? 'both' : (sender.carries[0] ?? 'both'),
    daily_limit: shown(sender?.daily_limit),
    ramp_start: shown(sender?.ramp_start),
    ramp_percent: shown(sender?.ramp_percent ?? 20),
  });
  const { values, set, text, fault } = form;
  const options = { quiet: true, refresh: ['senders', 'messages', 'sending'] };
  const create = useAct('senders.create', { ...options, done: 'Added.' });
  const update = useAct('senders.update', { ...options, done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const start = numberOrNull(values.ramp_start);
    const plan = {
      name: values.name.trim(),
      reply_to: values.reply_to.trim() === '' ? null : values.reply_to.trim(),
      carries: [...CARRIES[values.carries]],
      daily_limit: numberOrNull(values.daily_limit),
      ramp_start: start,
      ramp_percent: start === null ? null : numberOrNull(values.ramp_percent),
      ...(values.connection_id === '' ? {} : { connection_id: values.connection_id }),
    };
    const then = { onSuccess: onClose, onError: form.setError };
    if (sender === null) create.mutate({ ...plan, connection_id: values.connection_id, address: values.address }, then);
    else update.mutate({ ...plan, sender_id: sender.id, if_match: sender.updated_at }, then);
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={sender === null ? 'Add a sender' : sender.address}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} busy={create.isPending || update.isPending}>
            {sender === null ? 'Add it' : 'Save'}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <div className="grid gap-4 sm:grid-cols-2">
          {sender === null ? (
            <Field label="Address" error={fault('address')}>
              {(control) => <Input {...control} {...text('address')} type="email" required />}
            </Field>
          ) : null}
          <Field label="Name" hint="What people see as the sender." error={fault('name')}>
            {(control) => <Input {...control} {...text('name')} required />}
          </Field>
          <Field label="Connection" error={fault('connection_id')}>
            {(control) => (
              <Select {...control} required value={values.connection_id} onChange={(event) => set('connection_id', event.target.value)}>
                <option value="">Choose one</option>
                {sending.map(({ id: key, title }) => (
                  <option key={key} value={key}>
                    {title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Carries" error={fault('carries')}>
            {(control) => (
              <Select
                {...control}
                value={values.carries}
                onChange={(event) => set('carries', event.target.value as Carries /* the options below */)}
              >
                <option value="both">All mail</option>
                <option value="commercial">Commercial mail alone</option>
                <option value="transactional">Transactional mail alone</option>
              </Select>
            )}
          </Field>
          <Field label="Replies go to" optional error={fault('reply_to')}>
            {(control) => <Input {...control} {...text('reply_to')} type="email" />}
          </Field>
          <Field label="Most in a day" optional hint="All mail, as its provider lets through." error={fault('daily_limit')}>
            {(control) => <Input {...control} {...text('daily_limit')} type="number" min={1} />}
          </Field>
        </div>
        <div className="grid gap-4 border-t pt-4 sm:grid-cols-2">
          <Field
            label="Begin with so many a day"
            optional
            hint="For a new address: commercial mails on its first day."
            error={fault('ramp_start')}
          >
            {(control) => <Input {...control} {...text('ramp_start')} type="number" min={1} placeholder="20" />}
          </Field>
          <Field label="More each day, in per cent" hint="On days on which it sends." error={fault('ramp_percent')}>
            {(control) => (
              <Input {...control} {...text('ramp_percent')} type="number" min={1} max={200} disabled={values.ramp_start.trim() === ''} />
            )}
          </Field>
        </div>
      </form>
    </Dialog>
  );
}

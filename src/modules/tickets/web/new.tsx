import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { priorities, PRIORITIES, type Priority } from './words.ts';

const EMPTY: { email: string; name: string; subject: string; text: string; priority: Priority } = {
  email: '',
  name: '',
  subject: '',
  text: '',
  priority: 'normal',
};

/** Somebody asked by phone or in person: it is written down for them. */
export function NewTicket({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const navigate = useNavigate();
  const form = useForm(EMPTY);
  const { values, set, fault } = form;
  const create = useAct('tickets.create', { quiet: true, refresh: ['tickets'] });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { ...values, source: 'user' },
      {
        onError: form.setError,
        onSuccess: (ticket) => {
          onOpenChange(false);
          void navigate({ to: '/tickets/$ticketId', params: { ticketId: ticket.id } });
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New ticket"
      description="What somebody asked by phone or in person. They are told nothing until you answer."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button kind="primary" type="submit" form="new-ticket" busy={create.isPending}>
            Open ticket
          </Button>
        </>
      }
    >
      <form id="new-ticket" onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Email of who asks" error={fault('email')}>
            {(control) => (
              <Input {...control} type="email" required value={values.email} onChange={(event) => set('email', event.target.value)} />
            )}
          </Field>
          <Field label="Name" optional hint="Of somebody new" error={fault('name')}>
            {(control) => <Input {...control} value={values.name} onChange={(event) => set('name', event.target.value)} />}
          </Field>
        </div>
        <Field label="Subject" error={fault('subject')}>
          {(control) => (
            <Input {...control} required maxLength={500} value={values.subject} onChange={(event) => set('subject', event.target.value)} />
          )}
        </Field>
        <Field label="What they asked" error={fault('text')}>
          {(control) => <Textarea {...control} rows={5} value={values.text} onChange={(event) => set('text', event.target.value)} />}
        </Field>
        <Field label="Priority" error={fault('priority')}>
          {(control) => (
            <Select
              {...control}
              value={values.priority}
              onChange={(event) => set('priority', event.target.value as Priority /* the options below */)}
            >
              {PRIORITIES.map((one) => (
                <option key={one} value={one}>
                  {priorities[one][0]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}

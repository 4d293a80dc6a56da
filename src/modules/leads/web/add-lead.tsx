import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

const blank = { name: '', email: '', phone: '', source: '', notes: '' };

export function AddLead({ open, onClose }: { open: boolean; onClose: () => void }) {
  const form = useForm(blank);
  const navigate = useNavigate();
  const add = useAct('leads.create', {
    quiet: true,
    refresh: ['leads', 'people', 'system'],
    done: (lead) => `${lead.name || lead.email || 'The lead'} added.`,
    onDone: (lead) => {
      form.reset();
      onClose();
      void navigate({ to: '/people/$personId', params: { personId: lead.person_id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, email, ...more } = form.values;
    const filled = Object.fromEntries(Object.entries(more).flatMap(([key, value]) => (value.trim() === '' ? [] : [[key, value.trim()]])));
    add.mutate({ ...filled, email: email.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }) }, { onError: form.setError });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title="Add a lead"
      description="A known address joins its person; nobody is doubled."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="add-lead" busy={add.isPending}>
            Add
          </Button>
        </>
      }
    >
      <form id="add-lead" onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
        {form.general === undefined ? null : (
          <Note tone="bad" className="sm:col-span-2">
            {form.general}
          </Note>
        )}
        <Field label="Name" error={form.fault('name')} className="sm:col-span-2">
          {(control) => <Input {...control} {...form.text('name')} autoComplete="off" />}
        </Field>
        <Field label="Email" error={form.fault('email')}>
          {(control) => <Input {...control} {...form.text('email')} type="email" required autoComplete="off" />}
        </Field>
        <Field label="Phone" optional error={form.fault('phone')}>
          {(control) => <Input {...control} {...form.text('phone')} type="tel" autoComplete="off" />}
        </Field>
        <Field
          label="Source"
          optional
          hint="Where they came from: referral, fair, website."
          error={form.fault('source')}
          className="sm:col-span-2"
        >
          {(control) => <Input {...control} {...form.text('source')} autoComplete="off" />}
        </Field>
        <Field label="Notes" optional error={form.fault('notes')} className="sm:col-span-2">
          {(control) => <Textarea {...control} {...form.text('notes')} rows={3} />}
        </Field>
      </form>
    </Dialog>
  );
}

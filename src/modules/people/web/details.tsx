import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { momentOf } from '#web/kit/time.tsx';
import { timeZones } from '#web/kit/zones.ts';

type Person = Output<'people.get'>;

export function Details({ person, editing, onEditing }: { person: Person; editing: boolean; onEditing: (editing: boolean) => void }) {
  return (
    <Panel
      title="Details"
      aside={
        editing ? null : (
          <Button kind="quiet" size="sm" onClick={() => onEditing(true)}>
            Edit
          </Button>
        )
      }
    >
      {editing ? (
        <Edit person={person} onDone={() => onEditing(false)} />
      ) : (
        <Facts
          rows={[
            ['Email', person.email ?? '–'],
            ['Phone', person.phone ?? '–'],
            ['Company', person.organisation?.name ?? '–'],
            ['Time zone', person.time_zone ?? 'as the company'],
            ['Language', person.language ?? '–'],
            ['Known since', momentOf(person.created_at)],
          ]}
        />
      )}
    </Panel>
  );
}

function Edit({ person, onDone }: { person: Person; onDone: () => void }) {
  const form = useForm({
    full_name: person.full_name,
    email: person.email ?? '',
    phone: person.phone ?? '',
    time_zone: person.time_zone ?? '',
    language: person.language ?? '',
  });
  const save = useAct('people.update', { quiet: true, refresh: ['people', 'leads', 'runs'], done: 'Saved.', onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { values } = form;
    const clean = (text: string) => (text.trim() === '' ? null : text.trim());
    save.mutate(
      {
        person_id: person.id,
        if_match: person.updated_at,
        full_name: values.full_name.trim(),
        ...(clean(values.email) === null ? {} : { email: values.email.trim() }),
        phone: clean(values.phone),
        time_zone: clean(values.time_zone),
        language: clean(values.language),
      },
      { onError: form.setError },
    );
  };
  return (
    <form
      onSubmit={submit}
      className="space-y-3"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
      <Field label="Name" error={form.fault('full_name')}>
        {(control) => <Input {...control} {...form.text('full_name')} autoFocus />}
      </Field>
      <Field label="Email" error={form.fault('email')}>
        {(control) => <Input {...control} {...form.text('email')} type="email" />}
      </Field>
      <Field label="Phone" optional error={form.fault('phone')}>
        {(control) => <Input {...control} {...form.text('phone')} type="tel" />}
      </Field>
      <Field label="Time zone" hint="Mail arrives in this person’s sending hours." error={form.fault('time_zone')}>
        {(control) => (
          <Select {...control} value={form.values.time_zone} onChange={(event) => form.set('time_zone', event.target.value)}>
            <option value="">As the company</option>
            {timeZones().map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Language" optional hint="Such as en, de or pt-BR." error={form.fault('language')}>
        {(control) => <Input {...control} {...form.text('language')} />}
      </Field>
      <div className="flex justify-end gap-2 pt-1">
        <Button onClick={onDone}>Cancel</Button>
        <Button kind="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { CopyLine } from '#web/kit/copy.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useList } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

type Endpoint = Output<'webhooks.get'>;

function valuesOf(endpoint: Endpoint | null) {
  return {
    url: endpoint?.url ?? 'https://',
    description: endpoint?.description ?? '',
    every: endpoint === null || endpoint.event_types.length === 0 ? 'every' : 'some',
    event_types: [...(endpoint?.event_types ?? [])],
    concurrency: String(endpoint?.concurrency ?? 4),
  };
}
type Values = ReturnType<typeof valuesOf>;

/** A new webhook, whose secret is shown once, or a change of one. */
export function EndpointDialog({ endpoint, onClose }: { endpoint: Endpoint | null; onClose: () => void }) {
  const form = useForm<Values>(valuesOf(endpoint));
  const create = useAct('webhooks.create', { quiet: true, refresh: ['webhooks'] });
  const update = useAct('webhooks.update', { quiet: true, refresh: ['webhooks'], done: 'Saved.', onDone: onClose });
  const { values } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = {
      url: values.url.trim(),
      description: values.description.trim(),
      event_types: values.every === 'every' ? [] : values.event_types,
      concurrency: Number(values.concurrency),
    };
    if (endpoint === null) create.mutate(given, { onError: form.setError });
    else update.mutate({ webhook_id: endpoint.id, ...given, if_match: endpoint.updated_at }, { onError: form.setError });
  };
  if (create.isSuccess) return <SecretDialog title="Copy the secret now" secret={create.data.secret} onClose={onClose} />;
  const nothing = values.every === 'some' && values.event_types.length === 0;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={endpoint === null ? 'New webhook' : 'Change the webhook'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="webhook" busy={create.isPending || update.isPending} disabled={nothing}>
            {endpoint === null ? 'Create' : 'Save'}
          </Button>
        </>
      }
    >
      <form id="webhook" className="space-y-4" onSubmit={submit}>
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Address" hint="Messages are posted there as JSON, signed as Standard Webhooks." error={form.fault('url')}>
          {(control) => <Input {...control} {...form.text('url')} type="url" required />}
        </Field>
        <Field label="Name" optional error={form.fault('description')}>
          {(control) => <Input {...control} {...form.text('description')} maxLength={200} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Tell of">
            {(control) => (
              <Select {...control} {...form.text('every')}>
                <option value="every">Every event</option>
                <option value="some">Some events</option>
              </Select>
            )}
          </Field>
          <Field label="At once" hint="1 keeps them strictly in order.">
            {(control) => <Input {...control} {...form.text('concurrency')} type="number" min={1} max={16} required />}
          </Field>
        </div>
        {values.every === 'some' ? <EventTypes chosen={values.event_types} onChange={(types) => form.set('event_types', types)} /> : null}
      </form>
    </Dialog>
  );
}

function EventTypes({ chosen, onChange }: { chosen: readonly string[]; onChange: (types: string[]) => void }) {
  const events = useList('webhooks.events', {});
  const groups = [...new Set(events.rows.map((event) => event.group))];
  return (
    <div className="space-y-4 rounded-lg bg-sunken p-3">
      {groups.map((group) => (
        <fieldset key={group}>
          <legend className="mb-2 text-xs font-medium text-ink-3">{group}</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {events.rows
              .filter((event) => event.group === group)
              .map((event) => (
                <Checkbox
                  key={event.type}
                  label={event.title}
                  hint={event.type}
                  checked={chosen.includes(event.type)}
                  onCheckedChange={(checked) =>
                    onChange(checked === true ? [...chosen, event.type] : chosen.filter((one) => one !== event.type))
                  }
                />
              ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

export function SecretDialog({ title, secret, onClose }: { title: string; secret: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      footer={
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="space-y-3">
        <p className="text-sm text-ink-2">
          It is shown this once. The receiver checks the header webhook-signature with it; every library for Standard Webhooks can.
        </p>
        <CopyLine label="Signing secret" text={secret} />
      </div>
    </Dialog>
  );
}

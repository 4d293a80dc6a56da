import { Archive, ArrowDown, ArrowUp, Pencil, Plus, Undo2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Input as InputOf, Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';

type CustomField = Output<'custom_fields.list'>['items'][number];
type FieldType = InputOf<'custom_fields.create'>['type'];

const types: readonly (readonly [FieldType, string])[] = [
  ['text', 'Text'],
  ['number', 'Number'],
  ['date', 'Date'],
  ['boolean', 'Yes or no'],
  ['choice', 'Choice'],
  ['url', 'Web address'],
];
const typeName = new Map(types);
const refresh = ['custom_fields', 'people', 'segments', 'leads'];

/** The fields that this company keeps of every person, beside the built-in ones. */
export function FieldsSettings() {
  const fields = useRead('custom_fields.list', { archived: true });
  const manager = useMay('manager');
  const [edited, setEdited] = useState<CustomField | 'new' | null>(null);
  const order = useAct('custom_fields.order', { refresh });
  const update = useAct('custom_fields.update', { refresh, part: true });
  const all = fields.data?.items ?? [];
  const active = all.filter((field) => field.archived_at === null);
  const archived = all.filter((field) => field.archived_at !== null);
  const move = (from: number, to: number) => {
    const ids = active.map((field) => field.id);
    const [id] = ids.splice(from, 1);
    if (id === undefined) return;
    ids.splice(to, 0, id);
    order.mutate({ field_ids: ids });
  };
  const add = manager ? (
    <Button kind="primary" onClick={() => setEdited('new')}>
      <Plus /> New field
    </Button>
  ) : undefined;
  return (
    <div className="max-w-3xl space-y-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-xl text-sm text-ink-2">
          What you keep of every person beside name, address and number: a contract’s end, a shirt size. They stand on the person, in lists,
          imports, segments and forms, and in templates as <code className="text-xs">{'{{ person.custom.key }}'}</code>.
        </p>
        {all.length === 0 ? null : add}
      </div>
      <Panel flush>
        {fields.isPending ? (
          <SkeletonLines lines={4} className="p-4" />
        ) : fields.error !== null ? (
          <Failure what="The fields could not be loaded." error={fields.error} retry={() => void fields.refetch()} />
        ) : all.length === 0 ? (
          <Empty title="No fields of your own yet" action={add}>
            {manager ? 'Make the first one, such as “Contract end” with the type Date.' : 'A manager makes them.'}
          </Empty>
        ) : (
          <ul className="divide-y">
            {[...active, ...archived].map((field, index) => (
              <li key={field.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm">
                <span className="min-w-0 flex-1 basis-40">
                  <span className={field.archived_at === null ? 'font-medium' : 'text-ink-3'}>{field.label}</span>
                  <span className="block truncate text-xs text-ink-3">
                    {typeName.get(field.type)}
                    {field.type === 'choice' ? `: ${field.options.join(', ')}` : ''} · <code>{field.key}</code>
                  </span>
                </span>
                {field.archived_at === null ? null : <Badge>Archived</Badge>}
                {!manager ? null : field.archived_at === null ? (
                  <span className="flex shrink-0">
                    <Button
                      kind="quiet"
                      size="icon"
                      aria-label={`Move ${field.label} up`}
                      disabled={index === 0}
                      onClick={() => move(index, index - 1)}
                    >
                      <ArrowUp />
                    </Button>
                    <Button
                      kind="quiet"
                      size="icon"
                      aria-label={`Move ${field.label} down`}
                      disabled={index === active.length - 1}
                      onClick={() => move(index, index + 1)}
                    >
                      <ArrowDown />
                    </Button>
                    <Button kind="quiet" size="icon" aria-label={`Change ${field.label}`} onClick={() => setEdited(field)}>
                      <Pencil />
                    </Button>
                    <Button
                      kind="quiet"
                      size="icon"
                      aria-label={`Archive ${field.label}`}
                      onClick={() => update.mutate({ field_id: field.id, archived: true, if_match: field.updated_at })}
                    >
                      <Archive />
                    </Button>
                  </span>
                ) : (
                  <Button
                    kind="quiet"
                    size="sm"
                    onClick={() => update.mutate({ field_id: field.id, archived: false, if_match: field.updated_at })}
                  >
                    <Undo2 /> Bring back
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {edited === null ? null : <FieldDialog field={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </div>
  );
}

function FieldDialog({ field, onClose }: { field: CustomField | null; onClose: () => void }) {
  const form = useForm({ label: field?.label ?? '', type: field?.type ?? 'text', options: field?.options.join('\n') ?? '' });
  const create = useAct('custom_fields.create', { quiet: true, refresh, done: 'The field is there.', onDone: onClose });
  const update = useAct('custom_fields.update', { quiet: true, refresh, done: 'Saved.', onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { label, type } = form.values;
    const options = form.values.options.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    const chosen = type === 'choice' ? { options } : {};
    const failed = { onError: form.setError };
    if (field === null) create.mutate({ label: label.trim(), type, ...chosen }, failed);
    else update.mutate({ field_id: field.id, label: label.trim(), ...chosen, if_match: field.updated_at }, failed);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={field === null ? 'New field' : `Change ${field.label}`}
      {...(field === null ? {} : { description: 'Its type and key stay. A choice that you take away stays with the people who have it.' })}
    >
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Label" error={form.fault('label') ?? form.fault('key')}>
          {(control) => <Input {...control} {...form.text('label')} required maxLength={80} placeholder="Contract end" />}
        </Field>
        {field !== null ? null : (
          <Field label="Type" hint="It can’t be changed later: values must keep their meaning." error={form.fault('type')}>
            {(control) => (
              <Select
                {...control}
                value={form.values.type}
                // The options are the types.
                onChange={(event) => form.set('type', event.target.value as FieldType)}
              >
                {types.map(([type, name]) => (
                  <option key={type} value={type}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        {form.values.type === 'choice' ? (
          <Field label="Choices" hint="One a line, in the order they are shown." error={form.fault('options')}>
            {(control) => <Textarea {...control} {...form.text('options')} rows={5} />}
          </Field>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={create.isPending || update.isPending} disabled={form.values.label.trim() === ''}>
            {field === null ? 'Make the field' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

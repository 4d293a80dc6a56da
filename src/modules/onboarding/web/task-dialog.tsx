import { Plus, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { Note } from '#web/kit/states.tsx';
import { ACCEPT_WORDS, FIELD_WORDS, freshKey, KIND_WORDS, OWNER_WORDS, type PlanTask } from './words.ts';

type FormField = NonNullable<PlanTask['spec']['fields']>[number];

const keysOf = <Key extends string>(words: Record<Key, string>) => Object.keys(words) as Key[]; // of a literal object, exactly its type's

/** One task of a plan. Nothing is saved before the plan is. */
export function TaskDialog({
  task,
  others,
  onKeep,
  onClose,
}: {
  task: PlanTask;
  others: readonly PlanTask[];
  onKeep: (task: PlanTask) => void;
  onClose: () => void;
}) {
  const [now, setNow] = useState(task);
  const [fault, setFault] = useState<string | null>(null);
  const set = (changes: Partial<PlanTask>) => setNow((old) => ({ ...old, ...changes }));
  const kind = now.owner === 'us' ? 'task' : now.kind;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const fields = (now.spec.fields ?? []).filter(({ label }) => label.trim() !== '');
    if (now.title.trim() === '') return setFault('Give the task a title.');
    if (kind === 'form' && fields.length === 0) return setFault('Say what the form asks: add a question.');
    if (kind === 'sign' && (now.spec.document ?? '').trim() === '') return setFault('Give the text that is signed.');
    const spec =
      kind === 'form'
        ? { fields }
        : kind === 'sign'
          ? { document: now.spec.document ?? '' }
          : kind === 'upload'
            ? { accept: now.spec.accept ?? 'any', max_mb: now.spec.max_mb ?? 25 }
            : {};
    onKeep({ ...now, title: now.title.trim(), kind, spec });
  };
  return (
    <Dialog open onOpenChange={onClose} title={task.key === '' ? 'New task' : 'Edit task'}>
      <form onSubmit={submit} className="space-y-4">
        {fault === null ? null : <Note tone="bad">{fault}</Note>}
        <Field label="Title">
          {(control) => <Input {...control} value={now.title} maxLength={200} onChange={(event) => set({ title: event.target.value })} />}
        </Field>
        <Field label="What is to be done" optional>
          {(control) => <Textarea {...control} value={now.body} maxLength={5000} onChange={(event) => set({ body: event.target.value })} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Who does it">
            {(control) => (
              <Select {...control} value={now.owner} onChange={(event) => set({ owner: event.target.value === 'us' ? 'us' : 'client' })}>
                {keysOf(OWNER_WORDS).map((key) => (
                  <option key={key} value={key}>
                    {OWNER_WORDS[key]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {now.owner === 'us' ? null : (
            <Field label="What they do">
              {(control) => (
                <Select
                  {...control}
                  value={now.kind}
                  onChange={(event) => set({ kind: keysOf(KIND_WORDS).find((key) => key === event.target.value) ?? 'task' })}
                >
                  {keysOf(KIND_WORDS).map((key) => (
                    <option key={key} value={key}>
                      {KIND_WORDS[key]}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <Field label="Due after" hint="Days; empty: never">
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={now.due_days ?? ''}
                onChange={(event) => set({ due_days: /^\d+$/.test(event.target.value) ? Math.min(365, Number(event.target.value)) : null })}
              />
            )}
          </Field>
          <Field label="Counted in">
            {(control) => (
              <Select
                {...control}
                value={now.due_of}
                onChange={(event) => set({ due_of: event.target.value === 'calendar' ? 'calendar' : 'business' })}
              >
                <option value="business">Business days</option>
                <option value="calendar">Calendar days</option>
              </Select>
            )}
          </Field>
          <Field label="Counted from" className="sm:col-span-2">
            {(control) => (
              <Select {...control} value={now.due_after ?? ''} onChange={(event) => set({ due_after: event.target.value || null })}>
                <option value="">The beginning</option>
                {others.map(({ key, title }) => (
                  <option key={key} value={key}>
                    The end of “{title}”
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {kind === 'form' ? (
          <Questions fields={now.spec.fields ?? []} onChange={(fields) => set({ spec: { ...now.spec, fields } })} />
        ) : null}
        {kind === 'sign' ? (
          <Field label="Text that is signed" hint="Shown whole; kept with the signature">
            {(control) => (
              <Textarea
                {...control}
                className="min-h-40"
                value={now.spec.document ?? ''}
                maxLength={100_000}
                onChange={(event) => set({ spec: { ...now.spec, document: event.target.value } })}
              />
            )}
          </Field>
        ) : null}
        {kind === 'upload' ? (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="What may be uploaded">
              {(control) => (
                <Select
                  {...control}
                  value={now.spec.accept ?? 'any'}
                  onChange={(event) =>
                    set({ spec: { ...now.spec, accept: keysOf(ACCEPT_WORDS).find((key) => key === event.target.value) ?? 'any' } })
                  }
                >
                  {keysOf(ACCEPT_WORDS).map((key) => (
                    <option key={key} value={key}>
                      {ACCEPT_WORDS[key]}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="At most, in MB">
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  value={now.spec.max_mb ?? 25}
                  onChange={(event) => set({ spec: { ...now.spec, max_mb: Math.min(25, Math.max(1, Number(event.target.value) || 1)) } })}
                />
              )}
            </Field>
          </div>
        ) : null}
        {others.length === 0 ? null : (
          <fieldset className="space-y-2">
            <legend className="mb-1.5 text-sm font-medium">Begins when these are done</legend>
            {others.map(({ key, title }) => (
              <Checkbox
                key={key}
                label={title}
                checked={now.needs.includes(key)}
                onCheckedChange={(on) => set({ needs: on === true ? [...now.needs, key] : now.needs.filter((one) => one !== key) })}
              />
            ))}
          </fieldset>
        )}
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            Keep
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What a form asks, question by question. */
function Questions({ fields, onChange }: { fields: readonly FormField[]; onChange: (fields: FormField[]) => void }) {
  const change = (at: number, changes: Partial<FormField>) =>
    onChange(fields.map((field, i) => (i === at ? { ...field, ...changes } : field)));
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 text-sm font-medium">Questions</legend>
      {fields.map((field, i) => (
        <div key={field.name} className="space-y-2 rounded-lg border p-2">
          <div className="flex gap-2">
            <Input
              aria-label={`Question ${i + 1}`}
              value={field.label}
              maxLength={200}
              onChange={(event) => change(i, { label: event.target.value })}
            />
            <Button kind="quiet" aria-label={`Remove question ${i + 1}`} onClick={() => onChange(fields.filter((_, n) => n !== i))}>
              <X />
            </Button>
          </div>
          <div className="flex flex-wrap items-center gap-3">
            <Select
              aria-label={`Kind of question ${i + 1}`}
              className="w-40"
              value={field.type}
              onChange={(event) => change(i, { type: keysOf(FIELD_WORDS).find((key) => key === event.target.value) ?? 'text' })}
            >
              {keysOf(FIELD_WORDS).map((key) => (
                <option key={key} value={key}>
                  {FIELD_WORDS[key]}
                </option>
              ))}
            </Select>
            <Checkbox label="Needed" checked={field.required} onCheckedChange={(on) => change(i, { required: on === true })} />
          </div>
          {field.type === 'choice' ? (
            <Input
              aria-label={`Choices of question ${i + 1}, with commas between`}
              placeholder="Choices, with commas between"
              defaultValue={field.options.join(', ')}
              onChange={(event) =>
                change(i, {
                  options: event.target.value
                    .split(',')
                    .map((one) => one.trim())
                    .filter((one) => one !== ''),
                })
              }
            />
          ) : null}
        </div>
      ))}
      <Button
        size="sm"
        onClick={() => {
          const name = freshKey(`q${fields.length + 1}`, fields.map((field) => field.name)); // prettier-ignore
          onChange([...fields, { name, label: '', type: 'text', required: true, options: [] }]);
        }}
      >
        <Plus /> Add a question
      </Button>
    </fieldset>
  );
}

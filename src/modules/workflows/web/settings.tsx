import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Empty, Note } from '#web/kit/states.tsx';

/** The sequence's own settings, one control for each value it declares. */
export function SequenceSettings({ workflow }: { workflow: Output<'workflows.get'> }) {
  const may = useMay('manager');
  const form = useForm<Record<string, unknown>>({ ...workflow.settings });
  const save = useAct('workflows.update', {
    quiet: true,
    refresh: ['workflows'],
    done: 'Saved. It holds for every text written from now on.',
  });
  const keys = Object.keys(workflow.settings);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // What came as JSON goes back as JSON.
    save.mutate({ workflow_id: workflow.id, settings: form.values as typeof workflow.settings }, { onError: form.setError });
  };
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <Panel title="This sequence">
        {keys.length === 0 ? (
          <Empty title="Nothing to set" className="py-8">
            This sequence declares no settings of its own.
          </Empty>
        ) : (
          <form onSubmit={submit} className="max-w-xl space-y-4">
            {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
            {keys.map((key) => (
              <Setting key={key} name={key} value={form.values[key]} error={form.fault(key)} onChange={(value) => form.set(key, value)} />
            ))}
            <Button kind="primary" type="submit" disabled={!may} busy={save.isPending}>
              Save
            </Button>
          </form>
        )}
      </Panel>
      <Panel title="From the company">
        <p className="text-sm text-ink-2">
          Tone, facts about the business, call to action, signature, sending hours and the postal address hold for all sequences.
        </p>
        <Button asChild className="mt-3">
          <Link to="/settings/company">Company settings</Link>
        </Button>
      </Panel>
    </div>
  );
}

function Setting({
  name,
  value,
  error,
  onChange,
}: {
  name: string;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
}) {
  const label = words(name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
  if (typeof value === 'boolean')
    return <Checkbox label={label} checked={value} onCheckedChange={(checked) => onChange(checked === true)} />;
  if (typeof value === 'object' && value !== null) return <ListSetting label={label} value={value} error={error} onChange={onChange} />;
  return (
    <Field label={label} error={error}>
      {(control) =>
        typeof value === 'string' && value.length > 80 ? (
          <Textarea {...control} rows={4} value={value} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <Input
            {...control}
            type={typeof value === 'number' ? 'number' : 'text'}
            value={value === null || value === undefined ? '' : String(value)}
            onChange={(event) => onChange(typeof value === 'number' ? event.target.valueAsNumber : event.target.value)}
          />
        )
      }
    </Field>
  );
}

/** A list of words, one a line; anything deeper is changed through the API. */
function ListSetting({
  label,
  value,
  error,
  onChange,
}: {
  label: string;
  value: object;
  error: string | undefined;
  onChange: (value: unknown) => void;
}) {
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) return null;
  return (
    <Field label={label} hint="One a line." error={error}>
      {(control) => (
        <Textarea {...control} rows={5} value={value.join('\n')} onChange={(event) => onChange(event.target.value.split('\n'))} />
      )}
    </Field>
  );
}

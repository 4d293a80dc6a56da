import { useParams } from '@tanstack/react-router';
import { ExternalLink, GripVertical, Plus, Trash2 } from 'lucide-react';
import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { CopyLine } from '#web/kit/copy.tsx';
import { Checkbox, Field, Input, Select, Switch, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

type Form = Output<'forms.get'>;
type FormField = Form['fields'][number];
const types: readonly FormField['type'][] = ['text', 'email', 'phone', 'textarea', 'select'];
const back = { to: '/forms', label: 'Forms' } as const;

export function FormPage() {
  const { formId } = useParams({ from: '/shell/forms/$formId' });
  const form = useRead('forms.get', { form_id: formId });
  if (form.data === undefined) {
    return (
      <Page title="Form" back={back}>
        {form.error === null ? (
          <SkeletonLines lines={8} />
        ) : (
          <Failure what="The form could not be loaded." error={form.error} retry={() => void form.refetch()} />
        )}
      </Page>
    );
  }
  return <Editor key={form.data.updated_at} form={form.data} />;
}

function Editor({ form }: { form: Form }) {
  const may = useMay('manager');
  const state = useForm({
    title: form.title,
    intro: form.intro,
    fields: form.fields,
    consent_wording: form.consent_wording,
    consent_required: form.consent_required,
    submit_label: form.submit_label,
    thank_you: form.thank_you,
    active: form.active,
  });
  const { values, set } = state;
  const save = useAct('forms.update', { quiet: true, refresh: ['forms'], done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ form_id: form.id, if_match: form.updated_at, ...values }, { onError: state.setError });
  };
  const change = (index: number, next: Partial<FormField>) =>
    set(
      'fields',
      values.fields.map((field, at) => (at === index ? { ...field, ...next } : field)),
    );
  const url = reachable(form.url);
  return (
    <Page
      title={form.title}
      back={back}
      actions={
        <Button asChild>
          <a href={url} target="_blank" rel="noreferrer">
            <ExternalLink /> Open
          </a>
        </Button>
      }
    >
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <form onSubmit={submit}>
          <fieldset disabled={!may} className="space-y-5">
            {state.general === undefined ? null : <Note tone="bad">{state.general}</Note>}
            <Panel title="Words">
              <div className="space-y-4">
                <Field label="Title" error={state.fault('title')}>
                  {(control) => <Input {...control} {...state.text('title')} required />}
                </Field>
                <Field label="Introduction" optional error={state.fault('intro')}>
                  {(control) => <Textarea {...control} {...state.text('intro')} rows={2} />}
                </Field>
                <div className="grid gap-4 sm:grid-cols-2">
                  <Field label="Button" error={state.fault('submit_label')}>
                    {(control) => <Input {...control} {...state.text('submit_label')} required />}
                  </Field>
                  <Field label="Thank-you" error={state.fault('thank_you')}>
                    {(control) => <Input {...control} {...state.text('thank_you')} required />}
                  </Field>
                </div>
              </div>
            </Panel>
            <Panel
              title="Fields"
              flush
              aside={
                <Button
                  size="sm"
                  onClick={() =>
                    set('fields', [
                      ...values.fields,
                      { name: `field_${values.fields.length + 1}`, label: 'New field', type: 'text', required: false, options: [] },
                    ])
                  }
                >
                  <Plus /> Add a field
                </Button>
              }
            >
              {state.fault('fields') === undefined ? null : <p className="px-4 pt-3 text-xs text-bad">{state.fault('fields')}</p>}
              <ul className="divide-y">
                {values.fields.map((field, index) => (
                  <li key={index} className="space-y-2 px-4 py-3">
                    <div className="grid grid-cols-[minmax(0,1fr)_7.5rem_auto] items-center gap-2">
                      <Input
                        aria-label={`Label of field ${index + 1}`}
                        value={field.label}
                        required
                        onChange={(event) => change(index, { label: event.target.value })}
                      />
                      <Select
                        aria-label={`Type of ${field.label}`}
                        value={field.type}
                        onChange={(event) => change(index, { type: types.find((type) => type === event.target.value) ?? 'text' })}
                      >
                        {types.map((type) => (
                          <option key={type} value={type}>
                            {words(type)}
                          </option>
                        ))}
                      </Select>
                      <span className="flex">
                        <Button
                          kind="quiet"
                          size="icon"
                          aria-label={`Move ${field.label} up`}
                          disabled={index === 0}
                          onClick={() => set('fields', values.fields.toSpliced(index, 1).toSpliced(index - 1, 0, field))}
                        >
                          <GripVertical />
                        </Button>
                        <Button
                          kind="quiet"
                          size="icon"
                          aria-label={`Remove ${field.label}`}
                          disabled={field.name === 'email'}
                          onClick={() => set('fields', values.fields.toSpliced(index, 1))}
                        >
                          <Trash2 />
                        </Button>
                      </span>
                    </div>
                    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
                      <Checkbox
                        label="Required"
                        checked={field.required}
                        disabled={field.name === 'email'}
                        onCheckedChange={(checked) => change(index, { required: checked === true })}
                      />
                      <label className="flex items-center gap-2 text-xs text-ink-3">
                        stored as
                        <Input
                          className="h-7 w-36 font-mono sm:text-xs"
                          value={field.name}
                          disabled={field.name === 'email'}
                          onChange={(event) => change(index, { name: event.target.value })}
                        />
                      </label>
                    </div>
                    {field.type === 'select' ? (
                      <Textarea
                        aria-label={`Options of ${field.label}, one a line`}
                        rows={3}
                        placeholder="One option a line"
                        value={field.options.join('\n')}
                        onChange={(event) => change(index, { options: event.target.value.split('\n') })}
                      />
                    ) : null}
                    {state.fault(`fields.${index}.name`) === undefined ? null : (
                      <p className="text-xs text-bad">{state.fault(`fields.${index}.name`)}</p>
                    )}
                  </li>
                ))}
              </ul>
            </Panel>
            <Panel title="Consent">
              <div className="space-y-4">
                <Field
                  label="Text beside the tick box"
                  optional
                  hint="Stored with each answer, with its version, as proof. Empty: no box is shown."
                  error={state.fault('consent_wording')}
                >
                  {(control) => <Textarea {...control} {...state.text('consent_wording')} rows={3} />}
                </Field>
                <Checkbox
                  label="Must be ticked to send the form"
                  checked={values.consent_required}
                  disabled={values.consent_wording.trim() === ''}
                  onCheckedChange={(checked) => set('consent_required', checked === true)}
                />
              </div>
            </Panel>
            <Button kind="primary" type="submit" busy={save.isPending}>
              Save
            </Button>
          </fieldset>
        </form>
        <div className="space-y-5">
          <Panel title="Open">
            <label className="flex items-center justify-between gap-3 text-sm">
              {values.active ? 'Takes answers' : 'Closed: shows a note instead'}
              <Switch
                aria-label="The form takes answers"
                disabled={!may || save.isPending}
                checked={values.active}
                onCheckedChange={(active) => {
                  set('active', active);
                  save.mutate({ form_id: form.id, active }, { onError: state.setError });
                }}
              />
            </label>
          </Panel>
          <Panel title="Link">
            <CopyLine label="Address of the form" text={url} />
          </Panel>
          <Panel title="On your site">
            <p className="mb-2 text-sm text-ink-2">Paste this where the form should stand.</p>
            <CopyLine
              label="Code to embed"
              text={`<iframe src="${url}" title="${form.title.replaceAll('"', '&quot;')}" style="border:0;width:100%;min-height:560px"></iframe>`}
            />
          </Panel>
        </div>
      </div>
    </Page>
  );
}

/** Without a public address the server can only name its own; the one in the address bar works better then. */
function reachable(address: string): string {
  const url = new URL(address, location.origin);
  return /^(127\.|localhost$|\[::1\]|0\.0\.0\.0)/.test(url.hostname) ? location.origin + url.pathname : url.href;
}

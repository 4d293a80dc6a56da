import { useState, type FormEvent } from 'react';
import type { ApiError } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select, Switch, Textarea } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';
import { ConsentPanel } from './consent.tsx';
import { faultsAt, type Draft, type Form } from './draft.ts';
import { FieldList } from './field-list.tsx';
import { Preview } from './preview.tsx';
import { AfterPanel, SafetyPanel } from './settings.tsx';
import { StepsPanel } from './steps.tsx';
import { useDraft } from './use-draft.ts';

/** The form on the left, what it looks like on the right. */
export function Builder({ form }: { form: Form }) {
  const may = useMay('manager');
  const { draft, base, clash, changed, ...write } = useDraft(form);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const [doubt, setDoubt] = useState<ApiError | null>(null);
  const save = useAct('forms.update', { quiet: true, refresh: ['forms'], done: 'Saved.' });
  const error = refused ?? doubt;
  const set = (next: Partial<Draft>) => {
    write.set(next);
    setRefused(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    save.mutate(
      { form_id: form.id, if_match: base.updated_at, ...tidied(draft) },
      { onError: setRefused, onSuccess: (answer) => write.saved(answer, draft) },
    );
  };
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]">
      <form onSubmit={submit} noValidate>
        <fieldset disabled={!may} className="min-w-0 space-y-5">
          {may ? null : <Note>Only a manager changes forms.</Note>}
          {refused === null ? null : <Note tone="bad">{refused.message}</Note>}
          {clash ? <Note tone="warn">Somebody else changed this form meanwhile. Saving puts what you changed on top.</Note> : null}
          <Panel title="Words">
            <div className="space-y-4">
              <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_9rem]">
                <Field label="Title" error={faultsAt(error, 'title')}>
                  {(control) => <Input {...control} value={draft.title} onChange={(event) => set({ title: event.target.value })} />}
                </Field>
                <Field label="Language">
                  {(control) => (
                    <Select
                      {...control}
                      value={draft.language}
                      onChange={(event) => set({ language: event.target.value === 'de' ? 'de' : 'en' })}
                    >
                      <option value="en">English</option>
                      <option value="de">Deutsch</option>
                    </Select>
                  )}
                </Field>
              </div>
              <Field label="Introduction" optional error={faultsAt(error, 'intro')}>
                {(control) => (
                  <Textarea {...control} rows={2} value={draft.intro} onChange={(event) => set({ intro: event.target.value })} />
                )}
              </Field>
              <Field label="Button" className="max-w-60" error={faultsAt(error, 'submit_label')}>
                {(control) => (
                  <Input {...control} value={draft.submit_label} onChange={(event) => set({ submit_label: event.target.value })} />
                )}
              </Field>
            </div>
          </Panel>
          <FieldList fields={draft.fields} steps={draft.steps} error={error} disabled={!may} onChange={(fields) => set({ fields })} />
          <StepsPanel steps={draft.steps} fields={draft.fields} onChange={set} />
          <ConsentPanel form={base} draft={draft} error={error} onChange={set} />
          <AfterPanel draft={draft} error={error} onChange={set} />
          <SafetyPanel draft={draft} error={error} onChange={set} />
          <div className="sticky bottom-0 z-10 -mx-4 flex items-center gap-3 border-t bg-canvas px-4 py-3 sm:static sm:mx-0 sm:border-0 sm:bg-transparent sm:px-0">
            <Button kind="primary" type="submit" busy={save.isPending} disabled={!changed}>
              Save
            </Button>
            {changed ? (
              <span className="text-sm text-ink-2">Not saved yet</span>
            ) : (
              <span className="text-sm text-ink-3">Everything is saved</span>
            )}
          </div>
        </fieldset>
      </form>
      <div className="min-w-0 space-y-5 lg:sticky lg:top-20">
        <Open form={form} may={may} />
        <Preview draft={tidied(draft)} onFaults={setDoubt} />
      </div>
    </div>
  );
}

/** Empty lines of options are no options. */
function tidied(draft: Draft): Draft {
  return {
    ...draft,
    fields: draft.fields.map((field) => ({
      ...field,
      options: field.options.map((option) => option.trim()).filter((option) => option !== ''),
    })),
  };
}

function Open({ form, may }: { form: Form; may: boolean }) {
  const save = useAct('forms.update', { refresh: ['forms'] });
  return (
    <Panel>
      <label className="flex items-center justify-between gap-3 text-sm">
        {form.active ? 'Takes answers' : 'Closed: shows a note instead'}
        <Switch
          aria-label="The form takes answers"
          disabled={!may || save.isPending}
          checked={form.active}
          onCheckedChange={(active) => save.mutate({ form_id: form.id, active })}
        />
      </label>
    </Panel>
  );
}

import { Field, Input, Select } from '#web/kit/field.tsx';
import { JsonText } from './condition-field.tsx';
import { useBuilder } from './context.tsx';
import { recordOf } from './parse.ts';

/** What holds for the whole workflow. */
export function WorkflowPanel() {
  const { definition, change, may } = useBuilder();
  return (
    <fieldset disabled={!may} className="space-y-4">
      <legend className="sr-only">The workflow</legend>
      <Field label="Title">
        {(control) => (
          <Input
            {...control}
            value={definition.title}
            maxLength={200}
            onChange={(event) => change({ ...definition, title: event.target.value }, 'title')}
          />
        )}
      </Field>
      <Field label="Name in API calls" hint="Stays as it is: other systems may call it so.">
        {(control) => <Input {...control} value={definition.name} readOnly className="font-mono text-ink-2" />}
      </Field>
      <Field label="May one enter again?" hint="The same lead, person or company.">
        {(control) => (
          <Select
            {...control}
            value={definition.reentry ?? ''}
            onChange={(event) => {
              const { reentry: _old, ...rest } = definition;
              change(event.target.value === '' ? rest : { ...rest, reentry: event.target.value });
            }}
          >
            <option value="">{definition.subject === 'company' ? 'As usual: always' : 'As usual: when the last run has ended'}</option>
            <option value="after_end">When the last run has ended</option>
            <option value="once">Never</option>
            <option value="always">Always, also side by side</option>
          </Select>
        )}
      </Field>
      <div className="space-y-1.5">
        <span className="text-sm font-medium">Settings</span>
        <p className="text-xs text-ink-3">Values that steps may use as settings.…, and that can be changed without a new version.</p>
        <JsonText
          label="Settings as JSON"
          rows={5}
          value={definition.settings}
          onChange={(value) => change({ ...definition, settings: recordOf(value) }, 'settings')}
        />
      </div>
    </fieldset>
  );
}

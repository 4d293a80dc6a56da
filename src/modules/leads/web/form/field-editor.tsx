import type { ApiError, Output } from '#web/kit/api.ts';
import { Checkbox, Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { ConditionEditor } from './condition.tsx';
import { CHOOSING, faultsAt, FIELD_TYPES, nameFrom, UTM_NAMES, type FormField } from './draft.ts';

const TARGETS: readonly (readonly [string, string])[] = [
  ['name', 'Name'],
  ['first_name', 'First name'],
  ['last_name', 'Last name'],
  ['phone', 'Phone'],
  ['organisation', 'Organisation'],
  ['language', 'Language'],
  ['message', 'Message on the timeline'],
];

interface Props {
  field: FormField;
  index: number;
  above: readonly FormField[];
  steps: readonly string[];
  custom: readonly Output<'custom_fields.list'>['items'][number][];
  error: ApiError | null;
  onChange: (next: Partial<FormField>) => void;
}

/** Everything about one field. */
export function FieldEditor({ field, index, above, steps, custom, error, onChange }: Props) {
  const fault = (part: string) => faultsAt(error, `fields.${index}.${part}`);
  const isAddress = field.name === 'email';
  const unseen = field.type === 'hidden' || field.type === 'utm';
  const relabel = (label: string) =>
    // The name follows the label until it was given one of its own.
    onChange(
      isAddress || field.name !== nameFrom(field.label) || nameFrom(label) === '' || above.some((each) => each.name === nameFrom(label))
        ? { label }
        : { label, name: nameFrom(label) },
    );
  return (
    <div className="space-y-3 border-t bg-sunken/50 px-4 py-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Label" error={fault('label')}>
          {(control) => <Input {...control} value={field.label} required onChange={(event) => relabel(event.target.value)} />}
        </Field>
        <Field label="Kind">
          {(control) => (
            <Select
              {...control}
              disabled={isAddress}
              value={field.type}
              onChange={(event) => {
                const type = FIELD_TYPES.find(([each]) => each === event.target.value)?.[0] ?? 'text';
                onChange({
                  type,
                  ...(CHOOSING.has(type) && field.options.length === 0 ? { options: ['First', 'Second'] } : {}),
                  ...(type === 'utm' ? { value: 'utm_campaign' } : {}),
                });
              }}
            >
              {FIELD_TYPES.map(([type, words]) => (
                <option key={type} value={type}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {CHOOSING.has(field.type) ? (
        <Field label="Options, one a line" error={fault('options')}>
          {(control) => (
            <Textarea
              {...control}
              rows={3}
              value={field.options.join('\n')}
              onChange={(event) => onChange({ options: event.target.value.split('\n') })}
            />
          )}
        </Field>
      ) : null}
      {field.type === 'hidden' ? (
        <Field label="Value" optional hint="A link or the embed code may set another: data-field-…" error={fault('value')}>
          {(control) => <Input {...control} value={field.value} onChange={(event) => onChange({ value: event.target.value })} />}
        </Field>
      ) : null}
      {field.type === 'utm' ? (
        <Field label="Parameter" hint="Filled by itself from the address of the page." error={fault('value')}>
          {(control) => (
            <Select {...control} value={field.value} onChange={(event) => onChange({ value: event.target.value })}>
              {UTM_NAMES.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
      ) : null}
      {unseen ? null : (
        <Field label="Help under the field" optional error={fault('help')}>
          {(control) => <Input {...control} value={field.help} onChange={(event) => onChange({ help: event.target.value })} />}
        </Field>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Stored as" error={fault('name')}>
          {(control) => (
            <Input
              {...control}
              className="font-mono sm:text-xs"
              value={field.name}
              disabled={isAddress}
              onChange={(event) => onChange({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Goes to" error={fault('map_to')}>
          {(control) => (
            <Select
              {...control}
              disabled={isAddress}
              value={field.map_to ?? ''}
              onChange={(event) => onChange({ map_to: event.target.value === '' ? null : event.target.value })}
            >
              <option value="">{isAddress ? 'The person’s address' : 'By its name, else only here'}</option>
              {TARGETS.map(([target, words]) => (
                <option key={target} value={target}>
                  {words}
                </option>
              ))}
              {custom.map((each) => (
                <option key={each.key} value={`custom.${each.key}`}>
                  {each.label} (own field)
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {steps.length < 2 ? null : (
        <Field label="Step" className="max-w-60">
          {(control) => (
            <Select
              {...control}
              value={String(Math.min(field.step, steps.length - 1))}
              onChange={(event) => onChange({ step: Number(event.target.value) })}
            >
              {steps.map((title, step) => (
                <option key={step} value={step}>
                  {step + 1}. {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      {unseen ? null : (
        <Checkbox
          label="Must be answered"
          checked={field.required}
          disabled={isAddress}
          onCheckedChange={(checked) => onChange({ required: checked === true })}
        />
      )}
      {isAddress ? null : (
        <ConditionEditor
          label={field.label}
          above={above}
          value={field.show_when}
          onChange={(showWhen) => onChange({ show_when: showWhen })}
        />
      )}
      {fault('show_when') === undefined ? null : <p className="text-xs text-bad">{fault('show_when')}</p>}
    </div>
  );
}

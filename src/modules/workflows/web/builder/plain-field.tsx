import { Input, Select, Textarea } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { JsonText } from './condition-field.tsx';
import { CustomValues } from './custom-values.tsx';
import { stepsBefore } from './definition.ts';
import { recordOf } from './parse.ts';
import { labelOf, type FieldProps } from './schema.ts';
import { ChoiceField, DurationField, EventSelect, LiquidField, ManyField, type Control } from './small-fields.tsx';
import { ListField, MixedField, PairsField } from './value-fields.tsx';

/** The control of one value: by the name that the vocabulary gives it, else by its type. */
export function PlainField({
  schema,
  value,
  required,
  context,
  onChange,
  type,
  control,
  name,
}: FieldProps & { type: string | undefined; control: Control }) {
  const { vocabulary, definition, stepId, variables } = context;
  const text = typeof value === 'string' ? value : typeof schema.default === 'string' && value === undefined ? schema.default : '';
  const choice = (options: readonly { value: string; label: string; group?: string }[], placeholder: string) => (
    <ChoiceField control={control} value={text} options={options} placeholder={placeholder} optional={!required} onChange={onChange} />
  );
  switch (schema['x-widget']) {
    case 'duration':
      return <DurationField control={control} value={value ?? schema.default} onChange={onChange} />;
    case 'users':
      return (
        <ManyField
          control={control}
          value={Array.isArray(value) ? value.map(String) : []}
          options={vocabulary.users}
          placeholder={Array.isArray(value) && value.length > 0 ? 'And then…' : 'Anybody who may'}
          onChange={onChange}
        />
      );
    case 'event':
      return <EventSelect control={control} value={text} vocabulary={vocabulary} onChange={onChange} />;
    case 'template':
      return choice(
        vocabulary.templates.map((one) => ({ value: one.key, label: one.title, group: words(one.class) })),
        'Choose a template…',
      );
    case 'step':
      return choice(
        stepsBefore(definition, stepId)
          .filter(
            (step) => vocabulary.steps.find((one) => one.type === step.type)?.outputs.some((output) => output.path === 'text') === true,
          )
          .map((step) => ({ value: step.id, label: step.title })),
        'Choose a step before this one…',
      );
    case 'user':
      return choice(vocabulary.users, context.unset ?? 'Whoever is free');
    case 'custom':
      return <CustomValues control={control} value={recordOf(value)} variables={variables} onChange={onChange} />;
    case 'workflow':
      return choice(
        vocabulary.workflows
          .filter((one) => one.subject === definition.subject && one.name !== definition.name)
          .map((one) => ({ value: one.name, label: one.title })),
        'Choose a workflow…',
      );
    case 'connection':
      return choice(
        vocabulary.connections.map((one) => ({ value: one.id, label: one.title })),
        'Choose a connection…',
      );
    case 'value':
      return choice(
        variables.map((one) => ({ value: one.path, label: one.label, group: one.group })),
        'Choose a value…',
      );
    case 'field':
      return choice(
        variables
          .filter((one) => one.type === 'date' || one.type === 'moment' || one.path === text)
          .map((one) => ({ value: one.path, label: one.label, group: one.group })),
        'Choose a date…',
      );
    case 'liquid':
      return (
        <LiquidField
          control={control}
          value={text}
          long={(schema.maxLength ?? 10_000) > 1_000}
          variables={variables}
          onChange={(next) => onChange(next === '' && !required ? undefined : next)}
        />
      );
    case 'json':
      return <JsonText label={labelOf(name, schema)} value={value} onChange={onChange} />;
    case 'code':
      return (
        <Textarea
          {...control}
          rows={8}
          spellCheck={false}
          className="font-mono text-xs"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    default:
      break;
  }
  if (schema.enum !== undefined)
    return (
      <Select
        {...control}
        value={String(value ?? schema.default ?? '')}
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
      >
        {schema.default === undefined ? <option value="">{context.unset ?? 'Choose…'}</option> : null}
        {schema.enum.map((one) => (
          <option key={String(one)} value={String(one)}>
            {words(String(one))}
          </option>
        ))}
      </Select>
    );
  if (type === 'array')
    return (
      <ListField
        items={schema.items}
        value={value}
        control={control}
        vocabulary={vocabulary}
        label={labelOf(name, schema)}
        onChange={onChange}
      />
    );
  if (type === 'object') return <PairsField value={recordOf(value)} label={labelOf(name, schema)} onChange={onChange} />;
  if (type === 'integer' || type === 'number')
    return (
      <Input
        {...control}
        type="number"
        step={type === 'integer' ? 1 : 'any'}
        min={schema.minimum}
        max={schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER ? schema.maximum : undefined}
        placeholder={schema.default === undefined ? undefined : String(schema.default)}
        value={typeof value === 'number' ? value : ''}
        onChange={(event) => onChange(Number.isFinite(event.target.valueAsNumber) ? event.target.valueAsNumber : undefined)}
      />
    );
  if (schema.format === 'date-time')
    return (
      <Input
        {...control}
        type="datetime-local"
        value={text === '' ? '' : localOf(text)}
        onChange={(event) => onChange(event.target.value === '' ? undefined : new Date(event.target.value).toISOString())}
      />
    );
  if (type === undefined) return <MixedField control={control} value={value} onChange={onChange} />;
  const set = (next: string) => onChange(next === '' && !required ? undefined : next);
  return (schema.maxLength ?? 0) > 500 ? (
    <Textarea {...control} rows={4} value={text} onChange={(event) => set(event.target.value)} />
  ) : (
    <Input
      {...control}
      autoComplete="off"
      value={text}
      placeholder={typeof schema.default === 'string' ? schema.default : undefined}
      onChange={(event) => set(event.target.value)}
    />
  );
}

/** A moment in the browser's zone, as a date box wants it. */
function localOf(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

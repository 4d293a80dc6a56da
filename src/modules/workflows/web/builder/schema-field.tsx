import { Checkbox, Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { ConditionField, JsonText } from './condition-field.tsx';
import { stepsBefore, type Definition } from './definition.ts';
import { recordOf } from './parse.ts';
import { ChoiceField, DurationField, EventSelect, LiquidField, ManyField, type Control } from './small-fields.tsx';
import { ListField, MixedField, PairsField } from './value-fields.tsx';
import type { Variable, Vocabulary } from './words.ts';

/** JSON Schema as zod writes it, with the control that the vocabulary names. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly 'x-widget'?: string;
}

/** What a form needs to know of the place that it is for. */
export interface FormContext {
  readonly vocabulary: Vocabulary;
  readonly definition: Definition;
  /** The step whose form it is. */
  readonly stepId: string;
  readonly variables: readonly Variable[];
  /** The server's word on a field, by its path in the input. */
  readonly fault: (path: string) => string | undefined;
}

type Values = Readonly<Record<string, unknown>>;

const LABELS: Readonly<Record<string, string>> = {
  assigneeId: 'Who', dueInDays: 'Due in how many days', wait: 'Wait until it is done', waitDays: 'Wait at most how many days', for: 'How long',
  until: 'Until', untilField: 'Which date', plus: 'And then', events: 'Until', within: 'But no longer than', class: 'Kind', from: 'Step that writes',
  set: 'What to set', workflow: 'Workflow', url: 'Address', list: 'List', title: 'What is to be done', body: 'Details',
}; // prettier-ignore
const VARIANTS: Readonly<Record<string, string>> = {
  for: 'For a length of time',
  until: 'Until a date',
  untilField: 'Until a date of theirs',
  events: 'Until something happens',
};

export const labelOf = (key: string, schema: Schema): string => {
  const title = schema.title ?? LABELS[key];
  return title ?? words(key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
};

/** The fields of an object, one below the other. */
export function ObjectFields({
  schema,
  values,
  path,
  context,
  only,
  onChange,
}: {
  schema: Schema;
  values: Values;
  path: string;
  context: FormContext;
  /** Leave out the others. */
  only?: (key: string) => boolean;
  onChange: (values: Values, key: string) => void;
}) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {})
    .filter(([key, one]) => only?.(key) !== false && one.const === undefined)
    .map(([key, one]) => (
      <SchemaField
        key={key}
        name={key}
        schema={one}
        value={values[key]}
        path={path === '' ? key : `${path}.${key}`}
        required={required.has(key)}
        context={context}
        onChange={(value) => {
          const { [key]: _old, ...rest } = values;
          onChange(value === undefined ? rest : { ...values, [key]: value }, key);
        }}
      />
    ));
}

interface FieldProps {
  name: string;
  schema: Schema;
  value: unknown;
  path: string;
  required: boolean;
  context: FormContext;
  onChange: (value: unknown) => void;
}

/** The control that a schema asks for. */
export function SchemaField(props: FieldProps) {
  const { name, schema, value, path, required, context, onChange } = props;
  const label = labelOf(name, schema);
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.find((one) => one !== 'null');
  if (schema['x-widget'] === 'condition')
    return (
      <fieldset className="space-y-1.5">
        <legend className="text-sm font-medium">{label}</legend>
        <ConditionField value={value} variables={context.variables} onChange={onChange} />
        <Says fault={context.fault(path)} />
      </fieldset>
    );
  if (schema['x-widget'] === 'updates') return <UpdateFields {...props} />;
  if (type === 'boolean')
    return (
      <Checkbox
        label={label}
        hint={schema.description}
        checked={(value ?? schema.default) === true}
        onCheckedChange={(checked) => onChange(checked === true)}
      />
    );
  const shapes = schema.anyOf ?? schema.oneOf;
  if (schema['x-widget'] === undefined && shapes?.every((one) => one.type === 'object') === true)
    return (
      <fieldset className="space-y-3 rounded-lg border p-3">
        <legend className="px-1 text-sm font-medium">{label}</legend>
        <Shapes shapes={shapes} values={recordOf(value)} path={path} context={context} onChange={onChange} />
      </fieldset>
    );
  if (schema['x-widget'] === undefined && type === 'object' && schema.properties !== undefined)
    return (
      <fieldset className="space-y-3 rounded-lg border p-3">
        <legend className="px-1 text-sm font-medium">{label}</legend>
        <ObjectFields schema={schema} values={recordOf(value)} path={path} context={context} onChange={onChange} />
      </fieldset>
    );
  return (
    <Field
      label={label}
      optional={!required && schema.default === undefined}
      error={context.fault(path)}
      {...(schema.description === undefined ? {} : { hint: schema.description })}
    >
      {(control) => <Plain {...props} type={type} control={control} />}
    </Field>
  );
}

function Plain({
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
      return choice(vocabulary.users, 'Whoever is free');
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
        {schema.default === undefined ? <option value="">Choose…</option> : null}
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

/** One of several shapes: which, then its fields. */
export function Shapes({
  shapes,
  values,
  path,
  context,
  onChange,
}: {
  shapes: readonly Schema[];
  values: Values;
  path: string;
  context: FormContext;
  onChange: (values: Values) => void;
}) {
  const keyOf = (shape: Schema) => shape.required?.[0] ?? Object.keys(shape.properties ?? {})[0] ?? '';
  const at = Math.max(
    0,
    shapes.findIndex((shape) => keyOf(shape) in values),
  );
  const shape = shapes[at];
  if (shape === undefined) return null;
  const first = (one: Schema): Values =>
    Object.fromEntries(
      (one.required ?? []).flatMap((key) => {
        const property = one.properties?.[key];
        if (property?.['x-widget'] === 'duration') return [[key, { days: 1 }]];
        if (property?.const !== undefined) return [[key, property.const]];
        return property?.type === 'array' ? [[key, []]] : [[key, '']];
      }),
    );
  return (
    <>
      <Field label="How">
        {(control) => (
          <Select
            {...control}
            value={String(at)}
            onChange={(event) => {
              const next = shapes[Number(event.target.value)];
              if (next !== undefined) onChange(first(next));
            }}
          >
            {shapes.map((one, i) => (
              <option key={keyOf(one)} value={i}>
                {one.title ?? VARIANTS[keyOf(one)] ?? labelOf(keyOf(one), {})}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <ObjectFields schema={shape} values={values} path={path} context={context} onChange={(next) => onChange(next)} />
    </>
  );
}

function UpdateFields({ name, schema, value, path, context, onChange }: FieldProps) {
  const subject = context.vocabulary.subjects.find((one) => one.type === context.definition.subject);
  // JSON Schema out of the vocabulary.
  const updates = (subject?.updates ?? null) as Schema | null;
  if (updates?.properties === undefined) return <JsonText label={labelOf(name, schema)} value={value} onChange={onChange} />;
  return (
    <div className="space-y-3">
      <ObjectFields
        schema={{ ...updates, required: [] }}
        values={recordOf(value)}
        path={path}
        context={context}
        onChange={(next) => onChange(next)}
      />
      <Says fault={context.fault(path)} />
    </div>
  );
}

function Says({ fault }: { fault: string | undefined }) {
  return fault === undefined ? null : <p className="text-xs text-bad">{fault}</p>;
}

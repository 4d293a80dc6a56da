import { Checkbox, Field, Select } from '#web/kit/field.tsx';
import { ConditionField, JsonText } from './condition-field.tsx';
import { recordOf } from './parse.ts';
import { PlainField } from './plain-field.tsx';
import { labelOf, type FieldProps, type FormContext, type Schema, type Values } from './schema.ts';

const VARIANTS: Readonly<Record<string, string>> = {
  for: 'For a length of time',
  until: 'Until a date',
  untilField: 'Until a date of theirs',
  events: 'Until something happens',
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
      optional={!required && schema.default === undefined && context.unset === undefined}
      error={context.fault(path)}
      {...(schema.description === undefined ? {} : { hint: schema.description })}
    >
      {(control) => <PlainField {...props} type={type} control={control} />}
    </Field>
  );
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
        context={{ ...context, unset: 'As it is' }}
        onChange={(next) => onChange(next)}
      />
      <Says fault={context.fault(path)} />
    </div>
  );
}

function Says({ fault }: { fault: string | undefined }) {
  return fault === undefined ? null : <p className="text-xs text-bad">{fault}</p>;
}

import { Copy, Plus, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { Json } from '#web/kit/json.tsx';
import { Note } from '#web/kit/states.tsx';
import { ActionFields } from './action-fields.tsx';
import { Cases } from './cases.tsx';
import { useBuilder } from './context.tsx';
import { replaceStep, type Step } from './definition.ts';
import type { FormContext, Schema } from './schema.ts';
import { ObjectFields, Shapes } from './schema-field.tsx';
import { outputsOf, variablesAt } from './words.ts';

/** Everything about one step, made from what its type says that it takes. */
export function StepForm({ step }: { step: Step }) {
  const { definition, vocabulary, faults, change, remove, duplicate, typeOf, may } = useBuilder();
  const type = typeOf(step);
  const put = (next: Partial<Step>, field: string) =>
    change(
      replaceStep(definition, step.id, (old) => ({ ...old, ...next })),
      `${step.id} ${field}`,
    );
  const mine = faults.filter((fault) => fault.step_id === step.id);
  const context: FormContext = {
    vocabulary,
    definition,
    stepId: step.id,
    variables: variablesAt(vocabulary, definition, step.id),
    fault: (path) => mine.find((fault) => fault.path.endsWith(`.input.${path}`))?.message,
  };
  // JSON Schema out of the vocabulary.
  const schema = (type?.schema ?? {}) as Schema;
  const shapes = schema.anyOf ?? schema.oneOf;
  const rest = mine.filter((fault) => !shownAtField(fault.path, schema));
  const outputs = outputsOf(vocabulary, step);
  const set = (input: Readonly<Record<string, unknown>>, key = '') => put({ input }, `input ${key}`);
  return (
    <fieldset disabled={!may} className="space-y-4">
      <legend className="sr-only">{step.title}</legend>
      {type?.description === undefined || type.description === '' ? null : <p className="text-sm text-ink-2">{type.description}</p>}
      {rest.map((fault) => (
        <Note key={`${fault.path} ${fault.message}`} tone={fault.weight === 'fault' ? 'bad' : 'warn'}>
          {fault.message}
        </Note>
      ))}
      {type === undefined ? (
        <Note tone="bad">This Steward knows no step type {step.type}. Remove the step, or install what brings it.</Note>
      ) : null}
      <Field label="Title" hint="As it stands in the drawing, and in the run’s journal.">
        {(control) => (
          <Input {...control} value={step.title} maxLength={200} onChange={(event) => put({ title: event.target.value }, 'title')} />
        )}
      </Field>
      {step.type === 'connector' ? (
        <ActionFields values={step.input} context={context} onChange={set} />
      ) : shapes !== undefined ? (
        <Shapes shapes={shapes} values={step.input} path="" context={context} onChange={(input) => set(input)} />
      ) : type?.choice != null ? (
        <Chosen schema={schema} choice={type.choice} values={step.input} context={context} onChange={set} />
      ) : (
        <ObjectFields schema={schema} values={step.input} path="" context={context} onChange={set} />
      )}
      {step.cases === undefined ? null : (
        <Cases step={step} context={context} faults={mine} onChange={(cases) => put({ cases }, 'cases')} />
      )}
      {step.branches === undefined ? null : <Ways step={step} onChange={(branches) => put({ branches }, 'ways')} />}
      <div className="flex flex-wrap gap-2 border-t pt-4">
        <Button onClick={() => duplicate(step.id)}>
          <Copy /> Duplicate
        </Button>
        <Button onClick={() => remove(step.id)}>
          <Trash2 /> Delete
        </Button>
      </div>
      {outputs.length === 0 ? null : (
        <p className="text-xs text-ink-3">
          Later steps can use{' '}
          {outputs.map((output, i) => (
            <span key={output.path}>
              {i === 0 ? '' : ', '}
              <code className="text-ink-2">
                steps.{step.id}.{output.path}
              </code>{' '}
              ({output.label})
            </span>
          ))}
          .
        </p>
      )}
      <Json label="As JSON" value={step} />
    </fieldset>
  );
}

/** A field shows its own fault; what belongs to none stands above. */
function shownAtField(path: string, schema: Schema): boolean {
  // What an action takes is shown at its fields, too.
  if (/\.input\.input\.[^.]+$/.test(path)) return true;
  if (/\.cases\.\d+(\.|$)/.test(path)) return true;
  const key = /\.input\.([^.]+)$/.exec(path)?.[1];
  if (key === undefined) return false;
  return [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some((one) => one.properties?.[key] !== undefined);
}

/** One of several sets of fields is filled in; the others are left out. */
function Chosen({
  schema,
  choice,
  values,
  context,
  onChange,
}: {
  schema: Schema;
  choice: { label: string; options: { label: string; fields: string[] }[] };
  values: Readonly<Record<string, unknown>>;
  context: FormContext;
  onChange: (values: Readonly<Record<string, unknown>>, key?: string) => void;
}) {
  const filled = choice.options.findIndex((option) => option.fields.some((field) => values[field] !== undefined));
  const [picked, setPicked] = useState(Math.max(0, filled));
  const at = filled === -1 ? picked : filled;
  const option = choice.options[at];
  const all = choice.options.flatMap((one) => one.fields);
  return (
    <>
      <ObjectFields schema={schema} values={values} path="" context={context} only={(key) => !all.includes(key)} onChange={onChange} />
      <Field label={choice.label}>
        {(control) => (
          <Select
            {...control}
            value={at}
            onChange={(event) => {
              setPicked(Number(event.target.value));
              onChange(Object.fromEntries(Object.entries(values).filter(([key]) => !all.includes(key))), 'choice');
            }}
          >
            {choice.options.map((one, i) => (
              <option key={one.label} value={i}>
                {one.label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <ObjectFields
        schema={{ ...schema, required: option?.fields ?? [] }}
        values={values}
        path=""
        context={context}
        only={(key) => option?.fields.includes(key) === true}
        onChange={onChange}
      />
    </>
  );
}

/** Names of parallel ways; a way goes with what is in it. */
function Ways({ step, onChange }: { step: Step; onChange: (branches: NonNullable<Step['branches']>) => void }) {
  const ways = step.branches ?? [];
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 text-sm font-medium">Ways</legend>
      {ways.map((way, i) => (
        <div key={i} className="flex gap-2">
          <Input
            aria-label={`Name of way ${i + 1}`}
            value={way.title}
            onChange={(event) => onChange(ways.map((one, at) => (at === i ? { ...one, title: event.target.value } : one)))}
          />
          <Button
            kind="quiet"
            size="icon"
            disabled={ways.length <= 2}
            aria-label={`Remove ${way.title}`}
            onClick={() => onChange(ways.filter((_, at) => at !== i))}
          >
            <X />
          </Button>
        </div>
      ))}
      <Button size="sm" disabled={ways.length >= 20} onClick={() => onChange([...ways, { title: `Way ${ways.length + 1}`, steps: [] }])}>
        <Plus /> Way
      </Button>
    </fieldset>
  );
}

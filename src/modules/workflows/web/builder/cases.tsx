import { ChevronDown, ChevronUp, Plus, X } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { ConditionField } from './condition-field.tsx';
import type { Fault } from './context.tsx';
import type { Case, Step } from './definition.ts';
import type { FormContext } from './schema.ts';

const MOST = 30;

/** The ways of a switch, in the order in which they are tried; a way goes with what is in it. */
export function Cases({
  step,
  context,
  faults,
  onChange,
}: {
  step: Step;
  context: FormContext;
  faults: readonly Fault[];
  onChange: (cases: readonly Case[]) => void;
}) {
  const cases = step.cases ?? [];
  const { field } = step.input;
  const variable = context.variables.find((one) => one.path === field);
  const put = (index: number, next: Case) => onChange(cases.map((one, i) => (i === index ? next : one)));
  const swap = (a: number, b: number) => onChange(cases.map((one, i) => (i === a ? (cases[b] ?? one) : i === b ? (cases[a] ?? one) : one)));
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1.5 text-sm font-medium">Cases</legend>
      <p className="text-xs text-ink-3">The first that fits is taken; otherwise the last way.</p>
      {cases.map((one, i) => {
        const fault = faults.find(({ path }) => new RegExp(`\\.cases\\.${i}(\\.|$)`).test(path))?.message;
        return (
          <fieldset key={i} className="space-y-2.5 rounded-lg border p-3">
            <legend className="sr-only">{one.title}</legend>
            <div className="flex gap-1">
              <Input
                aria-label={`Name of case ${i + 1}`}
                value={one.title}
                maxLength={200}
                onChange={(event) => put(i, { ...one, title: event.target.value })}
              />
              <Button kind="quiet" size="icon" disabled={i === 0} aria-label={`${one.title}: earlier`} onClick={() => swap(i, i - 1)}>
                <ChevronUp />
              </Button>
              <Button
                kind="quiet"
                size="icon"
                disabled={i === cases.length - 1}
                aria-label={`${one.title}: later`}
                onClick={() => swap(i, i + 1)}
              >
                <ChevronDown />
              </Button>
              <Button
                kind="quiet"
                size="icon"
                disabled={cases.length <= 1}
                aria-label={`Remove ${one.title}`}
                onClick={() => onChange(cases.filter((_, at) => at !== i))}
              >
                <X />
              </Button>
            </div>
            <Field label="When">
              {(control) => (
                <Select
                  {...control}
                  value={one.when === undefined ? 'is' : 'when'}
                  onChange={(event) => put(i, event.target.value === 'is' ? { title: one.title, is: [], steps: one.steps } : whenOf(one))}
                >
                  <option value="is">The value is one of these</option>
                  <option value="when">A condition of its own holds</option>
                </Select>
              )}
            </Field>
            {one.when === undefined ? (
              <Values one={one} options={variable?.options ?? []} onChange={(is) => put(i, { title: one.title, is, steps: one.steps })} />
            ) : (
              <ConditionField value={one.when} variables={context.variables} onChange={(when) => put(i, { ...one, when })} />
            )}
            {fault === undefined ? null : <p className="text-xs text-bad">{fault}</p>}
          </fieldset>
        );
      })}
      <Button
        size="sm"
        disabled={cases.length >= MOST}
        onClick={() => onChange([...cases, { title: freshTitle(cases), is: [], steps: [] }])}
      >
        <Plus /> Case
      </Button>
    </fieldset>
  );
}

const whenOf = (one: Case): Case => ({ title: one.title, when: {}, steps: one.steps });

function freshTitle(cases: readonly Case[]): string {
  for (let n = cases.length + 1; ; n++) if (!cases.some((one) => one.title === `Case ${n}`)) return `Case ${n}`;
}

/** One value a line; where the value is one of a list, its entries can be chosen. */
function Values({
  one,
  options,
  onChange,
}: {
  one: Case;
  options: readonly { value: string; label: string }[];
  onChange: (is: readonly unknown[]) => void;
}) {
  const values = one.is ?? [];
  const left = options.filter((option) => !values.includes(option.value));
  return (
    <div className="space-y-2">
      {values.map((value, i) => (
        <div key={i} className="flex gap-1">
          <Input
            aria-label={`${one.title}: value ${i + 1}`}
            autoComplete="off"
            value={typeof value === 'string' ? value : JSON.stringify(value)}
            onChange={(event) => onChange(values.map((old, at) => (at === i ? scalar(event.target.value) : old)))}
          />
          <Button
            kind="quiet"
            size="icon"
            aria-label={`${one.title}: not value ${i + 1}`}
            onClick={() => onChange(values.filter((_, at) => at !== i))}
          >
            <X />
          </Button>
        </div>
      ))}
      {left.length > 0 ? (
        <Select aria-label={`${one.title}: add a value`} value="" onChange={(event) => onChange([...values, event.target.value])}>
          <option value="">{values.length === 0 ? 'Choose a value…' : 'Or…'}</option>
          {left.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      ) : (
        <Button size="sm" onClick={() => onChange([...values, ''])}>
          <Plus /> Value
        </Button>
      )}
    </div>
  );
}

/** `true` and numbers as what they are. */
function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/.test(text) ? Number(text) : text;
}

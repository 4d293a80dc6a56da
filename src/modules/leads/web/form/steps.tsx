import { Plus, Trash2 } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Input } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import type { Draft, FormField } from './draft.ts';

/** One page, or several steps with a title each. */
export function StepsPanel({
  steps,
  fields,
  onChange,
}: {
  steps: readonly string[];
  fields: readonly FormField[];
  onChange: (next: Partial<Draft>) => void;
}) {
  const add = () => onChange({ steps: steps.length === 0 ? ['First step', 'Second step'] : [...steps, `Step ${steps.length + 1}`] });
  const remove = (index: number) => {
    const left = steps.filter((_, at) => at !== index);
    onChange({
      steps: left.length < 2 ? [] : left,
      fields: fields.map((field) => ({
        ...field,
        step: left.length < 2 ? 0 : field.step >= index && field.step > 0 ? field.step - 1 : field.step,
      })),
    });
  };
  return (
    <Panel
      title="Steps"
      aside={
        <Button size="sm" onClick={add} disabled={steps.length >= 20}>
          <Plus /> {steps.length === 0 ? 'Split into steps' : 'Add a step'}
        </Button>
      }
    >
      {steps.length === 0 ? (
        <p className="text-sm text-ink-2">All fields stand on one page.</p>
      ) : (
        <ol className="space-y-2">
          {steps.map((title, index) => (
            <li key={index} className="flex items-center gap-2">
              <span className="num w-5 text-right text-sm text-ink-3">{index + 1}.</span>
              <Input
                aria-label={`Title of step ${index + 1}`}
                value={title}
                onChange={(event) => onChange({ steps: steps.map((each, at) => (at === index ? event.target.value : each)) })}
              />
              <Button kind="quiet" size="icon" aria-label={`Remove step ${index + 1}`} onClick={() => remove(index)}>
                <Trash2 />
              </Button>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

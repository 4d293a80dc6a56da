import type { ApiError } from '#web/kit/api.ts';
import { Checkbox, Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useState } from 'react';
import { faultsAt, type Draft } from './draft.ts';

interface Props {
  draft: Draft;
  error: ApiError | null;
  onChange: (next: Partial<Draft>) => void;
}

/** What happens once it is sent. */
export function AfterPanel({ draft, error, onChange }: Props) {
  const leaves = draft.redirect_url !== null;
  return (
    <Panel title="Afterwards">
      <div className="space-y-4">
        <Field label="People see">
          {(control) => (
            <Select
              {...control}
              value={leaves ? 'elsewhere' : 'thanks'}
              onChange={(event) => onChange({ redirect_url: event.target.value === 'elsewhere' ? 'https://' : null })}
            >
              <option value="thanks">A thank-you text</option>
              <option value="elsewhere">Another page</option>
            </Select>
          )}
        </Field>
        {leaves ? (
          <Field label="Address of that page" hint="http or https only." error={faultsAt(error, 'redirect_url')}>
            {(control) => (
              <Input
                {...control}
                type="url"
                value={draft.redirect_url ?? ''}
                onChange={(event) => onChange({ redirect_url: event.target.value })}
              />
            )}
          </Field>
        ) : (
          <Field label="Thank-you" error={faultsAt(error, 'thank_you')}>
            {(control) => (
              <Textarea {...control} rows={2} value={draft.thank_you} onChange={(event) => onChange({ thank_you: event.target.value })} />
            )}
          </Field>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Source of these leads" error={faultsAt(error, 'source')}>
            {(control) => <Input {...control} value={draft.source} onChange={(event) => onChange({ source: event.target.value })} />}
          </Field>
          <Words
            label="Tags to put on"
            hint="Separated by commas."
            value={draft.tags}
            separator=","
            error={faultsAt(error, 'tags')}
            onChange={(tags) => onChange({ tags })}
          />
        </div>
      </div>
    </Panel>
  );
}

/** Against robots, and what is kept. */
export function SafetyPanel({ draft, error, onChange }: Props) {
  return (
    <Panel title="Safety">
      <div className="space-y-4">
        <Field
          label="Work for the browser before sending"
          hint="A second of arithmetic that makes floods expensive. Nobody has to solve anything; without script fewer are taken."
        >
          {(control) => (
            <Select
              {...control}
              value={draft.challenge}
              onChange={(event) =>
                onChange({ challenge: (['off', 'always'] as const).find((each) => each === event.target.value) ?? 'auto' })
              }
            >
              <option value="auto">While many send at once</option>
              <option value="always">Always</option>
              <option value="off">Never</option>
            </Select>
          )}
        </Field>
        <div className="space-y-2">
          <Checkbox
            label="Keep what was started and not sent"
            hint="Step by step; the page says so. Nobody is made a person and nobody is written to because of it."
            checked={draft.partial_days > 0}
            onCheckedChange={(checked) => onChange({ partial_days: checked === true ? 14 : 0 })}
          />
          {draft.partial_days === 0 ? null : (
            <Field label="Days to keep it" className="ml-6 max-w-32" error={faultsAt(error, 'partial_days')}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  max={90}
                  value={draft.partial_days}
                  onChange={(event) => onChange({ partial_days: Math.max(1, Math.round(Number(event.target.value))) })}
                />
              )}
            </Field>
          )}
        </div>
        <Words
          label="Sites that may show it in a frame"
          hint="One a line, such as https://www.example.com. Empty: any site."
          value={draft.embed_origins}
          separator={'\n'}
          error={faultsAt(error, 'embed_origins')}
          onChange={(origins) => onChange({ embed_origins: origins })}
        />
      </div>
    </Panel>
  );
}

/** A list typed as text; what stands between separators counts. */
function Words({
  label,
  hint,
  value,
  separator,
  error,
  onChange,
}: {
  label: string;
  hint: string;
  value: readonly string[];
  separator: ',' | '\n';
  error: string | undefined;
  onChange: (value: string[]) => void;
}) {
  const [text, setText] = useState(value.join(separator === ',' ? ', ' : '\n'));
  const change = (next: string) => {
    setText(next);
    onChange(
      next
        .split(separator)
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    );
  };
  return (
    <Field label={label} optional hint={hint} error={error}>
      {(control) =>
        separator === ',' ? (
          <Input {...control} value={text} onChange={(event) => change(event.target.value)} />
        ) : (
          <Textarea {...control} rows={2} value={text} onChange={(event) => change(event.target.value)} />
        )
      }
    </Field>
  );
}

import { Plus, Trash2 } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Input, Select } from '#web/kit/field.tsx';
import { CHOOSING, type FormField, type Op, type ShowWhen } from './draft.ts';

const OPS: readonly (readonly [Op, string])[] = [
  ['is', 'is'],
  ['is_not', 'is not'],
  ['contains', 'contains'],
  ['above', 'is more than'],
  ['below', 'is less than'],
  ['answered', 'is answered'],
  ['not_answered', 'is not answered'],
];
const EMPTY: ShowWhen['rules'][number] = { field: '', op: 'is', value: '' };

/** When a field is shown: rules on the answers above it. The server asks by the same rules. */
export function ConditionEditor({
  label,
  above,
  value,
  onChange,
}: {
  label: string;
  above: readonly FormField[];
  value: ShowWhen | null;
  onChange: (value: ShowWhen | null) => void;
}) {
  const [first] = above;
  const start = () => ({ match: 'all' as const, rules: [{ ...EMPTY, field: first?.name ?? '', value: first?.options[0] ?? '' }] });
  const change = (index: number, next: Partial<ShowWhen['rules'][number]>) =>
    value === null ? null : onChange({ ...value, rules: value.rules.map((rule, at) => (at === index ? { ...rule, ...next } : rule)) });
  return (
    <div className="space-y-2">
      <Checkbox
        label="Show only when …"
        hint={above.length === 0 ? 'There is no field above to look at.' : undefined}
        disabled={above.length === 0 && value === null}
        checked={value !== null}
        onCheckedChange={(checked) => onChange(checked === true ? start() : null)}
      />
      {value === null ? null : (
        <div className="space-y-2 border-l-2 pl-3">
          {value.rules.length < 2 ? null : (
            <Select
              aria-label="How many must hold"
              className="w-40"
              value={value.match}
              onChange={(event) => onChange({ ...value, match: event.target.value === 'any' ? 'any' : 'all' })}
            >
              <option value="all">All of these hold</option>
              <option value="any">Any of these holds</option>
            </Select>
          )}
          {value.rules.map((rule, index) => {
            const field = above.find((each) => each.name === rule.field);
            const open = rule.op !== 'answered' && rule.op !== 'not_answered';
            return (
              <div key={index} className="flex flex-wrap items-center gap-2">
                <Select
                  aria-label={`Field that decides, rule ${index + 1}`}
                  className="min-w-0 flex-1 basis-32"
                  value={rule.field}
                  onChange={(event) =>
                    change(index, {
                      field: event.target.value,
                      value: above.find((each) => each.name === event.target.value)?.options[0] ?? '',
                    })
                  }
                >
                  {field === undefined ? <option value={rule.field}>No longer above</option> : null}
                  {above.map((each) => (
                    <option key={each.name} value={each.name}>
                      {each.label}
                    </option>
                  ))}
                </Select>
                <Select
                  aria-label={`Comparison, rule ${index + 1}`}
                  className="w-32"
                  value={rule.op}
                  onChange={(event) => change(index, { op: OPS.find(([op]) => op === event.target.value)?.[0] ?? 'is' })}
                >
                  {OPS.map(([op, words]) => (
                    <option key={op} value={op}>
                      {words}
                    </option>
                  ))}
                </Select>
                {!open ? null : field !== undefined && CHOOSING.has(field.type) && (rule.op === 'is' || rule.op === 'is_not') ? (
                  <Select
                    aria-label={`Value, rule ${index + 1}`}
                    className="min-w-0 flex-1 basis-28"
                    value={rule.value}
                    onChange={(event) => change(index, { value: event.target.value })}
                  >
                    {field.options.includes(rule.value) ? null : (
                      <option value={rule.value}>{rule.value === '' ? 'Choose' : rule.value}</option>
                    )}
                    {field.options.map((option) => (
                      <option key={option}>{option}</option>
                    ))}
                  </Select>
                ) : (
                  <Input
                    aria-label={`Value, rule ${index + 1}`}
                    className="min-w-0 flex-1 basis-28"
                    placeholder={field?.type === 'checkbox' ? 'yes' : ''}
                    value={rule.value}
                    onChange={(event) => change(index, { value: event.target.value })}
                  />
                )}
                <Button
                  kind="quiet"
                  size="icon"
                  aria-label={`Remove rule ${index + 1} of ${label}`}
                  onClick={() => onChange(value.rules.length === 1 ? null : { ...value, rules: value.rules.toSpliced(index, 1) })}
                >
                  <Trash2 />
                </Button>
              </div>
            );
          })}
          <Button
            size="sm"
            kind="quiet"
            disabled={value.rules.length >= 10}
            onClick={() =>
              onChange({ ...value, rules: [...value.rules, { ...EMPTY, field: first?.name ?? '', value: first?.options[0] ?? '' }] })
            }
          >
            <Plus /> Another rule
          </Button>
        </div>
      )}
    </div>
  );
}

import { Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { conditionOf, type Condition, type Field as Asked } from '#web/kit/conditions/model.ts';
import type { Rule, Team } from './assignment.tsx';
import { WhereEditor, whereOf } from './assignment-where.tsx';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** One rule: which leads, to whom, when. */
export function RuleDialog({
  rule,
  team,
  fields,
  close,
}: {
  rule: Rule | null;
  team: Team;
  /** What the free condition may ask. */
  fields: readonly Asked[];
  close: () => void;
}) {
  const form = useForm({
    name: rule?.name ?? '',
    active: rule?.active ?? true,
    pick: rule?.pick ?? ('round_robin' as const),
    countries: rule?.fits.countries.join(', ') ?? '',
    postcodes: rule?.fits.postcodes.join(', ') ?? '',
    languages: rule?.fits.languages.join(', ') ?? '',
    sources: rule?.fits.sources.join(', ') ?? '',
    users: rule?.user_ids ?? [],
    timed: rule?.hours !== null && rule !== null,
    from: rule?.hours?.from ?? '09:00',
    to: rule?.hours?.to ?? '17:00',
    days: rule?.hours?.days ?? [1, 2, 3, 4, 5],
  });
  const { values, set } = form;
  const options = { quiet: true, refresh: ['assignment'], onDone: close } as const;
  const create = useAct('assignment.create_rule', { ...options, done: 'The rule is asked last.' });
  const update = useAct('assignment.update_rule', { ...options, done: 'Saved.' });
  const remove = useAct('assignment.delete_rule', { refresh: ['assignment'], onDone: close, done: 'Deleted. Owners stay.' });
  const [sure, setSure] = useState(false);
  const stored = (rule?.fits.where ?? null) as unknown as Condition | null; // the schema's own conditions, as the wire has them
  const [where, setWhere] = useState(() => whereOf(stored, fields));
  const [lacks, setLacks] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const condition = where === 'kept' ? stored : where === null ? null : conditionOf(where, fields);
    const unfinished = where !== null && condition === null;
    setLacks(unfinished);
    if (unfinished) return;
    const input = {
      name: values.name,
      active: values.active,
      pick: values.pick,
      user_ids: values.users,
      fits: {
        countries: list(values.countries),
        postcodes: list(values.postcodes),
        languages: list(values.languages),
        sources: list(values.sources),
        where: condition as Rule['fits']['where'], // the builder writes the schema's own conditions
      },
      hours: values.timed ? { from: values.from, to: values.to, days: values.days } : null,
    };
    if (rule === null) create.mutate(input, { onError: form.setError });
    else update.mutate({ rule_id: rule.id, if_match: rule.updated_at, ...input }, { onError: form.setError });
  };
  const toggle = (id: string, on: boolean) => set('users', on ? [...values.users, id] : values.users.filter((each) => each !== id));
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : close())} title={rule === null ? 'A rule for new leads' : rule.name} wide>
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Name" error={form.fault('name')}>
          {(control) => <Input {...control} {...form.text('name')} required placeholder="Leads from Austria" />}
        </Field>
        <fieldset className="space-y-3">
          <legend className="mb-1 text-sm font-medium">Which leads</legend>
          <p className="text-xs text-ink-3">Several with commas. What is empty asks nothing.</p>
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label="Countries" hint="AT, DE, CH: own field “country”, else the phone number" error={form.fault('countries')}>
              {(control) => <Input {...control} {...form.text('countries')} />}
            </Field>
            <Field label="Postcodes begin with" hint="Own field “postcode”" error={form.fault('postcodes')}>
              {(control) => <Input {...control} {...form.text('postcodes')} />}
            </Field>
            <Field label="Languages" error={form.fault('languages')}>
              {(control) => <Input {...control} {...form.text('languages')} placeholder="de, en" />}
            </Field>
            <Field label="Sources" error={form.fault('sources')}>
              {(control) => <Input {...control} {...form.text('sources')} placeholder="website" />}
            </Field>
          </div>
          <WhereEditor
            where={where}
            fields={fields}
            onChange={(next) => {
              setWhere(next);
              setLacks(false);
            }}
          />
          {lacks ? (
            <p role="alert" className="text-xs text-bad">
              A condition lacks its value. Fill it in, or take the line away.
            </p>
          ) : null}
        </fieldset>
        <fieldset className="space-y-2">
          <legend className="mb-1 text-sm font-medium">To whom</legend>
          {team.map((user) => (
            <Checkbox
              key={user.user_id}
              label={`${user.name}${values.users.length > 1 && values.users.includes(user.user_id) ? ` (${values.users.indexOf(user.user_id) + 1}.)` : ''}`}
              checked={values.users.includes(user.user_id)}
              onCheckedChange={(checked) => toggle(user.user_id, checked === true)}
            />
          ))}
          {form.fault('user_ids') === undefined ? null : <p className="text-xs text-bad">{form.fault('user_ids')}</p>}
        </fieldset>
        <Field label="How">
          {(control) => (
            <Select
              {...control}
              value={values.pick}
              onChange={(event) => set('pick', (['load', 'fixed'] as const).find((each) => each === event.target.value) ?? 'round_robin')}
            >
              <option value="round_robin">In turn</option>
              <option value="load">To who has the fewest open leads</option>
              <option value="fixed">Always to the first who is there</option>
            </Select>
          )}
        </Field>
        <Checkbox
          label="Only in working hours"
          hint="In your company’s time zone. Outside, the next rule is asked."
          checked={values.timed}
          onCheckedChange={(checked) => set('timed', checked === true)}
        />
        {values.timed ? (
          <div className="flex flex-wrap items-end gap-3 pl-6">
            <Field label="From" className="w-28" error={form.fault('hours')}>
              {(control) => <Input {...control} {...form.text('from')} type="time" />}
            </Field>
            <Field label="To" className="w-28">
              {(control) => <Input {...control} {...form.text('to')} type="time" />}
            </Field>
            <div className="flex flex-wrap gap-x-3 gap-y-1">
              {DAYS.map((day, index) => (
                <Checkbox
                  key={day}
                  label={day}
                  checked={values.days.includes(index + 1)}
                  onCheckedChange={(checked) =>
                    set(
                      'days',
                      checked === true
                        ? [...values.days, index + 1].toSorted((a, b) => a - b)
                        : values.days.filter((each) => each !== index + 1),
                    )
                  }
                />
              ))}
            </div>
          </div>
        ) : null}
        <Checkbox label="The rule is asked" checked={values.active} onCheckedChange={(checked) => set('active', checked === true)} />
        <div className="flex flex-wrap items-center justify-end gap-2 pt-2">
          {rule === null ? null : (
            <Button
              kind={sure ? 'danger' : 'quiet'}
              className="mr-auto"
              busy={remove.isPending}
              onClick={() => (sure ? remove.mutate({ rule_id: rule.id }) : setSure(true))}
            >
              <Trash2 /> {sure ? 'Really delete' : 'Delete'}
            </Button>
          )}
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" busy={create.isPending || update.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { useState } from 'react';
import type { Input as Wanted, Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import type { Definition } from './report-search.ts';

export type Saved = Item<'saved_reports.list'>;
type Schedule = NonNullable<Wanted<'saved_reports.create'>['schedule']>;

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const EVERY = { never: 'Nobody', day: 'Every day', week: 'Every week', month: 'Every month' } as const;
type Every = keyof typeof EVERY;
const isEvery = (text: string): text is Every => text in EVERY;

/** `Every Monday at 08:00` */
export function scheduleWords({ every, weekday, month_day: day, hour }: NonNullable<Saved['schedule']>): string {
  const at = `at ${String(hour).padStart(2, '0')}:00`;
  if (every === 'day') return `Every day ${at}`;
  return every === 'week' ? `Every ${WEEKDAYS[weekday - 1] ?? 'week'} ${at}` : `On day ${day} of every month ${at}`;
}

/** Keeps a report under a name, and says to whom it is mailed and when. `saved`: the one that is changed; without, a new one. */
export function SaveReport({
  definition,
  saved,
  open,
  onClose,
  onSaved,
}: {
  definition: Definition;
  saved: Saved | undefined;
  open: boolean;
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : onClose())}
      title={saved === undefined ? 'Save this report' : 'Save changes'}
    >
      {open ? <Form definition={definition} saved={saved} onClose={onClose} onSaved={onSaved} /> : null}
    </Dialog>
  );
}

function Form({
  definition,
  saved,
  onClose,
  onSaved,
}: {
  definition: Definition;
  saved: Saved | undefined;
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  const users = useRead('users.list', { limit: 200, is_active: true });
  const old = saved?.schedule ?? null;
  const [title, setTitle] = useState(saved?.title ?? '');
  const [every, setEvery] = useState<Every>(old?.every ?? 'never');
  const [weekday, setWeekday] = useState(old?.weekday ?? 1);
  const [monthDay, setMonthDay] = useState(old?.month_day ?? 1);
  const [hour, setHour] = useState(old?.hour ?? 8);
  const [readers, setReaders] = useState<readonly string[]>(old?.recipients ?? []);
  const [formats, setFormats] = useState<readonly ('pdf' | 'csv')[]>(old?.formats ?? ['pdf']);
  const done = (id: string) => {
    onSaved(id);
    onClose();
  };
  const options = { refresh: ['saved_reports'], quiet: true, done: 'Saved.' } as const;
  const add = useAct('saved_reports.create', { ...options, onDone: (one) => done(one.id) });
  const change = useAct('saved_reports.update', { ...options, onDone: (one) => done(one.id) });
  const error = add.error ?? change.error;
  const lacks = every !== 'never' && (readers.length === 0 || formats.length === 0);
  const schedule: Schedule | null =
    every === 'never' ? null : { every, weekday, month_day: monthDay, hour, recipients: [...readers], formats: [...formats] };
  const toggle = <One extends string>(list: readonly One[], one: One, on: boolean) => (on ? [...list, one] : list.filter((other) => other !== one));
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (saved === undefined) add.mutate({ title, definition, schedule });
        else change.mutate({ saved_report_id: saved.id, title, definition, schedule, if_match: saved.updated_at });
      }}
    >
      {error === null ? null : <Note tone="bad">{error.message}</Note>}
      <Field label="Name">
        {(control) => <Input {...control} required maxLength={200} value={title} placeholder="Wins by owner" onChange={(event) => setTitle(event.target.value)} />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Mail it">
          {(control) => (
            <Select {...control} value={every} onChange={(event) => (isEvery(event.target.value) ? setEvery(event.target.value) : undefined)}>
              {Object.entries(EVERY).map(([key, name]) => (
                <option key={key} value={key}>
                  {key === 'never' ? 'Never' : name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {every === 'week' ? (
          <Field label="On">
            {(control) => (
              <Select {...control} value={weekday} onChange={(event) => setWeekday(Number(event.target.value))}>
                {WEEKDAYS.map((name, i) => (
                  <option key={name} value={i + 1}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ) : null}
        {every === 'month' ? (
          <Field label="On day">
            {(control) => (
              <Select {...control} value={monthDay} onChange={(event) => setMonthDay(Number(event.target.value))}>
                {Array.from({ length: 28 }, (_, i) => (
                  <option key={i + 1} value={i + 1}>
                    {i + 1}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ) : null}
        {every === 'never' ? null : (
          <Field label="At" hint="The company’s time">
            {(control) => (
              <Select {...control} value={hour} onChange={(event) => setHour(Number(event.target.value))}>
                {Array.from({ length: 24 }, (_, i) => (
                  <option key={i} value={i}>
                    {String(i).padStart(2, '0')}:00
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
      </div>
      {every === 'never' ? null : (
        <>
          <fieldset className="space-y-2">
            <legend className="mb-1.5 text-sm font-medium">To</legend>
            {users.data === undefined ? (
              <SkeletonLines lines={2} />
            ) : (
              <div className="max-h-44 space-y-2 overflow-y-auto rounded-md border p-3">
                {users.data.items.map((user) => (
                  <Checkbox
                    key={user.id}
                    label={user.full_name === '' ? user.username : user.full_name}
                    hint={user.email}
                    checked={readers.includes(user.id)}
                    onCheckedChange={(on) => setReaders(toggle(readers, user.id, on === true))}
                  />
                ))}
              </div>
            )}
          </fieldset>
          <fieldset className="flex gap-6">
            <legend className="mb-1.5 text-sm font-medium">With</legend>
            {(['pdf', 'csv'] as const).map((format) => (
              <Checkbox
                key={format}
                label={format.toUpperCase()}
                checked={formats.includes(format)}
                onCheckedChange={(on) => setFormats(toggle(formats, format, on === true))}
              />
            ))}
          </fieldset>
        </>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={add.isPending || change.isPending} disabled={title.trim() === '' || lacks}>
          Save
        </Button>
      </div>
    </form>
  );
} // prettier-ignore

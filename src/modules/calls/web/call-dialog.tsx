import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { Facts } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { momentOf } from '#web/kit/time.tsx';
import { localInput, minutesOf } from './words.ts';

type Call = Item<'calls.list'>;

/** One call: what is known of it; it is moved and called off from here. */
export function CallDialog({ call, onClose }: { call: Call; onClose: () => void }) {
  const [at, setAt] = useState(localInput(call.starts_at));
  const [minutes, setMinutes] = useState(String(minutesOf(call)));
  const [place, setPlace] = useState(call.place);
  const about = { refresh: ['calls', 'onboardings'], onDone: onClose };
  const move = useAct('calls.move', { ...about, quiet: true, done: 'Moved. A new invitation is on its way.' });
  const again = useAct('calls.enter_again', { ...about, done: 'It is put back into the calendar.' });
  const off = useAct('calls.cancel', { ...about, done: 'Called off. A mail tells them.' });
  const [over] = useState(() => Date.parse(call.ends_at) < Date.now());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    move.mutate({ call_id: call.id, at: new Date(at).toISOString(), minutes: Number(minutes) || 30, place: place.trim() });
  };
  return (
    <Dialog open onOpenChange={onClose} title={call.title} description={`With ${call.person_name}, ${momentOf(call.starts_at)}`}>
      <div className="space-y-4">
        {move.error === null ? null : <Note tone="bad">{move.error.message}</Note>}
        {call.entry === 'failed' ? <Note tone="bad">It could not be entered in the calendar: {call.entry_problem}</Note> : null}
        {call.unread && call.state === 'planned' ? (
          <Note tone="warn">The calendar could not be read when this was booked. Look whether it fits.</Note>
        ) : null}
        {call.entry_found === null || over ? null : (
          <Note tone="warn">
            <p>
              {call.entry_found.starts_at === null
                ? 'Somebody took it out of the calendar. '
                : `Somebody moved it in the calendar to ${momentOf(call.entry_found.starts_at)}. `}
              {call.person_name} expects it as it stands here.
            </p>
            <div className="mt-2 flex flex-wrap gap-2">
              {call.entry_found.starts_at === null ? null : (
                <Button size="sm" onClick={() => setAt(localInput(call.entry_found?.starts_at ?? call.starts_at))}>
                  Take that time
                </Button>
              )}
              <Button size="sm" busy={again.isPending} onClick={() => again.mutate({ call_id: call.id })}>
                Put it back
              </Button>
            </div>
          </Note>
        )}
        <Facts
          rows={[
            ['With', <Person key="with" call={call} />],
            ['Who of us', call.host_name ?? '–'],
            ['Booked by', call.booked_by === 'us' ? 'us' : 'them'],
            ...(call.note === '' ? [] : [['Note', call.note] as const]),
            ['Your calendar', <Entry key="entry" call={call} />],
          ]}
        />
        {over ? null : (
          <form onSubmit={submit} className="space-y-4 border-t pt-4">
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label="When" hint="In the time of this device">
                {(control) => (
                  <Input {...control} type="datetime-local" required value={at} onChange={(event) => setAt(event.target.value)} />
                )}
              </Field>
              <Field label="Minutes">
                {(control) => (
                  <Input {...control} inputMode="numeric" value={minutes} onChange={(event) => setMinutes(event.target.value)} />
                )}
              </Field>
            </div>
            <Field label="Where" optional hint="A link, a number or an address">
              {(control) => <Input {...control} value={place} maxLength={500} onChange={(event) => setPlace(event.target.value)} />}
            </Field>
            <div className="flex flex-wrap justify-end gap-2 pt-2">
              {call.state === 'planned' ? (
                <Confirm
                  title="Call this call off?"
                  action="Call it off"
                  danger
                  onConfirm={() => off.mutate({ call_id: call.id })}
                  trigger={(ask) => <Button onClick={ask}>Call it off</Button>}
                >
                  A mail tells them and takes it out of their calendar; it leaves yours by itself.
                </Confirm>
              ) : null}
              <Button kind="primary" type="submit" busy={move.isPending}>
                {call.state === 'planned' ? 'Move it' : 'Plan it anew'}
              </Button>
            </div>
          </form>
        )}
      </div>
    </Dialog>
  );
}

function Person({ call }: { call: Call }) {
  return call.client_id === null ? (
    <Link to="/people/$personId" params={{ personId: call.person_id }} className="underline underline-offset-2">
      {call.person_name}
    </Link>
  ) : (
    <Link to="/clients/$clientId" params={{ clientId: call.client_id }} className="underline underline-offset-2">
      {call.person_name}
    </Link>
  );
}

const entries = { waiting: 'on its way', there: 'it stands there', gone: 'taken out', failed: 'not entered' } as const;

function Entry({ call: { entry, entry_link: link } }: { call: Call }) {
  if (entry === null) return 'entered in none';
  if (entry !== 'there' || link === null) return entries[entry];
  return (
    <a href={link} target="_blank" rel="noopener noreferrer" className="underline underline-offset-2">
      Open it there
    </a>
  );
}

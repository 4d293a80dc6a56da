import { Link } from '@tanstack/react-router';
import { Copy, Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { copy } from '#web/kit/copy.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { momentOf } from '#web/kit/time.tsx';

/** Calls with one person: those to come, and how the next one is found. */
export function CallsPanel({ personId }: { personId: string }) {
  const list = useList('calls.list', { person_id: personId, state: 'planned', limit: 10 });
  const [booking, setBooking] = useState(false);
  return (
    <Panel
      title="Calls"
      aside={
        <Button size="sm" onClick={() => setBooking(true)}>
          <Plus /> Book
        </Button>
      }
    >
      {list.isPending ? (
        <SkeletonLines lines={2} />
      ) : list.rows.length === 0 ? (
        <p className="text-sm text-ink-2">{list.error === null ? 'No call is planned.' : list.error.message}</p>
      ) : (
        <ul className="space-y-2 text-sm">
          {list.rows.map((call) => (
            <li key={call.id}>
              <Link to="/calls" search={{ call: call.id }} className="block rounded-lg border px-3 py-2 hover:bg-hover">
                <span className="block truncate font-medium">{call.title}</span>
                <span className="num block truncate text-xs text-ink-2">
                  {momentOf(call.starts_at)}
                  {call.host_name === null ? '' : ` with ${call.host_name}`}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {booking ? <Book personId={personId} onClose={() => setBooking(false)} /> : null}
    </Panel>
  );
}

const OWN = 'own';

function Book({ personId, onClose }: { personId: string; onClose: () => void }) {
  const kinds = useRead('call_kinds.list', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const kindId = chosen ?? kinds.data?.items[0]?.id ?? OWN;
  const times = useRead('calls.times', { kind_id: kindId }, { enabled: kinds.data !== undefined && kindId !== OWN, fresh: true });
  const [at, setAt] = useState('');
  const [place, setPlace] = useState('');
  const about = { quiet: true, refresh: ['calls', 'onboardings'], done: 'Booked. The invitation is on its way.', onDone: onClose } as const;
  const book = useAct('calls.book', about);
  const plan = useAct('calls.plan', about);
  const link = useAct('calls.link', {
    done: 'The link is copied. By it they choose a time themselves.',
    onDone: ({ url }) => void copy(url),
  });
  const own = kindId === OWN;
  const error = own ? plan.error : book.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (own) plan.mutate({ person_id: personId, at: new Date(at).toISOString(), place: place.trim() });
    else book.mutate({ person_id: personId, kind_id: kindId, at }, { onError: () => void times.refetch() });
  };
  return (
    <Dialog open onOpenChange={onClose} title="Book a call" description="They get an invitation by mail, and a link by which they move it.">
      <form onSubmit={submit} className="space-y-4">
        {error === null ? null : <Note tone="bad">{error.message}</Note>}
        <Field label="Kind">
          {(control) => (
            <Select
              {...control}
              value={kindId}
              onChange={(event) => {
                setChosen(event.target.value);
                setAt('');
              }}
            >
              {(kinds.data?.items ?? []).map((kind) => (
                <option key={kind.id} value={kind.id}>
                  {kind.title}, {kind.minutes} minutes
                </option>
              ))}
              <option value={OWN}>At a time of my own</option>
            </Select>
          )}
        </Field>
        {own ? (
          <>
            <Field label="When" hint="In the time of this device. Your calendar is not asked.">
              {(control) => (
                <Input {...control} type="datetime-local" required value={at} onChange={(event) => setAt(event.target.value)} />
              )}
            </Field>
            <Field label="Where" optional hint="A link, a number or an address">
              {(control) => <Input {...control} value={place} maxLength={500} onChange={(event) => setPlace(event.target.value)} />}
            </Field>
          </>
        ) : (
          <>
            {times.data?.unread.map((one) => (
              <Note key={one.host_id} tone="warn">
                The calendar of {one.host_name} cannot be read ({one.why}).{' '}
                {times.data.hidden ? 'Their times are not offered.' : 'Their times are offered all the same.'}
              </Note>
            ))}
            <Field label="Time" hint="In the time of this device">
              {(control) => (
                <Select {...control} required value={at} onChange={(event) => setAt(event.target.value)}>
                  <option value="">
                    {times.isPending ? 'Looking into calendars …' : times.data?.items.length === 0 ? 'No free time' : 'Choose a time'}
                  </option>
                  {(times.data?.items ?? []).map((one) => (
                    <option key={one.at} value={one.at}>
                      {momentOf(one.at)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </>
        )}
        <div className="flex flex-wrap justify-end gap-2 pt-2">
          {own ? null : (
            <Button busy={link.isPending} onClick={() => link.mutate({ person_id: personId, kind_id: kindId })}>
              <Copy /> Copy link
            </Button>
          )}
          <Button kind="primary" type="submit" disabled={at === ''} busy={book.isPending || plan.isPending}>
            Book
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { useState } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Textarea } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { dayOf } from '#web/kit/time.tsx';

/** When they are heard from next, what to speak of where one is due, and what was said before. */
export function CheckinPanel({ clientId }: { clientId: string }) {
  const plan = useRead('checkins.plan', { client_id: clientId });
  const list = useList('checkins.list', { client_id: clientId, limit: 10 });
  const schedule = useAct('checkins.schedule', { refresh: ['checkins'], done: 'Noted.' });
  const { data } = plan;
  const open = list.rows.filter((one) => one.state === 'due');
  const before = list.rows.filter((one) => one.state !== 'due').slice(0, 3);
  return (
    <Panel title="Check-ins">
      <p className="text-sm">
        {data === undefined ? (
          '…'
        ) : data.next_on === null ? (
          'None is planned.'
        ) : (
          <>
            Next on <span className="num font-medium">{dayOf(data.next_on)}</span>
            <span className="text-ink-2">
              , then every {data.every === 1 ? (data.unit ?? '').replace(/s$/, '') : `${data.every ?? ''} ${data.unit ?? ''}`}
            </span>
          </>
        )}
      </p>
      {open.map((one) => (
        <Due key={one.id} id={one.id} dueOn={one.due_on} agenda={one.agenda} />
      ))}
      {before.length === 0 ? null : (
        <ul className="mt-3 space-y-2 border-t pt-3 text-sm" aria-label="Check-ins before">
          {before.map((one) => (
            <li key={one.id}>
              <p className="flex items-center gap-2">
                <span className="num text-ink-3">{dayOf(one.due_on)}</span>
                {one.state === 'skipped' ? <Badge>Skipped</Badge> : null}
              </p>
              {one.outcome === '' ? null : <p className="line-clamp-4 break-words whitespace-pre-wrap text-ink-2">{one.outcome}</p>}
            </li>
          ))}
        </ul>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        {[7, 30, 90].map((days) => (
          <Button key={days} size="sm" busy={schedule.isPending} onClick={() => schedule.mutate({ client_id: clientId, days })}>
            In {days} days
          </Button>
        ))}
      </div>
    </Panel>
  );
}

function Due({ id, dueOn, agenda }: { id: string; dueOn: string; agenda: string }) {
  const settle = useAct('checkins.settle', { refresh: ['checkins', 'clients'], done: 'Noted.' });
  const [outcome, setOutcome] = useState('');
  const points = agenda.split('\n').map((line) => line.replace(/^• /, ''));
  return (
    <div className="mt-3 space-y-3 rounded-lg bg-warn-soft p-3 text-sm">
      <p className="font-medium text-warn">Due since {dayOf(dueOn)}</p>
      <ul className="list-disc space-y-1 pl-4 text-ink-2" aria-label="What to speak of">
        {points.map((point) => (
          <li key={point} className="break-words">
            {point}
          </li>
        ))}
      </ul>
      <Textarea aria-label="How it went" placeholder="How it went" value={outcome} onChange={(event) => setOutcome(event.target.value)} />
      <div className="flex gap-2">
        <Button size="sm" kind="primary" busy={settle.isPending} onClick={() => settle.mutate({ checkin_id: id, outcome, state: 'done' })}>
          Done
        </Button>
        <Button size="sm" busy={settle.isPending} onClick={() => settle.mutate({ checkin_id: id, outcome, state: 'skipped' })}>
          Skip
        </Button>
      </div>
    </div>
  );
}

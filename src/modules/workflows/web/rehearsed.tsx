import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Output } from '#web/kit/api.ts';
import { countOf } from '#web/kit/format.ts';
import { Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

type Standing = Output<'workflows.enrol_check'>['rehearsed'];

/** Whether what is about to be launched was rehearsed as it is; else what has changed, and `again`: the way to rehearse it. */
export function Rehearsed({ rehearsed, again }: { rehearsed: Standing; again: ReactNode }) {
  const { rehearsal_id: id, rehearsed_at: at, holds, needed, above, changes } = rehearsed;
  const itself =
    id === null || at === null ? null : (
      <Link to="/rehearsals/$rehearsalId" params={{ rehearsalId: id }} className="underline">
        rehearsed <When at={at} className="text-inherit" />
      </Link>
    );
  if (holds)
    return (
      <Note tone="ok" className="mb-3">
        This was {itself}, and nothing has changed since.
      </Note>
    );
  const rule = needed ? `More than ${countOf(above ?? 0, 'person', 'people')} would get commercial mail: rehearse it first. ` : '';
  return (
    <Note tone={needed ? 'warn' : 'neutral'} className="mb-3" action={again}>
      {rule}
      {itself === null ? (
        'It has not been rehearsed yet.'
      ) : (
        <>
          It was {itself}, but since then: {changes.map((change) => `${change.says}.`).join(' ')}
        </>
      )}
    </Note>
  );
}

import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { Page } from '#web/kit/page.tsx';
import { useRead } from '#web/kit/query.ts';
import { Skeleton, SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { ConsentPanel } from './consent-panel.tsx';
import { Details } from './details.tsx';
import { LeadPanel } from './lead-panel.tsx';
import { NowPanel } from './now-panel.tsx';
import { PersonTimeline } from './person-timeline.tsx';
import { ScorePanel } from './score-panel.tsx';
import { WhyNot } from './why-not.tsx';

const back = { to: '/leads', label: 'Leads' } as const;

export function PersonPage() {
  const { personId } = useParams({ from: '/shell/people/$personId' });
  const person = useRead('people.get', { person_id: personId });
  const [editing, setEditing] = useState(false);
  useKeys({ e: () => setEditing(true) });
  if (person.data === undefined) {
    return (
      <Page title="Person" back={back} heading={<Skeleton className="h-8 w-56" />}>
        {person.error === null ? (
          <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <SkeletonLines lines={8} />
            <SkeletonLines lines={5} />
          </div>
        ) : (
          <Failure what="This person could not be loaded." error={person.error} retry={() => void person.refetch()} />
        )}
      </Page>
    );
  }
  const data = person.data;
  const name = data.full_name === '' ? (data.email ?? 'Unnamed person') : data.full_name;
  return (
    <Page
      title={name}
      back={back}
      heading={
        <div className="flex items-center gap-3.5">
          <Avatar name={name} size="lg" />
          <div className="min-w-0">
            <h1 className="flex flex-wrap items-center gap-x-2.5 text-xl font-semibold">
              <span className="truncate">{name}</span>
              {data.opted_out_at === null ? null : <Badge tone="bad">Opted out</Badge>}
            </h1>
            <p className="truncate text-sm text-ink-2">
              {[data.organisation?.name, data.email, data.phone]
                .filter((part) => part !== null && part !== undefined && part !== '')
                .join(' · ')}
            </p>
          </div>
        </div>
      }
      actions={<Button onClick={() => setEditing(true)}>Edit</Button>}
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem] lg:grid-rows-[auto_1fr] lg:gap-x-6 [&>*]:min-w-0">
        <div className="space-y-4 lg:col-start-2">
          {data.lead === null ? null : <LeadPanel leadId={data.lead.id} />}
          {data.lead === null ? null : <ScorePanel personId={personId} />}
          <NowPanel personId={personId} />
        </div>
        <div className="lg:col-start-1 lg:row-span-2 lg:row-start-1">
          <PersonTimeline personId={personId} leadId={data.lead?.id ?? null} />
        </div>
        <div className="space-y-4 lg:col-start-2">
          <Details person={data} editing={editing} onEditing={setEditing} />
          <ConsentPanel personId={personId} topics={data.consent} />
          <WhyNot personId={personId} />
        </div>
      </div>
    </Page>
  );
}

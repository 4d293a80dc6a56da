import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Mail, MessagesSquare } from 'lucide-react';
import { useEffect } from 'react';
import type { Output } from '#web/kit/api.ts';
import { ScorePanel } from './score-panel.tsx';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { Page } from '#web/kit/page.tsx';
import { useRead } from '#web/kit/query.ts';
import { Skeleton, SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { ConsentPanel } from './consent-panel.tsx';
import { ContactsPanel } from './contacts-panel.tsx';
import { DealsPanel } from './deals-panel.tsx';
import { Details } from './details.tsx';
import { EraseAction } from './erase-dialog.tsx';
import { FilesPanel } from '#web/kit/files-panel.tsx';
import { LeadPanel } from './lead-panel.tsx';
import { MergeAction } from './merge-dialog.tsx';
import { NowPanel } from './now-panel.tsx';
import { OriginPanel } from './origin-panel.tsx';
import { OwnerSelect } from './owner-select.tsx';
import { PersonTimeline } from './person-timeline.tsx';
import { TagsEditor } from './tags-editor.tsx';
import { TasksPanel } from './tasks-panel.tsx';
import { WhyNot } from './why-not.tsx';

const back = { to: '/people', label: 'People' } as const;

/** `e`: the first field, ready to be changed; Tab goes on to the others. */
const edit = () => {
  const field = document.querySelector<HTMLButtonElement>('[data-in-place]');
  field?.scrollIntoView({ block: 'center' });
  field?.click();
};

export function PersonPage() {
  const { personId } = useParams({ from: '/shell/people/$personId' });
  const navigate = useNavigate();
  const person = useRead('people.get', { person_id: personId });
  // Two people were made one: this is the id that is left.
  const now = person.error?.code === 'person_merged' ? person.error.fields[0]?.message : undefined;
  useEffect(() => {
    if (now !== undefined) void navigate({ to: '/people/$personId', params: { personId: now }, replace: true });
  }, [now, navigate]);
  if (person.data !== undefined) return <Known key={personId} person={person.data} />;
  return (
    <Page title="Person" back={back} heading={<Skeleton className="h-8 w-56" />}>
      {person.error === null || now !== undefined ? (
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

function Known({ person }: { person: Output<'people.get'> }) {
  const navigate = useNavigate();
  const write = () => void navigate({ to: '/conversations/$personId', params: { personId: person.id }, search: { write: '1' } });
  useKeys({ e: edit, r: write });
  const name = person.full_name === '' ? (person.email ?? person.phone ?? 'Unnamed person') : person.full_name;
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
              {person.opted_out_at === null ? null : <Badge tone="bad">Opted out</Badge>}
            </h1>
            <p className="truncate text-sm text-ink-2">
              {[person.organisation?.name, person.email, person.phone]
                .filter((part) => part !== null && part !== undefined && part !== '' && part !== name)
                .join(' · ')}
            </p>
          </div>
        </div>
      }
      actions={
        <>
          <Button onClick={edit}>Edit</Button>
          <Button onClick={write}>
            <Mail /> Write
          </Button>
          <Button asChild>
            <Link to="/conversations/$personId" params={{ personId: person.id }}>
              <MessagesSquare /> Conversation
            </Link>
          </Button>
          <MergeAction person={person} />
          <EraseAction person={person} />
        </>
      }
    >
      <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-3">
        <TagsEditor person={person} />
        <OwnerSelect person={person} />
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem] lg:grid-rows-[auto_1fr] lg:gap-x-6 [&>*]:min-w-0">
        <div className="space-y-4 lg:col-start-2">
          {person.lead === null ? null : <LeadPanel leadId={person.lead.id} />}
          <DealsPanel of={{ person_id: person.id }} />
          {person.lead === null ? null : <ScorePanel personId={person.id} />}
          {person.lead === null ? null : <OriginPanel leadId={person.lead.id} />}
          <TasksPanel personId={person.id} />
          <NowPanel personId={person.id} />
        </div>
        <div className="lg:col-start-1 lg:row-span-2 lg:row-start-1">
          <PersonTimeline personId={person.id} leadId={person.lead?.id ?? null} />
        </div>
        <div className="space-y-4 lg:col-start-2">
          <Details person={person} />
          <ContactsPanel person={person} />
          <FilesPanel personId={person.id} />
          <ConsentPanel personId={person.id} topics={person.consent} />
          <WhyNot personId={person.id} />
        </div>
      </div>
    </Page>
  );
}

import { Link } from '@tanstack/react-router';
import { CircleAlert, Clock, Flag, GitBranch, Mail as MailIcon, PenLine, Workflow as Gear } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { Timeline, TimelineItem } from '#web/kit/timeline.tsx';
import { MailCard } from './mails.tsx';
import { edgeWords, endWords, momentIn } from './words.ts';

type Way = Output<'rehearsals.person'>;
type Leg = Way['path'][number];

const icons: Record<string, ReactNode> = {
  message: <MailIcon />,
  wait: <Clock />,
  branch: <GitBranch />,
  generate: <PenLine />,
  end: <Flag />,
};

/** One person's way through the rehearsal, with their mails where they would leave. */
export function PersonWay({
  rehearsalId,
  personId,
  zone,
  titles,
  onClose,
}: {
  rehearsalId: string;
  personId: string | undefined;
  zone: string;
  titles: ReadonlyMap<string, string>;
  onClose: () => void;
}) {
  const way = useRead('rehearsals.person', { rehearsal_id: rehearsalId, person_id: personId ?? '' }, { enabled: personId !== undefined });
  return (
    <Dialog
      open={personId !== undefined}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      wide
      title={way.data === undefined ? 'Their way' : way.data.name || way.data.email || 'Unnamed'}
      description={
        way.data === undefined ? undefined : (
          <span className="flex flex-wrap items-center gap-1.5">
            {endWords(way.data.outcome, way.data.detail ?? '')} · {way.data.email ?? 'no address'} · {way.data.time_zone ?? 'no time zone'}
            {way.data.edge.map((kind) => (
              <Badge key={kind} tone="warn">
                {edgeWords(kind)}
              </Badge>
            ))}
          </span>
        )
      }
    >
      {way.error === null ? (
        way.data === undefined ? (
          <SkeletonLines lines={8} />
        ) : (
          <Path way={way.data} zone={zone} titles={titles} />
        )
      ) : (
        <Failure what="Their way could not be loaded." error={way.error} retry={() => void way.refetch()} />
      )}
    </Dialog>
  );
}

function Path({ way, zone, titles }: { way: Way; zone: string; titles: ReadonlyMap<string, string> }) {
  if (way.outcome === 'left_out') {
    return (
      <Note tone="warn">
        They would not enter: {endWords(way.outcome, way.detail ?? '').toLowerCase()}.{' '}
        <Link to="/people/$personId" params={{ personId: way.person_id }} className="underline">
          Open the person
        </Link>
      </Note>
    );
  }
  const others = way.messages.filter((mail) => !mail.own);
  return (
    <>
      <Timeline label="Steps of this person">
        {way.path.map((leg, i) => (
          <TimelineItem
            key={i}
            icon={leg.state === 'failed' ? <CircleAlert /> : (icons[leg.type] ?? <Gear />)}
            tone={leg.state === 'failed' ? 'bad' : leg.state === 'waiting' ? 'warn' : leg.type === 'message' ? 'accent' : 'neutral'}
            title={titles.get(leg.step_id) ?? leg.step_id}
            aside={<span className="num text-xs whitespace-nowrap text-ink-3">{momentIn(zone, leg.from)}</span>}
          >
            <LegDetail leg={leg} zone={zone} />
            {leg.type === 'message'
              ? way.messages
                  .filter((mail) => mail.own && mail.step_id === leg.step_id)
                  .map((mail) => <MailCard key={mail.id} mail={mail} zone={zone} exact open={way.messages.indexOf(mail) === 0} />)
              : null}
          </TimelineItem>
        ))}
      </Timeline>
      {others.length === 0 ? null : (
        <section className="mt-6">
          <h3 className="mb-2 text-sm font-semibold">From other sequences meanwhile</h3>
          <div className="space-y-1.5">
            {others.map((mail) => (
              <MailCard key={mail.id} mail={mail} zone={zone} exact />
            ))}
          </div>
        </section>
      )}
    </>
  );
}

function LegDetail({ leg, zone }: { leg: Leg; zone: string }) {
  const taken = typeof leg.output === 'object' && leg.output !== null && !Array.isArray(leg.output) ? leg.output['taken'] : undefined;
  const parts = [
    leg.error,
    leg.reason,
    leg.state === 'waiting' && leg.until !== null ? `until ${momentIn(zone, leg.until)}` : null,
    leg.type === 'wait' && leg.state === 'done' && leg.to !== null ? `until ${momentIn(zone, leg.to)}` : null,
    leg.type === 'message' && leg.state === 'done' && leg.to !== null && leg.to !== leg.from
      ? `put off until ${momentIn(zone, leg.to)}`
      : null,
    leg.state === 'cancelled' ? 'ended here' : null,
    leg.type === 'switch' && typeof taken === 'string' ? taken : taken === 'then' ? 'yes' : taken === 'otherwise' ? 'no' : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : <p className="mb-1.5 text-xs text-ink-2">{parts.join(' · ')}</p>;
}

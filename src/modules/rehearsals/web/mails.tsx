import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { useList } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { clockIn, momentIn } from './words.ts';

export type Mail = Item<'rehearsals.messages'>;

const tones = { sent: 'ok', captured: 'neutral', blocked: 'bad', refused: 'bad', queued: 'warn' } as const;
const says = { sent: 'leaves', captured: 'captured', blocked: 'blocked', refused: 'refused', queued: 'waits' } as const;

/** One mail as it would be written, closed until somebody looks. */
export function MailCard({ mail, zone, exact, open }: { mail: Mail; zone: string; exact: boolean; open?: boolean }) {
  return (
    <details open={open} className="group rounded-lg border bg-panel">
      <summary className="flex cursor-pointer list-none flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-2 text-sm [&::-webkit-details-marker]:hidden">
        <span className="num w-11 shrink-0 text-xs text-ink-3">{clockIn(zone, mail.at)}</span>
        <span className="min-w-0 flex-1 basis-40 truncate">
          <span className="font-medium">{mail.subject === '' ? 'No subject' : mail.subject}</span>
          {exact ? null : <span className="text-ink-3"> · {mail.person_name || mail.to_email}</span>}
        </span>
        {mail.own ? null : <Badge>{mail.workflow}</Badge>}
        <Badge tone={tones[mail.state]}>{says[mail.state]}</Badge>
      </summary>
      <div className="border-t px-3 py-3 text-sm">
        {mail.reasons.map((reason) => (
          <p key={reason.rule} className="mb-2 text-bad">
            {reason.says}. <span className="text-ink-2">{reason.fix}</span>
          </p>
        ))}
        <dl className="mb-3 grid grid-cols-[3.5rem_1fr] gap-y-1 text-xs">
          <dt className="text-ink-3">When</dt>
          <dd className="num">{momentIn(zone, mail.at)}</dd>
          <dt className="text-ink-3">From</dt>
          <dd className="break-all">{mail.from_email}</dd>
          <dt className="text-ink-3">To</dt>
          <dd className="break-all">{mail.to_email === '' ? 'no address' : mail.to_email}</dd>
        </dl>
        <p className="leading-relaxed whitespace-pre-wrap">{mail.text}</p>
      </div>
    </details>
  );
}

/** The mails of a day, or those that a rule keeps back. */
export function Mails({ rehearsalId, zone, day, rule }: { rehearsalId: string; zone: string; day?: string; rule?: string }) {
  const [limit] = useState(50);
  const mails = useList('rehearsals.messages', {
    rehearsal_id: rehearsalId,
    limit,
    own: true,
    ...(day === undefined ? {} : { day }),
    ...(rule === undefined ? {} : { rule }),
  });
  if (mails.error !== null && mails.rows.length === 0)
    return <Failure what="The mails could not be loaded." error={mails.error} retry={() => void mails.refetch()} />;
  if (mails.isPending) return <SkeletonRows rows={4} />;
  if (mails.rows.length === 0) return <Empty title="No mail on this day" />;
  return (
    <div className="space-y-1.5">
      {mails.rows.map((mail) => (
        <MailCard key={mail.id} mail={mail} zone={zone} exact={false} />
      ))}
      {mails.hasNextPage ? (
        <Button className="mt-2" busy={mails.isFetchingNextPage} onClick={() => void mails.fetchNextPage()}>
          More
        </Button>
      ) : null}
    </div>
  );
}

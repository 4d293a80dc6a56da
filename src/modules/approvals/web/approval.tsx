import { Link } from '@tanstack/react-router';
import { Badge, Status } from '#web/kit/badge.tsx';
import { cn } from '#web/kit/cn.ts';
import { When } from '#web/kit/time.tsx';
import { Answer } from './answer.tsx';
import { ProposalView } from './proposal-view.tsx';
import { fallbacks, risks, states, type Row } from './words.ts';

/** One decision: what is asked, what is proposed, who decides, and the answer. */
export function Approval({ approval, current }: { approval: Row; current: boolean }) {
  const [tone, risk] = risks[approval.risk];
  return (
    <li
      aria-label={approval.title}
      data-approval={approval.id}
      aria-current={current ? 'true' : undefined}
      className={cn('scroll-mt-20 rounded-xl border bg-panel shadow-raise', current && 'border-accent')}
    >
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b px-4 py-3">
        <h2 className="min-w-0 flex-1 basis-60 text-sm font-semibold break-words">{approval.title}</h2>
        <Badge tone={tone}>{risk}</Badge>
        <p className="basis-full text-xs text-ink-3">
          {approval.workflow ?? 'A workflow that is gone'} · asked <When at={approval.created_at} className="num" />
          {approval.state === 'waiting' && approval.due_at !== null ? (
            <>
              {' '}
              · until <When at={approval.due_at} exact className="num" />, {fallbacks[approval.fallback]}
            </>
          ) : null}
          {approval.run_id === null ? null : (
            <>
              {' · '}
              <Link to="/runs/$runId" params={{ runId: approval.run_id }} className="text-ink-2 underline hover:text-ink">
                its run
              </Link>
            </>
          )}
          {approval.person_id === null ? null : (
            <>
              {' · '}
              <Link to="/people/$personId" params={{ personId: approval.person_id }} className="text-ink-2 underline hover:text-ink">
                the person
              </Link>
            </>
          )}
        </p>
        {approval.asked.length > 0 ? <InOrder approval={approval} /> : null}
      </header>
      <div className="space-y-3 px-4 py-3">
        {approval.body === '' ? null : <p className="text-sm break-words whitespace-pre-wrap">{approval.body}</p>}
        {approval.state === 'waiting' && approval.mine ? null : <ProposalView proposed={approval.proposed} approved={approval.approved} />}
        {approval.state === 'waiting' ? <Answer approval={approval} /> : <Decided approval={approval} />}
      </div>
    </li>
  );
}

/** Several approvers, one after the other: who has, whose turn it is, who was passed over. */
function InOrder({ approval }: { approval: Row }) {
  const now = approval.waiting_for[0];
  return (
    <ol aria-label="Who decides, in this order" className="flex basis-full flex-wrap gap-x-1.5 gap-y-1 text-xs text-ink-2">
      {approval.asked.map((one, place) => (
        <li key={`${one.id} ${place}`} className="inline-flex items-center gap-1.5">
          {place > 0 ? (
            <span aria-hidden className="text-ink-3">
              →
            </span>
          ) : null}
          <span className={cn(!one.active && 'text-ink-3 line-through', one.id === now && 'font-semibold text-ink')}>{one.name}</span>
          {!one.active ? (
            <span className="text-ink-3">has left</span>
          ) : one.id === now ? (
            <span className="text-ink-3">now</span>
          ) : place < approval.turn ? (
            <span className="text-ok">has approved</span>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

function Decided({ approval }: { approval: Row }) {
  if (approval.state === 'waiting') return null;
  const [tone, words] = states[approval.state];
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
      <Status tone={tone}>{words}</Status>
      {approval.decided_at === null ? null : (
        <span className="text-xs text-ink-3">
          {approval.decided_by_name === null ? 'by the deadline' : `by ${approval.decided_by_name}`} ·{' '}
          <When at={approval.decided_at} className="num" />
        </span>
      )}
      {approval.note === null ? null : <span className="basis-full break-words text-ink-2">“{approval.note}”</span>}
    </p>
  );
}

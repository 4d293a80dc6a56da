import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge, Status, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Field, Textarea } from '#web/kit/field.tsx';
import { useAct } from '#web/kit/query.ts';
import { When } from '#web/kit/time.tsx';

type Row = Item<'approvals.list'>;

const risks: Record<Row['risk'], readonly [Tone, string]> = {
  low: ['neutral', 'low risk'],
  medium: ['warn', 'medium risk'],
  high: ['bad', 'high risk'],
};
const states: Record<Exclude<Row['state'], 'waiting'>, readonly [Tone, string]> = {
  approved: ['ok', 'Approved'],
  rejected: ['bad', 'Rejected'],
  expired: ['neutral', 'Too late'],
  withdrawn: ['neutral', 'Its run has ended'],
};
const fallbacks: Record<Row['fallback'], string> = {
  approve: 'then it counts as approved',
  reject: 'then it counts as rejected',
  escalate: 'then others are asked',
  end: 'then the run ends',
};

/** One decision: what is asked, what is proposed, and the answer. */
export function Approval({ approval }: { approval: Row }) {
  const [tone, risk] = risks[approval.risk];
  const proposed = approval.approved ?? approval.proposed;
  return (
    <li aria-label={approval.title} className="rounded-xl border bg-panel shadow-raise">
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
      </header>
      <div className="space-y-3 px-4 py-3">
        {approval.body === '' ? null : <p className="text-sm break-words whitespace-pre-wrap">{approval.body}</p>}
        {approval.state !== 'waiting' || !approval.mine ? <Proposal value={proposed} /> : null}
        {approval.state === 'waiting' ? <Answer approval={approval} /> : <Decided approval={approval} />}
      </div>
    </li>
  );
}

/** Text as people write it, or the JSON of anything else. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value, null, 2));

function Proposal({ value }: { value: unknown }) {
  if (value === null) return null;
  return (
    <pre tabIndex={0} className="max-h-80 overflow-auto rounded-lg bg-sunken px-3 py-2 font-sans text-sm break-words whitespace-pre-wrap">
      {asText(value)}
    </pre>
  );
}

function Answer({ approval }: { approval: Row }) {
  const before = asText(approval.proposed);
  const [text, setText] = useState(before);
  const [reason, setReason] = useState<string | null>(null);
  const decide = useAct('approvals.decide', {
    refresh: ['approvals', 'runs', 'system'],
    done: ({ state }) => (state === 'approved' ? 'Approved.' : state === 'rejected' ? 'Rejected.' : 'Approved; the next one is asked.'),
  });
  if (!approval.mine) return <p className="text-sm text-ink-2">Somebody else decides this.</p>;
  const same = { approval_id: approval.id, if_match: approval.updated_at };
  const isText = typeof approval.proposed === 'string';
  const changed = approval.proposed !== null && text !== before;
  const value = changed ? valueOf(text, isText) : undefined;
  const broken = changed && value === undefined;
  if (reason !== null)
    return (
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          decide.mutate({ ...same, decision: 'reject', note: reason });
        }}
      >
        <Field label="Why not?" hint="Stands with the decision, and in the run’s journal.">
          {(control) => <Textarea {...control} autoFocus required value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
        <div className="flex flex-wrap gap-2">
          <Button type="submit" kind="danger" busy={decide.isPending} disabled={reason.trim() === ''}>
            Reject
          </Button>
          <Button onClick={() => setReason(null)}>Back</Button>
        </div>
      </form>
    );
  return (
    <div className="space-y-3">
      {approval.proposed === null ? null : (
        <Field
          label="Proposal"
          hint={changed ? 'Approved as it stands here; the first proposal stays in the record.' : 'May be changed while it is approved.'}
          error={broken ? 'This is no JSON: mind quotes, commas and brackets' : undefined}
        >
          {(control) => (
            <Textarea
              {...control}
              className={isText ? 'min-h-32' : 'min-h-32 font-mono text-xs'}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          kind="primary"
          busy={decide.isPending}
          disabled={broken}
          onClick={() => decide.mutate({ ...same, decision: 'approve', ...(value === undefined ? {} : { proposed: value }) })}
        >
          {changed ? 'Approve as changed' : 'Approve'}
        </Button>
        <Button disabled={decide.isPending} onClick={() => setReason('')}>
          Reject …
        </Button>
        {changed ? (
          <Button kind="quiet" onClick={() => setText(before)}>
            Take the changes back
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** Undefined: no JSON. */
function valueOf(text: string, isText: boolean): Row['proposed'] | undefined {
  if (isText) return text;
  try {
    return JSON.parse(text) as Row['proposed']; // what JSON.parse gives is JSON
  } catch {
    return undefined;
  }
}

function Decided({ approval }: { approval: Row }) {
  if (approval.state === 'waiting') return null;
  const [tone, words] = states[approval.state];
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
      <Status tone={tone}>{words}</Status>
      {approval.decided_at === null ? null : <When at={approval.decided_at} className="num text-xs text-ink-3" />}
      {approval.note === null ? null : <span className="basis-full break-words text-ink-2">“{approval.note}”</span>}
    </p>
  );
}

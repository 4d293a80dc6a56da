import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Textarea } from '#web/kit/field.tsx';
import { useAct } from '#web/kit/query.ts';
import { Changes } from './changes.tsx';
import { Details } from './proposal-view.tsx';
import { piecesOf, together } from './proposal.ts';
import type { Row } from './words.ts';

/** Yes, yes with other words, or no with a reason. `data-answer` is what keys press. */
export function Answer({ approval }: { approval: Row }) {
  const { pieces, rest: restBefore } = piecesOf(approval.proposed);
  const [written, setWritten] = useState<ReadonlyMap<string, string>>(new Map());
  const [rest, setRest] = useState(restBefore);
  const [reason, setReason] = useState<string | null>(null);
  const decide = useAct('approvals.decide', {
    refresh: ['approvals', 'runs', 'system', 'notifications'],
    done: ({ state }) => (state === 'approved' ? 'Approved.' : state === 'rejected' ? 'Rejected.' : 'Approved; the next one is asked.'),
  });
  if (!approval.mine) return <p className="text-sm text-ink-2">{whose(approval)}</p>;
  const same = { approval_id: approval.id, if_match: approval.updated_at };
  const now = (key: string, was: string) => written.get(key) ?? was;
  const touched = pieces.filter((piece) => now(piece.key, piece.value) !== piece.value);
  const changed = touched.length > 0 || rest !== restBefore;
  const value = changed
    ? together(approval.proposed, new Map(pieces.map((piece) => [piece.key, now(piece.key, piece.value)])), rest)
    : undefined;
  const broken = changed && value === undefined;
  const hint = changed ? 'Approved as it stands here; the first proposal stays in the record.' : 'May be changed while it is approved.';
  const write = (key: string, text: string) => setWritten(new Map([...written, [key, text]]));
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
      {pieces.map((piece, at) => (
        <Field key={piece.key} label={piece.label} hint={at === pieces.length - 1 ? hint : undefined}>
          {(control) =>
            piece.long ? (
              <Textarea
                {...control}
                data-answer="edit"
                className="field-sizing-content max-h-96 min-h-20"
                value={now(piece.key, piece.value)}
                onChange={(event) => write(piece.key, event.target.value)}
              />
            ) : (
              <Input
                {...control}
                data-answer="edit"
                value={now(piece.key, piece.value)}
                onChange={(event) => write(piece.key, event.target.value)}
              />
            )
          }
        </Field>
      ))}
      {restBefore === '' ? null : (
        <Details open={pieces.length === 0}>
          <Field
            label={pieces.length === 0 ? 'Proposal' : 'Details'}
            hint={pieces.length === 0 ? hint : undefined}
            error={broken ? 'This is no JSON: mind quotes, commas and brackets' : undefined}
          >
            {(control) => (
              <Textarea
                {...control}
                data-answer="edit"
                className="field-sizing-content max-h-96 min-h-20 font-mono text-xs"
                value={rest}
                onChange={(event) => setRest(event.target.value)}
              />
            )}
          </Field>
        </Details>
      )}
      {touched.map((piece) => (
        <Changes
          key={piece.key}
          before={piece.value}
          after={now(piece.key, piece.value)}
          label={pieces.length === 1 ? 'What you change' : `What you change: ${piece.label}`}
        />
      ))}
      {rest === restBefore ? null : <Changes before={restBefore} after={rest} label="What you change" />}
      <div className="flex flex-wrap gap-2">
        <Button
          kind="primary"
          data-answer="approve"
          busy={decide.isPending}
          disabled={broken}
          onClick={() => decide.mutate({ ...same, decision: 'approve', ...(value === undefined ? {} : { proposed: value }) })}
        >
          {changed ? 'Approve as changed' : 'Approve'}
        </Button>
        <Button data-answer="reject" disabled={decide.isPending} onClick={() => setReason('')}>
          Reject …
        </Button>
        {changed ? (
          <Button
            kind="quiet"
            onClick={() => {
              setWritten(new Map());
              setRest(restBefore);
            }}
          >
            Take the changes back
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function whose({ approvers, waiting_for: waitingFor, asked }: Row): string {
  if (approvers.length === 0) return 'A manager decides this.';
  const first = asked.find((one) => one.id === waitingFor[0]);
  return first === undefined ? 'Nobody who was asked is here any more: an admin decides this.' : `${first.name} decides this now.`;
}

import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Textarea } from '#web/kit/field.tsx';
import { useAct } from '#web/kit/query.ts';
import { Changes } from './changes.tsx';
import { asText, type Row } from './words.ts';

/** Yes, yes with other words, or no with a reason. `data-answer` is what keys press. */
export function Answer({ approval }: { approval: Row }) {
  const before = asText(approval.proposed);
  const [text, setText] = useState(before);
  const [reason, setReason] = useState<string | null>(null);
  const decide = useAct('approvals.decide', {
    refresh: ['approvals', 'runs', 'system', 'notifications'],
    done: ({ state }) => (state === 'approved' ? 'Approved.' : state === 'rejected' ? 'Rejected.' : 'Approved; the next one is asked.'),
  });
  if (!approval.mine) return <p className="text-sm text-ink-2">{whose(approval)}</p>;
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
              data-answer="edit"
              className={isText ? 'min-h-32' : 'min-h-32 font-mono text-xs'}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
      {changed ? <Changes before={before} after={text} label="What you change" /> : null}
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
          <Button kind="quiet" onClick={() => setText(before)}>
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

/** Undefined: no JSON. */
function valueOf(text: string, isText: boolean): Row['proposed'] | undefined {
  if (isText) return text;
  try {
    return JSON.parse(text) as Row['proposed']; // what JSON.parse gives is JSON
  } catch {
    return undefined;
  }
}

import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field as Labelled, Input } from '#web/kit/field.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { Builder } from '#web/kit/conditions/builder.tsx';
import { Live } from './live.tsx';
import { conditionOf, groupOf, newGroup, newRule, type Condition, type Field } from '#web/kit/conditions/model.ts';

export function NewSegmentPage() {
  const fields = useRead('segments.fields', {});
  return (
    <Page
      title="New segment"
      back={{ to: '/segments', label: 'Segments' }}
      lead="Say who belongs. Steward keeps the segment up to date by itself."
    >
      {fields.error !== null ? (
        <Failure what="The fields could not be loaded." error={fields.error} retry={() => void fields.refetch()} />
      ) : fields.data === undefined ? (
        <SkeletonRows rows={6} />
      ) : (
        <Editor fields={fields.data.items} />
      )}
    </Page>
  );
}

interface Stored {
  id: string;
  name: string;
  condition: Condition;
  updated_at: string;
}

/** Name and condition of a segment, with the live count beside. */
export function Editor({ fields, stored, onDone }: { fields: readonly Field[]; stored?: Stored; onDone?: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState(stored?.name ?? '');
  const [group, setGroup] = useState(() => {
    if (stored !== undefined) return groupOf(stored.condition, fields);
    const status = fields.find((field) => field.name === 'lead.status');
    return newGroup(status === undefined ? [] : [newRule(status)]);
  });
  const create = useAct('segments.create', {
    refresh: ['segments'],
    quiet: true,
    done: 'Saved. Its people are looked for now.',
    onDone: (segment) => void navigate({ to: '/segments/$segmentId', params: { segmentId: segment.id } }),
  });
  const update = useAct('segments.update', {
    refresh: ['segments'],
    quiet: true,
    done: 'Saved. Members follow within a minute.',
    onDone: () => onDone?.(),
  });
  const condition = group === null ? null : conditionOf(group, fields);
  const error = create.error ?? update.error;
  const fault = error?.fields.find((one) => one.path === 'name')?.message;
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <form
        className="min-w-0 space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (condition === null) return;
          const input = { name, condition: condition as never }; // the schema's conditions, written down for the wire
          if (stored === undefined) create.mutate(input);
          else update.mutate({ ...input, segment_id: stored.id, if_match: stored.updated_at });
        }}
      >
        <Labelled label="Name" error={fault}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={120}
              placeholder="Warm leads in Berlin"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Labelled>
        {group === null ? (
          <Note tone="warn" action={<Button onClick={() => setGroup(newGroup())}>Start anew</Button>}>
            This condition says more than the builder can show. Change it through the API, or start anew here.
          </Note>
        ) : (
          <Builder group={group} fields={fields} onChange={setGroup} />
        )}
        {error === null || fault !== undefined ? null : <Note tone="bad">{error.message}</Note>}
        <div className="flex flex-wrap items-center gap-3">
          <Button
            kind="primary"
            type="submit"
            busy={create.isPending || update.isPending}
            disabled={condition === null || name.trim() === ''}
          >
            {stored === undefined ? 'Create segment' : 'Save'}
          </Button>
          {condition === null && group !== null ? <span className="text-sm text-ink-3">A condition lacks its value.</span> : null}
        </div>
      </form>
      <Live condition={condition} />
    </div>
  );
}

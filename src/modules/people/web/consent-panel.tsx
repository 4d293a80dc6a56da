import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Textarea } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { Status } from '#web/kit/badge.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { When } from '#web/kit/time.tsx';

/** What the person allowed, how we know, and the log behind it. */
export function ConsentPanel({ personId, topics }: { personId: string; topics: Output<'people.get'>['consent'] }) {
  const [opened, setOpened] = useState(false);
  const log = useList('consent.log', { person_id: personId }, { enabled: opened });
  const [asking, setAsking] = useState(false);
  const [evidence, setEvidence] = useState('');
  const record = useAct('consent.set', {
    refresh: ['consent', 'people', 'leads', 'runs', 'messages'],
    done: 'Recorded.',
    onDone: () => {
      setAsking(false);
      setEvidence('');
    },
  });
  const out = topics.some((topic) => topic.topic === 'marketing' && topic.state !== 'granted');
  return (
    <Panel title="Consent and preferences">
      <div className="space-y-3 text-sm">
        {topics.length === 0 ? <p className="text-ink-2">Nothing recorded. Mail goes out on the company’s own lawful basis.</p> : null}
        <ul className="space-y-2">
          {topics.map((topic) => (
            <li key={topic.topic} className="flex items-baseline justify-between gap-3">
              <span>{words(topic.topic)}</span>
              <Status tone={topic.state === 'granted' ? 'ok' : 'bad'}>{words(topic.state)}</Status>
            </li>
          ))}
        </ul>
        <details onToggle={(event) => setOpened(event.currentTarget.open)}>
          <summary className="text-xs text-ink-2 hover:text-ink">Log, with the proof</summary>
          {opened && log.isPending ? <SkeletonLines lines={2} className="mt-2" /> : null}
          {log.isSuccess && log.rows.length === 0 ? <p className="mt-2 text-xs text-ink-3">Empty.</p> : null}
          <ul className="mt-2 space-y-1.5 text-xs text-ink-2">
            {log.rows.map((entry) => (
              <li key={entry.id}>
                {words(entry.topic)} {entry.state}, by {words(entry.source).toLowerCase()}, <When at={entry.created_at} className="num" />
              </li>
            ))}
          </ul>
        </details>
        {out ? (
          <Button size="sm" onClick={() => setAsking(true)}>
            Record a new consent
          </Button>
        ) : (
          <Confirm
            title="Opt this person out?"
            action="Opt out"
            danger
            onConfirm={() =>
              record.mutate({
                person_id: personId,
                topic: 'marketing',
                state: 'withdrawn',
                evidence: { note: 'Written down by a colleague' },
              })
            }
            trigger={(ask) => (
              <Button size="sm" onClick={ask} busy={record.isPending}>
                Opt out
              </Button>
            )}
          >
            <p>No commercial message goes to this person any more; runs end. Only a new consent from the person brings it back.</p>
          </Confirm>
        )}
      </div>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Record a new consent"
        description="This person opted out. Say how they asked to be written to again; it is kept as evidence."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button
              kind="primary"
              disabled={evidence.trim() === ''}
              busy={record.isPending}
              onClick={() =>
                record.mutate({ person_id: personId, topic: 'marketing', state: 'granted', evidence: { wording: evidence.trim() } })
              }
            >
              Record it
            </Button>
          </>
        }
      >
        <Field label="Evidence" hint="Where and when, such as: on the phone, 21 November, asked for the newsletter.">
          {(control) => <Textarea {...control} value={evidence} onChange={(event) => setEvidence(event.target.value)} />}
        </Field>
      </Dialog>
    </Panel>
  );
}

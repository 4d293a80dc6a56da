import { Download } from 'lucide-react';
import { useState } from 'react';
import { call, type Item, type Output } from '#web/kit/api.ts';
import { Status } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { momentOf, When } from '#web/kit/time.tsx';
import { BasisList } from './basis-list.tsx';
import { proofAsCsv, proofAsPage } from './consent-proof.ts';
import { RecordConsent } from './record-consent.tsx';
import { saveFile } from './save-file.ts';

/** What the person allowed on which basis, how we know, and the whole proof to hand out. */
export function ConsentPanel({ personId, topics }: { personId: string; topics: Output<'people.get'>['consent'] }) {
  const [opened, setOpened] = useState(false);
  const [asking, setAsking] = useState(false);
  const record = useAct('consent.set', { refresh: ['consent', 'people', 'leads', 'runs', 'messages'], done: 'Recorded.' });
  const listed = useRead('people.basis', { person_id: personId });
  const known = new Set((listed.data?.topics ?? []).map(({ topic }) => topic));
  /** Those that the list above does not show. */
  const recorded = topics.filter(({ topic }) => !known.has(topic));
  const out = topics.some((topic) => topic.topic === 'marketing' && topic.state !== 'granted');
  return (
    <Panel title="Consent and preferences">
      <div className="space-y-3 text-sm">
        <BasisList personId={personId} />
        {recorded.length === 0 ? null : (
          <ul className="space-y-2 border-t pt-2.5" aria-label="Recorded for other topics">
            {recorded.map((topic) => (
              <li key={topic.topic}>
                <div className="flex items-baseline justify-between gap-3">
                  <span>{topic.topic === 'marketing' ? 'All commercial mail' : words(topic.topic)}</span>
                  <Status tone={topic.state === 'granted' ? 'ok' : 'bad'}>{words(topic.state)}</Status>
                </div>
                <div className="text-xs text-ink-2">
                  {topic.lawful_basis === null ? 'No basis noted' : words(topic.lawful_basis)}, since{' '}
                  <When at={topic.since} className="num" />
                </div>
              </li>
            ))}
          </ul>
        )}
        <details onToggle={(event) => setOpened(event.currentTarget.open)}>
          <summary className="min-h-6 cursor-pointer text-xs text-ink-2 hover:text-ink">Log, with the evidence</summary>
          {opened ? <Log personId={personId} /> : null}
        </details>
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => setAsking(true)}>
            {out ? 'Record a new consent' : 'Record a consent'}
          </Button>
          {out ? null : (
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
        <Proof personId={personId} />
      </div>
      <RecordConsent personId={personId} out={out} open={asking} onOpenChange={setAsking} />
    </Panel>
  );
}

function Log({ personId }: { personId: string }) {
  const log = useList('consent.log', { person_id: personId });
  if (log.error !== null && log.rows.length === 0)
    return <Failure what="The log could not be loaded." error={log.error} retry={() => void log.refetch()} className="py-4" />;
  if (log.isPending) return <SkeletonLines lines={2} className="mt-2" />;
  if (log.rows.length === 0) return <p className="mt-2 text-xs text-ink-3">Empty.</p>;
  return (
    <>
      <ol className="mt-2 space-y-3 border-l pl-3">
        {log.rows.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {log.hasNextPage ? (
        <Button size="sm" className="mt-3" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Show older
        </Button>
      ) : null}
    </>
  );
}

const evidenceNames: Readonly<Record<string, string>> = {
  wording: 'Wording',
  note: 'Note',
  source: 'How',
  form_title: 'Form',
  version: 'Version of the text',
  topic_version: 'Wording of the topic',
  ip: 'IP address',
  at: 'When said',
  filename: 'File',
};

function Entry({ entry }: { entry: Item<'consent.log'> }) {
  const evidence = Object.entries(entry.evidence).filter(([name, value]) => name in evidenceNames && value !== null && value !== '');
  return (
    <li className="text-xs text-ink-2">
      <div className="text-ink">
        {words(entry.topic)}: {words(entry.state).toLowerCase()}
        {entry.renews ? ', a later explicit consent' : ''}
      </div>
      <div>
        {words(entry.source)}, {momentOf(entry.created_at)}
        {entry.lawful_basis === null ? '' : `, ${words(entry.lawful_basis).toLowerCase()}`}
      </div>
      {evidence.map(([name, value]) => (
        <div key={name} className="break-words">
          <span className="text-ink-3">{evidenceNames[name]}:</span> {typeof value === 'string' ? value : JSON.stringify(value)}
        </div>
      ))}
    </li>
  );
}

/** The proof as a page to read, a table, or JSON. Fetched when it is asked for. */
function Proof({ personId }: { personId: string }) {
  const [busy, setBusy] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const take = async (kind: 'html' | 'csv' | 'json') => {
    setBusy(kind);
    setFault(null);
    try {
      const proof = await call('consent.proof', { person_id: personId });
      const name = `consent-${personId}`;
      if (kind === 'json') saveFile(`${name}.json`, 'application/json', JSON.stringify(proof, null, 2));
      if (kind === 'csv') saveFile(`${name}.csv`, 'text/csv', proofAsCsv(proof));
      if (kind === 'html') saveFile(`${name}.html`, 'text/html', proofAsPage(proof));
    } catch (error) {
      setFault(error instanceof Error ? error.message : 'The proof could not be loaded; try again');
    }
    setBusy(null);
  };
  return (
    <div className="flex flex-wrap items-center gap-1 border-t pt-3 text-xs text-ink-2" role="group" aria-label="Download the proof">
      <Download aria-hidden className="size-4 text-ink-3" />
      <span className="mr-auto">Proof of all of it</span>
      {(['html', 'csv', 'json'] as const).map((kind) => (
        <Button
          key={kind}
          size="sm"
          kind="quiet"
          busy={busy === kind}
          aria-label={`Proof as ${kind === 'html' ? 'a page' : kind.toUpperCase()}`}
          onClick={() => void take(kind)}
        >
          {kind === 'html' ? 'Page' : kind.toUpperCase()}
        </Button>
      ))}
      {fault === null ? null : (
        <p role="alert" className="w-full text-xs text-bad">
          {fault}
        </p>
      )}
    </div>
  );
}

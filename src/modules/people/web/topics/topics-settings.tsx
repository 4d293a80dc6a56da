import { Archive, Pencil, Plus, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { CountriesPanel } from './countries-panel.tsx';
import { TopicDialog, topicRefresh } from './topic-dialog.tsx';
import { basisName, type Topic } from './words.ts';

/** What the company writes about, what people are told, and what makes it lawful, here and elsewhere. */
export function TopicsSettings() {
  const topics = useRead('topics.list', { archived: true });
  const manager = useMay('manager');
  const [edited, setEdited] = useState<Topic | 'new' | null>(null);
  const update = useAct('topics.update', { refresh: topicRefresh, part: true });
  const archive = (topic: Topic, archived: boolean) => update.mutate({ key: topic.key, archived, if_match: topic.updated_at });
  return (
    <div className="max-w-3xl space-y-6">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-xl text-sm text-ink-2">
          Commercial mail is about a topic. People switch topics off on their preference page; the gate asks for a lawful basis for each,
          when a message is written and again when it leaves. Whoever said no is never written to.
        </p>
        {manager ? (
          <Button kind="primary" onClick={() => setEdited('new')}>
            <Plus /> New topic
          </Button>
        ) : null}
      </div>
      <Panel title="What people can choose" flush>
        {topics.data === undefined ? (
          topics.error === null ? (
            <SkeletonLines lines={5} className="p-4" />
          ) : (
            <Failure what="The topics could not be loaded." error={topics.error} retry={() => void topics.refetch()} />
          )
        ) : (
          <ul className="divide-y">
            {topics.data.items.map((topic) => (
              <li key={topic.key} className="flex items-start gap-3 px-4 py-3.5">
                <div className="min-w-0 flex-1 space-y-1.5">
                  <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-sm">
                    <span className={topic.archived_at === null ? 'font-medium' : 'font-medium text-ink-3'}>{topic.title}</span>
                    <code className="text-xs text-ink-3">{topic.key}</code>
                    {topic.archived_at === null ? null : <Badge>Archived</Badge>}
                  </div>
                  <p className="text-sm text-ink-2">“{topic.wording}”</p>
                  <div className="flex flex-wrap items-center gap-1.5">
                    <Badge tone="accent">Consent</Badge>
                    {topic.bases.map((basis) => (
                      <Badge key={basis}>{basisName[basis]}</Badge>
                    ))}
                    <span className="text-xs text-ink-3">
                      wording {topic.wording_version}
                      {topic.channels.includes('sms') ? ` · ${topic.channels.includes('email') ? 'email and SMS' : 'SMS only'}` : ''}
                    </span>
                  </div>
                </div>
                {!manager ? null : topic.archived_at === null ? (
                  <span className="flex shrink-0">
                    <Button kind="quiet" size="icon" aria-label={`Change ${topic.title}`} onClick={() => setEdited(topic)}>
                      <Pencil />
                    </Button>
                    <Button kind="quiet" size="icon" aria-label={`Archive ${topic.title}`} onClick={() => archive(topic, true)}>
                      <Archive />
                    </Button>
                  </span>
                ) : (
                  <Button kind="quiet" size="sm" onClick={() => archive(topic, false)}>
                    <Undo2 /> Bring back
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <CountriesPanel />
      {edited === null ? null : <TopicDialog topic={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </div>
  );
}

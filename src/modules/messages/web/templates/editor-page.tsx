import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { History, Redo2, Send, Settings2, Undo2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { Page } from '#web/kit/page.tsx';
import { refresh, useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { changesOf, contentOf, type Content, type Whole } from './content.ts';
import { useHistory } from './history.ts';
import type { Reader } from './person-picker.tsx';
import { Preview, usePreview, type Finding } from './preview.tsx';
import { PropertiesSheet } from './properties.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { TestDialog } from './test-dialog.tsx';
import type { Saving } from '#web/kit/kept-draft.ts';
import { useDraft } from './use-draft.ts';
import { VersionsSheet } from './versions.tsx';
import { WritingForm } from './writing-form.tsx';

export function TemplatePage() {
  const { key } = useParams({ strict: false });
  const name = key ?? '';
  const template = useRead('templates.get', { key: name }, { fresh: true });
  // On a draft as it was before the last change, that change would be lost.
  if (template.data === undefined || !template.isFetchedAfterMount)
    return (
      <Page title="Template" back={{ to: '/settings/templates', label: 'Templates' }} width="full">
        {template.error === null ? (
          <SkeletonLines lines={12} />
        ) : (
          <Failure what="The template could not be loaded." error={template.error} retry={() => void template.refetch()} />
        )}
      </Page>
    );
  return <Editor key={`${name} ${template.data.version}`} whole={template.data} />;
}

const SAYS: Record<Saving, string> = { saved: 'Saved', waiting: 'Saving…', saving: 'Saving…', failed: 'Not saved', conflict: 'Not saved' };

function Editor({ whole }: { whole: Whole }) {
  const may = useMay('manager');
  const navigate = useNavigate();
  const client = useQueryClient();
  const [beginning] = useState(() => contentOf(whole));
  const { content, set, load, undo, redo } = useHistory(beginning);
  const draft = useDraft(whole.key, content, whole.draft?.updated_at ?? null, may);
  const [language, setLanguage] = useState(beginning.writings[0]?.language ?? 'en');
  const [reader, setReader] = useState<Reader | null>(null);
  const [side, setSide] = useState<'write' | 'preview'>('write');
  const [open, setOpen] = useState<'versions' | 'test' | 'publish' | 'properties' | null>(null);
  const form = useRef<HTMLDivElement>(null);
  const preview = usePreview(whole.key, content, language, reader);
  const drop = useAct('templates.drop_draft', { refresh: ['templates'] });
  useKeys({
    'mod+z': (event) => {
      event.preventDefault();
      undo?.();
    },
    'mod+y': (event) => {
      event.preventDefault();
      redo?.();
    },
  });
  const changed = JSON.stringify(changesOf(content)) !== JSON.stringify(changesOf(contentOf({ ...whole, draft: null })));
  const writing = content.writings.find((one) => one.language === language) ?? content.writings[0];
  const sms = content.kind === 'sms';

  const find = ({ part }: Finding) => {
    setSide('write');
    requestAnimationFrame(() => {
      const field =
        part === 'subject' || part === 'preheader' ? `[name="${part}"]` : `[data-block="${CSS.escape(part)}"] :is(input,textarea,select)`;
      const target = form.current?.querySelector<HTMLElement>(field) ?? form.current?.querySelector<HTMLElement>('textarea');
      target?.focus();
      target?.scrollIntoView({ block: 'center' });
    });
  };
  const after = async (): Promise<void> => {
    setOpen(null);
    await refresh(client, ['templates', 'snippets']);
  };

  return (
    <Page
      title={content.title}
      back={{ to: '/settings/templates', label: 'Templates' }}
      width="full"
      heading={
        <h1 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xl font-semibold">
          <span className="min-w-0 truncate">{content.title}</span>
          <Badge>
            {whole.origin === 'own'
              ? whole.published
                ? `version ${whole.version}`
                : 'not published'
              : whole.origin === 'file'
                ? 'from steward.yaml'
                : 'built in'}
          </Badge>
          {changed && whole.published ? <Badge tone="warn">changes not published</Badge> : null}
        </h1>
      }
      lead={
        <span className="flex flex-wrap gap-x-3 gap-y-1">
          <span>
            {sms ? 'SMS' : 'Mail'}, {content.class}
          </span>
          <UsedBy uses={whole.used_by} />
          {whole.about === null ? null : <span className="basis-full">{whole.about}</span>}
        </span>
      }
      actions={
        <>
          {may ? (
            <span
              role="status"
              className={cn('mr-1 text-xs', draft.state === 'failed' || draft.state === 'conflict' ? 'text-bad' : 'text-ink-3')}
            >
              {changed || draft.state !== 'saved' ? SAYS[draft.state] : ''}
            </span>
          ) : null}
          <Button kind="quiet" size="icon" aria-label="Undo" title="Undo (Ctrl Z)" disabled={undo === undefined} onClick={undo}>
            <Undo2 />
          </Button>
          <Button kind="quiet" size="icon" aria-label="Redo" title="Redo (Ctrl Y)" disabled={redo === undefined} onClick={redo}>
            <Redo2 />
          </Button>
          <Button onClick={() => setOpen('properties')}>
            <Settings2 /> Properties
          </Button>
          <Button onClick={() => setOpen('versions')}>
            <History /> Versions
          </Button>
          {sms ? null : (
            <Button disabled={!may} onClick={() => setOpen('test')}>
              <Send /> Test
            </Button>
          )}
          <Button
            kind="primary"
            disabled={!may || (whole.published && !changed && whole.origin === 'own')}
            onClick={() => setOpen('publish')}
          >
            Publish
          </Button>
        </>
      }
    >
      {may ? null : <Note className="mb-4">You can look at templates; managers write them.</Note>}
      {draft.state === 'conflict' ? (
        <Note
          tone="warn"
          className="mb-4"
          action={
            <span className="flex gap-2">
              <Button size="sm" onClick={() => location.reload()}>
                Take theirs
              </Button>
              <Button size="sm" onClick={() => void draft.save(true)}>
                Keep mine
              </Button>
            </span>
          }
        >
          Somebody else saved this draft meanwhile.
        </Note>
      ) : draft.error === null ? null : (
        <Note
          tone="bad"
          className="mb-4"
          action={
            <Button size="sm" onClick={() => void draft.save()}>
              Try again
            </Button>
          }
        >
          The draft could not be saved: {draft.error.message}
        </Note>
      )}
      {whole.draft !== null && whole.published && whole.draft.base_version !== whole.version ? (
        <Note tone="warn" className="mb-4">
          This draft was begun from version {whole.draft.base_version}; version {whole.version} was published since. Look at it under
          Versions before you publish.
        </Note>
      ) : null}
      <div className="mb-4 xl:hidden">
        <Tabs
          label="Write or look"
          value={side}
          onChange={setSide}
          items={[
            { value: 'write', label: 'Write' },
            { value: 'preview', label: 'Preview' },
          ]}
        />
      </div>
      <div className="grid items-start gap-6 xl:grid-cols-2 2xl:grid-cols-[minmax(0,1fr)_minmax(0,42rem)]">
        <div ref={form} className={cn('min-w-0', side === 'preview' && 'max-xl:hidden')}>
          {writing === undefined ? null : (
            <WritingForm
              content={content}
              writing={writing}
              onLanguage={setLanguage}
              onChange={set}
              disabled={!may}
              faulty={new Set(preview.data?.findings.filter((one) => one.severity === 'fault').map((one) => one.part))}
              compiled={whole}
            />
          )}
        </div>
        <div className={cn('min-w-0 xl:sticky xl:top-4', side === 'write' && 'max-xl:hidden')}>
          <Preview drawn={preview.data} error={preview.error} sms={sms} reader={reader} onReader={setReader} onFind={find} />
        </div>
      </div>
      {open === 'properties' ? (
        <PropertiesSheet
          whole={whole}
          content={content}
          may={may}
          onChange={set}
          onClose={() => setOpen(null)}
          onGone={() => void navigate({ to: '/settings/templates' })}
          onDropped={
            whole.draft === null || !whole.published
              ? undefined
              : () => {
                  const published: Content = contentOf({ ...whole, draft: null });
                  drop.mutate(
                    { key: whole.key },
                    {
                      onSuccess: () => {
                        load(published);
                        draft.settled(published, null);
                        setOpen(null);
                      },
                    },
                  );
                }
          }
        />
      ) : null}
      {open === 'versions' ? (
        <VersionsSheet whole={whole} content={content} may={may} onClose={() => setOpen(null)} onRestored={() => void after()} />
      ) : null}
      {open === 'test' ? <TestDialog content={content} language={language} reader={reader} onClose={() => setOpen(null)} /> : null}
      {open === 'publish' ? (
        <PublishDialog
          templateKey={whole.key}
          content={content}
          findings={preview.data?.findings ?? []}
          before={draft.quiet}
          onClose={() => setOpen(null)}
          onPublished={() => {
            draft.settled(content, null);
            void after();
          }}
        />
      ) : null}
    </Page>
  );
}

function UsedBy({ uses }: { uses: Whole['used_by'] }) {
  const workflows = [...new Map(uses.map((use) => [use.id, use])).values()];
  if (workflows.length === 0) return <span className="text-ink-3">No workflow sends it yet.</span>;
  return (
    <span>
      Sent by{' '}
      {workflows.slice(0, 3).map((use, at) => (
        <span key={use.id}>
          {at === 0 ? '' : ', '}
          <Link to="/workflows/$workflowId" params={{ workflowId: use.id }} className="underline underline-offset-2 hover:text-ink">
            {use.title}
          </Link>
        </span>
      ))}
      {workflows.length > 3 ? ` and ${workflows.length - 3} more` : ''}
    </span>
  );
}

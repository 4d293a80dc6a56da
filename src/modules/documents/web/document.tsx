import { useNavigate, useParams } from '@tanstack/react-router';
import { ExternalLink, Share2, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { BlockList, type Block } from './blocks.tsx';
import { ShareDialog } from './share.tsx';

type Document = Output<'documents.get'>;
/** In real time, after the last key. */
const REST_MS = 800;
const VIEWS = [
  { value: 'page', label: 'Page' },
  { value: 'deck', label: 'Slides' },
  { value: 'pdf', label: 'PDF' },
] as const;

/** One document: its blocks at the left, what they make of it at the right. */
export function DocumentPage() {
  const { documentId } = useParams({ from: '/shell/documents/$documentId' });
  const read = useRead('documents.get', { document_id: documentId }, { fresh: true });
  if (read.error !== null && read.data === undefined)
    return <Failure what="The document could not be loaded." error={read.error} retry={() => void read.refetch()} />;
  // On a draft as it was before the last change, that change would be lost.
  if (read.data === undefined || !read.isFetchedAfterMount)
    return (
      <Page title="Document" back={{ to: '/documents', label: 'Documents' }}>
        <SkeletonLines lines={10} />
      </Page>
    );
  return <Editor key={read.data.id} initial={read.data} />;
}

function Editor({ initial }: { initial: Document }) {
  const navigate = useNavigate();
  const [saved, setSaved] = useState(initial);
  const [title, setTitle] = useState(initial.title);
  const [until, setUntil] = useState(initial.valid_until ?? '');
  const [blocks, setBlocks] = useState<Block[]>(initial.blocks);
  const [dirty, setDirty] = useState(false);
  const [view, setView] = useState<(typeof VIEWS)[number]['value']>(initial.kind === 'presentation' ? 'deck' : 'page');
  const [sharing, setSharing] = useState(false);
  const save = useAct('documents.update', { refresh: ['documents.list', 'documents.check'], onDone: setSaved });
  const publish = useAct('documents.publish', { refresh: ['documents'], done: 'Published.', onDone: setSaved });
  const remove = useAct('documents.delete', {
    refresh: ['documents'],
    done: 'Deleted.',
    onDone: () => void navigate({ to: '/documents' }),
  });
  const check = useRead('documents.check', { document_id: initial.id });
  const change =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      setDirty(true);
    };
  const write = useRef(() => {});
  write.current = () => {
    setDirty(false);
    save.mutate({
      document_id: initial.id,
      if_match: saved.updated_at,
      title: title.trim() || saved.title,
      blocks,
      ...(saved.kind === 'proposal' ? { valid_until: until || null } : {}),
    });
  };
  // One save at a time: what is typed meanwhile goes with the next.
  useEffect(() => {
    if (!dirty || save.isPending) return;
    const timer = setTimeout(() => write.current(), REST_MS);
    return () => clearTimeout(timer);
  }, [dirty, save.isPending, title, until, blocks]);
  const state = saved.version === 0 ? 'Draft' : saved.changed ? 'Changed' : `Version ${saved.version}`;
  return (
    <Page
      title={title || 'Document'}
      width="full"
      back={{ to: '/documents', label: 'Documents' }}
      heading={
        <div className="flex items-center gap-3">
          <h1 className="truncate text-xl font-semibold">{title || 'Document'}</h1>
          <Badge tone={saved.version === 0 ? 'neutral' : saved.changed ? 'warn' : 'ok'}>{state}</Badge>
        </div>
      }
      lead={save.isError ? 'Not saved: reload to see what a colleague changed.' : dirty || save.isPending ? 'Saving…' : 'Saved.'}
      actions={
        <>
          <Confirm
            title={`Delete “${title}”?`}
            action="Delete"
            danger
            onConfirm={() => remove.mutate({ document_id: initial.id })}
            trigger={(ask) => (
              <Button kind="quiet" size="icon" aria-label="Delete" onClick={ask}>
                <Trash2 />
              </Button>
            )}
          >
            Its versions and links go with it.
          </Confirm>
          <Button
            onClick={() => setSharing(true)}
            disabled={saved.version === 0}
            title={saved.version === 0 ? 'Publish it first' : undefined}
          >
            <Share2 /> Share
          </Button>
          <Button
            kind="primary"
            busy={publish.isPending}
            disabled={dirty || save.isPending}
            onClick={() => publish.mutate({ document_id: initial.id })}
          >
            Publish
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,30rem)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-4">
          <Panel>
            <div className="space-y-4">
              <Field label="Title">
                {(control) => <Input {...control} value={title} onChange={(event) => change(setTitle)(event.target.value)} />}
              </Field>
              {saved.kind === 'proposal' ? (
                <Field label="Can be accepted until" optional>
                  {(control) => <Input {...control} type="date" value={until} onChange={(event) => change(setUntil)(event.target.value)} />}
                </Field>
              ) : null}
            </div>
          </Panel>
          {(check.data?.faults ?? []).map((fault) => (
            <Note key={`${fault.path} ${fault.message}`} tone="warn">
              {fault.message}
            </Note>
          ))}
          <BlockList blocks={blocks} data={saved.data} currency={saved.currency} onChange={change(setBlocks)} />
        </div>
        <div className="min-w-0 xl:sticky xl:top-4 xl:self-start">
          <Tabs
            label="Preview"
            items={VIEWS}
            value={view}
            onChange={setView}
            aside={
              <span className="flex gap-1 text-sm">
                <a
                  className="inline-flex items-center gap-1 px-2 py-1 text-ink-2 hover:text-ink"
                  href={`/api/documents/${initial.id}/${view}?draft`}
                  target="_blank"
                  rel="noreferrer"
                >
                  <ExternalLink className="size-4" aria-hidden /> Open
                </a>
                <a className="px-2 py-1 text-ink-2 hover:text-ink" href={`/api/documents/${initial.id}/pptx?draft`}>
                  PPTX
                </a>
              </span>
            }
          />
          <iframe
            key={`${view} ${saved.updated_at}`}
            title={`Preview of ${title}`}
            src={`/api/documents/${initial.id}/${view}?draft`}
            className="mt-3 h-[75dvh] w-full rounded-xl border bg-panel"
          />
        </div>
      </div>
      {sharing ? <ShareDialog documentId={initial.id} proposal={saved.kind === 'proposal'} onClose={() => setSharing(false)} /> : null}
    </Page>
  );
}

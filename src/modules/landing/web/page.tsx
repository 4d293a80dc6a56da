import { useNavigate, useParams } from '@tanstack/react-router';
import { ExternalLink, History, Settings2, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { LandingBlocks, type Block } from './blocks.tsx';
import { Figures } from './figures.tsx';
import { STATES } from './pages.tsx';
import { Preview } from './preview.tsx';
import { PublishDialog } from './publish.tsx';
import { SettingsDialog } from './settings.tsx';
import { VersionsDialog } from './versions.tsx';

export type Landing = Output<'landing.get'>;
/** In real time, after the last key. */
const REST_MS = 800;

/** One landing page: its blocks at the left, what visitors will see at the right. */
export function LandingEditorPage() {
  const { pageId } = useParams({ from: '/shell/pages/$pageId' });
  const read = useRead('landing.get', { page_id: pageId }, { fresh: true });
  if (read.error !== null && read.data === undefined)
    return <Failure what="The page could not be loaded." error={read.error} retry={() => void read.refetch()} />;
  // On a draft as it was before the last change, that change would be lost.
  if (read.data === undefined || !read.isFetchedAfterMount)
    return (
      <Page title="Landing page" back={{ to: '/pages', label: 'Landing pages' }}>
        <SkeletonLines lines={10} />
      </Page>
    );
  return <Editor key={read.data.id} initial={read.data} />;
}

function Editor({ initial }: { initial: Landing }) {
  const navigate = useNavigate();
  const may = useMay('manager');
  const [saved, setSaved] = useState(initial);
  const [blocks, setBlocks] = useState<Block[]>(initial.blocks);
  const [dirty, setDirty] = useState(false);
  const [open, setOpen] = useState<'publish' | 'settings' | 'versions' | null>(null);
  const save = useAct('landing.update', { refresh: ['landing.list', 'landing.check'], quiet: true, onDone: setSaved });
  const remove = useAct('landing.delete', { refresh: ['landing'], done: 'Deleted.', onDone: () => void navigate({ to: '/pages' }) });
  const check = useRead('landing.check', { page_id: initial.id }, { keep: true });
  const take = (next: Landing) => {
    setSaved(next);
    setBlocks(next.blocks);
    setDirty(false);
    setOpen(null);
  };
  const write = useRef(() => {});
  write.current = () => {
    setDirty(false);
    save.mutate({ page_id: initial.id, if_match: saved.updated_at, blocks });
  };
  // One save at a time: what is typed meanwhile goes with the next.
  useEffect(() => {
    if (!dirty || save.isPending) return;
    const timer = setTimeout(() => write.current(), REST_MS);
    return () => clearTimeout(timer);
  }, [dirty, save.isPending, blocks]);
  const [tone, state] = saved.state === 'published' && saved.changed ? (['warn', 'Changed'] as const) : STATES[saved.state];
  const busy = dirty || save.isPending;
  return (
    <Page
      title={saved.title}
      width="full"
      back={{ to: '/pages', label: 'Landing pages' }}
      heading={
        <div className="flex min-w-0 items-center gap-3">
          <h1 className="truncate text-xl font-semibold">{saved.title}</h1>
          <Badge tone={tone}>{state}</Badge>
        </div>
      }
      lead={save.isError ? 'Not saved: see below.' : busy ? 'Saving…' : 'Saved.'}
      actions={
        <>
          <Confirm
            title={`Delete “${saved.title}”?`}
            action="Delete"
            danger
            onConfirm={() => remove.mutate({ page_id: initial.id })}
            trigger={(ask) =>
              may ? (
                <Button kind="quiet" size="icon" aria-label="Delete" onClick={ask}>
                  <Trash2 />
                </Button>
              ) : null
            }
          >
            Its address leads nowhere then. Versions and figures go with it.
          </Confirm>
          <Button kind="quiet" size="icon" aria-label="Versions" disabled={busy} onClick={() => setOpen('versions')}>
            <History />
          </Button>
          <Button disabled={busy} onClick={() => setOpen('settings')}>
            <Settings2 /> Address
          </Button>
          {saved.state === 'published' ? (
            <a href={saved.url} target="_blank" rel="noreferrer" className="inline-flex h-8 items-center gap-1.5 px-2 text-sm text-ink-2 hover:text-ink">
              <ExternalLink className="size-4" aria-hidden /> Open
            </a>
          ) : null}
          {may ? (
            <Button kind="primary" disabled={busy || save.isError} onClick={() => setOpen('publish')}>
              Publish
            </Button>
          ) : null}
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,30rem)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-4">
          {save.error === null ? null : (
            <Note tone="bad">
              {save.error.fields.length === 0 ? save.error.message : save.error.fields.map(({ path, message }) => placed(path, message, blocks)).join(' ')}
            </Note>
          )}
          {(check.data?.faults ?? []).map((fault) => (
            <Note key={`${fault.path} ${fault.message}`} tone="warn">
              {fault.message}
            </Note>
          ))}
          {saved.version === 0 ? null : <Figures pageId={initial.id} goal={saved.goal} />}
          <LandingBlocks
            blocks={blocks}
            onChange={(next) => {
              setBlocks(next);
              setDirty(true);
            }}
          />
        </div>
        <div className="min-w-0 xl:sticky xl:top-4 xl:self-start">
          <Preview title={saved.title} version={saved.updated_at} check={check.data} />
        </div>
      </div>
      {open === 'publish' ? <PublishDialog page={saved} onDone={take} onClose={() => setOpen(null)} /> : null}
      {open === 'settings' ? <SettingsDialog page={saved} onDone={take} onClose={() => setOpen(null)} /> : null}
      {open === 'versions' ? <VersionsDialog page={saved} onDone={take} onClose={() => setOpen(null)} /> : null}
    </Page>
  );
} // prettier-ignore

/** “Block 3: begins with https://…” */
function placed(path: string, message: string, blocks: readonly Block[]): string {
  const at = Number(/^blocks\.(\d+)/.exec(path)?.[1] ?? Number.NaN);
  const name = path.split('.').at(-1) ?? '';
  return Number.isNaN(at) || blocks[at] === undefined ? `${name} ${message}.` : `Block ${at + 1}, ${name}: ${message}.`;
}

import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import type { Landing } from './page.tsx';

/** What was published; the draft becomes one of them again. */
export function VersionsDialog({ page, onDone, onClose }: { page: Landing; onDone: (page: Landing) => void; onClose: () => void }) {
  const read = useRead('landing.versions', { page_id: page.id }, { fresh: true });
  const restore = useAct('landing.restore', { refresh: ['landing'], done: 'The draft is as it was then. Publish it to show it.', onDone });
  return (
    <Dialog open onOpenChange={onClose} title="Versions" description="Go back: the draft becomes what was published then.">
      {read.error === null ? null : <Failure what="The versions could not be loaded." error={read.error} retry={() => void read.refetch()} />}
      {read.isPending ? <SkeletonLines lines={3} /> : null}
      {read.data?.items.length === 0 ? <p className="text-sm text-ink-2">Nothing was published yet. Each time you publish, a version is kept here.</p> : null}
      <ul className="divide-y">
        {(read.data?.items ?? []).map((one) => (
          <li key={one.number} className="flex items-center gap-3 py-2.5">
            <span className="min-w-0 flex-1 text-sm">
              <span className="font-medium">Version {one.number}</span> {one.current ? <Badge tone="ok">Shown</Badge> : null}
              <span className="block text-xs text-ink-3">
                <When at={one.published_at} /> {one.by === null ? '' : `by ${one.by}`}
              </span>
            </span>
            <Button size="sm" busy={restore.isPending} onClick={() => restore.mutate({ page_id: page.id, if_match: page.updated_at, number: one.number })}>
              Go back
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
} // prettier-ignore

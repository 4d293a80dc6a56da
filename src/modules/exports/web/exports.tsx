import { Archive, Download } from 'lucide-react';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { count, words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { ExportDialog, save, type ExportWhat } from '#web/kit/export-dialog.tsx';

/** What a company owns, to take away: table by table, or all of it. */
export function ExportsSettings() {
  const kinds = useRead('exports.kinds', {});
  const exports = useList('exports.list', { limit: 30 }, { everyMs: 5_000 });
  const admin = useMay('admin');
  const [open, setOpen] = useState<ExportWhat | null>(null);
  const archive = useAct('exports.archive', { refresh: ['exports'], done: 'The archive is on its way.', onDone: ({ file }) => save(file) });
  return (
    <div className="space-y-6">
      <Panel title="Export a table" flush>
        {kinds.error !== null ? (
          <Failure what="It could not be loaded what there is." error={kinds.error} retry={() => void kinds.refetch()} />
        ) : kinds.data === undefined ? (
          <SkeletonRows rows={4} />
        ) : (
          <ul className="divide-y">
            {kinds.data.items.map((kind) => (
              <li key={kind.what} className="flex items-center gap-3 px-4 py-2.5 text-sm">
                <span className="flex-1 font-medium">{kind.title}</span>
                <Button size="sm" onClick={() => setOpen(kind.what)} aria-label={`Export ${kind.title.toLowerCase()}`}>
                  <Download /> Export
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {admin ? (
        <Panel title="Everything">
          <div className="flex flex-wrap items-center justify-between gap-4">
            <p className="max-w-prose text-sm text-ink-2">
              All that this company owns as one zip file: JSON Lines for each table, and a manifest with counts and a hash of every row.
              Passwords, keys and sessions stay here.
            </p>
            <Confirm
              title="Take everything out?"
              action="Download the archive"
              onConfirm={() => archive.mutate({})}
              trigger={(ask) => (
                <Button kind="primary" busy={archive.isPending} onClick={ask}>
                  <Archive /> Company archive
                </Button>
              )}
            >
              <p>
                The file holds every person, message and consent in plain text. Keep it as safe as Steward itself. It stands in the audit
                log.
              </p>
            </Confirm>
          </div>
        </Panel>
      ) : null}
      <Panel title="Exported so far" flush>
        <Listed
          list={exports}
          failed="Earlier exports could not be loaded."
          skeleton={3}
          none={
            <Empty
              icon={<Download />}
              title="Nothing was exported yet"
              action={
                <Button onClick={() => setOpen('people')}>
                  <Download /> Export people
                </Button>
              }
            >
              A table leaves as CSV, Excel or JSON Lines. Who took it, and when, stands here.
            </Empty>
          }
        >
          <ul className="divide-y">
            {exports.rows.map((one) => (
              <Row key={one.id} one={one} />
            ))}
          </ul>
        </Listed>
      </Panel>
      <ExportDialog what={open ?? 'people'} open={open !== null} onClose={() => setOpen(null)} />
    </div>
  );
}

const isAhead = (iso: string) => new Date(iso).getTime() > Date.now();

function Row({ one }: { one: Item<'exports.list'> }) {
  const here = isAhead(one.expires_at);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
      <span className="min-w-0 flex-1 basis-40">
        <span className="font-medium">{words(one.what)}</span> <span className="text-ink-3">{one.format.toUpperCase()}</span>
        <span className="block text-xs text-ink-3">
          <When at={one.created_at} />
          {one.row_count === null ? '' : `, ${count(one.row_count)} rows`}
          {one.downloads === 0 ? ', not downloaded' : `, downloaded ${one.downloads === 1 ? 'once' : `${count(one.downloads)} times`}`}
        </span>
      </span>
      {here ? (
        <Button size="sm" kind="quiet" asChild>
          <a href={one.file} download>
            <Download /> Download
          </a>
        </Button>
      ) : (
        <span className="text-xs text-ink-3">older than a day</span>
      )}
    </li>
  );
}

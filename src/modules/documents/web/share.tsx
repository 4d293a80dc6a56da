import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { CopyButton } from '#web/kit/copy.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

/** Links to a document: made, copied, ended; how often each was looked at. */
export function ShareDialog({ documentId, proposal, onClose }: { documentId: string; proposal: boolean; onClose: () => void }) {
  const list = useList('documents.shares', { document_id: documentId });
  const accepted = useRead('documents.acceptance', { document_id: documentId }, { enabled: proposal });
  const [label, setLabel] = useState('');
  const [days, setDays] = useState('30');
  const share = useAct('documents.share', { refresh: ['documents.shares'], done: 'The link is ready.', onDone: () => setLabel('') });
  const proof = accepted.data?.acceptance ?? null;
  return (
    <Dialog open onOpenChange={onClose} title="Share" description="Whoever holds a link sees the newest version, without an account.">
      <div className="space-y-5">
        {proof === null ? null : (
          <Note tone="ok">
            Accepted by {proof.name}, version {proof.version}, <When at={proof.accepted_at} />.
          </Note>
        )}
        <form
          className="grid gap-3 sm:grid-cols-[1fr_9rem_auto] sm:items-end"
          onSubmit={(event) => {
            event.preventDefault();
            share.mutate({ document_id: documentId, label, days: days === '' ? null : Number(days) });
          }}
        >
          <Field label="For whom" optional>
            {(control) => <Input {...control} value={label} onChange={(event) => setLabel(event.target.value)} />}
          </Field>
          <Field label="Ends">
            {(control) => (
              <Select {...control} value={days} onChange={(event) => setDays(event.target.value)}>
                <option value="7">in 7 days</option>
                <option value="30">in 30 days</option>
                <option value="90">in 90 days</option>
                <option value="">when revoked</option>
              </Select>
            )}
          </Field>
          <Button kind="primary" type="submit" busy={share.isPending}>
            Make a link
          </Button>
        </form>
        {list.isPending ? (
          <SkeletonLines lines={3} />
        ) : list.error !== null ? (
          <Note tone="bad">{list.error.message}</Note>
        ) : list.rows.length === 0 ? (
          <p className="text-sm text-ink-2">There is no link yet.</p>
        ) : (
          <ul className="divide-y rounded-lg border">
            {list.rows.map((one) => (
              <Line key={one.id} share={one} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function Line({ share }: { share: Item<'documents.shares'> }) {
  const revoke = useAct('documents.revoke', { refresh: ['documents.shares'], done: 'The link leads nowhere now.' });
  const [opened] = useState(() => Date.now());
  const ended = share.revoked_at !== null || (share.expires_at !== null && Date.parse(share.expires_at) < opened);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5 text-sm">
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate font-medium">{share.label || 'A link'}</p>
        <p className="text-xs text-ink-2">
          {ended ? (
            'Ended'
          ) : share.expires_at === null ? (
            'Until it is revoked'
          ) : (
            <>
              Ends <When at={share.expires_at} />
            </>
          )}
          {' · '}
          {share.views === 0 ? (
            'not looked at yet'
          ) : (
            <>
              looked at {countOf(share.views, 'time')}, last <When at={share.last_view_at ?? share.created_at} />
            </>
          )}
          {share.machine_views === 0 ? '' : ` · ${countOf(share.machine_views, 'time')} by programs`}
        </p>
      </div>
      {ended ? null : (
        <>
          <CopyButton text={share.url} label="Copy the link" />
          <Button size="sm" kind="quiet" busy={revoke.isPending} onClick={() => revoke.mutate({ share_id: share.id })}>
            End it
          </Button>
        </>
      )}
    </li>
  );
}

import { Mails, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { SenderCard } from './sender-card.tsx';
import { SenderDialog } from './sender-dialog.tsx';

export type Sender = Item<'senders.list'>;

/** Addresses that mail leaves from: what each sent today, may send, and how it is doing. */
export function SendersSettings() {
  const senders = useRead('senders.list', {}, { everyMs: 30_000 });
  const may = useMay('admin');
  const [editing, setEditing] = useState<Sender | 'new' | null>(null);
  if (senders.data === undefined)
    return senders.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The senders could not be loaded." error={senders.error} retry={() => void senders.refetch()} />
    );
  const { items, otherwise } = senders.data;
  const add = may ? (
    <Button kind={items.length === 0 ? 'primary' : 'plain'} onClick={() => setEditing('new')}>
      <Plus /> Add a sender
    </Button>
  ) : null;
  return (
    <div className="max-w-3xl space-y-4">
      {items.length === 0 ? (
        <Empty icon={<Mails />} title={otherwise === null ? 'Nobody sends yet' : 'One address sends everything'} action={add}>
          {sendsNow(otherwise)} Add senders to spread mail over several mailboxes, to limit each of them and to begin slowly with a new one.
        </Empty>
      ) : (
        <>
          <div className="flex flex-wrap items-start justify-between gap-3">
            <p className="max-w-xl min-w-0 flex-1 basis-72 text-sm text-ink-2">
              A conversation stays with its sender. New ones go to whoever has room, and what does not fit today waits.
            </p>
            {add}
          </div>
          <ul className="space-y-4">
            {items.map((sender) => (
              <li key={sender.id}>
                <SenderCard sender={sender} onEdit={() => setEditing(sender)} />
              </li>
            ))}
          </ul>
        </>
      )}
      {editing === null ? null : (
        <SenderDialog
          sender={editing === 'new' ? null : editing}
          otherwise={otherwise}
          first={items.length === 0}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  );
}

function sendsNow(otherwise: Output<'senders.list'>['otherwise']): string {
  return otherwise === null
    ? 'There is no address to send from yet.'
    : `All mail leaves as ${otherwise.address}, by the connection in use.`;
}

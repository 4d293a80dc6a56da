import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Input } from '#web/kit/field.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { cn } from '#web/kit/cn.ts';
import type { Line } from './words.ts';

/** Two tickets about one matter become one: those of the same person first, others by number or words. */
export function MergeDialog({ ticket, open, onOpenChange }: { ticket: Line; open: boolean; onOpenChange: (open: boolean) => void }) {
  const navigate = useNavigate();
  const [q, setQ] = useState('');
  const [into, setInto] = useState<string | null>(null);
  const words = q.trim();
  const found = useList(
    'tickets.list',
    { view: words === '' ? 'all' : 'active', limit: 20, ...(words === '' ? { person_id: ticket.person_id } : { q: words }) },
    { enabled: open },
  );
  const others = found.rows.filter((row) => row.id !== ticket.id && row.state !== 'closed');
  const merge = useAct('tickets.merge', { refresh: ['tickets'], done: 'Merged. It can be taken back.' });
  const submit = () => {
    if (into === null) return;
    merge.mutate(
      { ticket_id: ticket.id, into_ticket_id: into },
      {
        onSuccess: () => {
          onOpenChange(false);
          void navigate({ to: '/tickets/$ticketId', params: { ticketId: into } });
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Merge #${ticket.number} into …`}
      description="What was said stands there from now, and further mail goes there. It can be taken back."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button kind="primary" disabled={into === null} busy={merge.isPending} onClick={submit}>
            Merge
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <Input
          aria-label="Search for the other ticket"
          placeholder="Number, subject, name or words"
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
        {found.isPending ? <SkeletonLines lines={3} /> : null}
        {!found.isPending && others.length === 0 ? (
          <p className="text-sm text-ink-2">
            {words === '' ? 'They have no other open ticket. Search for one.' : 'Nothing fits these words.'}
          </p>
        ) : null}
        <ul className="divide-y rounded-lg border empty:hidden">
          {others.map((row) => (
            <li key={row.id}>
              <label className={cn('flex cursor-pointer items-start gap-3 px-3 py-2.5 text-sm', into === row.id && 'bg-accent-soft')}>
                <input type="radio" name="into" className="mt-1 accent-accent" checked={into === row.id} onChange={() => setInto(row.id)} />
                <span className="min-w-0">
                  <span className="block truncate font-medium">{row.subject}</span>
                  <span className="num block truncate text-xs text-ink-3">
                    #{row.number} · {row.person_name}
                  </span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
